"""The screens of what processes wait for."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.events.models import ArchivedDelivery, Delivery
from core.web import ui
from integration.customer360.timeline import title_of
from integration.memory import Process, state_in_words
from integration.models import ProcessInstance
from integration.words import kind_in_words, process_in_words


def state(instance: ProcessInstance) -> str:
    """What it waits for, or how it ended."""
    return str(state_in_words(instance))


THEN: dict[str, str | Promise] = {
    "integration.CreditHoldLasted": _("A release is asked for again"),
    "integration.DeliveryOverdue": _("The seller is told it is late"),
    "integration.CancellationStuck": _("IT is told it is stuck"),
    "integration.PaymentOverdue": _("The accountant is told"),
}
"""What the deadlines of processes bring about."""


def then(instance: ProcessInstance) -> str:
    """What happens when nothing comes in time."""
    return str(THEN.get(instance.due_type, instance.due_type)) if instance.due_at else ""


def process(instance: ProcessInstance) -> str:
    """The process, as the field calls it."""
    return process_in_words(instance.process)


def document(instance: ProcessInstance) -> list[ui.Item]:
    """The document it is about."""
    return [ui.Item(instance.number, kind_in_words(instance.kind), url=ui.url_for(instance.kind, instance.object_id), icon="file-text")]


def brought_by(instance: ProcessInstance) -> list[ui.Item]:
    """The event that brought it where it stands."""
    record = instance.record
    return [ui.Item(title_of(record), ui.figures.relative_moment(record.occurred_at), url=ui.url_of(record), icon="history")]


@dataclass(frozen=True)
class Taken:
    """One step of a process with one document: when it was done last, how it is taken back, and when that happened."""

    words: str | Promise
    done_at: datetime | None
    back: str | Promise
    taken_back_at: datetime | None


def has_steps(instance: ProcessInstance) -> bool:
    """Whether its process does more than wait."""
    process = Process.registry.get((instance.process, instance.kind))
    return process is not None and bool(process.steps)


def steps_of(instance: ProcessInstance) -> list[Taken]:
    """The steps of its process, done or still to come, each with its compensation."""
    process = Process.registry.get((instance.process, instance.kind))
    steps = list(process.steps.values()) if process else []
    mine = {
        "handler__in": [name for step in steps for name in (step.handler, step.taken_back_by)],
        "key": str(instance.object_id),
        "done_at__isnull": False,
    }
    fields = ("handler", "done_at")
    carried = Delivery.objects.filter(**mine).values_list(*fields).union(ArchivedDelivery.objects.filter(**mine).values_list(*fields))
    done = dict(carried.order_by("done_at"))
    is_back = instance.outcome == ProcessInstance.Outcome.COMPENSATED
    return [Taken(step.words, done.get(step.handler), step.back, done.get(step.taken_back_by) if is_back else None) for step in steps]


class Processes(ui.ListScreen):
    """Which documents wait for what, until when."""

    model = ProcessInstance
    route = "processes"
    title = _("Processes")
    tip = _("What a process waits for. When it does not come in time, those who can do something are told, and again each week.")
    nav = ui.Nav(pgettext_lazy("business", "Processes"), icon="timer", order=83)
    columns = (
        ui.Text("number", _("Document")),
        ui.Text(state, _("State"), phone="state"),
        ui.Party("party", _("Customer")),
        ui.Moment("due_at", _("Waits until"), sort="due_at", phone="amount"),
        ui.Text(then, _("Then"), muted=True),
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
    remarks = (ui.Text(process), ui.Text(state), ui.Party("party"))
    sections = (
        ui.Facts(
            cells=(
                ui.Text(state, _("State")),
                ui.Text("get_outcome_display", _("Outcome")),
                ui.Moment("started_at", _("Began")),
                ui.Moment("changed_at", _("Since")),
                ui.Moment("due_at", _("Waits until")),
                ui.Text(then, _("Then")),
                ui.Moment("ended_at", _("Ended")),
            )
        ),
        ui.Table(
            title=_("Steps"),
            rows=steps_of,
            cells=(
                ui.Text("words", _("Step")),
                ui.Moment("done_at", _("Done")),
                ui.Text("back", _("How it is taken back"), muted=True),
                ui.Moment("taken_back_at", _("Taken back")),
            ),
            when=has_steps,
        ),
        ui.Items(title=_("Document"), items=document, place="main"),
        ui.Items(title=_("Brought here by"), items=brought_by, place="main"),
    )

    def heading(self) -> str:
        """The document it is about."""
        return str(self.record.number)
