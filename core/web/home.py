"""Home: the figures and cards the modules contribute, each only to those who may see it."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core import clock
from core.people.models import User
from core.web import figures
from core.web.gathering import Prepared, prepare, reader
from core.web.registry import Nav, Text, _loaded
from core.web.screen import Crumb, Screen

SHOWN = 6
REMEMBERED = 3600  # seconds
PREPARED = 100  # readers


@dataclass(frozen=True)
class Kpi:
    """One figure: what it is, how much, how it moved (``good`` says whether that is good) and what it rests on."""

    label: Text
    value: str
    delta: str = ""
    good: bool | None = None
    note: Text = ""
    spark: Sequence[float | Decimal] = ()
    url: str = ""
    title: str = ""
    spark_label: Text = ""


def change(now: Decimal, before: Decimal | None) -> tuple[str, bool | None]:
    """How a figure moved, with its sign, and whether it rose; nothing when there is nothing to compare with."""
    if not before:
        return "", None
    share = (now - before) / abs(before)
    text = figures.percent(round(share, 2 if abs(share) >= 1 else 3))
    return f"{'+' if share > 0 else ''}{text}", share >= 0


def against(first: date, last: date) -> str:
    """What a figure is compared with: the same days of another month."""
    if first == last:
        return _("against %(day)s") % {"day": figures.day(first)}
    return _("against %(start)s to %(end)s") % {"start": figures.day(first), "end": figures.day(last)}


@dataclass(frozen=True)
class Task:
    """One thing that waits for the person."""

    title: Text
    note: Text = ""
    url: str = ""
    when: Text = ""
    badge: str = ""
    action: Text = pgettext_lazy("verb", "Open")
    late: bool = False


@dataclass(frozen=True)
class HomeCard:
    """A card on the home page: a template and its values, or nothing when there is nothing to show."""

    title: Text
    template: str
    values: dict[str, Any] = field(default_factory=dict)
    url: str = ""
    count: int | None = None
    legend: Sequence[tuple[str, Text]] = ()


@dataclass(frozen=True)
class Step:
    """One of the first steps of a new company: what it is good for, where it is done, and whether it has been."""

    title: Text
    note: Text
    url: str
    done: bool = False


Make = TypeVar("Make", bound=Callable[[User], Any])


@dataclass(frozen=True)
class _Part:
    make: Callable[[User], Any]
    permission: str
    order: int
    place: str = ""
    fresh: bool = False


_parts: dict[str, list[_Part]] = {"kpi": [], "card": [], "task": [], "step": []}
_prepared: OrderedDict[tuple[object, ...], tuple[list[tuple[str, _Part]], Prepared]] = OrderedDict()


def _contribute(what: str, *how: Any) -> Callable[[Make], Make]:
    def remember(make: Make) -> Make:
        _parts[what].append(_Part(make, *how))
        _prepared.clear()
        return make

    return remember


def kpi(permission: str, *, order: int = 50) -> Callable[[Make], Make]:
    """Contribute a figure: the function takes the person and gives ``gathered(...)`` that makes a Kpi or None."""
    return _contribute("kpi", permission, order)


def card(permission: str, *, order: int = 50, place: str = "main", fresh: bool = False) -> Callable[[Make], Make]:
    """Contribute a card (``place`` main or side): the function takes the person and gives ``gathered(...)`` that makes a HomeCard or None.

    ``fresh``: it is called anew each time and gives the HomeCard itself, because what it asks depends on more than who asks.
    """
    return _contribute("card", permission, order, place, fresh)


def tasks(permission: str, *, order: int = 50) -> Callable[[Make], Make]:
    """Contribute to "Needs you": the function takes the person and gives ``gathered(...)`` that makes a list of Tasks."""
    return _contribute("task", permission, order)


def step(permission: str, *, order: int = 50) -> Callable[[Make], Make]:
    """Contribute a first step of a new company: the function takes the person and gives ``gathered(...)`` that makes a Step."""
    return _contribute("step", permission, order)


def _prepare(user: User, *, steps: bool) -> tuple[list[tuple[str, _Part]], Prepared]:
    """What is wanted for a person and the statement that asks for it: written once an hour for each sort of reader, asked each time."""
    key = (*reader(user), steps)
    known = _prepared.get(key)
    if known is None:
        wanted = [
            (what, part)
            for what, parts in _parts.items()
            if what != "step" or steps
            for part in sorted(parts, key=lambda part: part.order)
            if not part.permission or user.has_perm(part.permission)
        ]
        known = wanted, prepare([None if part.fresh else part.make(user) for _what, part in wanted])
        _prepared[key] = known
        if len(_prepared) > PREPARED:
            _prepared.popitem(last=False)
    return known


def contributions(user: User) -> dict[str, list[tuple[_Part, Any]]]:
    """Everything the modules contribute for a person, by sort and in order, asked in one statement.

    Nobody asks for the first steps again once they are done.
    """
    _loaded()
    settled = f"first-steps:{user.pk}:{len(user.get_all_permissions())}"
    wanted, prepared = _prepare(user, steps=not caches["process"].get(settled))
    found: dict[str, list[tuple[_Part, Any]]] = {what: [] for what in _parts}
    for (what, part), ready in zip(wanted, prepared.made(), strict=True):
        if thing := part.make(user) if part.fresh else ready:
            found[what].append((part, thing))
    if found["step"] and all(step.done for _part, step in found["step"]):
        caches["process"].set(settled, True, REMEMBERED)
    return found


class Home(Screen):
    """The first page: what needs me today, and how things stand."""

    title = gettext_lazy("Home")
    name = "home"
    template_name = "web/home.html"
    nav: ClassVar[Nav | None] = Nav(gettext_lazy("Home"), "layout-dashboard", 0, office="workspace", key="h")

    def heading(self) -> str:
        """A greeting by the time of day."""
        hour = figures.local_hour(clock.now())
        first = self.user.name.split()[0] if self.user.name else ""
        if hour < 11:
            return _("Good morning, %(name)s") % {"name": first}
        if hour < 17:
            return _("Good afternoon, %(name)s") % {"name": first}
        return _("Good evening, %(name)s") % {"name": first}

    def crumbs(self) -> list[Crumb]:
        """Home is home."""
        return [Crumb(self.title)]

    def context(self) -> dict[str, Any]:
        """Everything the modules contribute for this person."""
        found = contributions(self.user)
        waiting = [task for _part, some in found["task"] for task in some]
        waiting.sort(key=lambda task: not task.late)
        steps = [one for _part, one in found["step"]]
        return {
            "kpis": [one for _part, one in found["kpi"]],
            "tasks": waiting[:SHOWN],
            "further_tasks": waiting[SHOWN:],
            "task_count": len(waiting),
            "late_count": sum(task.late for task in waiting),
            "steps": steps if any(not one.done for one in steps) else [],
            "steps_done": sum(one.done for one in steps),
            "today": figures.long_day(clock.here()),
            "main_cards": [(one, self.draw(one)) for part, one in found["card"] if part.place == "main"],
            "side_cards": [(one, self.draw(one)) for part, one in found["card"] if part.place != "main"],
        }

    def draw(self, made: HomeCard) -> SafeString:
        """A card's inside."""
        return SafeString(render_to_string(made.template, dict(made.values), request=self.request))
