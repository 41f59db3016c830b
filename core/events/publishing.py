"""Publishing: the record and its deliveries, written in the caller's transaction."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import uuid4

from django.db import connection, transaction

from core import clock
from core.db import same_commit
from core.events.cause import acting, current_cause
from core.events.codec import to_json
from core.events.event import Event
from core.events.listening import Handler, handlers_of
from core.events.models import Record

WRITE_DOWN = """
    WITH written AS (
        INSERT INTO events_record (event_id, type, schema_version, key, payload, party_id, actor_id, correlation_id, causation_id,
                                   occurred_at, recorded_at, sequence)
        SELECT %s, %s, %s, %s, %s, %s::bigint, %s::bigint, %s::uuid, %s::uuid, %s, %s, coalesce(max(sequence), 0) + 1
          FROM events_record WHERE type = %s AND key = %s
        ON CONFLICT (type, key, sequence) DO NOTHING
        RETURNING id, key, sequence, recorded_at
    ), told AS (
        INSERT INTO events_delivery (record_id, handler, key, status, attempts, available_at, done_at, last_error, skipped_because)
        SELECT id, handler, key, CASE WHEN at_once THEN 'done' ELSE 'pending' END, at_once::int, recorded_at,
               CASE WHEN at_once THEN recorded_at END, '', ''
          FROM written, unnest(%s::text[], %s::bool[]) AS listener(handler, at_once)
    )
    SELECT id, sequence, {carried} FROM written
"""
"""A record with its deliveries, and whether anybody outside may want to hear of it. One statement, because everything that happens is published."""

_wakers: list[Callable[[], None]] = []
_carriers: list[tuple[Callable[[Record], None], str]] = []
_quiet: ContextVar[bool] = ContextVar("quiet", default=False)


def wake_with(waker: Callable[[], None]) -> None:
    """Call ``waker`` after a commit that published something. It is a hint to the workers: it may fail, nothing is lost."""
    _wakers.append(waker)


def carry_with(carrier: Callable[[Record], None], *, when: str) -> None:
    """Call ``carrier`` with every record in the commit that writes it: it writes down who outside of the house is to hear of it.

    ``when`` is a condition in SQL: while it does not hold, nobody has to be asked.
    """
    _carriers.append((carrier, when))


@contextmanager
def quietly() -> Iterator[None]:
    """Wake nobody after commits: for an import that drains its own deliveries. Nothing is lost, the clock drains the rest."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


def publish(event: Event) -> Record:
    """Write one fact and one delivery per listener, all in the caller's transaction. Call it last, inside ``locked``."""
    if not connection.in_atomic_block:
        raise RuntimeError("publish() belongs inside the operation's transaction.")
    cause = current_cause()
    record = Record(
        type=event.type_name(),
        schema_version=event.VERSION,
        key=event.key,
        payload=to_json(event),
        party_id=event.about_party_id,
        actor=cause.actor,
        correlation_id=cause.correlation_id or uuid4(),
        causation_id=cause.causation_id,
        occurred_at=clock.now(),
    )
    handlers = handlers_of(type(event))
    carried = _write_down(record, handlers)
    for handler in handlers:
        if handler.same_commit:
            with same_commit(), acting(by=record.actor, causation_id=record.event_id):
                handler.run(event)
    for (carry, _when), wanted in zip(_carriers, carried, strict=True):
        if wanted:
            carry(record)
    later = any(not handler.same_commit for handler in handlers)
    if later and not _quiet.get() and not any(waiting[1] is _wake for waiting in connection.run_on_commit):
        transaction.on_commit(_wake)
    return record


def _write_down(record: Record, handlers: Sequence[Handler]) -> list[bool]:
    """Give a record the next place among those of its type and key, and every handler its delivery; which carriers are to be asked.

    Whoever is publishing the record before is waited for.
    """
    row: list[Any] = [
        record.event_id, record.type, record.schema_version, record.key, connection.ops.adapt_json_value(record.payload, None),
        record.party_id, record.actor_id, record.correlation_id, record.causation_id, record.occurred_at, record.recorded_at,
    ]  # fmt: skip
    listeners: list[Any] = [[handler.name for handler in handlers], [handler.same_commit for handler in handlers]]
    statement = WRITE_DOWN.replace("{carried}", f"ARRAY[{', '.join(when for _carry, when in _carriers)}]::bool[]")
    written = None
    while written is None:
        with connection.cursor() as cursor:
            cursor.execute(statement, [*row, record.type, record.key, *listeners])
            written = cursor.fetchone()
    record.pk, record.sequence, carried = written
    record._state.adding, record._state.db = False, connection.alias
    return list(carried)


def _wake() -> None:
    for waker in _wakers:
        waker()
