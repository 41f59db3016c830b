"""The worker: claims a job, keeps its lease alive while it runs, writes down how it ended.

As with deliveries, Postgres is the queue of record and Celery only says "look now". A claim is one short transaction
(``FOR UPDATE SKIP LOCKED``) that counts the attempt before anything runs, so that a job which kills its worker is counted too. A
thread of its own renews the lease while the job is at work; a worker that dies renews nothing, and the job is claimed again.
"""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from time import monotonic
from uuid import UUID, uuid4

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.db import tell_the_database
from core.errors import Refused
from core.events.cause import acting
from core.jobs.models import Job
from core.jobs.registry import JobKind, loaded
from core.jobs.telling import tell_the_owner
from core.jobs.work import Cancelled, Work
from core.people.models import User
from core.people.reading import as_read_by

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=45)
HEARTBEAT_SECONDS = 10.0
MAX_ATTEMPTS = 3


def work_jobs(*, seconds: float | None = None) -> int:
    """Run what waits, one after the other; take up nothing new after ``seconds``. Gives back how many were run."""
    until = None if seconds is None else monotonic() + seconds
    give_up_on_killers()
    ran = 0
    while until is None or monotonic() < until:
        claimed = claim()
        if claimed is None:
            break
        run(*claimed)
        ran += 1
    return ran


def claim() -> tuple[int, UUID] | None:
    """Lease the oldest job that waits or whose worker died: (id, lease token). None when there is none, or enough are running.

    At most ``settings.JOBS_AT_ONCE`` run at the same time, so that long jobs never take every worker from the deliveries.
    """
    with transaction.atomic():
        now = timezone.now()
        if Job.objects.filter(status=Job.Status.RUNNING, lease_until__gte=now).count() >= settings.JOBS_AT_ONCE:
            return None
        abandoned = Q(status=Job.Status.RUNNING, lease_until__lt=now, attempts__lt=MAX_ATTEMPTS)
        job = (
            Job.objects.filter(Q(status=Job.Status.QUEUED) | abandoned, kind__in=list(loaded()))
            .order_by("pk")
            .select_for_update(skip_locked=True, of=("self",))
            .first()
        )
        if job is None:
            return None
        token = uuid4()
        lease = {"lease_token": token, "lease_until": now + LEASE, "attempts": job.attempts + 1}
        with acting(by=None, correlation_id=job.correlation_id):
            tell_the_database()
            if job.status == Job.Status.QUEUED:
                job.move_to(Job.Status.RUNNING, started_at=now, **lease)
            else:
                Job.objects.filter(pk=job.pk).update(**lease)
    return job.pk, token


def give_up_on_killers() -> None:
    """Fail the jobs whose worker died every time."""
    gone = Job.objects.filter(status=Job.Status.RUNNING, lease_until__lt=timezone.now(), attempts__gte=MAX_ATTEMPTS)
    for pk, token in gone.values_list("pk", "lease_token"):
        if token is not None:
            _end(pk, token, Job.Status.FAILED, error=_("The worker stopped in the middle of it %(count)s times.") % {"count": MAX_ATTEMPTS})


def run(pk: int, token: UUID) -> str:
    """Run one leased job to its end; gives back the status it ended in, empty when it was no longer ours."""
    job = Job.objects.select_related("user").filter(pk=pk, lease_token=token, status=Job.Status.RUNNING).first()
    if job is None:
        return ""
    kind = loaded()[job.kind]
    work = Work(job, token)
    with acting(by=job.user, correlation_id=job.correlation_id), as_read_by(job.user), kept_alive(pk, token):
        try:
            _may_still(job.user, kind)
            kind.run(work, **job.params)
            work.flush()
        except Cancelled:
            return ""
        except Refused as refusal:
            return _end(pk, token, Job.Status.FAILED, error=str(refusal))
        except Exception:  # whatever a job raises must not stop the others
            log.exception("Job %s (%s) failed", pk, job.kind)
            words = _("Something went wrong on our side. IT can see what.")
            return _end(pk, token, Job.Status.FAILED, error=words, trace=traceback.format_exc())
        return _end(pk, token, Job.Status.DONE)


class NoLongerAllowed(Refused):
    """Between asking for a job and its turn, the person lost the right to it."""

    status = 403


def _may_still(user: User, kind: JobKind) -> None:
    if not user.is_active or (kind.rights and not user.has_perm(kind.rights)):
        raise NoLongerAllowed(_("%(name)s may not do this any more.") % {"name": user}, fix=_("Ask an owner for the right."))


@contextmanager
def kept_alive(pk: int, token: UUID) -> Iterator[None]:
    """Renew the lease every few seconds, on a connection of its own, until the work is over."""
    over = Event()

    def beat() -> None:
        while not over.wait(HEARTBEAT_SECONDS):
            try:
                mine = Job.objects.filter(pk=pk, lease_token=token, status=Job.Status.RUNNING)
                if not mine.update(lease_until=timezone.now() + LEASE):
                    break
            except DatabaseError as error:
                log.warning("The lease of job %s could not be renewed: %s", pk, error)
        connection.close()

    heart = Thread(target=beat, name=f"job-{pk}", daemon=True)
    heart.start()
    try:
        yield
    finally:
        over.set()
        heart.join(timeout=5)


def _end(pk: int, token: UUID, status: Job.Status, *, error: str = "", trace: str = "") -> str:
    with transaction.atomic():
        job = Job.objects.select_related("user").select_for_update(of=("self",)).filter(pk=pk, lease_token=token).first()
        if job is None or job.status != Job.Status.RUNNING:
            return ""
        with acting(by=job.user, correlation_id=job.correlation_id):
            tell_the_database()
            job.move_to(status, error=error, trace=trace, finished_at=timezone.now(), lease_token=None, lease_until=None)
            tell_the_owner(job)
    return str(status)
