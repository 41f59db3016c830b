"""The line of one handler and key: who stands at its head, and who follows when the head leaves.

Whoever sends a delivery back into its line, and whoever lets the next one forward, holds the same advisory lock, taken before the look
that decides. So neither acts on what the other is about to change, and nobody is left standing behind somebody who has gone.
"""

from typing import Any

from django.db import connection
from django.db.models import Exists, Q, Subquery

from core.events.models import Delivery, HandlerPause

TRY_LINES = """
    SELECT handler, key FROM unnest(%s::text[], %s::text[]) AS line(handler, key)
    WHERE pg_try_advisory_xact_lock_shared(hashtextextended('handler ' || handler, 0))
      AND pg_try_advisory_xact_lock(hashtextextended('line ' || handler || ' ' || key, 0))
"""
LOCK_LINE = "SELECT pg_advisory_xact_lock(hashtextextended('line ' || %s || ' ' || %s, 0))"
LOCK_HANDLER = "SELECT pg_advisory_xact_lock(hashtextextended('handler ' || %s, 0))"
FINISH = "SELECT * FROM events_finish_and_claim(%(finished)s, %(now)s, %(token)s, %(until)s, %(limit)s)"
"""Marks each done, locks its line, then looks who follows; then claims on. Functions of the database (core/events/migrations/0013_finish.py and
0014_claim.py), because every delivery ends so."""


def head() -> Subquery:
    """The record at the head of a delivery's line. Asked for in order, so that it is one step in the index, however long the line is."""
    return Subquery(Delivery.objects.in_line().values("record_id")[:1])


def held_back() -> Q:
    """Whether a delivery may not run yet: somebody stands before it, or its handler is paused."""
    return Q(record_id__gt=head()) | Q(Exists(HandlerPause.objects.in_the_way()))


def queue_up(rows: list[tuple[int, str, str]]) -> int:
    """Send deliveries (id, handler, key), locked by the caller, back into their lines; those whose line is just moving stay."""
    lines = sorted({(handler, key) for _pk, handler, key in rows})
    with connection.cursor() as cursor:
        cursor.execute(TRY_LINES, [[handler for handler, _key in lines], [key for _handler, key in lines]])
        still = set(cursor.fetchall())
    back = [pk for pk, handler, key in rows if (handler, key) in still]
    return Delivery.objects.filter(held_back(), pk__in=back).update(status=Delivery.Status.QUEUED)


def finish(delivery_ids: list[int], claim: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Mark deliveries done and let the next in their lines forward. Belongs last into the transaction of their work.

    ``claim`` is what a claim is told: what it meets is given back, leased by the commit that ends the work (nothing with a limit of 0).
    """
    with connection.cursor() as cursor:
        cursor.execute(FINISH, claim | {"finished": delivery_ids})
        return list(cursor.fetchall())


def leave(delivery: Delivery) -> None:
    """Let the next in line forward: ``delivery`` has left it without being done."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_LINE, [delivery.handler, delivery.key])
    _forward(delivery.handler, delivery.key)


def let_on(handler: str) -> int:
    """Let the head of every line of a handler forward; the caller has just ended its pause. How many lines go on."""
    waiting = Delivery.objects.filter(handler=handler, status=Delivery.Status.QUEUED)
    return waiting.filter(record_id=head()).update(status=Delivery.Status.PENDING)


def lock_handler(handler: str) -> None:
    """Until the end of the transaction, nobody queues a delivery of this handler."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_HANDLER, [handler])


def _forward(handler: str, key: str) -> None:
    following = Delivery.objects.filter(handler=handler, key=key, status=Delivery.Status.QUEUED).order_by("record_id")
    Delivery.objects.filter(pk=Subquery(following.values("pk")[:1])).update(status=Delivery.Status.PENDING)
