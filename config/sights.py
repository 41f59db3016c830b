"""Every page there is to look at: the registered screens, each with a record that has much to tell.

The pictures, the accessibility checks and the budgets all walk through these, so that a new screen is looked at without being named.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from core.docflow.flow import related
from core.people.door.confirming import remember
from core.people.models import User
from core.people.visibility import seen_by
from core.web.editing import EditScreen
from core.web.records import RecordScreen
from core.web.registry import screens
from core.web.screen import Screen

LATEST = 30  # records among which the most telling one is looked for
ARGUMENT = re.compile(r"\(\?P<(\w+)>")


@dataclass(frozen=True)
class Sight:
    """A page: its URL name, what kind of page it is, and its address."""

    name: str
    kind: str
    address: str

    @property
    def slug(self) -> str:
        """The name as part of a file's name."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")


def sights(user: User, *, dialogs: bool = True) -> list[Sight]:
    """The pages a person may open, in the order of the register; with the questions that verbs ask, unless without."""
    return [
        sight
        for name, screen in screens()
        if is_ours(screen) and screen.may_open(user)
        for sight in _of(name, screen, user, dialogs=dialogs)
    ]


HOME = Sight("web:home", "page", "/")


def opened(user: User, only: str = "") -> list[Sight]:
    """The sights that answer with a whole page: not with data, a part of a page or the way to another."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    session = client.session
    remember(session, user)
    session.save()
    return [sight for sight in sights(user) if only in sight.name and is_page(client, sight.address)]


def is_page(client: Client, address: str) -> bool:
    """Whether a person would see something there; an error is seen as well."""
    answer = client.get(address)
    return answer.status_code >= 400 or (answer.status_code == 200 and not answer.streaming and b"<html" in answer.content)


def is_ours(screen: type[Screen]) -> bool:
    """Whether the screen belongs to the product; the tests register a trial module."""
    return not screen.__module__.startswith("tests")


def _of(name: str, screen: type[Screen], user: User, *, dialogs: bool) -> Iterator[Sight]:
    wanted = arguments_of(name)
    if not wanted:
        yield Sight(name, kind_of(screen), reverse(name))
        return
    record = telling(screen, user) if wanted == ["pk"] and screen.model is not None else None
    if record is None:
        return
    yield Sight(name, kind_of(screen), reverse(name, args=[record.pk]))
    if not (dialogs and issubclass(screen, RecordScreen)):
        return
    for verb in screen.verbs:
        asks = verb.form is not None and (verb.who is not None or user.has_perm(verb.needed_permission(screen.the_model())))
        subject = verb_record(screen, verb, user) if asks else None
        if subject is not None:
            address = f"{name}-{verb.address(screen.the_model())}"
            yield Sight(address, "dialog", reverse(address, args=[subject.pk]))


def kind_of(screen: type[Screen]) -> str:
    """Which of the toolkit's kinds of page this is: list, board, record, create, edit, report, or a page of its own."""
    names = {"BoardScreen": "board", "ListScreen": "list", "RecordScreen": "record", "CreateScreen": "create", "ReportScreen": "report"}
    if issubclass(screen, EditScreen):
        return "edit"
    return next((names[parent.__name__] for parent in screen.__mro__ if parent.__name__ in names), "page")


def arguments_of(name: str) -> list[str] | None:
    """The arguments in the address with this URL name."""
    for pattern in _patterns(get_resolver().url_patterns, ""):
        if pattern[0] == name:
            return pattern[1]
    return []


def _patterns(entries: Any, space: str) -> Iterator[tuple[str, list[str]]]:
    for entry in entries:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _patterns(entry.url_patterns, inner)
        elif isinstance(entry, URLPattern) and entry.name:
            yield f"{space}{entry.name}", list(entry.pattern.converters) or ARGUMENT.findall(str(entry.pattern.regex.pattern))


def telling(screen: type[Screen], user: User) -> Model | None:
    """Among the latest records a person may see, the one with the most documents around it that its page can show."""
    found: list[Model] = list(_rows(screen, user)[:LATEST])
    if not found:
        return None
    return max(found, key=lambda record: (len(related(screen.kind(), record.pk)), record.pk))


def verb_record(screen: type[RecordScreen], verb: Any, user: User) -> Model | None:
    """The latest record the verb is offered for, without an obstacle."""
    records: list[Model] = list(_rows(screen, user)[:LATEST])
    for record in records:
        if verb.offered(record, user) and not verb.obstacle(record):
            return record
    return None


def _rows(screen: type[Screen], user: User) -> Any:
    return seen_by(screen.the_model()._default_manager.all(), user).order_by("-pk")


def address_of(name: str, *arguments: object) -> str:
    """The address with this URL name; empty when there is none."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
