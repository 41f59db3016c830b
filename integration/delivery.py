"""Deliveries: claimed, run, retried, parked, replayed. Postgres is the queue of record; Celery only says "look now".

A claim is one short transaction (``FOR UPDATE SKIP LOCKED``) that counts the attempt before anything runs, so that a handler
which kills its worker is counted too. Each run is one transaction of its own: it checks that the lease is still its own, calls the
handler, and marks the delivery done together with everything the handler wrote. Order holds per (handler, key): a delivery waits
for every earlier unfinished one of its handler and key.
"""

import logging
import random
import traceback
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from time import monotonic
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from core.db import locked, tell_the_database
from core.errors import Refused, TooSoon
from core.events.cause import acting
from core.events.codec import UnknownEvent, from_json
from core.events.listening import HANDLERS, Handler
from core.events.models import PARKED, Delivery, DeliveryQuerySet, Record
from core.notifications.operations import notify_each
from core.people.models import User
from core.web.registry import url_for

log = logging.getLogger(__name__)

BATCH = 50
LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 10
LONGEST_WAIT = timedelta(hours=1)


class Outcome(Enum):
    """How one run of a delivery ended."""

    DONE = "done"
    RETRY = "retry"
    DEAD = "dead"
    WAITS = "waits"
    LOST = "lost"


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


class NotDead(Refused):
    """Only a dead delivery is retried or skipped by hand."""


class ReasonMissing(Refused):
    """A skipped delivery needs a reason for those who come after."""


def drain(*, seconds: float | None = None) -> Drained:
    """Run every delivery that is ready, and those that become ready meanwhile, for at most ``seconds``."""
    total = Drained()
    until = None if seconds is None else monotonic() + seconds
    reclaim_expired_leases()
    while until is None or monotonic() < until:
        claimed = claim()
        if not claimed:
            break
        for delivery_id, token in claimed:
            outcome = run(delivery_id, token)
            total.done += outcome is Outcome.DONE
            total.retried += outcome is Outcome.RETRY
            total.dead += outcome is Outcome.DEAD
    return total


def claim(limit: int = BATCH) -> list[tuple[int, UUID]]:
    """Lease up to ``limit`` ready deliveries: (id, lease token) of each, oldest first."""
    earlier = Delivery.objects.unfinished().filter(handler=OuterRef("handler"), key=OuterRef("key"), record_id__lt=OuterRef("record_id"))
    with transaction.atomic():
        now = timezone.now()
        ready = list(
            Delivery.objects.filter(~Exists(earlier), status=Delivery.Status.PENDING, available_at__lte=now)
            .order_by("available_at", "record_id", "pk")
            .select_for_update(skip_locked=True, of=("self",))[:limit]
        )
        for delivery in ready:
            delivery.status = Delivery.Status.LEASED
            delivery.attempts += 1
            delivery.lease_token = uuid4()
            delivery.lease_until = now + LEASE
        Delivery.objects.bulk_update(ready, ["status", "attempts", "lease_token", "lease_until"])
    return [(delivery.pk, delivery.lease_token) for delivery in ready if delivery.lease_token is not None]


def reclaim_expired_leases() -> int:
    """Give deliveries whose worker died back to the queue, or up when they have killed too many."""
    expired = Delivery.objects.filter(status=Delivery.Status.LEASED, lease_until__lt=timezone.now())
    poison = list(expired.filter(attempts__gte=MAX_ATTEMPTS).values_list("pk", "lease_token"))
    for delivery_id, token in poison:
        if token is not None:
            _bury(delivery_id, token, "Its worker died every time.")
    return expired.filter(attempts__lt=MAX_ATTEMPTS).update(
        status=Delivery.Status.PENDING, lease_token=None, lease_until=None, available_at=timezone.now()
    )


def run(delivery_id: int, token: UUID) -> Outcome:
    """Run one leased delivery: the handler's work and the mark "done" are one commit, or neither happens."""
    try:
        with transaction.atomic():
            delivery = _mine(delivery_id, token)
            if delivery is None:
                return Outcome.LOST
            record = delivery.record
            handler = _handler_of(delivery)
            event = from_json(record.type, record.schema_version, record.payload)
            actor = record.actor or User.objects.service()
            with acting(by=actor, correlation_id=record.correlation_id, causation_id=record.event_id):
                tell_the_database()
                handler.run(event)
            _finish(delivery)
    except UnknownEvent as error:
        _put_back(delivery_id, token, str(error), wait=timedelta(minutes=1), count=False)
        return Outcome.WAITS
    except Refused as refusal:
        _bury(delivery_id, token, f"{type(refusal).__name__}: {refusal}")
        return Outcome.DEAD
    except TooSoon as error:
        return _retry_later(delivery_id, token, str(error))
    except Exception:  # whatever a handler raises must not stop the others
        log.exception("Delivery %s failed", delivery_id)
        return _retry_later(delivery_id, token, traceback.format_exc())
    return Outcome.DONE


