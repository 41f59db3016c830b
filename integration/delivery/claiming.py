"""Who works on what: leases, taken by batches, kept while their worker lives, and given back when it has died."""

import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4
from weakref import WeakKeyDictionary

from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from core.events.models import Delivery
from integration.delivery.lines import queue_up

BATCH = 50
LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 10
LONGEST_WAIT = timedelta(hours=1)

CLAIM = "SELECT * FROM events_claim(%(token)s, %(now)s, %(until)s, %(limit)s)"
"""Who asks to be run now, the oldest first, leased unless it is ``held``: somebody stands before it in its line, or its handler is paused.

A function of the database (core/events/migrations/0014_claim.py), as what begins and what finishes is: every delivery costs them.
"""
BEGIN = "SELECT * FROM events_begin(%(token)s, %(is_new)s, %(now)s, %(until)s, %(limit)s)"
"""A worker shows that it lives, looks whether anybody else holds leases (the first row, ``held``), and claims."""
LIVE = "SELECT pg_advisory_lock(hashtextextended('worker ' || %s, 0))"
END = "SELECT pg_advisory_unlock(hashtextextended('worker ' || %s, 0))"
DEAD = """
    SELECT token::uuid FROM unnest(%s::text[]) AS token
    WHERE pg_try_advisory_xact_lock(hashtextextended('worker ' || token, 0))
"""


@dataclass(frozen=True)
class Claimed:
    """A delivery this worker has leased: for which handler, the how-manieth try, in whose story."""

    id: int
    handler: str
    attempts: int
    correlation_id: UUID
    actor_id: int | None


@contextmanager
def working() -> Iterator[UUID]:
    """The lease token of a worker. While its database session lives, others see that it does; when it is killed, they see that at once."""
    token = _live()
    try:
        yield token
    finally:
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute(END, [str(token)])


@contextmanager
def session_working() -> Iterator[UUID]:
    """The lease token of a worker for as long as its database session lasts: it shows that it lives once, not with each batch of work.

    Whoever ends in an error has left leases behind: others see that it does not live any more.
    """
    connection.ensure_connection()
    session = connection.connection
    token = _sessions.get(session) or uuid4()
    in_order = False
    try:
        yield token
        in_order = True
    finally:
        if not in_order:
            _sessions.pop(session, None)
            with suppress(DatabaseError), connection.cursor() as cursor:
                cursor.execute(END, [str(token)])


_sessions: "WeakKeyDictionary[Any, UUID]" = WeakKeyDictionary()


def claim(token: UUID | None = None, *, limit: int = BATCH) -> list[tuple[int, UUID]]:
    """Lease up to ``limit`` deliveries that are ready: (id, lease token) of each, oldest first."""
    token = token or _live()
    return [(one.id, token) for one in claim_more(token, limit=limit)]


def claim_more(token: UUID, *, limit: int = BATCH) -> list[Claimed]:
    """Lease up to ``limit`` deliveries that are ready, oldest first.

    Costs the same however many wait behind others, for a later hour, or for their paused handler: who is met here and may not run yet
    goes back into its line, and is met again only when it has come to its head.
    """
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(CLAIM, due_now(token, limit))
            ready = sort_out(cursor.fetchall())
        if ready is not None:
            return ready


def begin(token: UUID) -> tuple[list[Claimed] | None, bool]:
    """The first claim of a worker, and whether anybody else holds leases. None: look again (see ``sort_out``)."""
    is_new = _sessions.get(connection.connection) != token
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BEGIN, due_now(token, BATCH) | {"is_new": is_new})
        _sessions[connection.connection] = token
        (*_nobody, others, _attempts, _story, _actor), *found = cursor.fetchall()
        return sort_out(found), others


def due_now(token: UUID, limit: int) -> dict[str, Any]:
    """What a claim is told: whose the leases are, what is due, and for how long."""
    now = timezone.now()
    return {"now": now, "until": now + LEASE, "token": token, "limit": limit}


