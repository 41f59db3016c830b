"""What happens to what we know of persons."""

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class PrivacyRequestReceived(Event):
    """Somebody asked what we know of them, or to be forgotten; ``wants`` is export or erasure."""

    KEY = "request_id"
    PARTY = "party_id"
    EXTERNAL = True

    request_id: int
    party_id: int | None
    user_id: int | None
    wants: str


@dataclass(frozen=True, kw_only=True)
class PersonErased(Event):
    """A person's facts gave way to marks. Who was told about this person forgets, too."""

    KEY = "request_id"
    PARTY = "party_id"
    EXTERNAL = True

    request_id: int
    party_id: int | None
    user_id: int | None
