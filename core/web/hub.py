"""Pages that gather what others declare: the reports, and what the person may make."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy

from core.people.models import User
from core.web import registry
from core.web.forms import CreateScreen
from core.web.lookups import LookupField, lookup_of
from core.web.navigation import reports
from core.web.records import RecordScreen
from core.web.registry import Nav, Text
from core.web.screen import Screen, the_person


class Reports(Screen):
    """Every report the person may open, by module."""

    route = "reports"
    title = gettext_lazy("Reports")
    hint = gettext_lazy("Figures computed from the records, now or as of a day. Each can be printed or taken away as a file.")
    nav: ClassVar[Nav | None] = Nav(gettext_lazy("Reports"), "chart-column", 30, office="workspace", key="r")
    template_name = "web/reports.html"

    @classmethod
    def may_open(cls, user: User) -> bool:
        """Whoever may open at least one."""
        return bool(reports(user))

    @classmethod
    def needed_permission(cls) -> str:
        """Named when somebody may open none."""
        return "finance.view_reports"

    def context(self) -> dict[str, Any]:
        """The modules with their reports."""
        return {
            "modules": [
                (registry.face_of(area), [(screen, reverse(name)) for name, screen in some]) for area, some in reports(self.user).items()
            ]
        }


@dataclass(frozen=True)
class Make:
    """One thing a person may make."""

    label: str
    note: Text
    icon: str
    url: str


def makes(user: User) -> list[Make]:
    """Everything the person may make."""
    return [_make(name, screen) for name, screen in _creating(user)]


def makes_for(record: Model, user: User) -> list[Make]:
    """What the person may make for the record at hand: its forms ask for such a record, and get this one."""
    found = []
    for name, screen in _creating(user):
        for field_name, field in screen.form_class.base_fields.items():
            if isinstance(field, LookupField) and _fits(field, record, user):
                found.append(_make(name, screen, f"?{field_name}={record.pk}"))
                break
    return found


def _fits(field: LookupField, record: Model, user: User) -> bool:
    lookup = lookup_of(field.kind)
    rows = lookup.rows()
    return rows.model is type(record) and user.has_perm(lookup.permission) and rows.filter(pk=record.pk).exists()


def _creating(user: User) -> Iterator[tuple[str, type[CreateScreen]]]:
    for name, screen in registry.screens():
        if issubclass(screen, CreateScreen) and "<" not in screen.url_path() and screen.may_open(user):
            yield name, screen


def _make(name: str, screen: type[CreateScreen], query: str = "") -> Make:
    thing = str(screen.the_model()._meta.verbose_name)
    label = str(screen.title or capfirst(gettext("New %(thing)s") % {"thing": thing if thing.isupper() else thing.lower()}))
    area = screen.area()
    return Make(label, registry.face_of(area).label, _icon_of(screen), f"{reverse(name)}{query}")


def _icon_of(screen: type[CreateScreen]) -> str:
    listed = dict(registry.screens()).get(registry.list_name_of(screen.kind()))
    return listed.nav.icon if listed is not None and listed.nav is not None else registry.face_of(screen.area()).icon


def page_of(about: str, request: HttpRequest) -> RecordScreen | None:
    """The page of the record named ``sales.order:7``, as the person who asks may see it; else None."""
    kind, _colon, pk = about.partition(":")
    screen = registry.record_screen(kind)
    user = the_person(request.user)
    if screen is None or not issubclass(screen, RecordScreen) or not screen.may_open(user) or not re.fullmatch(r"\d{1,18}", pk):
        return None
    page = screen()
    page.setup(request, pk=int(pk))
    try:
        return page if page.record is not None else None
    except Http404:
        return None


class New(Screen):
    """Everything the person may make: the menu behind "New", and a page of its own without scripts."""

    route = "new"
    title = gettext_lazy("New")
    template_name = "web/new.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or the menu."""
        return self.show("web/shell/new_menu.html" if "menu" in request.GET else "")

    def context(self) -> dict[str, Any]:
        """What goes with the record at hand first, then everything by module."""
        page = page_of(self.request.GET.get("about", ""), self.request)
        record = page.record if page is not None else None
        modules: dict[str, list[Make]] = {}
        for make in makes(self.user):
            modules.setdefault(str(make.note), []).append(make)
        return {"at_hand": record, "for_it": makes_for(record, self.user) if record is not None else [], "modules": modules}
