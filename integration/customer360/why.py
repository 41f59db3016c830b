"""Why did this happen? What led to an event, step by step, who began it, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.events.models import Record
from core.people.hiding import hidden_events
from core.people.visibility import parts_of
from core.web.registry import url_of
from core.web.screen import Screen
from core.web.sections import Entry
from integration.customer360.stories import NOT_TOLD
from integration.customer360.timeline import entry_of, seen_by, within_reach

DEEPEST, WIDEST = 20, 30
"""How far back a cause is followed, and how much of what followed is told."""


@dataclass(frozen=True)
class Step:
    """One step of the story; ``here`` marks the one that was asked about."""

    entry: Entry
    here: bool = False


class Why(Screen):
    """The causes of one event, and its effects."""

    name = "why"
    route = "why/<int:pk>"
    permission = "parties.view_party"
    title = _("Why did this happen?")
    template_name = "customer360/why.html"

    @cached_property
    def record(self) -> Record:
        """The event that was asked about; a note on what this person may not see is not there for them."""
        rows = seen_by(self.user, Record.objects.select_related("actor", "party"), "parties.party")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def context(self) -> dict[str, Any]:
        """The way there, and on."""
        led = causes_of(self.record)
        return {
            "steps": [*(Step(entry_of(one)) for one in self.seen(led)), Step(entry_of(self.record), here=True)],
            "effects": [Step(entry_of(one)) for one in self.seen(effects_of(self.record))],
            "explained": explained(self.record, led),
            "console": url_of(self.record) if self.user.has_perm("events.view_record") else "",
        }

    def seen(self, records: Sequence[Record]) -> list[Record]:
        """Those of them that are within the person's reach."""
        if not records or not (parts_of(self.user) or hidden_events(self.user)):
            return list(records)
        rows = within_reach(self.user, Record.objects.filter(pk__in=[one.pk for one in records]))
        kept = set(rows.values_list("pk", flat=True))
        return [one for one in records if one.pk in kept]

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """In the dialog, or as a page."""
        return self.show("customer360/why_dialog.html" if self.request.htmx else "")


def causes_of(record: Record) -> list[Record]:
    """The events that led to this one, the first first."""
    found: list[Record] = []
    while record.causation_id is not None and len(found) < DEEPEST:
        cause = Record.objects.select_related("actor").filter(event_id=record.causation_id).first()
        if cause is None:
            break
        found.insert(0, cause)
        record = cause
    return found


def effects_of(record: Record) -> list[Record]:
    """What followed from it at once, in order."""
    followed = Record.objects.select_related("actor").filter(Q(causation_id=record.event_id) & ~Q(type__in=NOT_TOLD))
    return list(followed.order_by("pk")[:WIDEST])


def explained(record: Record, led: list[Record]) -> str:
    """The answer in one sentence."""
    first = led[0] if led else record
    who = first.actor.name if first.actor else _now("Somebody")
    if not led:
        return _now("%(who)s did this. Nothing before it caused it.") % {"who": who}
    return _now("It followed by itself from what %(who)s did.") % {"who": who}
