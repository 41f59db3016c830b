"""The register of screens: the side bar, the palette, record links and the permission matrix all read it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import Model
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from core.people.models import User
    from core.web.screen import Screen

Text = str | Promise

OFFICES: dict[str, Text] = {
    "workspace": _("Workspace"),
    "frontoffice": _("Front office"),
    "backoffice": _("Back office"),
    "core": _("Master data"),
    "integration": _("Integration"),
}


@dataclass(frozen=True)
class Nav:
    """A screen's place in the side bar: label, icon, order inside its office, ``g`` key, and what waits there."""

    label: Text
    icon: str
    order: int = 50
    office: str = ""
    key: str = ""
    counter: "Callable[[User], int] | None" = None
    hot: bool = False


_screens: dict[str, "type[Screen]"] = {}
_records: dict[str, "type[Screen]"] = {}


def routes(*screens: "type[Screen]") -> list[URLPattern]:
    """Register a module's screens and give back their URL patterns, for its ``urls.py``."""
    patterns: list[URLPattern] = []
    for screen in screens:
        _screens[f"{screen.area()}:{screen.url_name()}"] = screen
        kind = screen.record_kind()
        if kind:
            _records[kind] = screen
        patterns.extend(screen.url_patterns())
    return patterns


def screens() -> "Iterator[tuple[str, type[Screen]]]":
    """Every registered screen with its full URL name."""
    _loaded()
    return iter(_screens.items())


def may_open(name: str, user: "User") -> bool:
    """Whether a person may open the screen with this URL name."""
    _loaded()
    return name in _screens and _screens[name].may_open(user)


def url_for(kind: str, pk: object) -> str:
    """The page of a record by its kind (``sales.order``) and key; an empty string when it has none."""
    _loaded()
    screen = _records.get(kind)
    if screen is None or pk is None:
        return ""
    try:
        return reverse(f"{screen.area()}:{screen.url_name()}", args=[pk])
    except NoReverseMatch:
        return ""


def url_of(record: Model | None) -> str:
    """The page of a record at hand."""
    return url_for(record._meta.label_lower, record.pk) if record is not None else ""


def list_name_of(kind: str) -> str:
    """The URL name of the list a record of this kind stands in, when there is one."""
    _loaded()
    return next((name for name, screen in _screens.items() if screen.list_kind() == kind), "")


def list_url_of(kind: str) -> str:
    """The list a record of this kind stands in, when there is one."""
    name = list_name_of(kind)
    return reverse(name) if name else ""


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


@dataclass(frozen=True)
class Group:
    """An office in the side bar with the places a person may go."""

    label: Text
    places: tuple[Place, ...]


def waiting(user: "User") -> dict[str, int]:
    """What waits at each place of a person's side bar. Asked for after the page, so that no page waits for it."""
    _loaded()
    return {
        name: screen.nav.counter(user)
        for name, screen in _screens.items()
        if screen.nav is not None and screen.nav.counter is not None and screen.may_open(user)
    }


def navigation(user: "User") -> tuple[Group, ...]:
    """The side bar of a person: only what they may see, offices and modules in the order they are installed."""
    _loaded()
    modules = [config.label for config in apps.get_app_configs()]
    groups: dict[str, list[tuple[tuple[int, int], Place]]] = {known: [] for known in OFFICES}
    for name, screen in _screens.items():
        nav = screen.nav
        if nav is None or not screen.may_open(user):
            continue
        area = screen.area()
        office = nav.office or screen.office()
        position = (modules.index(area) if area in modules and office != "workspace" else -1, nav.order)
        place = Place(nav.label, nav.icon, reverse(name), name, nav.key, nav.counter is not None, nav.hot)
        groups.setdefault(office, []).append((position, place))
    return tuple(
        Group(OFFICES.get(known, known), tuple(place for _position, place in sorted(places, key=lambda item: item[0])))
        for known, places in groups.items()
        if places
    )


def _loaded() -> None:
    """Screens register when the URLs are imported: make sure that has happened, also in a worker."""
    get_resolver().url_patterns  # noqa: B018
