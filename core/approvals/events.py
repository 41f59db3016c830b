"""What happens to what waits for a second person."""

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class RequestAsked(Event):
    """Somebody wants to do what a second person has to check."""

    KEY = "approval_id"
    EXTERNAL = True

    approval_id: int
    operation: str


@dataclass(frozen=True, kw_only=True)
class RequestApproved(Event):
    """A second person said yes, and it was done; ``result_kind`` and ``result_id`` name what came of it, if anything did."""

    KEY = "approval_id"

    approval_id: int
    operation: str
    result_kind: str
    result_id: int | None


@dataclass(frozen=True, kw_only=True)
class RequestDeclined(Event):
    """A second person said no."""

    KEY = "approval_id"

    approval_id: int
    operation: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RequestWithdrawn(Event):
    """Who asked for it no longer wants it."""

    KEY = "approval_id"

    approval_id: int
    operation: str
