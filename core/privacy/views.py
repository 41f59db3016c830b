"""The screens of what persons ask of us about themselves, and of how long things are kept."""

from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core import clock
from core.parties.models import Party
from core.privacy import exporting, forms  # noqa: F401 - the job registers with the screens
from core.privacy.models import PrivacyRequest, Retention
from core.privacy.operations import change_retention, erase_person, export_person, receive_request, refuse_request
from core.privacy.registry import rule_of
from core.web import ui


class Requests(ui.ListScreen):
    """Who asks what we know of them, or to be erased."""

    model = PrivacyRequest
    route = "requests"
    title = _("Privacy requests")
    nav = ui.Nav(_("Privacy requests"), icon="shield-user", order=40, counter=lambda _user: PrivacyRequest.objects.open().count())
    columns = (
        ui.Text("whom", _("Who")),
        ui.Status("kind", _("Wants")),
        ui.Status(),
        ui.Day("received_on", _("Received"), sort="received_on"),
        ui.Day("due_on", _("Due"), sort="due_on", late=lambda request: request.is_open and request.due_on < clock.today()),
        ui.Person("recorded_by", _("Taken by"), muted=True),
    )
    related = ("party", "user", "recorded_by")
    search = ("party__name", "user__name", "email")
    search_hint = _("Name or e-mail")
    segments = (ui.Segment("open", _("Open"), "open"), ui.Segment("late", _("Late"), "late"))
    start_segment = "open"
    order = ("due_on", "pk")
    create = "privacy:privacyrequest-new"
    empty = ui.Empty(_("Whoever asks what we know of them, or to be erased, gets an answer within a month."), "shield-user")


class RequestRecord(ui.RecordScreen):
    """One request: who, what, until when, and what may be done."""

    model = PrivacyRequest
    route = "requests"
    related = ("party", "user", "recorded_by")
    remarks = (ui.Status("kind"), ui.Day("due_on", late=lambda request: request.is_open and request.due_on < clock.today()))
    verbs = (
        ui.Verb(
            export_person,
            _("Gather what we know"),
            icon="file-down",
            slug="export",
            primary=True,
            done=_("It is being gathered. You are told when the file is ready."),
        ),
        ui.Verb(
            erase_person,
            _("Erase"),
            icon="user-round-x",
            slug="erase",
            danger=True,
            when=lambda request: request.kind == PrivacyRequest.Kind.ERASURE,
            to=PrivacyRequest.Status.DONE,
            confirm=_(
                "Names, addresses and words of this person give way to marks everywhere, in the trail as well. The books stay. "
                "Nobody can take it back; look through the mentions in what was gathered first."
            ),
            sensitive=True,
        ),
        ui.Verb(refuse_request, _("Refuse"), form=forms.ReasonForm, icon="ban", slug="refuse", to=PrivacyRequest.Status.REFUSED),
    )
    sections = (
        ui.Facts(
            cells=(
                ui.Link("party", _("Person")),
                ui.Person("user", _("Colleague")),
                ui.Text("email", _("E-mail")),
                ui.Text("how", _("How they asked")),
                ui.Day("received_on", _("Received"), exact=True),
                ui.Day("due_on", _("Due"), exact=True),
                ui.Moment("ended_at", _("Answered")),
                ui.Text("refused_because", _("Why not")),
                ui.Person("recorded_by", _("Taken by")),
            )
        ),
        ui.Timeline(),
        ui.History(),
    )


class NewRequest(ui.CreateScreen):
    """Take down a request."""

    model = PrivacyRequest
    route = "requests"
    permission = "privacy.receive_request"
    form_class = forms.RequestForm
    operation = receive_request

    def initial(self) -> dict[str, object]:
        """Received today; of the person one comes from."""
        return {**super().initial(), "received_on": timezone.localdate(), "party": self.request.GET.get("party", "")}


def days_of(retention: Retention) -> str:
    """How long, in words."""
    if not retention.days:
        return gettext("For ever")
    return ngettext("%(count)s day", "%(count)s days", retention.days) % {"count": retention.days}


def note_of(retention: Retention) -> str:
    """What stays."""
    rule = rule_of(retention.rule)
    return str(rule.note) if rule else gettext("This release does not know the rule.")


class Retentions(ui.ListScreen):
    """How long things are kept."""

    model = Retention
    route = "retention"
    name = "retention"
    title = _("How long things are kept")
    nav = ui.Nav(_("Retention"), icon="hourglass", order=41)
    columns = (
        ui.Text(str, _("What")),
        ui.Number("days", _("Days"), edit=ui.Inline(change_retention, forms.RetentionForm, "days"), phone="amount"),
        ui.Text(note_of, _("What stays"), muted=True),
        ui.Moment("applied_at", _("Last looked"), muted=True),
        ui.Number("removed", _("Forgotten so far")),
    )
    order = ("pk",)
    empty = ui.Empty(_("The rules appear with the next update of the database."), "hourglass")


class RetentionRecord(ui.RecordScreen):
    """One rule."""

    model = Retention
    route = "retention"
    name = "retention-rule"
    status = None
    remarks = (ui.Text(days_of),)
    verbs = (
        ui.Verb(
            change_retention,
            _("Change"),
            form=forms.RetentionForm,
            initial=lambda retention: {"days": retention.days},
            icon="pencil",
            slug="change",
            primary=True,
        ),
    )
    sections = (
        ui.Facts(
            cells=(
                ui.Text(days_of, _("Kept")),
                ui.Text(note_of, _("What stays")),
                ui.Moment("applied_at", _("Last looked")),
                ui.Number("removed", _("Forgotten so far")),
            ),
            keep_empty=True,
        ),
        ui.History(),
    )


ui.provide_lookup(
    ui.Lookup(
        "privacy.person",
        rows=lambda: Party.objects.filter(kind=Party.Kind.PERSON),
        search=("name", "legal_name"),
        permission="privacy.receive_request",
    )
)