def sort_out(found: list[tuple[Any, ...]]) -> list[Claimed] | None:
    """Of what a claim has met: what may run, once the others are back in their lines. None when all went back: there may be more behind."""
    held = [(pk, handler, key) for pk, handler, key, waits, *_more in found if waits]
    queued = queue_up(held) if held else 0
    ready = [Claimed(pk, handler, attempts, story, actor) for pk, handler, _key, waits, attempts, story, actor in found if not waits]
    return None if queued and not ready else ready


def keep(token: UUID) -> None:
    """Hold on to what this worker has claimed and not begun: something before it took long."""
    Delivery.objects.filter(status=Delivery.Status.LEASED, lease_token=token).update(lease_until=timezone.now() + LEASE)


def give_back(token: UUID) -> None:
    """Let others have what this worker has claimed and not begun; it does not count as an attempt."""
    _to_the_queue(Delivery.objects.filter(status=Delivery.Status.LEASED, lease_token=token).values_list("pk", flat=True), tried=False)


def reclaim(mine: UUID | None = None) -> list[tuple[int, UUID]]:
    """Give deliveries whose worker died, or has not been heard of for a lease, back to the queue.

    A worker runs what it claimed in order, so only the first it left can have been what killed it: that one keeps its counted attempt
    and waits before it is tried again, the others lose nothing. One whose row is still locked is being run, however long it takes.
    Gives back those that have killed too many: (id, lease token), still leased, for the caller to give up on. ``mine`` is left alone.
    """
    theirs = Delivery.objects.filter(status=Delivery.Status.LEASED).exclude(lease_token=mine)
    if not theirs.exists():
        return []
    with transaction.atomic():
        leased = list(theirs.order_by("available_at", "record_id", "pk").values_list("pk", "lease_token", "lease_until"))
        dead, now = _dead({token for _pk, token, _until in leased if token}), timezone.now()
        first = {token: pk for pk, token, _until in reversed(leased)}
        lapsed = {pk: token for pk, token, until in leased if token in dead or (until and until < now)}
        rows = [
            row
            for row in Delivery.objects.filter(pk__in=lapsed, status=Delivery.Status.LEASED).select_for_update(
                skip_locked=True, of=("self",)
            )
            if row.lease_token == lapsed[row.pk]
        ]
        _to_the_queue([row.pk for row in rows if first[row.lease_token] != row.pk], tried=False)
        poison: list[tuple[int, UUID]] = []
        for row in rows:
            if first[row.lease_token] != row.pk or row.lease_token is None:
                continue
            if row.attempts >= MAX_ATTEMPTS:
                poison.append((row.pk, row.lease_token))
            else:  # once is bad luck: a deploy, a machine that went down
                _to_the_queue([row.pk], tried=True, wait=waiting_time(row.attempts) if row.attempts > 1 else timedelta())
        return poison


def waiting_time(attempts: int) -> timedelta:
    """How long to wait after this many attempts: min(1 hour, 2^n seconds), give or take a quarter so that retries spread out."""
    seconds = min(LONGEST_WAIT.total_seconds(), 2.0**attempts)
    return timedelta(seconds=seconds * random.uniform(0.75, 1.25))  # noqa: S311 - spreading, not secrecy


def _live() -> UUID:
    token = uuid4()
    with connection.cursor() as cursor:
        cursor.execute(LIVE, [str(token)])
    return token


def _dead(tokens: Iterable[UUID]) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(DEAD, [[str(token) for token in tokens]])
        return {token for (token,) in cursor.fetchall()}


def _to_the_queue(rows: Iterable[int], *, tried: bool, wait: timedelta = timedelta()) -> None:
    changes = {"available_at": timezone.now() + wait} if tried else {"attempts": F("attempts") - 1}
    Delivery.objects.filter(pk__in=rows, status=Delivery.Status.LEASED).update(
        status=Delivery.Status.PENDING, lease_token=None, lease_until=None, **changes
    )
