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


@dataclass(frozen=True, kw_only=True)
class ConsentGiven(Event):
    """Somebody agreed to being reached on a channel for a purpose."""

    KEY = "party_id"
    PARTY = "party_id"
    EXTERNAL = True

    party_id: int
    consent_id: int
    channel: str
    purpose: str
    how: str


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(Event):
    """Somebody no longer agrees: nothing more goes to them for this purpose."""

    KEY = "party_id"
    PARTY = "party_id"
    EXTERNAL = True

    party_id: int
    consent_id: int
    channel: str
    purpose: str
    how: str
