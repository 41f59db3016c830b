"""Deliveries run: the handler's work and the mark "done" are one commit, or neither happens."""

import json
import logging
import traceback
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.db import Told, tell_the_database, told_time, undone_together
from core.errors import Refused, TooSoon
from core.events.cause import Cause, acting
from core.events.codec import UnknownEvent, from_json
from core.events.listening import HANDLERS
from core.events.models import Delivery
from core.notifications.operations import notify_each
from core.people.models import User
from core.reference import MARK
from core.web.registry import url_for
from integration.delivery.claiming import LEASE, MAX_ATTEMPTS, claim, give_back, keep, reclaim, waiting_time, working
from integration.delivery.lines import finish
from integration.words import event_in_words, handler_in_words

log = logging.getLogger(__name__)

UNKNOWN_WAITS = timedelta(minutes=1)


class Outcome(Enum):
    """How one run of a delivery ended."""

    DONE = "done"
    RETRY = "retry"
    DEAD = "dead"
    WAITS = "waits"
    LOST = "lost"


LEVELS = {Outcome.RETRY: logging.WARNING, Outcome.DEAD: logging.ERROR}
"""How loudly the log tells an outcome."""


class Paused(Exception):
    """The handler was stopped after the delivery had been claimed."""


BEGIN = """
    SELECT delivery.handler, delivery.key, delivery.attempts,
           EXISTS (SELECT 1 FROM events_handlerpause pause WHERE pause.handler = delivery.handler AND pause.ended_at IS NULL),
           record.event_id, record.type, record.schema_version, record.payload, record.correlation_id, record.actor_id,
           set_config('satu.actor', coalesce(record.actor_id::text, ''), true),
           set_config('satu.correlation', record.correlation_id::text, true), set_config('satu.now', %s, true), {mark}
      FROM events_delivery delivery JOIN events_record record ON record.id = delivery.record_id
     WHERE delivery.id = %s AND delivery.lease_token = %s AND delivery.status = 'leased'
       FOR UPDATE OF delivery
""".replace("{mark}", MARK)
"""The delivery, if the lease is still ours, with its record; reading it tells the audit triggers whose story it is."""


@dataclass(frozen=True)
class Work:
    """One delivery at hand: which handler, for which fact. ``told`` is what the database knows of its cause."""

    handler: str
    key: str
    attempts: int
    paused: bool
    event_id: UUID
    type: str
    schema_version: int
    payload: dict[str, Any]
    correlation_id: UUID
    actor_id: int | None
    told: Told


@dataclass
class Drained:
    """What one drain did, in deliveries."""

    done: int = 0
    retried: int = 0
    dead: int = 0

    @property
    def any(self) -> bool:
        """Whether there was anything to do."""
        return bool(self.done or self.retried or self.dead)


def drain(*, seconds: float | None = None) -> Drained:
    """Run every delivery that is ready, and those that become ready meanwhile; begin none after ``seconds``."""
    total = Drained()
    until = None if seconds is None else monotonic() + seconds
    for delivery_id, theirs in reclaim():
        _bury(delivery_id, theirs, "Its worker died every time.")
        log.error("delivery", extra={"delivery": delivery_id, "outcome": Outcome.DEAD.value})
        total.dead += 1
    actors: dict[int, User] = {}
    with working() as token:
        while until is None or monotonic() < until:
            claimed, kept_at = claim(token), monotonic()
            if not claimed:
                break
            for delivery_id, _token in claimed:
                if until is not None and monotonic() > until:
                    give_back(token)
                    break
                if monotonic() - kept_at > LEASE.total_seconds() / 2:
                    keep(token)
                    kept_at = monotonic()
                outcome = run(delivery_id, token, actors)
                total.done += outcome is Outcome.DONE
                total.retried += outcome is Outcome.RETRY
                total.dead += outcome is Outcome.DEAD
    return total


