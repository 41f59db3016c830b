"""The screens of what processes wait for."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.web import ui
from integration.memory import state_in_words
from integration.models import ProcessInstance


def state(instance: ProcessInstance) -> str:
    """What it waits for, or how it ended."""
    return str(state_in_words(instance))


def document(instance: ProcessInstance) -> list[ui.Item]:
    """The document it is about."""
    return [ui.Item(instance.number, instance.kind, url=ui.url_for(instance.kind, instance.object_id), icon="file-text")]


def brought_by(instance: ProcessInstance) -> list[ui.Item]:
    """The event that brought it where it stands."""
    return [ui.Item(instance.record.type, instance.record.key, url=ui.url_of(instance.record), icon="history")]


class Processes(ui.ListScreen):
    """Which documents wait for what, until when."""

    model = ProcessInstance
    route = "processes"
    title = _("Processes")
    tip = _("What a process waits for. When it does not come in time, those who can do something are told, and again each week.")
    nav = ui.Nav(pgettext_lazy("business", "Processes"), icon="timer", order=83)
    columns = (
        ui.Text("number", _("Document")),
        ui.Text(state, _("State")),
        ui.Party("party", _("Customer")),
        ui.Moment("due_at", _("Waits until"), sort="due_at"),
        ui.Text("due_type", _("Then"), muted=True),
        ui.Moment("changed_at", _("Since"), sort="changed_at", muted=True),
    )
    related = ("party",)
    search = ("number", "party__name")
    search_hint = _("Document or customer")
    segments = (
        ui.Segment("waiting", _("Waiting"), "open"),
        ui.Segment("late", _("Late"), "due"),
        ui.Segment("taken-back", _("Taken back"), Q(outcome=ProcessInstance.Outcome.COMPENSATED)),
    )
    order = ("-changed_at", "-pk")
    empty = ui.Empty(
        _("No document waits. As soon as an order is confirmed or an invoice issued, it stands here until its end."),
        "timer",
        "sales:orders",
        _("See orders"),
    )


class ProcessRecord(ui.RecordScreen):
    """Where one process stands with one document."""

    model = ProcessInstance
    route = "processes"
    related = ("party", "record")
    remarks = (ui.Text("process"), ui.Party("party"))
    sections = (
        ui.Facts(
            cells=(
                ui.Text(state, _("State")),
                ui.Text("get_outcome_display", _("Outcome")),
                ui.Moment("started_at", _("Began")),
                ui.Moment("changed_at", _("Since")),
                ui.Moment("due_at", _("Waits until")),
                ui.Text("due_type", _("Then")),
                ui.Moment("ended_at", _("Ended")),
            )
        ),
        ui.Items(title=_("Document"), items=document),
        ui.Items(title=_("Brought here by"), items=brought_by),
    )
