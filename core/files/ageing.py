"""Files that are kept for a while only: what a job made can be made again, and what an import was read from has been read."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from core import clock
from core.db import locked
from core.files.models import Attachment
from core.people.models import User

MOST_AT_ONCE = 100
"""So many files at most are removed in one transaction."""


def kept_until(since: datetime | None) -> datetime | None:
    """Until when a file can be fetched whose record came to its end at this moment; None: for as long as the record."""
    return since + timedelta(days=settings.FILES_KEPT_DAYS) if since is not None and settings.FILES_KEPT_DAYS else None


def long_ago() -> datetime | None:
    """What came to its end before this moment has its files no longer; None: files are kept for ever."""
    return clock.now() - timedelta(days=settings.FILES_KEPT_DAYS) if settings.FILES_KEPT_DAYS else None


def remove_files_of(kind: str, owners: QuerySet[Any], *, by: User, most: int = MOST_AT_ONCE) -> int:
    """Remove the files that hang on these records, so many at once; gives back how many. The trail keeps that they were there."""
    due = Attachment.objects.filter(kind=kind, object_id__in=owners.order_by().values("pk")).order_by("pk")
    with locked(Attachment.objects.filter(pk__in=list(due.values_list("pk", flat=True)[:most])), by=by) as files:
        for file in files:
            stored = file.file
            file.delete()
            transaction.on_commit(partial(stored.delete, save=False))
    return len(files)
