"""The command palette: jump to a page, find a record, do something with the record at hand, make something; only what the person may."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.people.models import User
from core.web import finding, hub
from core.web.navigation import navigation, reports
from core.web.records import RecordScreen
from core.web.registry import face_of
from core.web.screen import Screen

PLACES, MADE, DONE = 8, 6, 6


@dataclass(frozen=True)
class Item:
    """One line of the palette. ``do`` is what the script does instead of following the link: a verb's dialog or a command."""

    label: str
    note: str = ""
    url: str = ""
    icon: str = ""
    key: str = ""
    do: str = ""
    blocked: bool = False

    @property
    def keys(self) -> list[str]:
        """The keys that do the same."""
        return self.key.split()


@dataclass(frozen=True)
class Answers:
    """A group of lines."""

    label: str
    items: Sequence[Item]


class Palette(Screen):
    """Answers what was typed."""

    name = "palette"
    route = "palette"
    title = gettext_lazy("Search")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The answers in groups: as lines for the page, as JSON for whoever asks for it."""
        words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:80]
        groups = [group for group in self.answers(words) if group.items]
        if request.headers.get("Accept", "").startswith("application/json"):
            return JsonResponse(
                {"groups": [{"label": str(group.label), "items": [asdict(item) for item in group.items]} for group in groups]}
            )
        return self.show("web/shell/palette_list.html", groups=groups, empty=not words)

    def answers(self, words: str) -> list[Answers]:
        """The groups; an exact number stands before everything else."""
        page = hub.page_of(self.request.GET.get("about", ""), self.request)
        drawers = finding.find(words, self.request) if words else []
        exact = [_drawn(drawer) for drawer in drawers if drawer.rank <= finding.EXACT]
        rest = [_drawn(drawer) for drawer in drawers if drawer.rank > finding.EXACT]
        at_hand = [Answers(str(page.record), fitting(words, _of_record(page, self.user))[:12])] if page is not None else []
        places = Answers(_("Go to"), fitting(words, self.places())[:PLACES] if words else list(self.places())[:PLACES])
        make = Answers(_("Make"), fitting(words, self.makes())[:MADE])
        commands = Answers(_("Commands"), fitting(words, self.commands())[:DONE])
        return [*exact, *at_hand, places, make, *rest, commands] if words else [*at_hand, places, make, commands]

    def places(self) -> Iterator[Item]:
        """Every page of the side bar, and every report."""
        for group in navigation(self.user):
            for section in group.sections:
                yield from (_place(place, str(section.label or group.label)) for place in section.places)
                for inner in section.inner:
                    yield from (_place(place, f"{section.label} \N{MIDDLE DOT} {inner.label}") for place in inner.places)
        for area, some in reports(self.user).items():
            for name, screen in some:
                yield Item(str(screen.title), f"{face_of(area).label} \N{MIDDLE DOT} {_('Reports')}", reverse(name), "chart-column")
        yield Item(_("Your profile"), "", reverse("people:profile"), "user-round")
        yield Item(_("Help"), "", reverse("web:help"), "life-buoy")

    def makes(self) -> Iterator[Item]:
        """What the person may make."""
        for make in hub.makes(self.user):
            yield Item(make.label, str(make.note), make.url, make.icon)

    def commands(self) -> Iterator[Item]:
        """What the person may set about their screens."""
        back = reverse("web:home")
        for theme, label, icon in (
            (User.Theme.LIGHT, _("Light theme"), "sun"),
            (User.Theme.DARK, _("Dark theme"), "moon"),
            (User.Theme.SYSTEM, _("Theme of the device"), "monitor"),
        ):
            yield Item(label, "", back, icon, do=f"theme:{theme}")
        for code, name in settings.LANGUAGES:
            if code != self.request.LANGUAGE_CODE:
                yield Item(_("Language: %(name)s") % {"name": name}, "", back, "languages", do=f"language:{code}")
        yield Item(_("Keyboard shortcuts"), "", reverse("web:help"), "keyboard", key="?", do="keys")
        yield Item(_("Mark all notifications as read"), "", reverse("notifications:inbox"), "check-check", do="read-all")
        yield Item(_("Sign out"), "", back, "log-out", do="sign-out")


def fitting(words: str, items: "Iterator[Item] | Sequence[Item]") -> list[Item]:
    """The lines that fit, best first: by their beginning, a word's beginning, anywhere, the note too, or letter after letter."""
    if not words:
        return list(items)
    asked = words.casefold()
    ranked = [(fit, number, item) for number, item in enumerate(items) if (fit := _fit(asked, item)) is not None]
    return [item for _fit_, _number, item in sorted(ranked, key=lambda one: one[:2])]


def _fit(asked: str, item: Item) -> int | None:
    label = item.label.casefold()
    if label.startswith(asked):
        return 0
    if any(word.startswith(asked) for word in label.split()):
        return 1
    if asked in label:
        return 2
    said = f"{label} {item.note.casefold()}"
    if all(word in said for word in asked.split()):
        return 3
    letters = iter(label)
    if len(asked) >= finding.ENOUGH + 1 and label[:1] == asked[:1] and all(letter in letters for letter in asked if letter != " "):
        return 4
    return None


def _place(place: Any, note: str) -> Item:
    return Item(str(place.label), note, place.url, place.icon, f"g {place.key}" if place.key else "")


def _drawn(drawer: finding.Drawer) -> Answers:
    return Answers(drawer.label, [Item(one.label, one.note, one.url, drawer.icon) for one in drawer.found if one.url])


def _of_record(page: RecordScreen, user: User) -> Iterator[Item]:
    """What may be done with the record now, its edit page, and what may be made for it."""
    for button in reversed(page.buttons()):
        verb, reason = button.verb, str(button.obstacle)
        yield Item(str(verb.label), reason, button.url, verb.icon or "zap", verb.key, do="" if reason else "verb", blocked=bool(reason))
    edit = page.edit_url()
    if edit:
        yield Item(_("Edit"), "", edit, "pencil", "e")
    for link in page.links():
        yield Item(str(link.label), "", link.url, link.icon or "arrow-right", link.key)
    for make in hub.makes_for(page.record, user):
        yield Item(make.label, "", make.url, make.icon)
    yield Item(_("Copy the link"), "", page.request.path, "link", do="copy")
