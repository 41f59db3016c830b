"""Where the floors above plug into the screens: integration knows the timeline and the demo cast, core may not ask it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.people.models import User
from core.web.registry import Text

if TYPE_CHECKING:
    from core.web.screen import Action
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


@dataclass(frozen=True)
class Document:
    """A paper that can be made of a record: its name, where it is seen, and where it is sent from ("" when it may not be)."""

    label: Text
    url: str
    icon: str = "file-text"
    send: str = ""


DocumentProvider = Callable[[str, Any, User], Sequence[Document]]

_documents: list[DocumentProvider] = []


def provide_documents(provider: DocumentProvider) -> DocumentProvider:
    """Say which papers a record has: ``provider(kind, record, user)`` gives Documents (asked on every record page, so keep it
    to at most one query). They stand in the "Documents" card at the right and under "…"; ``send`` is opened in the dialog."""
    if provider not in _documents:
        _documents.append(provider)
    return provider


def documents(kind: str, record: Any, user: User) -> list[Document]:
    """The papers of a record for a person."""
    return [document for provider in _documents for document in provider(kind, record, user)]


MessageProvider = Callable[[], Iterable[str]]

_messages: list[MessageProvider] = []


def provide_messages(provider: MessageProvider) -> MessageProvider:
    """Name what people read that stands in no ``_()``: names and first lines of the code itself. It is gathered for translation."""
    if provider not in _messages:
        _messages.append(provider)
    return provider


def messages() -> list[str]:
    """Everything that was named so."""
    return [message for provider in _messages for message in provider()]


ListActionProvider = Callable[[str, User], "Sequence[Action]"]

_list_actions: list[ListActionProvider] = []


def provide_list_actions(provider: ListActionProvider) -> ListActionProvider:
    """Put further buttons on lists: ``provider(url_name, user)`` gives Actions for the list of this name, such as "Import"."""
    if provider not in _list_actions:
        _list_actions.append(provider)
    return provider


def list_actions(name: str, user: User) -> "list[Action]":
    """The further buttons of a list for a person."""
    return [action for provider in _list_actions for action in provider(name, user)]
