"""The plain design, for comparison: `transaction.on_commit(task.delay)` for each listener, tasks acknowledged late and retried.

The same operations, handlers, workers and servers; only the carrying is another: no rows, no leases, Redis is the queue of record.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from celery import Celery
from django.db import transaction

from core.db import tell_the_database
from core.events import publishing
from core.events.cause import acting
from core.events.codec import from_json
from core.events.listening import HANDLERS
from core.events.models import Delivery, Record
from core.people.models import User

TRIES, LONGEST_WAIT = 10, 10


def the_task(app: Celery) -> Any:
    """The task that runs one handler for one record, with every setting that is recommended for not losing it."""
    app.conf.broker_transport_options = {**app.conf.broker_transport_options, "visibility_timeout": 10, "unacked_restore_interval": 2}

    @app.task(name="contender.carry", bind=True, acks_late=True, reject_on_worker_lost=True, ignore_result=True, max_retries=TRIES)
    def carry(self: Any, record_id: int, handler: str) -> None:
        try:
            with transaction.atomic():
                record = Record.objects.select_related("actor").get(pk=record_id)
                with acting(by=record.actor or User.objects.service(), correlation_id=record.correlation_id, causation_id=record.event_id):
                    tell_the_database()
                    HANDLERS[handler].run(from_json(record.type, record.schema_version, record.payload))
        except Exception as error:
            raise self.retry(exc=error, countdown=min(2**self.request.retries, LONGEST_WAIT)) from error

    return carry


def plain_deliveries(send: Callable[[int, str], object]) -> type:
    """What stands in for the table of deliveries while events are published."""

    class Objects:
        """Sends instead of writing."""

        @staticmethod
        def bulk_create(rows: Iterable[Any]) -> None:
            """One task per listener, after the commit."""
            for row in rows:
                transaction.on_commit(partial(send, row.record.pk, row.handler))

        @staticmethod
        def create(**_facts: object) -> None:
            """What ran in the publisher's commit needs no trace."""

    class PlainDelivery:
        """A delivery that is a message."""

        Status = Delivery.Status
        objects = Objects

        def __init__(self, *, record: Record, handler: str, key: str) -> None:
            self.record, self.handler, self.key = record, handler, key

    return PlainDelivery


@contextmanager
def instead_of_the_engine(app: Celery) -> Iterator[None]:
    """Publish in the plain way inside this block."""
    publishing.Delivery = plain_deliveries(the_task(app).delay)  # type: ignore[misc]
    try:
        yield
    finally:
        publishing.Delivery = Delivery  # type: ignore[misc]
