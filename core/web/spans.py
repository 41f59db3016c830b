"""Spans of time a report is asked for: named ones to choose from, and the ones it is compared with."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.web.registry import Text

COMPARISONS: Sequence[tuple[str, Text]] = (
    ("", gettext_lazy("No comparison")),
    ("previous", gettext_lazy("Previous period")),
    ("year", gettext_lazy("A year earlier")),
)


@dataclass(frozen=True)
class Span:
    """Two days, both included, with a name."""

    label: str
    start: date
    end: date


def months_before(day: date, count: int) -> date:
    """The same day so many months earlier, or that month's last when it is shorter."""
    month = day.year * 12 + day.month - 1 - count
    year, number = month // 12, month % 12 + 1
    return date(year, number, min(day.day, monthrange(year, number)[1]))


def month_end(day: date) -> date:
    """The last day of a day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def named_spans(today: date, year_start: date) -> list[Span]:
    """The spans people ask for; what is not over yet ends today."""
    month = today.replace(day=1)
    quarter = months_before(month, (today.month - year_start.month) % 3)
    last_year = months_before(year_start, 12)
    return [
        Span(_("This month so far"), month, today),
        Span(_("Last month"), months_before(month, 1), month - timedelta(days=1)),
        Span(_("This quarter so far"), quarter, today),
        Span(_("Last quarter"), months_before(quarter, 3), quarter - timedelta(days=1)),
        Span(_("This year so far"), year_start, today),
        Span(_("Last year"), last_year, year_start - timedelta(days=1)),
        Span(_("Last twelve months"), months_before(month, 11), today),
    ]


def named_days(today: date, year_start: date) -> list[Span]:
    """The days people ask a balance for."""
    month = today.replace(day=1)
    quarter = months_before(month, (today.month - year_start.month) % 3)
    ends = (
        (_("Today"), today),
        (_("End of last month"), month - timedelta(days=1)),
        (_("End of last quarter"), quarter - timedelta(days=1)),
    )
    return [Span(label, day, day) for label, day in (*ends, (_("End of last year"), year_start - timedelta(days=1)))]


def compared(how: str, start: date, end: date) -> tuple[date, date] | None:
    """The span to compare with: a year earlier, or the one before (the same days of the month before, when it is within one)."""
    if how == "year":
        return months_before(start, 12), month_end(months_before(end, 12)) if end == month_end(end) else months_before(end, 12)
    if how != "previous":
        return None
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    if start.day == 1 and (end == month_end(end) or months == 1):
        before = months_before(end, months)
        return months_before(start, months), month_end(before) if end == month_end(end) else before
    length = end - start
    return start - length - timedelta(days=1), start - timedelta(days=1)
