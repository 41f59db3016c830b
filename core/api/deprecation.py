"""What will go away says so long before: ``@deprecated`` on a viewset or on one of its verbs.

Each answer then carries ``Deprecation`` (RFC 9745), ``Sunset`` (RFC 8594) and a ``Link`` to what to do instead; the description marks it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

from django.utils.http import http_date
from rest_framework.response import Response

LEAST = timedelta(days=180)
"""Nothing goes away sooner than half a year after it was said."""

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Deprecation:
    """Since when something is deprecated, when it will be gone, and where it is said what to use instead."""

    since: date
    sunset: date
    link: str

    def put_on(self, response: Response) -> None:
        """Say it in the headers, beside a link that is there already."""
        response["Deprecation"] = f"@{_second(self.since)}"
        response["Sunset"] = http_date(_second(self.sunset))
        link = f'<{self.link}>; rel="deprecation"'
        response["Link"] = f"{response['Link']}, {link}" if response.has_header("Link") else link


def deprecated(*, since: date, sunset: date, link: str = "/api/docs/") -> Callable[[Thing], Thing]:
    """Mark a viewset, or a verb of one, as going away on ``sunset``; put it outermost."""
    if sunset - since < LEAST:
        raise ValueError(f"A sunset comes {LEAST.days} days after the deprecation at the earliest.")

    def mark(thing: Thing) -> Thing:
        thing.deprecation = Deprecation(since, sunset, link)  # type: ignore[attr-defined]
        return thing

    return mark


def deprecation_of(view: Any) -> Deprecation | None:
    """Whether what a view does at present is deprecated: the verb, or the whole resource."""
    act = getattr(view, getattr(view, "action", None) or "", None)
    found: Deprecation | None = getattr(act, "deprecation", None) or getattr(view, "deprecation", None)
    return found


def _second(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())
