"""Where the floors above plug into the screens: integration knows the timeline and the demo cast, core may not ask it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.people.models import User

if TYPE_CHECKING:
    from core.web.sections import Entry

TimelineProvider = Callable[[str, int, "int | None", User, int], "Sequence[Entry]"]

_timeline: list[TimelineProvider] = []


@dataclass(frozen=True)
class SignIn:
    """A demo person the sign-in page offers."""

    name: str
    role: str
    email: str
    password: str


_sign_ins: list[Callable[[], Sequence[SignIn]]] = []


def provide_timeline(provider: TimelineProvider) -> TimelineProvider:
    """Say what happened: ``provider(kind, pk, party_id | None, user, limit)`` gives Entries, newest first."""
    _timeline[:] = [provider]
    return provider


def timeline(kind: str, pk: int, party_id: int | None, user: User, limit: int) -> "Sequence[Entry]":
    """What happened to a record or around a party."""
    return _timeline[0](kind, pk, party_id, user, limit) if _timeline else ()


def provide_sign_ins(provider: Callable[[], Sequence[SignIn]]) -> Callable[[], Sequence[SignIn]]:
    """Name the demo people the sign-in page offers while ``SATU_DEMO`` is on."""
    _sign_ins[:] = [provider]
    return provider


def sign_ins() -> Sequence[SignIn]:
    """The demo people."""
    return _sign_ins[0]() if _sign_ins else ()
