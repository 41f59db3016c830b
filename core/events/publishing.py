"""Publishing: the record and its deliveries, written in the caller's transaction."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

from core import clock
from core.db import same_commit
from core.events.cause import acting, current_cause
from core.events.codec import to_json
from core.events.event import Event
from core.events.listening import Handler, handlers_of
from core.events.models import Record

WRITE_DOWN = """
    WITH fact AS (
        SELECT * FROM unnest(%s::uuid[], %s::text[], %s::int[], %s::text[], %s::jsonb[], %s::bigint[]) WITH ORDINALITY
               AS fact (event_id, type, schema_version, key, payload, party_id, place)
    ), written AS (
        INSERT INTO events_record (event_id, type, schema_version, key, payload, party_id, actor_id, correlation_id, causation_id,
                                   occurred_at, recorded_at, sequence)
        SELECT event_id, type, schema_version, key, payload, party_id, %s::bigint, %s::uuid, %s::uuid, %s, %s,
               (SELECT coalesce(max(before.sequence), 0) + 1 FROM events_record before WHERE before.type = fact.type AND before.key = fact.key)
          FROM fact ORDER BY place
        ON CONFLICT (type, key, sequence) DO NOTHING
        RETURNING id, event_id, key, sequence, recorded_at
    ), told AS (
        INSERT INTO events_delivery (record_id, handler, key, status, attempts, available_at, done_at, last_error, skipped_because)
        SELECT id, handler, key, CASE WHEN at_once THEN 'done' ELSE 'pending' END, at_once::int, recorded_at,
               CASE WHEN at_once THEN recorded_at END, '', ''
          FROM written JOIN unnest(%s::uuid[], %s::text[], %s::bool[]) WITH ORDINALITY AS listener(event_id, handler, at_once, place)
         USING (event_id) ORDER BY id, place
    )
    SELECT event_id, id, sequence, {carried} FROM written
"""
"""Records with their deliveries, and whether anybody outside may want to hear of them. One statement, because everything that happens is published."""

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
    _write_down_statement.cache_clear()


@contextmanager
def quietly() -> Iterator[None]:
    """Wake nobody after commits: for an import that drains its own deliveries. Nothing is lost, the clock drains the rest."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


def publish(event: Event, *more: Event) -> Record:
    """Write facts and one delivery of each per listener, all in the caller's transaction. Call it last, inside ``locked``.

    What one operation tells is told in one call, in its order: each fact is of another type, or about another thing. Gives the first.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("publish() belongs inside the operation's transaction.")
    events, cause, now = (event, *more), current_cause(), clock.now()
    correlation_id = cause.correlation_id or uuid4()
    records = [
        Record(
            type=each.type_name(),
            schema_version=each.VERSION,
            key=each.key,
            payload=to_json(each),
            party_id=each.about_party_id,
            actor=cause.actor,
            correlation_id=correlation_id,
            causation_id=cause.causation_id,
            occurred_at=now,
        )
        for each in events
    ]
    handlers = [handlers_of(type(each)) for each in events]
    for record in records[1:]:
        record.recorded_at = records[0].recorded_at
    carried = _write_down(records, handlers)
    for each, record, listening, wanted in zip(events, records, handlers, carried, strict=True):
        for handler in listening:
            if handler.same_commit:
                with same_commit(), acting(by=record.actor, causation_id=record.event_id):
                    handler.run(each)
        for (carry, _when), asked in zip(_carriers, wanted, strict=True):
            if asked:
                carry(record)
    later = any(not handler.same_commit for listening in handlers for handler in listening)
    if later and not _quiet.get() and not any(waiting[1] is _wake for waiting in connection.run_on_commit):
        transaction.on_commit(_wake)
    return records[0]


def _write_down(records: Sequence[Record], handlers: Sequence[Sequence[Handler]]) -> list[list[bool]]:
    """Give each record the next place among those of its type and key, and every handler its delivery; which carriers are to be asked.

    Whoever is publishing the record before is waited for.
    """
    if len({(record.type, record.key) for record in records}) < len(records):
        raise ValueError("Two facts of one type about one thing are told one after the other: publish each by itself.")
    first, statement = records[0], _write_down_statement()
    known: dict[UUID, tuple[int, int, list[bool]]] = {}
    left = list(zip(records, handlers, strict=True))
    while left:
        heard = [(record.event_id, handler) for record, listening in left for handler in listening]
        listeners: list[Any] = [
            [told for told, _ in heard],
            [handler.name for _, handler in heard],
            [handler.same_commit for _, handler in heard],
        ]
        facts = [
            (one.event_id, one.type, one.schema_version, one.key, connection.ops.adapt_json_value(one.payload, None), one.party_id)
            for one, _listening in left
        ]
        cause: list[Any] = [first.actor_id, first.correlation_id, first.causation_id, first.occurred_at, first.recorded_at]
        with connection.cursor() as cursor:
            cursor.execute(statement, [*map(list, zip(*facts, strict=True)), *cause, *listeners])
            known |= {event_id: (pk, sequence, carried) for event_id, pk, sequence, carried in cursor.fetchall()}
        left = [(record, listening) for record, listening in left if record.event_id not in known]
    for record in records:
        record.pk, record.sequence, _carried = known[record.event_id]
        record._state.adding, record._state.db = False, connection.alias
    return [list(known[record.event_id][2]) for record in records]


@cache
def _write_down_statement() -> str:
    """Put together once: who carries is declared when the program starts."""
    return WRITE_DOWN.replace("{carried}", f"ARRAY[{', '.join(when for _carry, when in _carriers)}]::bool[]")


def _wake() -> None:
    for waker in _wakers:
        waker()
