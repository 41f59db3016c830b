"""The living map of events: who says what, who reacts, in which process, and how it goes. Drawn from the code that runs, so it cannot be stale."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Count, Max
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.events import Event
from core.events.listening import handlers_of
from core.events.models import Delivery, Record
from core.web import ui
from core.web.figures import quantity, relative_moment
from core.web.registry import face_of
from integration.delivery.standing import standing_of_handlers
from integration.words import event_explained, event_in_words, handler_explained, handler_in_words

LATEST = 10_000
"""How many of the latest events the counts are about: enough to see how things go, few enough to be counted at any size."""


@dataclass(frozen=True)
class Arrow:
    """From an event to whoever reacts: what was carried lately, what is on its way, what gave up, and since when somebody waits."""

    handler: str
    words: str
    acts_in: Sequence[str]
    same_commit: bool
    done: int
    waiting: int
    dead: int
    since: datetime | None
    url: str

    @property
    def title(self) -> str:
        """What it does, in words."""
        return handler_in_words(self.handler)

    @property
    def acts_in_words(self) -> list[str]:
        """The modules it acts in, as the side bar calls them."""
        return [str(face_of(module).label) for module in self.acts_in]

    @property
    def waits_since(self) -> str:
        """How old the oldest is that waits, in words."""
        return relative_moment(self.since) if self.since else ""


@dataclass(frozen=True)
class Fact:
    """One event: how often it was said lately, and who reacts."""

    name: str
    words: str
    said: int
    url: str
    arrows: Sequence[Arrow]

    @property
    def title(self) -> str:
        """What happened, in words."""
        return event_in_words(self.name)


@dataclass(frozen=True)
class Teller:
    """A module, and the events it declares: those somebody reacts to, and those that are only told."""

    label: str
    title: str
    facts: Sequence[Fact]

    @property
    def heard(self) -> list[Fact]:
        """What somebody reacts to."""
        return [fact for fact in self.facts if fact.arrows]

    @property
    def told(self) -> list[Fact]:
        """What stands on timelines, and nobody has to react to."""
        return [fact for fact in self.facts if not fact.arrows]


class EventMap(ui.Screen):
    """Who says what, and who reacts."""

    model = Delivery
    permission = "events.view_delivery"
    route = "map"
    title = _("Event map")
    tip = _("Every event of Satu, who reacts to it and how that goes: read from the running code, with the counts of the latest events.")
    nav = ui.Nav(_("Event map"), icon="workflow", order=79)
    template_name = "console/event_map.html"

    def context(self) -> dict[str, Any]:
        """The modules in the order of the house, those that are heard first."""
        tellers = sorted(the_map(), key=lambda teller: not teller.heard)
        arrows = [arrow for teller in tellers for fact in teller.facts for arrow in fact.arrows]
        return {
            "tellers": tellers,
            "latest": quantity(LATEST),
            "events": sum(len(teller.facts) for teller in tellers),
            "reactions": len(arrows),
            "waiting": sum(arrow.waiting for arrow in arrows),
            "dead": sum(arrow.dead for arrow in arrows),
        }


def the_map() -> Iterator[Teller]:
    """Every module that declares events, with its arrows."""
    first = (Record.objects.aggregate(last=Max("pk"))["last"] or 0) - LATEST
    said = dict(Record.objects.filter(pk__gt=first).order_by().values_list("type").annotate(count=Count("pk")))
    carried = _carried(first)
    places = reverse("console:records"), reverse("console:deliveries")
    by_module: dict[str, list[type[Event]]] = {}
    for event in Event.registry.values():
        if event.__module__.split(".")[0] != "tests":
            by_module.setdefault(event.type_name().partition(".")[0], []).append(event)
    for config in apps.get_app_configs():
        events = by_module.get(config.label)
        if events:
            named = sorted(events, key=lambda one: one.__name__)
            facts = [_fact(event, said.get(event.type_name(), 0), carried, places) for event in named]
            yield Teller(config.label, str(face_of(config.label).label), facts)


def _carried(first: int) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = defaultdict(lambda: {"done": 0, "waiting": 0, "dead": 0, "since": None})
    done = Delivery.objects.filter(record_id__gt=first, status=Delivery.Status.DONE).order_by()
    for name, count in done.values_list("handler").annotate(count=Count("pk")):
        found[name]["done"] = count
    for name, standing in standing_of_handlers().items():
        found[name] |= {"waiting": standing.waiting, "dead": standing.dead, "since": standing.since}
    return found


def _fact(event: type[Event], said: int, carried: dict[str, dict[str, Any]], places: tuple[str, str]) -> Fact:
    records, deliveries = places
    arrows = [
        Arrow(
            handler=handler.name,
            words=handler_explained(handler),
            acts_in=handler.acts_in,
            same_commit=handler.same_commit,
            url=f"{deliveries}?q={handler.name}",
            **carried[handler.name],
        )
        for handler in handlers_of(event)
    ]
    return Fact(event.__name__, event_explained(event), said, f"{records}?q={event.type_name()}", arrows)
