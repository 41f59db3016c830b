"""Smart counts: what hangs together with a record, as a strip of figures that lead to it."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count as CountOf
from django.db.models import QuerySet, Sum, Value

from core.people.models import User
from core.web import figures
from core.web.gathering import Gather, Gathered, Line, gathered, prepare
from core.web.registry import Text

_elsewhere: dict[str, list["Count"]] = defaultdict(list)


@dataclass(frozen=True)
class Count:
    """One figure: ``number(record)`` counts (or words it: "Rp 12 jt"), ``url(record)`` leads to what was counted. None hides it; ``number``
    may give ``ui.how_many(rows)`` or ``ui.how_much(rows, "field", say)``, and all those of a page are asked in one statement;
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


def how_many(rows: QuerySet[Any, Any], *, hide_none: bool = False) -> Gathered:
    """How many rows there are, asked together with the other figures of the page."""

    def make(lines: list[Line]) -> int | None:
        count = int(lines[0].a) if lines else 0
        return None if hide_none and not count else count

    return gathered(Gather(rows.order_by().values(every=Value(1)), a=CountOf("pk")), make=make)


def how_much(rows: QuerySet[Any, Any], field: str, say: Callable[[Decimal], str]) -> Gathered:
    """What a field of the rows comes to, in words; nothing when it comes to nothing. Asked together with the other figures."""

    def make(lines: list[Line]) -> str | None:
        return say(lines[0].a) if lines and lines[0].a else None

    return gathered(Gather(rows.order_by().values(every=Value(1)), a=Sum(field)), make=make)


def counted(kind: str, own: tuple[Count, ...], record: Any, user: User) -> list[Counted]:
    """The figures of a record that a person may see."""
    shown = [
        count
        for count in (*own, *_elsewhere[kind])
        if (not count.permission or user.has_perm(count.permission)) and (count.when is None or count.when(record))
    ]
    found = []
    for count, number in zip(shown, prepare([count.number(record) for count in shown]).made(), strict=True):
        if number is None:
            continue
        figure = number if isinstance(number, str) else figures.quantity(number)
        url = count.url(record) if count.url else ""
        found.append(Counted(count.label, figure, url, count.icon, count.tone(number) if count.tone else "", nothing=not number))
    return found
