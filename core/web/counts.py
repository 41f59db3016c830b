"""Smart counts: what hangs together with a record, as a strip of figures that lead to it."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.people.models import User
from core.web import figures
from core.web.registry import Text

_elsewhere: dict[str, list["Count"]] = defaultdict(list)


@dataclass(frozen=True)
class Count:
    """One figure: ``number(record)`` counts (or words it: "Rp 12 jt"), ``url(record)`` leads to what was counted. None hides it;
    ``permission`` and ``when`` hide it too; ``tone`` is bad, warn or good when the figure asks for attention."""

    label: Text
    number: Callable[[Any], Any]
    url: Callable[[Any], str] | None = None
    permission: str = ""
    icon: str = ""
    when: Callable[[Any], bool] | None = None
    tone: Callable[[Any], str] | None = None


@dataclass(frozen=True)
class Counted:
    """A figure as a page shows it."""

    label: Text
    figure: str
    url: str
    icon: str
    tone: str
    nothing: bool


def provide_counts(kind: str, *counts: Count) -> None:
    """Let a module put figures of its own on the pages of records of another kind."""
    for count in counts:
        if count not in _elsewhere[kind]:
            _elsewhere[kind].append(count)


def counted(kind: str, own: tuple[Count, ...], record: Any, user: User) -> list[Counted]:
    """The figures of a record that a person may see."""
    found = []
    for count in (*own, *_elsewhere[kind]):
        if (count.permission and not user.has_perm(count.permission)) or (count.when is not None and not count.when(record)):
            continue
        number = count.number(record)
        if number is None:
            continue
        figure = number if isinstance(number, str) else figures.quantity(number)
        url = count.url(record) if count.url else ""
        found.append(Counted(count.label, figure, url, count.icon, count.tone(number) if count.tone else "", nothing=not number))
    return found
