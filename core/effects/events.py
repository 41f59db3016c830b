"""What happens to messages that leave the house."""

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class MailRequested(Event):
    """Somebody wants an e-mail sent; a worker takes it from here. ``about_kind`` and ``about_id`` name the record it is about."""

    KEY = "effect_id"
    PARTY = "party_id"
    EXTERNAL = True

    effect_id: int
    party_id: int | None
    about_kind: str
    about_id: int | None
    to: tuple[str, ...]
    subject: str


@dataclass(frozen=True, kw_only=True)
class MailSent(Event):
    """The mail server took an e-mail. ``refused`` are the addresses it did not take."""

    KEY = "effect_id"
    PARTY = "party_id"
    EXTERNAL = True

    effect_id: int
    party_id: int | None
    about_kind: str
    about_id: int | None
    to: tuple[str, ...]
    subject: str
    refused: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MailFailed(Event):
    """An e-mail did not leave, and is not tried again by itself."""

    KEY = "effect_id"
    PARTY = "party_id"
    EXTERNAL = True

    effect_id: int
    party_id: int | None
    about_kind: str
    about_id: int | None
    to: tuple[str, ...]
    subject: str
    reason: str
