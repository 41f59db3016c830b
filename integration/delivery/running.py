"""Deliveries run: the handler's work and the mark "done" are one commit, or neither happens."""

import json
import logging
import traceback
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from functools import cache
from math import inf
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
from integration.delivery.claiming import (
    BATCH,
    LEASE,
    MAX_ATTEMPTS,
    Claimed,
    begin,
    claim_more,
    due_now,
    give_back,
    keep,
    reclaim,
    session_working,
    sort_out,
    waiting_time,
)
from integration.delivery.lines import finish
from integration.words import event_in_words, handler_in_words

log = logging.getLogger(__name__)

UNKNOWN_WAITS = timedelta(minutes=1)
MOST_TOGETHER = 8


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
    SELECT delivery.id, delivery.handler, delivery.key, delivery.attempts,
           EXISTS (SELECT 1 FROM events_handlerpause pause WHERE pause.handler = delivery.handler AND pause.ended_at IS NULL),
           record.event_id, record.type, record.schema_version, record.payload, record.correlation_id, record.actor_id,
           set_config('satu.actor', coalesce(record.actor_id::text, ''), true),
           set_config('satu.correlation', record.correlation_id::text, true), set_config('satu.now', %s, true), {mark}, {actor}
      FROM events_delivery delivery JOIN events_record record ON record.id = delivery.record_id
      LEFT JOIN people_user actor ON actor.id = record.actor_id
     WHERE delivery.id = ANY (%s) AND delivery.lease_token = %s AND delivery.status = 'leased'
     ORDER BY delivery.id FOR UPDATE OF delivery
"""
"""The deliveries, if the lease is still ours, with their record and whoever caused it; reading them tells the audit triggers whose story it is."""


@cache
def _begin_statement() -> str:
    columns = ", ".join(f"actor.{connection.ops.quote_name(str(field.column))}" for field in User._meta.concrete_fields)
    return BEGIN.replace("{mark}", MARK).replace("{actor}", columns)


@dataclass(frozen=True)
class Work:
    """One delivery at hand: which handler, for which fact, on whose behalf. ``told`` is what the database knows of its cause."""

    id: int
    handler: str
    key: str
    attempts: int
    paused: bool
    event_id: UUID
    type: str
    schema_version: int
    payload: dict[str, Any]
    correlation_id: UUID
    actor: User
    told: Told

    @property
    def story(self) -> AbstractContextManager[Cause]:
        """What is written and logged now belongs to the record's story."""
        return acting(by=self.actor, correlation_id=self.correlation_id, causation_id=self.event_id)


class Apart(Exception):
    """Deliveries that were claimed together cannot be run together now."""


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

    def count(self, outcomes: Sequence[Outcome]) -> None:
        """Add how some deliveries ended."""
        self.done += outcomes.count(Outcome.DONE)
        self.retried += outcomes.count(Outcome.RETRY)
        self.dead += outcomes.count(Outcome.DEAD)


def drain(*, seconds: float | None = None) -> Drained:
    """Run every delivery that is ready, and those that become ready meanwhile; begin none after ``seconds``."""
    total, actors = Drained(), dict[int, User]()
    until = inf if seconds is None else monotonic() + seconds
    with session_working() as token:
        claimed, others = begin(token)
        if others:
            total.dead += _bury_what_kills(token)
            claimed = claimed or None  # what came back may be run now
        while True:
            claimed = claim_more(token) if claimed is None and monotonic() < until else claimed
            if not claimed:
                return total
            groups, kept_at = together(claimed), monotonic()
            for place, group in enumerate(groups, start=1):
                if monotonic() > until:
                    give_back(token)
                    return total
                if monotonic() - kept_at > LEASE.total_seconds() / 2:
                    keep(token)
                    kept_at = monotonic()
                outcomes, claimed = run_group(group, token, actors, claims=BATCH if place == len(groups) else 0)
                total.count(outcomes)


def together(claimed: Sequence[Claimed]) -> list[list[Claimed]]:
    """What may share a commit: neighbours of one story, all tried for the first time, of which at most one does more than remember or tell."""
    groups: list[list[Claimed]] = []
    for one in claimed:
        if groups and _fits(groups[-1], one):
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups


def _fits(group: Sequence[Claimed], one: Claimed) -> bool:
    same = (group[0].correlation_id, group[0].actor_id) == (one.correlation_id, one.actor_id)
    first = all(each.attempts == 1 for each in (*group, one))
    return same and first and len(group) < MOST_TOGETHER and (_is_beside(one.handler) or all(_is_beside(each.handler) for each in group))


def _is_beside(name: str) -> bool:
    handler = HANDLERS.get(name)
    return handler is not None and handler.beside


