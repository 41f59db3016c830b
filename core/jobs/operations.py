"""What is done with jobs: started, cancelled, run again after a failure."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core import clock
from core.db import locked
from core.errors import Refused
from core.events.cause import current_cause
from core.files.ageing import long_ago, remove_files_of
from core.jobs.models import Job
from core.jobs.registry import loaded
from core.people.models import User

LONGEST_WAY_BACK = 500

_wakers: list[Callable[[], None]] = []


class UnknownJob(LookupError):
    """Nobody declared a job of this kind."""


class NotYourJob(Refused):
    """A job belongs to the person it was started for."""

    status = 403


class JobEnded(Refused):
    """What has ended is not cancelled."""


def wake_with(waker: Callable[[], None]) -> None:
    """Call ``waker`` after a commit that started a job. It is a hint to the workers: it may fail, nothing is lost."""
    _wakers.append(waker)


def start_job(kind: str, params: Mapping[str, Any], *, back: str = "", by: User) -> Job:
    """Have something done in the background. ``params`` are plain JSON; ``back`` is the page it was asked for on."""
    with locked(by=by):
        return register_job(kind, params, back=back, user=by)


def register_job(kind: str, params: Mapping[str, Any], *, back: str = "", user: User) -> Job:
    """``start_job`` for an operation that holds its own lock already, such as beginning an import."""
    if not connection.in_atomic_block:
        raise RuntimeError("register_job() belongs inside an operation's transaction.")
    if kind not in loaded():
        raise UnknownJob(kind)
    cause = current_cause()
    more = {"correlation_id": cause.correlation_id} if cause.correlation_id else {}
    job = Job.objects.create(kind=kind, params=dict(params), user=user, back=kept_way_back(back), **more)
    if not any(waiting[1] is _wake for waiting in connection.run_on_commit):
        transaction.on_commit(_wake)
    return job


def kept_way_back(address: str) -> str:
    """The address of the page a job was started from; of one that is narrowed in too many words, the page alone."""
    return address if len(address) <= LONGEST_WAY_BACK else address.partition("?")[0][:LONGEST_WAY_BACK]


def remove_old_results(*, by: User) -> int:
    """Remove files of jobs that ended longer ago than files are kept, a portion of them; gives back how many."""
    until = long_ago()
    return remove_files_of("jobs.job", Job.objects.finished().filter(finished_at__lt=until), by=by) if until else 0


def cancel_job(job: Job, *, by: User) -> Job:
    """Stop a job: a waiting one at once, a running one at its next step. What it has already written stays."""
    _mine_or("jobs.cancel_job", job, by)
    with locked(job, by=by) as job:
        if not job.is_open:
            raise JobEnded(_("%(job)s has ended already.") % {"job": job}, fix=_("Look at its result."))
        job.move_to(Job.Status.CANCELLED, finished_at=clock.now(), lease_token=None, lease_until=None)
    return job


def cancel_jobs_of(user_id: int, *, by: User) -> list[Job]:
    """Stop everything that still waits or runs for somebody whose access ended."""
    with locked(Job.objects.unfinished().filter(user=user_id), by=by) as jobs:
        for job in jobs:
            job.move_to(Job.Status.CANCELLED, finished_at=clock.now(), lease_token=None, lease_until=None)
    found: list[Job] = jobs
    return found


def retry_job(job: Job, *, by: User) -> Job:
    """Run a failed job again, from its beginning."""
    _mine_or("jobs.retry_job", job, by)
    with locked(job, by=by) as job:
        job.move_to(Job.Status.QUEUED, attempts=0, done=0, total=None, note="", error="", trace="", finished_at=None, started_at=None)
        transaction.on_commit(_wake)
    return job


def _mine_or(permission: str, job: Job, user: User) -> None:
    if job.user_id != user.pk and not user.has_perm(permission):
        raise NotYourJob(_("This job belongs to %(name)s.") % {"name": job.user}, fix=_("Ask them, or IT."))


def _wake() -> None:
    for waker in _wakers:
        waker()
