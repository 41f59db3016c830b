"""Deliveries: run once, in order, retried, parked, never lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.audit.history import history
from core.db import locked
from core.errors import Refused
from core.events.cause import actor
from core.events.models import Delivery, Record
from core.events.publishing import publish
from core.parties.models import Party
from core.people.models import User
from integration import delivery
from integration.delivery import Outcome
from tests.factories.ground import make_company, make_customer
from tests.integration.bells import BellRang, Register, ring, statuses


@pytest.mark.django_db
def test_a_published_fact_waits_for_its_handler_and_is_handled_once(listen: Register, seller: User) -> None:
    heard: list[tuple[str, int]] = []

    def hear(event: BellRang) -> None:
        heard.append((event.bell, event.times))

    listen(hear)
    record = ring("door", 2, by=seller)
    assert (record.type, record.key, record.actor, record.payload) == (
        "bells.BellRang",
        "door",
        seller,
        {"bell": "door", "times": 2},
    )
    assert statuses() == [("door", "pending")]
    assert (delivery.drain().done, delivery.drain().done) == (1, 0)
    assert heard == [("door", 2)]
    assert statuses() == [("door", "done")]


@pytest.mark.django_db
def test_a_handler_acts_for_the_person_who_caused_it_in_the_same_story(listen: Register, seller: User) -> None:
    party = make_customer()

    def rename(event: BellRang) -> None:
        with locked(party, by=actor()) as row:
            row.industry = "Bells"
            row.save(update_fields=["industry"])
            publish(BellRang(bell="echo", times=0))

    listen(rename)
    cause = ring("door", by=seller)
    for row in delivery.claim():
        delivery.run(*row)
    echo = Record.objects.get(key="echo")
    assert (echo.correlation_id, echo.causation_id, echo.actor) == (cause.correlation_id, cause.event_id, seller)
    assert (history(party)[0].actor_id, history(party)[0].correlation_id) == (seller.pk, cause.correlation_id)


@pytest.mark.django_db
def test_a_failing_handler_leaves_nothing_behind_and_is_retried_later(listen: Register) -> None:
    make_company()

    def stumble(event: BellRang) -> None:
        Party.objects.create(name="Half-written")
        raise ConnectionError("the line is dead")

    listen(stumble)
    ring("door")
    assert delivery.drain().retried == 1
    row = Delivery.objects.get()
    assert (row.status, row.attempts) == ("pending", 1)
    assert "the line is dead" in row.last_error
    assert timezone.now() < row.available_at < timezone.now() + timedelta(seconds=3)
    assert not Party.objects.filter(name="Half-written").exists()
    assert delivery.drain().any is False


@pytest.mark.django_db
def test_a_handler_that_always_fails_is_dead_in_the_end_and_its_followers_wait(listen: Register, owner: User) -> None:
    broken = True

    def stumble(event: BellRang) -> None:
        if broken and event.bell == "door":
            raise ConnectionError

    listen(stumble)
    for bell in ("door", "door", "window"):
        ring(bell)
    for _ in range(delivery.MAX_ATTEMPTS):
        Delivery.objects.filter(status="pending").update(available_at=timezone.now())
        delivery.drain()
    assert statuses() == [("door", "dead"), ("door", "queued"), ("window", "done")]
    assert delivery.claim() == []

    broken = False
    delivery.retry_delivery(Delivery.objects.dead().get(), by=owner)
    assert delivery.drain().done == 2
    assert statuses() == [("door", "done"), ("door", "done"), ("window", "done")]


@pytest.mark.django_db
def test_a_refusal_is_dead_at_once_and_a_skip_lets_the_followers_go_on(listen: Register, owner: User) -> None:
    def refuse(event: BellRang) -> None:
        if event.times == 1:
            raise Refused("The bell is broken.", fix="Mend it.")

    listen(refuse)
    ring("door", 1)
    ring("door", 2)
    assert delivery.drain().dead == 1
    dead = Delivery.objects.dead().get()
    assert (dead.attempts, dead.last_error) == (1, "Refused: The bell is broken. Mend it.")
    with pytest.raises(delivery.ReasonMissing):
        delivery.skip_delivery(dead, reason=" ", by=owner)
    delivery.skip_delivery(dead, reason="The bell was sold.", by=owner)
    delivery.drain()
    assert statuses() == [("door", "skipped"), ("door", "done")]
    with pytest.raises(delivery.NotDead):
        delivery.retry_delivery(dead, by=owner)


@pytest.mark.django_db
def test_facts_about_one_thing_are_handled_in_order_even_when_the_first_is_late(listen: Register) -> None:
    heard: list[int] = []

    def hear(event: BellRang) -> None:
        heard.append(event.times)

    listen(hear)
    make_company()
    for times in (1, 2, 3):
        ring("door", times)
    Delivery.objects.filter(record__payload__times=1).update(available_at=timezone.now() + timedelta(hours=1))
    assert delivery.drain().done == 0
    assert [status for _key, status in statuses()] == ["pending", "queued", "queued"]
    Delivery.objects.update(available_at=timezone.now())
    delivery.drain()
    assert heard == [1, 2, 3]


@pytest.mark.django_db
def test_a_lease_that_ran_out_goes_to_somebody_else_and_its_old_holder_does_nothing(listen: Register) -> None:
    heard: list[str] = []

    def hear(event: BellRang) -> None:
        heard.append(event.bell)

    listen(hear)
    make_company()
    ring("door")
    ((row, token),) = delivery.claim()
    assert delivery.claim() == []
    Delivery.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert delivery.reclaim() == []
    assert Delivery.objects.get().status == "pending"
    assert delivery.run(row, token) is Outcome.LOST
    assert delivery.drain().done == 1
    assert (heard, Delivery.objects.get().attempts) == (["door"], 2)


@pytest.mark.django_db
def test_a_delivery_that_kills_every_worker_is_dead_in_the_end(listen: Register) -> None:
    make_company()
    listen(lambda event: None)
    ring("door")
    Delivery.objects.update(
        status="leased", attempts=delivery.MAX_ATTEMPTS, lease_token=uuid4(), lease_until=timezone.now() - timedelta(seconds=1)
    )
    delivery.drain()
    assert statuses() == [("door", "dead")]


@pytest.mark.django_db
def test_a_fact_of_a_newer_release_waits_and_is_not_dead(listen: Register) -> None:
    make_company()
    listen(lambda event: None)
    record = ring("door")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE events_record SET schema_version = 99 WHERE id = %s", [record.pk])
    delivery.drain()
    row = Delivery.objects.get()
    assert (row.status, row.attempts) == ("pending", 0)
    assert "version 99" in row.last_error


@pytest.mark.django_db
def test_a_refusal_in_the_same_commit_refuses_the_operation(listen: Any) -> None:
    make_company()

    def refuse(event: BellRang) -> None:
        raise Refused("Not in this period.")

    listen(refuse, same_commit=True)
    with pytest.raises(Refused, match="Not in this period"):
        ring("door")
    assert not Record.objects.filter(key="door").exists()
    assert not Delivery.objects.exists()


@pytest.mark.django_db
def test_what_runs_in_the_same_commit_is_done_with_it(listen: Any) -> None:
    make_company()
    heard: list[str] = []
    listen(lambda event: heard.append(event.bell), same_commit=True)
    ring("door")
    assert (heard, statuses()) == (["door"], [("door", "done")])


@pytest.mark.django_db
def test_a_handler_added_later_hears_of_the_past_once(listen: Register) -> None:
    make_company()
    ring("door", 1)
    ring("door", 2)
    heard: list[int] = []

    def hear(event: BellRang) -> None:
        heard.append(event.times)

    listen(hear)
    assert (delivery.replay("test_delivery.hear"), delivery.replay("test_delivery.hear")) == (2, 0)
    delivery.drain()
    assert heard == [1, 2]


@pytest.mark.django_db
def test_a_record_is_never_changed_or_removed(listen: Register) -> None:
    make_company()
    record = ring("door")
    for statement in ("UPDATE events_record SET key = 'x'", "DELETE FROM events_record"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    record.refresh_from_db()
    assert record.key == "door"


@pytest.mark.django_db(transaction=True)
def test_four_workers_handle_everything_once_and_in_order(listen: Register) -> None:
    make_company()
    heard: list[tuple[str, int]] = []
    listen(lambda event: heard.append((event.bell, event.times)))
    expected = [(f"bell {bell}", times) for times in range(12) for bell in range(5)]
    for bell, times in expected:
        ring(bell, times)

    def work(_worker: int) -> int:
        try:
            return delivery.drain().done
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    delivery.drain()
    assert sorted(heard) == sorted(expected)
    for bell in range(5):
        assert [times for name, times in heard if name == f"bell {bell}"] == list(range(12))
