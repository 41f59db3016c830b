"""What a job function works with: whom for, how far it is, and where its result goes."""

from time import monotonic
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile, File
from django.db import transaction

from core.files.models import Attachment
from core.files.operations import keep_file
from core.jobs.models import Job
from core.people.models import User

BETWEEN_WRITES = 0.4
"""Seconds between two writes of the progress: a job of a million steps does not write a million rows."""


class Cancelled(BaseException):
    """Somebody cancelled the job, or another worker took it up: stop here. No error, so that no ``except Exception`` swallows it."""


class Work:
    """A running job, as its function sees it. Call ``step`` between transactions, never inside one: others want to see the progress."""

    def __init__(self, job: Job, token: UUID) -> None:
        self.job = job
        self.user: User = job.user
        self.again: bool = job.attempts > 1
        self._token = token
        self._done = 0
        self._total: int | None = None
        self._note = ""
        self._written_at = 0.0

    def total(self, number: int) -> None:
        """How many units of work there are."""
        self._total = number
        self._write()

    def step(self, n: int = 1, note: str = "") -> None:
        """So many more units are done; ``note`` says what it is at. Raises Cancelled when it is to stop."""
        self._done += n
        self._note = note or self._note
        if monotonic() - self._written_at >= BETWEEN_WRITES:
            self._write()

    def attach(self, name: str, content: "bytes | File[bytes]", media_type: str) -> Attachment:
        """Keep a file with the job, for its owner; one of the same name from an earlier attempt gives way."""
        if not self._mine().exists():
            raise Cancelled
        file: File[bytes] = ContentFile(content) if isinstance(content, bytes) else content
        return keep_file("jobs.job", self.job.pk, name, file, media_type, instead=True, by=self.user)

    def result(self, facts: dict[str, Any]) -> None:
        """What came out of it, in plain JSON. ``url`` leads to where the person goes on, ``text`` says it in a sentence."""
        self.job.result = {**self.job.result, **facts}
        if not self._mine().update(result=self.job.result):
            raise Cancelled

    def flush(self) -> None:
        """Write the progress now, whenever it was written last."""
        self._write()

    def _mine(self) -> Any:
        """The job, while this worker holds it and its person may still come in."""
        mine = Job.objects.filter(pk=self.job.pk, lease_token=self._token, status=Job.Status.RUNNING)
        return mine.filter(user__is_active=True)

    def _write(self) -> None:
        if self._total is not None:
            self._total = max(self._total, self._done)
        with transaction.atomic():
            still_mine = self._mine().update(done=self._done, total=self._total, note=self._note[:200])
        if not still_mine:
            raise Cancelled
        self._written_at = monotonic()
