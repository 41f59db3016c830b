"""What narrows a list: a segmented state, selects, periods. Each reads its own query parameter and nothing else."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core import clock
from core.web.registry import Text

Narrow = str | Q | Callable[[QuerySet[Any]], QuerySet[Any]]


def narrowed(rows: QuerySet[Any], how: Narrow) -> QuerySet[Any]:
    """The rows a filter leaves: ``how`` is a queryset method's name, a Q or a function."""
    if isinstance(how, Q):
        return rows.filter(how)
    if isinstance(how, str):
        return getattr(rows, how)()  # type: ignore[no-any-return]
    return how(rows)


@dataclass(frozen=True)
class Segment:
    """One state of the segmented filter above a list."""

    key: str
    label: Text
    how: Narrow


@dataclass(frozen=True)
class Option:
    """One choice of a select filter as the page shows it."""

    value: str
    label: Text
    chosen: bool


@dataclass(frozen=True)
class Select:
    """A choice among a handful: ``choices`` gives (value, label) pairs, ``field`` is the lookup they are matched with."""

    field: str
    label: Text
    choices: Callable[[], Iterable[tuple[Any, Any]]]
    icon: str = ""
    param: str = ""

    @property
    def name(self) -> str:
        """The query parameter."""
        return self.param or self.field.replace("__", "-")

    def options(self, chosen: str) -> list[Option]:
        """The choices with the chosen one marked."""
        return [Option(str(value), label, str(value) == chosen) for value, label in self.choices()]

    def apply(self, rows: QuerySet[Any], chosen: str) -> QuerySet[Any]:
        """The rows that match; a value that is no choice leaves none out."""
        if not chosen:
            return rows
        known = {str(value): value for value, _label in self.choices()}
        return rows.filter(**{self.field: known[chosen]}) if chosen in known else rows


@dataclass(frozen=True)
class Period:
    """A span of time by name, over a date field (or a moment, with ``__date``)."""

    field: str
    label: Text = _("Any time")
    icon: str = "calendar"
    param: str = "period"

    @property
    def name(self) -> str:
        """The query parameter."""
        return self.param

    def options(self, chosen: str) -> list[Option]:
        """The spans with the chosen one marked."""
        return [Option(key, label, key == chosen) for key, label in SPANS.items() if key in USUAL or key == chosen]

    def apply(self, rows: QuerySet[Any], chosen: str) -> QuerySet[Any]:
        """The rows inside the span."""
        if chosen not in SPANS:
            return rows
        first, last = span(chosen, clock.today())
        return rows.filter(**{f"{self.field}__gte": first, f"{self.field}__lte": last})


SPANS: dict[str, Text] = {
    "today": _("Today"),
    "yesterday": _("Yesterday"),
    "tomorrow": _("Tomorrow"),
    "week": _("This week"),
    "last-week": _("Last week"),
    "next-week": _("Next week"),
    "month": _("This month"),
    "last-month": _("Last month"),
    "next-month": _("Next month"),
    "year": _("This year"),
    "last-year": _("Last year"),
}


USUAL = frozenset({"today", "week", "month", "last-month", "year", "last-year"})
"""The spans a Period offers; the filter builder offers all."""


def span(key: str, today: date) -> tuple[date, date]:
    """First and last day of a named span."""
    month = today.replace(day=1)
    next_month = (month + timedelta(days=32)).replace(day=1)
    monday = today - timedelta(days=today.weekday())
    return {
        "today": (today, today),
        "yesterday": (today - timedelta(days=1), today - timedelta(days=1)),
        "tomorrow": (today + timedelta(days=1), today + timedelta(days=1)),
        "week": (monday, monday + timedelta(days=6)),
        "last-week": (monday - timedelta(days=7), monday - timedelta(days=1)),
        "next-week": (monday + timedelta(days=7), monday + timedelta(days=13)),
        "month": (month, next_month - timedelta(days=1)),
        "next-month": (next_month, (next_month + timedelta(days=32)).replace(day=1) - timedelta(days=1)),
        "last-month": ((month - timedelta(days=1)).replace(day=1), month - timedelta(days=1)),
        "year": (date(today.year, 1, 1), date(today.year, 12, 31)),
        "last-year": (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
    }[key]


Filter = Select | Period
