"""Help: how the work flows, each role's part in it, the keyboard map, and the first steps of a newcomer."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from core.people.models import User
from core.people.operations import put_away
from core.people.roles import Role
from core.web.deeds import Deed
from core.web.home import HomeCard, card
from core.web.refusals import way_back
from core.web.registry import Text, may_open
from core.web.screen import Screen


@dataclass(frozen=True)
class Step:
    """One thing a newcomer does first, and where. ``done`` says it was truly done; else the person ticks it."""

    key: str
    title: Text
    note: Text
    url: str
    done: bool = False


@dataclass(frozen=True)
class Station:
    """One station of an order's way through the company: who does what there, and which places show it."""

    title: Text
    note: Text
    role: str
    icon: str
    place: str = ""


TOUR = "tour"
HINT = re.compile(r"tour|(?:tip|step):[\w:.-]{1,80}")
_steps: list[Callable[[User], Sequence[Step]]] = []
_stations: list[Callable[[], Sequence[Station]]] = []


def provide_steps(provider: Callable[[User], Sequence[Step]]) -> None:
    """Say which first steps a person has; integration knows all modules."""
    _steps[:] = [provider]


def provide_stations(provider: Callable[[], Sequence[Station]]) -> None:
    """Say how one order flows through the company."""
    _stations[:] = [provider]


def steps_of(user: User) -> list[tuple[Step, bool]]:
    """The first steps of this person, each with whether it is done."""
    return [(step, step.done or f"step:{step.key}" in user.dismissed) for step in (_steps[0](user) if _steps else ())]


@card("", order=-10, place="side", fresh=True)
def getting_started(user: User) -> HomeCard | None:
    """The checklist on the first page, until it is done or put away."""
    if TOUR in user.dismissed:
        return None
    steps = steps_of(user)
    done = sum(is_done for _step, is_done in steps)
    if not steps or done == len(steps):
        return None
    return HomeCard(gettext_lazy("Getting started"), "web/getting_started.html", {"steps": steps, "done": done, "all": len(steps)})


class Help(Screen):
    """How the work flows, the first steps, and the keys."""

    route = "help"
    title = gettext_lazy("Help")
    hint = gettext_lazy("How one order flows through the company, what to do first, and how to get around quickly.")
    template_name = "web/help.html"

    def context(self) -> dict[str, Any]:
        """The way of an order with this person's part in it marked, their first steps, and the keys."""
        mine = {group.name for group in self.user.groups.all()}
        stations = _stations[0]() if _stations else ()
        return {
            "stations": [
                (station, str(dict(Role.choices).get(station.role, "")), station.role in mine, _address(station.place, self.user))
                for station in stations
            ],
            "steps": steps_of(self.user),
        }


def _address(place: str, user: User) -> str:
    return reverse(place) if place and may_open(place, user) else ""


class PutAway(Deed):
    """Puts a hint, a step or the whole checklist away."""

    route = "put-away"
    title = gettext_lazy("Hint")
    stands_on = "web:help"

    def do(self) -> None:
        """It is not shown again."""
        hint = self.request.POST.get("hint", "")
        if HINT.fullmatch(hint):
            put_away(self.user, hint, by=self.user)

    def onward(self) -> str:
        """Back to where they were."""
        return way_back(self.request)
