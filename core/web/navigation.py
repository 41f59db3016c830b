"""The side bar of a person: offices, their modules, and the places in them; only what the person may see."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.apps import apps
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import slugify

from core.people.models import User
from core.web.registry import OFFICES, Text, face_of, screens

if TYPE_CHECKING:
    from core.web.screen import Screen

FEW = 24
"""So many places are shown all at once; of more, the modules are folded until somebody opens them."""
ALONE = 2
"""So few places of a module need no line of the module above them."""
COOKIE = "side"


@dataclass(frozen=True)
class Place:
    """One line of the side bar for one person."""

    label: Text
    icon: str
    url: str
    name: str
    key: str
    counts: bool
    hot: bool
    group: Text = ""


@dataclass(frozen=True)
class Section:
    """A module of an office, or a group inside a module: a line that folds its places. Without a label they stand alone."""

    key: str
    label: Text
    icon: str
    places: tuple[Place, ...]
    inner: "tuple[Section, ...]" = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The URL names of all its places, those of its groups too."""
        return (*(place.name for place in self.places), *(name for section in self.inner for name in section.names))

    @property
    def counts(self) -> bool:
        """Whether anything in it is counted."""
        return any(place.counts for place in self.places) or any(section.counts for section in self.inner)


@dataclass(frozen=True)
class Group:
    """An office in the side bar with the places a person may go."""

    label: Text
    places: tuple[Place, ...]
    sections: tuple[Section, ...]


def navigation(user: User) -> tuple[Group, ...]:
    """The side bar of a person, offices and modules in the order they are installed. Reports stand on a page of their own."""
    areas: dict[str, dict[str, list[Place]]] = {office: {} for office in OFFICES}
    for office, area, place in _places(user):
        areas.setdefault(office, {}).setdefault("" if office == "workspace" else area, []).append(place)
    groups = []
    for office, modules in areas.items():
        sections = tuple(_section(office, area, places) for area, places in modules.items())
        places = tuple(place for some in modules.values() for place in some)
        if places:
            groups.append(Group(OFFICES.get(office, office), places, sections))
    return tuple(groups)


def unfolded(request: HttpRequest, groups: tuple[Group, ...]) -> frozenset[str]:
    """The keys of the sections that stand open: as the person left them, else all modules when there are few places."""
    kept = request.COOKIES.get(COOKIE)
    if kept is not None:
        return frozenset(kept.split("."))
    few = sum(len(group.places) for group in groups) <= FEW
    return frozenset(section.key for group in groups for section in group.sections) if few else frozenset()


def _places(user: User) -> list[tuple[str, str, Place]]:
    """Office, area and place, in order."""
    modules = [config.label for config in apps.get_app_configs()]
    found = []
    for name, screen in screens():
        nav = screen.nav
        if nav is None or screen.is_report() or not screen.may_open(user):
            continue
        area, office = screen.area(), nav.office or screen.office()
        position = (modules.index(area) if area in modules and office not in {"workspace", "core"} else -1, nav.order)
        place = Place(nav.label, nav.icon, reverse(name), name, nav.key, nav.counter is not None, nav.hot, nav.group)
        found.append((position, office, area, place))
    return [(office, area, place) for _position, office, area, place in sorted(found, key=lambda one: one[0])]


def _section(office: str, area: str, places: list[Place]) -> Section:
    single = [place for place in places if not place.group]
    inner = {str(place.group): [other for other in places if other.group == place.group] for place in places if place.group}
    if office == "workspace" or len(places) <= ALONE:
        return Section(area, "", "", tuple(places))
    face = face_of(area)
    groups = tuple(Section(f"{area}-{slugify(label)}", label, "", tuple(some)) for label, some in inner.items())
    return Section(area, face.label, face.icon, tuple(single), groups)


def reports(user: User) -> "dict[str, list[tuple[str, type[Screen]]]]":
    """The reports a person may open, by module."""
    found: dict[str, list[tuple[str, type[Screen]]]] = {}
    for name, screen in screens():
        if screen.nav is not None and screen.is_report() and screen.may_open(user):
            found.setdefault(screen.area(), []).append((name, screen))
    return {area: sorted(some, key=lambda one: one[1].nav.order if one[1].nav else 0) for area, some in found.items()}
