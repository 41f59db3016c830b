"""The past, for a handler that was added later."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.db import locked
from core.events.listening import HANDLERS
from core.events.models import ArchivedDelivery, Delivery, Record, Replay
from core.people.models import User
from integration.delivery.operations import UnknownHandler

BATCH = 5_000


def unheard(handler_name: str, *, since: datetime | None = None, until: datetime | None = None) -> QuerySet[Record]:
    """The records a handler never got, by when they happened: from ``since`` on, before ``until``. What it got long ago counts as got."""
    handler = HANDLERS.get(handler_name)
    if handler is None:
        raise UnknownHandler(_("No handler is called %(name)s.") % {"name": handler_name}, field="handler")
    got = {"record": OuterRef("pk"), "handler": handler.name}
    rows = Record.objects.filter(
        ~Exists(Delivery.objects.filter(**got)), ~Exists(ArchivedDelivery.objects.filter(**got)), type=handler.event.type_name()
    )
    if since is not None:
        rows = rows.filter(occurred_at__gte=since)
    if until is not None:
        rows = rows.filter(occurred_at__lt=until)
    return rows.order_by("pk")


def replay(handler_name: str, *, since: datetime | None = None, until: datetime | None = None, dry_run: bool = False) -> int:
    """Make deliveries of past records for a handler that was added later; those it has had stay as they are. How many were (or would be) made."""
    records = unheard(handler_name, since=since, until=until)
    if dry_run:
        return records.count()
    rows: Iterator[tuple[int, str]] = records.values_list("pk", "key").iterator(chunk_size=BATCH)
    made = 0
    while some := [Delivery(record_id=pk, handler=handler_name, key=key) for pk, key in islice(rows, BATCH)]:
        made += len(Delivery.objects.bulk_create(some, ignore_conflicts=True))
    return made


def replay_events(*, handler: str, by: User, from_date: date | None = None, to_date: date | None = None, dry_run: bool = False) -> Replay:
    """Carry the events of some days, both included, to a handler that never got them, and keep who asked for it.

    With ``dry_run`` nothing is written: the answer only says how many deliveries it would make.
    """
    since = _midnight(from_date) if from_date else None
    until = _midnight(to_date + timedelta(days=1)) if to_date else None
    asked = Replay(handler=handler, from_date=from_date, to_date=to_date, asked_by=by)
    if dry_run:
        asked.made = replay(handler, since=since, until=until, dry_run=True)
        return asked
    with locked(by=by):
        asked.made = replay(handler, since=since, until=until)
        asked.save()
    return asked


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
