"""Who works on what: leases, taken by batches, kept while their worker lives, and given back when it has died."""

import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from core.events.models import Delivery
from integration.delivery.lines import queue_up

BATCH = 50
LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 10
LONGEST_WAIT = timedelta(hours=1)

CLAIM = """
    WITH found AS (
        SELECT id, handler, key, available_at, record_id, record_id > (
                   SELECT head.record_id FROM events_delivery head
                   WHERE head.handler = delivery.handler AND head.key = delivery.key
                     AND head.status IN ('pending', 'queued', 'leased', 'dead')
                   ORDER BY head.record_id LIMIT 1
               ) OR EXISTS (
                   SELECT 1 FROM events_handlerpause pause WHERE pause.handler = delivery.handler AND pause.ended_at IS NULL
               ) AS held
          FROM events_delivery delivery
         WHERE status = 'pending' AND available_at <= %(now)s
         ORDER BY available_at, record_id, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    ), taken AS (
        UPDATE events_delivery delivery
           SET status = 'leased', attempts = delivery.attempts + 1, lease_token = %(token)s, lease_until = %(until)s
          FROM found WHERE delivery.id = found.id AND NOT found.held
    )
    SELECT id, handler, key, held FROM found ORDER BY available_at, record_id, id
"""
"""Who asks to be run now, the oldest first, leased unless it is ``held``: somebody stands before it in its line, or its handler is paused.

Written by hand, as the two other statements that every delivery costs: building them took longer than running them.
"""
LIVE = "SELECT pg_advisory_lock(hashtextextended('worker ' || %s, 0))"
END = "SELECT pg_advisory_unlock(hashtextextended('worker ' || %s, 0))"
DEAD = """
    SELECT token::uuid FROM unnest(%s::text[]) AS token
    WHERE pg_try_advisory_xact_lock(hashtextextended('worker ' || token, 0))
"""


@contextmanager
def working() -> Iterator[UUID]:
    """The lease token of a worker. While its database session lives, others see that it does; when it is killed, they see that at once."""
    token = _live()
    try:
        yield token
    finally:
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute(END, [str(token)])


def claim(token: UUID | None = None, *, limit: int = BATCH) -> list[tuple[int, UUID]]:
    """Lease up to ``limit`` deliveries that are ready: (id, lease token) of each, oldest first.

    Costs the same however many wait behind others, for a later hour, or for their paused handler: who is met here and may not run yet
    goes back into its line, and is met again only when it has come to its head.
    """
    token = token or _live()
    while True:
        with transaction.atomic():
            found = due(token, limit)
            ready = [pk for pk, _handler, _key, waits in found if not waits]
            held = [(pk, handler, key) for pk, handler, key, waits in found if waits]
            queued = queue_up(held) if held else 0
        if ready or not queued:
            return [(pk, token) for pk in ready]


def due(token: UUID, limit: int) -> list[tuple[Any, ...]]:
    """Look who asks to be run now, and lease those that may: (id, handler, key, whether it is held) of each."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"now": now, "until": now + LEASE, "token": token, "limit": limit})
        return list(cursor.fetchall())


def keep(token: UUID) -> None:
    """Hold on to what this worker has claimed and not begun: something before it took long."""
    Delivery.objects.filter(status=Delivery.Status.LEASED, lease_token=token).update(lease_until=timezone.now() + LEASE)


def give_back(token: UUID) -> None:
    """Let others have what this worker has claimed and not begun; it does not count as an attempt."""
    _to_the_queue(Delivery.objects.filter(status=Delivery.Status.LEASED, lease_token=token).values_list("pk", flat=True), tried=False)


def reclaim() -> list[tuple[int, UUID]]:
    """Give deliveries whose worker died, or has not been heard of for a lease, back to the queue.

    A worker runs what it claimed in order, so only the first it left can have been what killed it: that one keeps its counted attempt
    and waits before it is tried again, the others lose nothing. One whose row is still locked is being run, however long it takes.
    Gives back those that have killed too many: (id, lease token), still leased, for the caller to give up on.
    """
    if not Delivery.objects.filter(status=Delivery.Status.LEASED).exists():
        return []
    with transaction.atomic():
        leased = list(
            Delivery.objects.filter(status=Delivery.Status.LEASED)
            .order_by("available_at", "record_id", "pk")
            .values_list("pk", "lease_token", "lease_until")
        )
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
