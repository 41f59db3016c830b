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
    """A screen's place in the side bar: label, icon, order inside its module, ``g`` key, and what waits there.

    Places with the same ``group`` fold under one line of their module. Reports need none: they stand on the page of reports.
    """

    label: Text
    icon: str
    order: int = 50
    office: str = ""
    key: str = ""
    counter: "Callable[[User], int] | None" = None
    hot: bool = False
    group: Text = ""


_screens: dict[str, "type[Screen]"] = {}
_records: dict[str, "type[Screen]"] = {}


@dataclass(frozen=True)
class Face:
    """How a module is called in the side bar."""

    label: Text
    icon: str


_faces: dict[str, Face] = {}


def name_module(label: Text, icon: str, *, area: str) -> None:
    """Say in a module's ``urls.py`` what it is called in the side bar: ``name_module(_("Sales"), "shopping-cart", area="sales")``."""
    _faces[area] = Face(label, icon)


def face_of(area: str) -> Face:
    """How a module is called; one that stands nowhere in the side bar as its application is."""
    known = _faces.get(area)
    if known is not None:
        return known
    try:
        return Face(apps.get_app_config(area).verbose_name, "folder")
    except LookupError:
        return Face(area.capitalize(), "folder")


def routes(*screens: "type[Screen]") -> list[URLPattern]:
    """Register a module's screens and give back their URL patterns, for its ``urls.py``."""
    patterns: list[URLPattern] = []
    for screen in screens:
        _screens[f"{screen.area()}:{screen.url_name()}"] = screen
        kind = screen.record_kind()
        if kind:
            _records[kind] = screen
        patterns.extend(screen.url_patterns())
        patterns.extend(page for pages in _record_pages for page in pages(screen))
    return patterns


def screens() -> "Iterator[tuple[str, type[Screen]]]":
    """Every registered screen with its full URL name."""
    _loaded()
    return iter(_screens.items())


def may_open(name: str, user: "User") -> bool:
    """Whether a person may open the screen with this URL name."""
    _loaded()
    return name in _screens and _screens[name].may_open(user)


_record_pages: "list[Callable[[type[Screen]], list[URLPattern]]]" = []


def provide_record_pages(pages: "Callable[[type[Screen]], list[URLPattern]]") -> None:
    """Hang further pages on record screens: ``pages(screen)`` gives the URL patterns for each screen that is registered from now on."""
    if pages not in _record_pages:
        _record_pages.append(pages)


def record_screen(kind: str) -> "type[Screen] | None":
    """The screen that is *the* page of a kind of record."""
    _loaded()
    return _records.get(kind)


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


def label_of(name: str) -> str:
    """What the screen with this URL name is called: as in the side bar, else by its own title."""
    _loaded()
    screen = _screens[name]
    return str(screen.nav.label if screen.nav is not None else screen.title)


def waiting(user: "User") -> dict[str, int]:
    """What waits at each place of a person's side bar. Asked for after the page, so that no page waits for it."""
    _loaded()
    return {
        name: screen.nav.counter(user)
        for name, screen in _screens.items()
        if screen.nav is not None and screen.nav.counter is not None and screen.may_open(user)
    }


def _loaded() -> None:
    """Screens register when the URLs are imported: make sure that has happened, also in a worker."""
    get_resolver().url_patterns  # noqa: B018
