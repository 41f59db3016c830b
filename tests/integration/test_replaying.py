"""Replay: a handler added later hears of the past once, and what was archived never runs again."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import clock
from core.events.models import ArchivedDelivery, Delivery, Record
from core.parties.models import Company
from integration import delivery
from integration.delivery.archiving import KEPT, archive_done
from tests.integration.bells import BellRang, Register, ring, statuses


@pytest.mark.django_db
def test_replay_carries_the_past_of_a_span_to_a_new_handler(listen: Register, company: Company) -> None:
    noon = clock.now() - timedelta(days=10)
    for day in range(3):
        with clock.at(noon + timedelta(days=day)):
            ring("door", day)
    heard: list[int] = []

    def hear(event: BellRang) -> None:
        heard.append(event.times)

    listen(hear)
    span = {"since": noon + timedelta(days=1), "until": noon + timedelta(days=2)}
    assert delivery.replay("test_replaying.hear", **span, dry_run=True) == 1
    assert not Delivery.objects.exists()
    assert (delivery.replay("test_replaying.hear", **span), delivery.replay("test_replaying.hear", **span)) == (1, 0)
    delivery.drain()
    assert heard == [1]

    told = StringIO()
    call_command("replay", "test_replaying.hear", "--dry-run", stdout=told)
    assert "2 deliveries would be made" in told.getvalue()
    call_command("replay", "test_replaying.hear", "--since", (noon + timedelta(days=2)).isoformat(), stdout=told)
    assert "1 delivery made" in told.getvalue()
    delivery.drain()
    assert heard == [1, 2]
    with pytest.raises(CommandError, match="No handler is called"):
        call_command("replay", "test_replaying.nobody")


@pytest.mark.django_db
def test_what_is_done_is_archived_after_ninety_days_and_never_runs_again(listen: Register, company: Company) -> None:
    heard: list[int] = []

    def hear(event: BellRang) -> None:
        heard.append(event.times)

    listen(hear)
    old, young, waiting = ring("door", 1), ring("door", 2), ring("window", 3)
    Delivery.objects.filter(record=waiting).update(available_at=timezone.now() + timedelta(days=1))
    delivery.drain()
    done_at = timezone.now() - KEPT - timedelta(minutes=1)
    Delivery.objects.filter(record=old).update(done_at=done_at)
    Delivery.objects.filter(record=young).update(done_at=timezone.now() - KEPT + timedelta(minutes=1))
    assert (archive_done(), archive_done()) == (1, 0)
    assert statuses() == [("door", "done"), ("window", "pending")]
    kept = ArchivedDelivery.objects.get()
    assert (kept.record, kept.handler, kept.key, kept.attempts, kept.done_at) == (old, "test_replaying.hear", "door", 1, done_at)
    assert delivery.replay("test_replaying.hear") == 0
    delivery.drain()
    assert heard == [1, 2]
    assert Record.objects.filter(pk=old.pk, deliveries=None, archived_deliveries=kept).exists()


@pytest.mark.django_db
def test_what_is_archived_stays_as_it_is(listen: Register, company: Company) -> None:
    listen(lambda event: None)
    ring("door")
    delivery.drain()
    Delivery.objects.update(done_at=timezone.now() - KEPT - timedelta(days=1))
    archive_done()
    with pytest.raises(IntegrityError), transaction.atomic():
        ArchivedDelivery.objects.update(attempts=7)
    assert ArchivedDelivery.objects.get().attempts == 1
