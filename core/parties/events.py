"""What happens to parties."""

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class PartyCreated(Event):
    """Somebody new is known to us."""

    KEY = "party_id"
    PARTY = "party_id"
    EXTERNAL = True

    party_id: int
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PartyUpdated(Event):
    """What we know about somebody changed; ``changed`` names the fields."""

    KEY = "party_id"
    PARTY = "party_id"
    EXTERNAL = True

    party_id: int
    name: str
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ContactAdded(Event):
    """A person speaks for a company from now on."""

    KEY = "company_id"
    PARTY = "company_id"
    EXTERNAL = True

    company_id: int
    person_id: int
    name: str
    job_title: str
