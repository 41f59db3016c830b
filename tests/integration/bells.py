"""A fact for tests of the engine: a bell rang. Everybody may listen to it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.db import locked
from core.events import Event
from core.events.models import Delivery, Record
from core.events.publishing import publish
from core.people.models import User


@dataclass(frozen=True, kw_only=True)
class BellRang(Event):
    """Something happened, in a test."""

    KEY = "bell"
    EXTERNAL = True

    bell: str
    times: int


Register = Callable[..., None]
"""``listen(handler)``: registers a handler of BellRang for the length of a test."""


def ring(bell: str, times: int = 1, by: User | None = None) -> Record:
    """Publish the fact, as an operation would."""
    by = by or User.objects.service()
    with locked(by=by):
        return publish(BellRang(bell=bell, times=times))


def statuses(**which: Any) -> list[tuple[str, str]]:
    """Key and status of every delivery, in the order of their records."""
    return list(Delivery.objects.filter(**which).order_by("record_id").values_list("key", "status"))
