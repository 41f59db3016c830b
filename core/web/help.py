"""Help: how the work flows, each role's part in it, the keyboard map, and the first steps of a newcomer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from core.people.models import User
from core.web.registry import Text
from core.web.screen import Screen


@dataclass(frozen=True)
class Step:
    """One thing a newcomer does first: where, and how it is known to be done (never known: ticked by hand)."""

    key: str
    title: Text
    note: Text
    url: Callable[[], str]
    done: Callable[[User], bool] | None = None


@dataclass(frozen=True)
class Station:
    """One station of an order's way through the company: who does what there, and which places show it."""

    title: Text
    note: Text
    role: str
    icon: str
    place: str = ""


_steps: list[Callable[[User], Sequence[Step]]] = []
_stations: list[Callable[[], Sequence[Station]]] = []


def provide_steps(provider: Callable[[User], Sequence[Step]]) -> None:
    """Say which first steps a person has; integration knows all modules."""
    _steps[:] = [provider]


def provide_stations(provider: Callable[[], Sequence[Station]]) -> None:
    """Say how one order flows through the company."""
    _stations[:] = [provider]


def steps_of(user: User) -> Sequence[Step]:
    """The first steps of this person."""
    return _steps[0](user) if _steps else ()


class Help(Screen):
    """How the work flows, and the keys."""

    route = "help"
    title = gettext_lazy("Help")
    hint = gettext_lazy("How one order flows through the company, and how to get around quickly.")
    template_name = "web/help.html"

    def context(self) -> dict[str, Any]:
        """The way of an order, with this person's part in it marked."""
        mine = {group.name for group in self.user.groups.all()}
        stations = _stations[0]() if _stations else ()
        return {"stations": [(station, station.role in mine) for station in stations]}