def run(delivery_id: int, token: UUID, actors: dict[int, User] | None = None) -> Outcome:
    """Run one leased delivery: the handler's work and the mark "done" are one commit, or neither happens.

    ``actors`` are people read already, by id; whoever is read now is put there.
    """
    begun = monotonic()
    work: Work | None = None
    trouble: Exception | None = None
    with ExitStack() as story:
        try:
            with transaction.atomic():
                work = _begin(delivery_id, token)
                if work is None:
                    return Outcome.LOST
                story.enter_context(_story_of(work, actors if actors is not None else {}))
                with undone_together(work.told):
                    _carry_out(work)
                finish(delivery_id, timezone.now())
            outcome = Outcome.DONE
        except (Paused, UnknownEvent) as error:
            _put_back(delivery_id, token, str(error), wait=timedelta() if isinstance(error, Paused) else UNKNOWN_WAITS, count=False)
            outcome = Outcome.WAITS
        except Refused as refusal:
            _bury(delivery_id, token, f"{type(refusal).__name__}: {refusal}")
            outcome = Outcome.DEAD
        except TooSoon as error:
            outcome = _retry_later(delivery_id, token, str(error))
        except Exception as error:  # whatever a handler raises must not stop the others
            trouble, outcome = error, _retry_later(delivery_id, token, traceback.format_exc())
        facts: dict[str, object] = {
            "delivery": delivery_id,
            "outcome": outcome.value,
            "milliseconds": round((monotonic() - begun) * 1000, 1),
        }
        if work is not None:
            facts |= {"handler": work.handler, "key": work.key, "attempt": work.attempts}
        log.log(LEVELS.get(outcome, logging.INFO) if trouble is None else logging.ERROR, "delivery", exc_info=trouble, extra=facts)
    return outcome


def _begin(delivery_id: int, token: UUID) -> Work | None:
    with connection.cursor() as cursor:
        cursor.execute(BEGIN, [told_time(), delivery_id, token])
        row = cursor.fetchone()
    if row is None:
        return None
    handler, key, attempts, paused, event_id, kind, version, payload, correlation_id, actor_id, *told, mark = row
    return Work(handler, key, attempts, paused, event_id, kind, version, json.loads(payload), correlation_id, actor_id, Told(told, mark))


def _story_of(work: Work, actors: dict[int, User]) -> AbstractContextManager[Cause]:
    """What is written and logged now belongs to the record's story."""
    if work.actor_id is None:
        actor = User.objects.service()
    elif work.actor_id not in actors:
        actor = actors[work.actor_id] = User.objects.get(pk=work.actor_id)
    else:
        actor = actors[work.actor_id]
    return acting(by=actor, correlation_id=work.correlation_id, causation_id=work.event_id)


def _carry_out(work: Work) -> None:
    if work.paused:
        raise Paused
    handler = HANDLERS.get(work.handler)
    if handler is None:
        raise UnknownEvent(f"No handler is called {work.handler} in this release.")
    event = from_json(work.type, work.schema_version, work.payload)
    tell_the_database()
    handler.run(event)


def _mine(delivery_id: int, token: UUID) -> Delivery | None:
    return (
        Delivery.objects.select_related("record")
        .select_for_update(of=("self",))
        .filter(pk=delivery_id, lease_token=token, status=Delivery.Status.LEASED)
        .first()
    )


def _put_back(delivery_id: int, token: UUID, error: str, *, wait: timedelta, count: bool = True) -> None:
    with transaction.atomic():
        delivery = _mine(delivery_id, token)
        if delivery is None:
            return
        delivery.status, delivery.available_at, delivery.last_error = Delivery.Status.PENDING, timezone.now() + wait, error
        delivery.lease_token = delivery.lease_until = None
        delivery.attempts -= 0 if count else 1
        delivery.save(update_fields=["status", "available_at", "last_error", "lease_token", "lease_until", "attempts"])


def _retry_later(delivery_id: int, token: UUID, error: str) -> Outcome:
    attempts = Delivery.objects.values_list("attempts", flat=True).get(pk=delivery_id)
    if attempts >= MAX_ATTEMPTS:
        _bury(delivery_id, token, error)
        return Outcome.DEAD
    _put_back(delivery_id, token, error, wait=waiting_time(attempts))
    return Outcome.RETRY


def _bury(delivery_id: int, token: UUID, error: str) -> None:
    """Give up on a delivery: whatever stands behind it stays queued until somebody retries or skips it."""
    with transaction.atomic():
        delivery = _mine(delivery_id, token)
        if delivery is None:
            return
        delivery.status, delivery.last_error = Delivery.Status.DEAD, error
        delivery.lease_token = delivery.lease_until = None
        delivery.save(update_fields=["status", "last_error", "lease_token", "lease_until"])
        notify_each(
            User.objects.who_may("events.retry_delivery"),
            lambda: (
                _("“%(handler)s” gave up on “%(event)s” %(key)s, and what follows waits.")
                % {
                    "handler": handler_in_words(delivery.handler),
                    "event": event_in_words(delivery.record.type),
                    "key": delivery.key,
                }
            ),
            url=url_for("events.delivery", delivery.pk),
            icon="triangle-alert",
            key=f"dead:{delivery.pk}:{token}",
        )