def run_group(group: Sequence[Claimed], token: UUID, actors: dict[int, User], *, claims: int) -> tuple[list[Outcome], list[Claimed] | None]:
    """Run what was claimed together in one transaction; when that fails, whatever the reason, each by itself. What was claimed after it."""
    if len(group) > 1:
        try:
            return _run_together([one.id for one in group], token, actors, claims=claims)
        except Exception as trouble:  # whose fault it is shows when each runs by itself
            log.info("deliveries apart", extra={"deliveries": [one.id for one in group], "trouble": repr(trouble)})
    outcomes, claimed = [], None
    for place, one in enumerate(group, start=1):
        outcome, claimed = _run(one.id, token, actors, claims=claims if place == len(group) else 0)
        outcomes.append(outcome)
    return outcomes, claimed


def _run_together(
    delivery_ids: list[int], token: UUID, actors: dict[int, User], *, claims: int
) -> tuple[list[Outcome], list[Claimed] | None]:
    """All of them in one commit, or none: first the one that locks documents, then those that remember and tell."""
    took: list[tuple[Work, float]] = []
    with transaction.atomic():
        works = _begin(delivery_ids, token, actors)
        if len(works) < len(delivery_ids) or any(work.paused for work in works):
            raise Apart
        for work in sorted(works, key=lambda each: _is_beside(each.handler)):
            begun = monotonic()
            with work.story, undone_together(works[0].told):
                _carry_out(work)
            took.append((work, monotonic() - begun))
        claimed = _finish(delivery_ids, token, claims)
    for work, seconds in took:
        with work.story:
            _tell_log(Outcome.DONE, work.id, seconds, work)
    return [Outcome.DONE] * len(works), claimed


def run(delivery_id: int, token: UUID, actors: dict[int, User] | None = None) -> Outcome:
    """Run one leased delivery: the handler's work and the mark "done" are one commit, or neither happens.

    ``actors`` are people read already, by id; whoever is read now is put there.
    """
    return _run(delivery_id, token, actors if actors is not None else {}, claims=0)[0]


def _run(delivery_id: int, token: UUID, actors: dict[int, User], *, claims: int) -> tuple[Outcome, list[Claimed] | None]:
    begun = monotonic()
    work: Work | None = None
    trouble: Exception | None = None
    claimed: list[Claimed] | None = None
    with ExitStack() as story:
        try:
            with transaction.atomic():
                works = _begin([delivery_id], token, actors)
                if not works:
                    return Outcome.LOST, None
                work = works[0]
                story.enter_context(work.story)
                with undone_together(work.told):
                    _carry_out(work)
                found = _finish([delivery_id], token, claims)
            outcome, claimed = Outcome.DONE, found
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
        _tell_log(outcome, delivery_id, monotonic() - begun, work, trouble)
    return outcome, claimed


def _tell_log(outcome: Outcome, delivery_id: int, seconds: float, work: Work | None, trouble: Exception | None = None) -> None:
    facts: dict[str, object] = {"delivery": delivery_id, "outcome": outcome.value, "milliseconds": round(seconds * 1000, 1)}
    if work is not None:
        facts |= {"handler": work.handler, "key": work.key, "attempt": work.attempts}
    log.log(LEVELS.get(outcome, logging.INFO) if trouble is None else logging.ERROR, "delivery", exc_info=trouble, extra=facts)


def _begin(delivery_ids: list[int], token: UUID, actors: dict[int, User]) -> list[Work]:
    """Those of the deliveries that are still ours, held until the commit."""
    with connection.cursor() as cursor:
        cursor.execute(_begin_statement(), [told_time(), delivery_ids, token])
        rows = cursor.fetchall()
    works = []
    for pk, handler, key, attempts, paused, event_id, kind, version, payload, correlation_id, actor_id, *more in rows:
        told = Told(list(more[:3]), more[3])
        actor = _actor(actor_id, more[4:], actors)
        works.append(Work(pk, handler, key, attempts, paused, event_id, kind, version, json.loads(payload), correlation_id, actor, told))
    return works


def _actor(actor_id: int | None, columns: Sequence[Any], actors: dict[int, User]) -> User:
    """Whoever caused the fact; the house itself when nobody did."""
    if actor_id is None:
        return User.objects.service()
    if actor_id not in actors:
        actors[actor_id] = User.from_db(connection.alias, [field.attname for field in User._meta.concrete_fields], columns)
    return actors[actor_id]


def _finish(delivery_ids: list[int], token: UUID, claims: int) -> list[Claimed] | None:
    found = finish(delivery_ids, due_now(token, claims))
    return sort_out(found) if claims else None


def _carry_out(work: Work) -> None:
    if work.paused:
        raise Paused
    handler = HANDLERS.get(work.handler)
    if handler is None:
        raise UnknownEvent(f"No handler is called {work.handler} in this release.")
    event = from_json(work.type, work.schema_version, work.payload)
    tell_the_database()
    handler.run(event)


def _bury_what_kills(token: UUID) -> int:
    """Give back what dead workers left, and give up on what has killed too many: how many."""
    poison = reclaim(token)
    for delivery_id, theirs in poison:
        _bury(delivery_id, theirs, "Its worker died every time.")
        log.error("delivery", extra={"delivery": delivery_id, "outcome": Outcome.DEAD.value})
    return len(poison)


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
        leased_until = delivery.lease_until
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
            key=f"dead:{delivery.pk}:{token}:{leased_until}",
        )
