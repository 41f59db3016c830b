"""The screens of past events that are carried to a handler which never got them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.events.models import Replay
from core.web import ui
from integration.console.forms import ReplayForm
from integration.delivery import replay_events
from integration.words import handler_in_words


def handler_of(replay: Replay) -> str:
    """What the handler does."""
    return handler_in_words(replay.handler)


class Replays(ui.ListScreen):
    """What was replayed, by whom."""

    model = Replay
    route = "replays"
    title = _("Replays")
    tip = _("Events of the past reach a handler that was added later. What it has had already is never run again.")
    nav = ui.Nav(_("Replays"), icon="rotate-ccw", order=87)
    columns = (
        ui.Text(handler_of, _("Handler"), sort="handler"),
        ui.Day("from_date", _("From")),
        ui.Day("to_date", _("Up to")),
        ui.Number("made", _("Deliveries made")),
        ui.Person("asked_by", _("Asked by")),
        ui.Moment("created_at", _("When"), sort="created_at", muted=True),
    )
    related = ("asked_by",)
    search = ("handler",)
    search_hint = _("Handler")
    order = ("-pk",)
    create = "console:replay-new"
    empty = ui.Empty(_("Nothing was ever replayed."), "rotate-ccw")


class ReplayRecord(ui.RecordScreen):
    """One replay."""

    model = Replay
    route = "replays"
    status = None
    related = ("asked_by",)
    remarks = (ui.Person("asked_by"), ui.Moment("created_at"))
    sections = (
        ui.Facts(
            cells=(
                ui.Text(handler_of, _("Handler")),
                ui.Text("handler", _("Name in the code")),
                ui.Day("from_date", _("From")),
                ui.Day("to_date", _("Up to")),
                ui.Number("made", _("Deliveries made")),
            )
        ),
        ui.History(),
    )

    def heading(self) -> str:
        """What got the past."""
        return handler_of(self.record)


class NewReplay(ui.CreateScreen):
    """Carry the past to a handler; what it would come to is shown before."""

    model = Replay
    route = "replays"
    title = _("Replay events")
    form_class = ReplayForm
    operation = replay_events
    submit = _("Replay")

    def preview(self, data: dict[str, Any], _lines: list[tuple[int, dict[str, Any]]]) -> ui.Preview:
        """The dry run: how many deliveries it would make."""
        if not data.get("handler"):
            return ui.Preview()
        count = replay_events(by=self.user, dry_run=True, **data).made
        words = ngettext("%(count)s delivery would be made.", "%(count)s deliveries would be made.", count)
        return ui.Preview(notes=(ui.Note(words % {"count": ui.figures.quantity(count)}),))
