"""The Celery tasks: each is a hint or a clock tick; what has to be done stands in Postgres."""

import logging
from time import monotonic

from celery import Task, shared_task
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from core.api import idempotency
from core.effects.models import Effect
from core.imports.operations import remove_old_sources
from core.jobs import worker
from core.jobs.operations import remove_old_results
from core.people.door import sessions
from core.people.models import User
from core.privacy import retention
from frontoffice.crm import operations as crm
from integration import delivery, effects, memory, reconciling

log = logging.getLogger(__name__)

LONGEST_DRAIN_SECONDS = 20.0
LONGEST_JOB_SECONDS = 4 * 3600
QUIET_SECONDS = 5.0

_quiet_until = 0.0


@shared_task(ignore_result=True)
def drain() -> None:
    """Say what is late, and run what is ready. Losing, doubling or delaying this message is harmless."""
    memory.publish_due()
    delivery.drain(seconds=LONGEST_DRAIN_SECONDS)


@shared_task(ignore_result=True, time_limit=LONGEST_JOB_SECONDS)
def work_jobs() -> None:
    """Take up the background jobs that wait; the one under way when the time is up goes on to its end."""
    worker.work_jobs(seconds=LONGEST_DRAIN_SECONDS)


@shared_task(ignore_result=True)
def send_effects() -> None:
    """Carry out what is to happen outside: e-mails."""
    effects.send_effects(seconds=LONGEST_DRAIN_SECONDS)


@shared_task(ignore_result=True)
def send_webhooks() -> None:
    """Tell other people's systems; apart from the e-mails, which must not wait for them."""
    effects.send_effects(Effect.Kind.WEBHOOK, seconds=LONGEST_DRAIN_SECONDS)


@shared_task(ignore_result=True)
def remind() -> None:
    """Say of what has become due that it has; what is due stands in a column, so that a tick lost is made up for by the next."""
    by = User.objects.service()
    until = monotonic() + LONGEST_DRAIN_SECONDS
    while crm.remind_of_activities(by=by) and monotonic() < until:
        pass


@shared_task(ignore_result=True)
def tidy() -> None:
    """Remove the files that nobody fetches any more: what jobs made and what imports were read from, after so many days."""
    by = User.objects.service()
    for portion in (remove_old_results, remove_old_sources):
        while portion(by=by):
            pass


@shared_task(ignore_result=True)
def archive_deliveries() -> None:
    """Move what was done more than ninety days ago out of the queue's table."""
    delivery.archive_done()


@shared_task(ignore_result=True)
def reconcile() -> None:
    """Recompute every derived figure, write down what drifted and tell the operators. Repairs nothing."""
    reconciling.reconcile()


@shared_task(ignore_result=True)
def forget_requests() -> None:
    """Forget the answers of requests that can no longer be sent again."""
    idempotency.forget_old()


@shared_task(ignore_result=True)
def retain() -> None:
    """Forget what is older than the rules of keeping say."""
    retention.retain(by=User.objects.service())


@shared_task(ignore_result=True)
def forget_sessions() -> None:
    """Forget the sessions that ran out, and the sign-in tries that count no more."""
    sessions.forget_ended()


def hint() -> None:
    """Tell a worker that something was published."""
    _wake(drain)


def hint_jobs() -> None:
    """Tell a worker that a job waits."""
    _wake(work_jobs)


def hint_effects(kind: str) -> None:
    """Tell a worker that something is to be sent."""
    _wake(send_webhooks if kind == Effect.Kind.WEBHOOK else send_effects)


def _wake(task: Task) -> None:
    """A broker that is down loses nothing, because the clock looks every second; so it is left alone for a while, and nobody waits for it."""
    global _quiet_until  # noqa: PLW0603 - one broker, one process
    if monotonic() < _quiet_until:
        return
    try:
        task.apply_async(retry=False)
    except (OperationalError, RedisError, OSError) as error:
        _quiet_until = monotonic() + QUIET_SECONDS
        log.warning("No worker could be woken (%s): the clock will.", error)
