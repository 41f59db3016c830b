"""The command palette: jump to a page, make something, find a record; only what the person may see."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.web import registry
from core.web.forms import CreateScreen
from core.web.lists import ListScreen
from core.web.navigation import navigation
from core.web.screen import Screen

EACH = 5
ENOUGH = 2


class Palette(Screen):
    """Answers what was typed with places, things to make and records."""

    name = "palette"
    route = "palette"
    title = gettext_lazy("Search")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The answers as JSON, in groups."""
        words = request.GET.get("q", "").replace("\x00", "").strip()
        groups = [(_("Go to"), self.places(words)), (_("Make"), self.makes(words))]
        if len(words) >= ENOUGH:
            groups += self.records(words)
        return JsonResponse({"groups": [{"label": str(label), "items": items} for label, items in groups if items]})

    def places(self, words: str) -> list[dict[str, str]]:
        """The side bar's places whose label fits."""
        return [
            {"label": str(place.label), "note": str(group.label), "url": place.url, "key": f"g {place.key}" if place.key else ""}
            for group in navigation(self.user)
            for place in group.places
            if words.casefold() in str(place.label).casefold()
        ][:12]

    def makes(self, words: str) -> list[dict[str, str]]:
        """What the person may make."""
        found = []
        for name, screen in registry.screens():
            if issubclass(screen, CreateScreen) and screen.may_open(self.user):
                label = str(screen.title or _("New %(thing)s") % {"thing": str(screen.the_model()._meta.verbose_name).lower()})
                if words.casefold() in label.casefold():
                    found.append({"label": label, "note": "", "url": reverse(name), "key": ""})
        return found[:6]

    def records(self, words: str) -> list[tuple[str, list[dict[str, str]]]]:
        """The first records of every searchable list that fit."""
        groups = []
        for _name, screen in registry.screens():
            if not (issubclass(screen, ListScreen) and screen.list_kind() and screen.search and screen.may_open(self.user)):
                continue
            lister = screen()
            lister.setup(self.request)
            rows = lister.searched(lister.queryset(), words).order_by("-pk")[:EACH]
            items = [{"label": str(row), "note": "", "url": lister.row_url(row), "key": ""} for row in rows]
            groups.append((str(screen.title), [item for item in items if item["url"]]))
        return groups
