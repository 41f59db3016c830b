"""Every write knows its cause: who acts, in which story (correlation), because of which event (causation)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

if TYPE_CHECKING:
    from core.people.models import User


@dataclass(frozen=True)
class Cause:
    """Why the present writes happen."""

    actor: "User | None" = None
    correlation_id: UUID | None = None
    causation_id: UUID | None = None

    @property
    def actor_id(self) -> int | None:
        """The acting user's id."""
        return self.actor.pk if self.actor is not None else None


_NOBODY = Cause()
_cause: ContextVar[Cause] = ContextVar("cause", default=_NOBODY)


def current_cause() -> Cause:
    """The cause of whatever is written now."""
    return _cause.get()


def actor() -> "User":
    """The person (or service) on whose behalf a process acts; raises LookupError outside ``acting``."""
    user = _cause.get().actor
    if user is None:
        raise LookupError("Nobody acts here: wrap the call in acting(by=...).")
    return user


@contextmanager
def acting(*, by: "User | None", correlation_id: UUID | None = None, causation_id: UUID | None = None) -> Iterator[Cause]:
    """Write on behalf of ``by``. The correlation goes on from the surrounding cause, or starts a new story."""
    outer = _cause.get()
    cause = Cause(
        actor=by,
        correlation_id=correlation_id or outer.correlation_id or uuid4(),
        causation_id=causation_id or outer.causation_id,
    )
    token = _cause.set(cause)
    try:
        yield cause
    finally:
        _cause.reset(token)