def retry_delivery(delivery: Delivery, *, by: User) -> Delivery:
    """Let a dead delivery run again, and its followers after it."""
    with locked(delivery, by=by) as delivery:
        _must_be_dead(delivery)
        delivery.status, delivery.attempts, delivery.available_at = Delivery.Status.PENDING, 0, timezone.now()
        delivery.save(update_fields=["status", "attempts", "available_at"])
        _unpark_followers(delivery)
    return delivery


def skip_delivery(delivery: Delivery, *, reason: str, by: User) -> Delivery:
    """Give a dead delivery up for good, with a reason, and let its followers go on."""
    if not reason.strip():
        raise ReasonMissing(_("Say why this delivery is skipped."), field="reason")
    with locked(delivery, by=by) as delivery:
        _must_be_dead(delivery)
        delivery.status, delivery.skipped_by, delivery.skipped_because = Delivery.Status.SKIPPED, by, reason.strip()
        delivery.save(update_fields=["status", "skipped_by", "skipped_because"])
        _unpark_followers(delivery)
    return delivery


def replay(handler_name: str) -> int:
    """Make deliveries of past records for a handler that was added later; those it has already stay as they are."""
    handler = HANDLERS[handler_name]
    missing = Record.objects.filter(type=handler.event.type_name()).exclude(
        pk__in=Delivery.objects.filter(handler=handler.name).values("record")
    )
    made = Delivery.objects.bulk_create(
        (Delivery(record=record, handler=handler.name, key=record.key) for record in missing.order_by("pk")), ignore_conflicts=True
    )
    return len(made)


def waiting_time(attempts: int) -> timedelta:
    """How long to wait after this many attempts: min(1 hour, 2^n seconds), give or take a quarter so that retries spread out."""
    seconds = min(LONGEST_WAIT.total_seconds(), 2.0**attempts)
    return timedelta(seconds=seconds * random.uniform(0.75, 1.25))  # noqa: S311 - spreading, not secrecy


def _mine(delivery_id: int, token: UUID) -> Delivery | None:
    return (
        Delivery.objects.select_related("record__actor")
        .select_for_update(of=("self",))
        .filter(pk=delivery_id, lease_token=token, status=Delivery.Status.LEASED)
        .first()
    )


def _handler_of(delivery: Delivery) -> Handler:
    handler = HANDLERS.get(delivery.handler)
    if handler is None:
        raise UnknownEvent(f"No handler is called {delivery.handler} in this release.")
    return handler


def _finish(delivery: Delivery) -> None:
    delivery.status, delivery.done_at = Delivery.Status.DONE, timezone.now()
    delivery.lease_token = delivery.lease_until = None
    delivery.last_error = ""
    delivery.save(update_fields=["status", "done_at", "lease_token", "lease_until", "last_error"])


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
    with transaction.atomic():
        delivery = _mine(delivery_id, token)
        if delivery is None:
            return
        delivery.status, delivery.last_error = Delivery.Status.DEAD, error
        delivery.lease_token = delivery.lease_until = None
        delivery.save(update_fields=["status", "last_error", "lease_token", "lease_until"])
        _followers(delivery).update(available_at=PARKED)
        notify_each(
            User.objects.who_may("events.retry_delivery"),
            lambda: (
                _("%(handler)s gave up on %(event)s %(key)s, and what follows waits.")
                % {"handler": delivery.handler, "event": delivery.record.type, "key": delivery.key}
            ),
            url=url_for("events.delivery", delivery.pk),
            icon="triangle-alert",
            key=f"dead:{token}",
        )


def _unpark_followers(delivery: Delivery) -> None:
    _followers(delivery).filter(available_at=PARKED).update(available_at=timezone.now())


def _followers(delivery: Delivery) -> DeliveryQuerySet:
    return Delivery.objects.filter(
        record_id__gt=delivery.record_id, handler=delivery.handler, key=delivery.key, status=Delivery.Status.PENDING
    )


def _must_be_dead(delivery: Delivery) -> None:
    if delivery.status != Delivery.Status.DEAD:
        raise NotDead(_("This delivery is %(status)s.") % {"status": delivery.get_status_display().lower()})
