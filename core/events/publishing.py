"""Publishing: the record and its deliveries, written in the caller's transaction."""

from collections.abc import Callable, Iterator
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
from core.events.listening import handlers_of
from core.events.models import Delivery, Record

WRITE_DOWN = """
    INSERT INTO events_record (event_id, type, schema_version, key, payload, party_id, actor_id, correlation_id, causation_id,
                               occurred_at, recorded_at, sequence)
    SELECT %s, %s, %s, %s, %s, %s::bigint, %s::bigint, %s::uuid, %s::uuid, %s, %s, coalesce(max(sequence), 0) + 1
      FROM events_record WHERE type = %s AND key = %s
    ON CONFLICT (type, key, sequence) DO NOTHING
    RETURNING id, sequence
"""

_wakers: list[Callable[[], None]] = []
_carriers: list[Callable[[Record], None]] = []
_quiet: ContextVar[bool] = ContextVar("quiet", default=False)


def wake_with(waker: Callable[[], None]) -> None:
    """Call ``waker`` after a commit that published something. It is a hint to the workers: it may fail, nothing is lost."""
    _wakers.append(waker)


def carry_with(carrier: Callable[[Record], None]) -> None:
    """Call ``carrier`` with every record in the commit that writes it: it writes down who outside of the house is to hear of it."""
    _carriers.append(carrier)


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
    _write_down(record)
    handlers = handlers_of(type(event))
    _deliver_in_this_commit(event, record)
    later = [handler for handler in handlers if not handler.same_commit]
    Delivery.objects.bulk_create(Delivery(record=record, handler=handler.name, key=record.key) for handler in later)
    for carry in _carriers:
        carry(record)
    if later and not _quiet.get() and not any(waiting[1] is _wake for waiting in connection.run_on_commit):
        transaction.on_commit(_wake)
    return record


def _write_down(record: Record) -> None:
    """Give a record the next place among those of its type and key; whoever is publishing the one before is waited for."""
    row: list[Any] = [
        record.event_id, record.type, record.schema_version, record.key, connection.ops.adapt_json_value(record.payload, None),
        record.party_id, record.actor_id, record.correlation_id, record.causation_id, record.occurred_at, record.recorded_at,
    ]  # fmt: skip
    written = None
    while written is None:
        with connection.cursor() as cursor:
            cursor.execute(WRITE_DOWN, [*row, record.type, record.key])
            written = cursor.fetchone()
    record.pk, record.sequence = written
    record._state.adding, record._state.db = False, connection.alias


def _deliver_in_this_commit(event: Event, record: Record) -> None:
    for handler in handlers_of(type(event)):
        if not handler.same_commit:
            continue
        with same_commit(), acting(by=record.actor, causation_id=record.event_id):
            handler.run(event)
        Delivery.objects.create(
            record=record,
            handler=handler.name,
            key=record.key,
            status=Delivery.Status.DONE,
            attempts=1,
            done_at=record.recorded_at,
        )


def _wake() -> None:
    for waker in _wakers:
        waker()
