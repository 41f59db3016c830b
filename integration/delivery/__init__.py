"""Deliveries: claimed, run, retried, queued, paused, replayed, archived. Postgres is the queue of record; Celery only says "look now".

A claim is one short transaction (``FOR UPDATE SKIP LOCKED``) that counts the attempt before anything runs, so that a handler
which kills its worker is counted too. Each run is one transaction of its own: it checks that the lease is still its own, calls the
handler, and marks the delivery done together with everything the handler wrote. Order holds per (handler, key): a delivery waits
for every earlier unfinished one of its handler and key. Why it is done like this: docs/decisions/0009-lines.md.
"""

from integration.delivery.archiving import archive_done
from integration.delivery.claiming import BATCH, LEASE, MAX_ATTEMPTS, claim, reclaim, waiting_time
from integration.delivery.operations import (
    AlreadyPaused,
    NotDead,
    NotPaused,
    ReasonMissing,
    UnknownHandler,
    is_in_the_books,
    pause_handler,
    resume_handler,
    retry_delivery,
    skip_delivery,
)
from integration.delivery.replaying import replay, replay_events
from integration.delivery.running import Drained, Outcome, drain, run

__all__ = [
    "BATCH",
    "LEASE",
    "MAX_ATTEMPTS",
    "AlreadyPaused",
    "Drained",
    "NotDead",
    "NotPaused",
    "Outcome",
    "ReasonMissing",
    "UnknownHandler",
    "archive_done",
    "claim",
    "drain",
    "is_in_the_books",
    "pause_handler",
    "reclaim",
    "replay",
    "replay_events",
    "resume_handler",
    "retry_delivery",
    "run",
    "skip_delivery",
    "waiting_time",
]
