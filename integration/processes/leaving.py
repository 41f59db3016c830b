"""Somebody leaves: what still works for them stops."""

from core.events import on
from core.events.cause import actor
from core.jobs import operations as jobs
from core.people.events import AccessEnded


@on(AccessEnded)
def stop_what_works_for_them(event: AccessEnded) -> None:
    """Exports, imports and bulk work they began are cancelled; what was written stays."""
    jobs.cancel_jobs_of(event.user_id, by=actor())
