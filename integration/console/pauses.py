"""The screens of handlers that somebody has stopped for a while."""

from django.utils.translation import gettext_lazy as _

from core.events.models import Delivery, HandlerPause
from core.web import ui
from integration.console.forms import PauseForm
from integration.delivery import pause_handler, resume_handler
from integration.words import handler_in_words, process_of


def handler_of(pause: HandlerPause) -> str:
    """What the handler does."""
    return handler_in_words(pause.handler)


def process_of_pause(pause: HandlerPause) -> str:
    """The process it is a step of."""
    return process_of(pause.handler)


class Pauses(ui.ListScreen):
    """Which handlers are stopped, since when and why, and which were."""

    model = HandlerPause
    route = "pauses"
    title = _("Paused handlers")
    tip = _("What a paused handler should react to waits as it is, and goes on in order when the pause ends.")
    nav = ui.Nav(_("Paused handlers"), icon="circle-pause", order=84, counter=lambda _user: HandlerPause.objects.active().count(), hot=True)
    columns = (
        ui.Text(handler_of, _("Handler"), sort="handler"),
        ui.Text(process_of_pause, _("Process"), muted=True),
        ui.Text("reason", _("Why"), muted=True),
        ui.Person("paused_by", _("By")),
        ui.Moment("paused_at", _("Since"), sort="paused_at"),
        ui.Moment("ended_at", _("Ended"), muted=True),
    )
    more_columns = (ui.Text("handler", _("Name in the code"), muted=True),)
    related = ("paused_by",)
    search = ("handler", "reason")
    search_hint = _("Handler or reason")
    segments = (ui.Segment("active", _("Paused now"), "active"),)
    order = ("-pk",)
    create = "console:handlerpause-new"
    create_label = _("Pause a handler")
    empty = ui.Empty(_("No handler was ever stopped."), "circle-pause")


class Pause(ui.RecordScreen):
    """One pause: why it is, and what waits for its end."""

    model = HandlerPause
    route = "pauses"
    status = None
    related = ("paused_by", "ended_by")
    remarks = (ui.Text(process_of_pause), ui.Moment("paused_at"))
    verbs = (
        ui.Verb(
            resume_handler, _("Let it go on"), slug="resume", primary=True, icon="circle-play", when=lambda pause: pause.ended_at is None
        ),
    )
    sections = (
        ui.Facts(
            cells=(
                ui.Text("reason", _("Why")),
                ui.Text("handler", _("Name in the code")),
                ui.Person("paused_by", _("Paused by")),
                ui.Moment("paused_at", _("Since")),
                ui.Number(lambda pause: Delivery.objects.unfinished().filter(handler=pause.handler).count(), _("Deliveries that wait")),
                ui.Person("ended_by", _("Ended by")),
                ui.Moment("ended_at", _("Ended")),
            )
        ),
        ui.History(),
    )

    def heading(self) -> str:
        """What the handler does."""
        return handler_of(self.record)


class NewPause(ui.CreateScreen):
    """Stop a handler."""

    model = HandlerPause
    route = "pauses"
    title = _("Pause a handler")
    form_class = PauseForm
    operation = pause_handler
    submit = _("Pause")
    wide = ("reason",)
