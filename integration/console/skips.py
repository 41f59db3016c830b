"""The screens of deliveries that somebody wants to give up, and a second person decides about."""

from django.utils.translation import gettext_lazy as _

from core.events.models import SkipRequest
from core.web import ui
from integration.customer360.timeline import title_of
from integration.delivery import approve_skip, decline_skip
from integration.words import handler_in_words, process_of


def handler_of(request: SkipRequest) -> str:
    """What the handler does."""
    return handler_in_words(request.delivery.handler)


def delivery_of(request: SkipRequest) -> list[ui.Item]:
    """What is to be given up."""
    delivery = request.delivery
    return [ui.Item(handler_of(request), process_of(delivery.handler), url=ui.url_of(delivery), icon="route")]


def what_it_reacts_to(request: SkipRequest) -> str:
    """What happened, as the timeline tells it."""
    return title_of(request.delivery.record)


class SkipRequests(ui.ListScreen):
    """What somebody wants to give up, and what was decided."""

    model = SkipRequest
    route = "skips"
    title = _("Requests to skip")
    tip = _("A delivery whose work is in the books is given up by two people: one asks, another decides.")
    nav = ui.Nav(
        _("Requests to skip"), icon="skip-forward", order=86, counter=lambda _user: SkipRequest.objects.undecided().count(), hot=True
    )
    columns = (
        ui.Text(handler_of, _("Handler")),
        ui.Text(what_it_reacts_to, _("Because")),
        ui.Text("reason", _("Why"), muted=True),
        ui.Status(),
        ui.Person("asked_by", _("Asked by")),
        ui.Moment("asked_at", _("Asked"), sort="asked_at", muted=True),
    )
    related = ("delivery__record", "asked_by")
    search = ("delivery__handler", "reason")
    search_hint = _("Handler or reason")
    segments = (ui.Segment("asked", _("To decide"), "undecided"),)
    order = ("-pk",)
    empty = ui.Empty(_("Nobody wants to skip a delivery whose work is in the books."), "skip-forward")


class SkipRequestRecord(ui.RecordScreen):
    """One request: what is to be given up, why, and what went wrong with it."""

    model = SkipRequest
    route = "skips"
    related = ("delivery__record", "asked_by", "decided_by")
    remarks = (ui.Text(what_it_reacts_to), ui.Text("reason"))
    verbs = (
        ui.Verb(
            approve_skip,
            _("Approve"),
            to=SkipRequest.Status.APPROVED,
            slug="approve",
            danger=True,
            icon="skip-forward",
            confirm=_("The delivery is given up for good; what follows goes on."),
        ),
        ui.Verb(decline_skip, _("Decline"), to=SkipRequest.Status.DECLINED, slug="decline", icon="x"),
    )
    sections = (
        ui.Facts(
            cells=(
                ui.Text("reason", _("Why")),
                ui.Person("asked_by", _("Asked by")),
                ui.Moment("asked_at", _("Asked")),
                ui.Person("decided_by", _("Decided by")),
                ui.Moment("decided_at", _("Decided")),
            )
        ),
        ui.Items(title=_("Delivery"), items=delivery_of),
        ui.Panel(title=_("Last error"), body="console/_error.html", values=lambda row, _user: {"error": row.delivery.last_error}),
        ui.History(),
    )

    def heading(self) -> str:
        """What is to be given up."""
        return handler_of(self.record)
