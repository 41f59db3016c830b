"""The screens of what waits for a second person, of where one is demanded, and of who holds duties that do not go together."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.approvals import forms
from core.approvals.conflicts import Found, by_person, by_role
from core.approvals.declaring import held_called
from core.approvals.models import Approval, SecondPerson, concerns
from core.approvals.operations import (
    approve_request,
    as_seen,
    decline_request,
    demand_second,
    explain_request,
    may_be_taken,
    may_decide,
    take_result,
    waive_second,
    what_would_change,
    withdraw_request,
)
from core.errors import Refused
from core.events.cause import current_cause
from core.people.models import CompanyRole, User
from core.web import refusals, ui
from core.web.registry import face_of, record_screen


def title_of(approval: Approval) -> str:
    """What is to be done."""
    return approval.title


class Concerned(ui.Screen):
    """Open to whoever may ask for something held, check it, or look at everything."""

    @classmethod
    def needed_permission(cls) -> str:
        """None of its own: the operations say who asks and who checks."""
        return ""

    @classmethod
    def may_open(cls, user: User) -> bool:
        """Whether there is anything here for them."""
        return concerns(user)


class Approvals(Concerned, ui.ListScreen):
    """What waits for a second person, and what was decided."""

    model = Approval
    route = ""
    name = "approvals"
    title = _("Approvals")
    tip = _("What one person does and another checks: payments voided, entries by hand, bank details, roles. Nobody checks their own.")
    nav = ui.Nav(
        _("Approvals"),
        icon="stamp",
        order=10,
        office="workspace",
        key="a",
        counter=lambda user: Approval.objects.waiting_for(user).count(),
        hot=True,
    )
    columns = (
        ui.Text(title_of, _("What")),
        ui.Text("subject", _("About"), phone="sub"),
        ui.Person("asked_by", _("Asked by"), sort="asked_by__name"),
        ui.Moment("asked_at", _("Asked"), sort="asked_at"),
        ui.Status(),
        ui.Person("decided_by", _("Decided by"), muted=True),
    )
    more_columns = (ui.Text("words", _("Why"), muted=True), ui.Moment("decided_at", _("Decided"), sort="decided_at", muted=True))
    related = ("asked_by", "decided_by")
    search = ("subject", "words", "asked_by__name")
    search_hint = _("What it is about, or who asked")
    segments = (
        ui.Segment("waiting", _("Waiting for me"), "waiting_for_me"),
        ui.Segment("mine", _("Asked by me"), "asked_by_me"),
        ui.Segment("open", _("Undecided"), "undecided"),
        ui.Segment("decided", _("Decided"), "decided"),
    )
    start_segment = "waiting"
    order = ("-pk",)
    empty = ui.Empty(_("Nothing waits for your word. What a second person has to check comes here by itself."), "stamp")

    def crumbs(self) -> list[ui.Crumb]:
        """It stands in the workspace."""
        return [ui.Crumb(self.title)]

    def actions(self) -> list[ui.Action]:
        """Where a second person is demanded, and who holds too much, stand on pages of their own."""
        conflicts = [ui.Action(_("Conflicts"), Conflicts.url(), "scale")] if Conflicts.may_open(self.user) else []
        rules = [ui.Action(_("Rules"), SecondPersons.url(), "settings-2")] if SecondPersons.may_open(self.user) else []
        return [*conflicts, *rules, *super().actions()]


def about(approval: Approval) -> list[ui.Item]:
    """The record it is about, and what came of it, each with its page for who may open it."""
    found = []
    if approval.object_id is not None:
        url = page_of(approval.kind, approval.object_id)
        found.append(ui.Item(approval.subject, gettext("What it is about"), url=url, icon="file-text"))
    if approval.result_id is not None and (approval.result_kind, approval.result_id) != (approval.kind, approval.object_id):
        url = page_of(approval.result_kind, approval.result_id)
        found.append(ui.Item(gettext("What came of it"), url=url, icon="circle-check"))
    return found


def page_of(kind: str, pk: int) -> str:
    """The page of a record, when whoever looks may open it."""
    screen, person = record_screen(kind), current_cause().actor
    return ui.url_for(kind, pk) if screen is not None and person is not None and screen.may_open(person) else ""


def changes(approval: Approval, user: User) -> dict[str, Any]:
    """What would change, line by line, as far as somebody may see it; or why that cannot be told."""
    try:
        lines = what_would_change(approval)
    except Refused as refusal:
        return {"lines": [], "told": refusals.told(refusal)}
    return {"lines": as_seen(lines, user), "told": ""}


def is_maker(approval: Approval, user: User) -> bool:
    """Whether somebody asked for it and it still waits."""
    return approval.is_open and approval.asked_by_id == user.pk


class ApprovalRecord(Concerned, ui.RecordScreen):
    """One thing that waits: who wants it, what would change, and who decided."""

    model = Approval
    route = ""
    related = ("asked_by", "decided_by")
    remarks = (ui.Text("subject"), ui.Person("asked_by"), ui.Moment("asked_at"))
    verbs = (
        ui.Verb(decline_request, _("Decline"), slug="decline", form=forms.DeclineForm, who=may_decide, icon="x", sensitive=True),
        ui.Verb(
            approve_request,
            _("Approve"),
            slug="approve",
            who=may_decide,
            primary=True,
            icon="check",
            confirm=_("It is done at once, in the name of who asked for it."),
            done=_("Approved and done."),
            sensitive=True,
        ),
        ui.Verb(
            explain_request,
            _("Say why"),
            slug="explain",
            form=forms.WordsForm,
            who=is_maker,
            icon="message-square",
            initial=lambda approval: {"words": approval.words},
        ),
        ui.Verb(
            withdraw_request,
            _("Withdraw"),
            slug="withdraw",
            who=is_maker,
            icon="undo-2",
            confirm=_("Nobody needs to look at it any more. Nothing was done."),
        ),
    )
    sections = (
        ui.Panel(title=_("What would change"), when=lambda approval: approval.is_open, body="approvals/_changes.html", values=changes),
        ui.Panel(title=_("What was to change"), when=lambda approval: not approval.is_open, body="approvals/_changes.html", values=changes),
        ui.Facts(
            cells=(
                ui.Text("words", _("Why")),
                ui.Person("asked_by", _("Asked by")),
                ui.Moment("asked_at", _("Asked")),
                ui.Person("decided_by", _("Decided by")),
                ui.Moment("decided_at", _("Decided")),
                ui.Text("declined_because", _("Why not")),
            )
        ),
        ui.Items(title=_("Record"), items=about, empty=_("It will be a new record."), place="side"),
        ui.Timeline(writes=False),
        ui.History(),
    )

    def heading(self) -> str:
        """What is to be done."""
        return str(self.record.title)

    def links(self) -> list[ui.Action]:
        """What only its maker may see is taken on a page of its own."""
        if self.record.asked_by_id != self.user.pk or not may_be_taken(self.record):
            return []
        return [ui.Action(_("Take it"), TakeResult.url(self.record.pk), "key-round", primary=True)]


class TakeResult(Concerned):
    """Makes what was approved, and shows its maker what is secret about it, once."""

    model = Approval
    route = "<int:pk>/take"
    name = "take"
    title = _("Take what was approved")
    template_name = "approvals/take.html"
    sensitive = True

    @cached_property
    def approval(self) -> Approval:
        """What was approved."""
        return get_object_or_404(Approval.objects.visible_to(self.user), pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Asks who may take it first: it is shown once. Everybody else is led to where it stands."""
        mine = self.approval.asked_by_id == self.user.pk
        return self.show() if mine and may_be_taken(self.approval) else redirect(ui.url_of(self.approval))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make it; the browser keeps no copy."""
        if self.approval.asked_by_id != self.user.pk:
            raise PermissionDenied
        _approval, secret = take_result(self.approval, by=self.user)
        shown = self.show(secret=secret)
        shown.headers["Cache-Control"] = "no-store"
        return shown

    def heading(self) -> str:
        """What it is."""
        return str(self.approval)

    def crumbs(self) -> list[ui.Crumb]:
        """Approvals, the one, this."""
        return [self.list_crumb(), ui.Crumb(str(self.approval), ui.url_of(self.approval)), ui.Crumb(self.title)]

    def context(self) -> dict[str, Any]:
        """Where to go afterwards."""
        return {"back": ui.url_of(self.approval)}


def module_of(rule: SecondPerson) -> str:
    """The module it is done in."""
    return str(face_of(rule.operation.partition(".")[0]).label)


def checks_it(rule: SecondPerson) -> str:
    """What its checker has to be allowed."""
    held = held_called(rule.operation)
    return held.right if held else gettext("This release does not know the operation.")


def who_checks(rule: SecondPerson) -> list[ui.Item]:
    """The people who may check it."""
    held = held_called(rule.operation)
    return _who_may(held.needs) if held else []


def who_does(rule: SecondPerson) -> list[ui.Item]:
    """The people who may do it."""
    held = held_called(rule.operation)
    return _who_may(held.permission) if held else []


def _who_may(right: str) -> list[ui.Item]:
    people = User.objects.who_may(right).order_by("name", "pk")
    return [ui.Item(user.name, user.job_title, url=ui.url_of(user), avatar=user.name) for user in people]


class SecondPersons(ui.ListScreen):
    """Where a second person is demanded."""

    model = SecondPerson
    route = "rules"
    name = "rules"
    title = _("Where a second person is demanded")
    hint = _("You decide it for each deed. Where one is demanded nobody does it alone: not you, and no program.")
    columns = (
        ui.Text(str, _("What")),
        ui.Text(module_of, _("Where"), muted=True),
        ui.YesNo("demanded", _("Demanded"), phone="state"),
        ui.Moment("updated_at", _("Since"), muted=True),
    )
    segments = (ui.Segment("demanded", _("Demanded"), lambda rows: rows.filter(demanded=True)),)
    order = ("operation", "pk")
    page_size = 100
    empty = ui.Empty(_("The rules appear with the next update of the database."), "stamp")

    @classmethod
    def list_kind(cls) -> str:
        """The one list of rules."""
        return SecondPerson._meta.label_lower

    def crumbs(self) -> list[ui.Crumb]:
        """Approvals, then this."""
        return [ui.Crumb(_("Approvals"), reverse("approvals:approvals")), ui.Crumb(self.title)]

    def nav_name(self) -> str:
        """It belongs to the approvals."""
        return "approvals:approvals"


class SecondPersonRecord(ui.RecordScreen):
    """One rule: who does it, who may check it, and whether somebody has to."""

    model = SecondPerson
    route = "rules"
    name = "rule"
    status = None
    remarks = (
        ui.Text(module_of),
        ui.Text(lambda rule: gettext("A second person is demanded") if rule.demanded else gettext("Everybody decides alone")),
    )
    verbs = (
        ui.Verb(
            demand_second,
            _("Demand a second person"),
            slug="demand",
            icon="users",
            primary=True,
            when=lambda rule: not rule.demanded,
            confirm=_("From now on it waits until somebody else has checked it, whoever does it."),
            sensitive=True,
        ),
        ui.Verb(
            waive_second,
            _("Do without"),
            slug="waive",
            icon="user",
            danger=True,
            when=lambda rule: rule.demanded,
            confirm=_("Everybody who may do it does it alone again. Where there is another owner, they have to agree."),
            sensitive=True,
        ),
    )
    sections = (
        ui.Facts(cells=(ui.YesNo("demanded", _("Demanded")), ui.Text(module_of, _("Where")), ui.Text(checks_it, _("Who checks it may")))),
        ui.Items(title=_("Who does it"), items=who_does, place="main", empty=_("Nobody may do it.")),
        ui.Items(title=_("Who may check it"), items=who_checks, place="main", empty=_("Nobody may check it.")),
        ui.History(),
    )

    def nav_name(self) -> str:
        """It belongs to the approvals."""
        return "approvals:approvals"


class Conflicts(ui.ReportScreen):
    """Who holds duties that do not go together."""

    route = "conflicts"
    title = _("Conflicts of duties")
    hint = _("Two duties in one hand, and what could go wrong. Where a second person is demanded, holding both does no harm.")
    permission = "approvals.view_conflicts"
    nav = ui.Nav(_("Conflicts of duties"), icon="scale", order=90)
    form_class = forms.ConflictsForm

    def report(self, data: dict[str, Any]) -> ui.Report:
        """A line for each pair that somebody holds."""
        every = by_role() if data.get("by") == "role" else by_person()
        left = [found for found in every if not found.eased]
        shown = left if data.get("only_open") else every
        words = ngettext("%(count)s conflict that no rule eases", "%(count)s conflicts that no rule eases", len(left)) % {
            "count": len(left)
        }
        heads = (
            ui.Head(_("Role") if data.get("by") == "role" else _("Person")),
            ui.Head(_("What could go wrong")),
            ui.Head(_("Duties"), under=True),
            ui.Head(_("By the roles"), detail=True),
            ui.Head(_("Eased")),
        )
        return ui.Report(heads, [_row(found) for found in shown], note=words, wide=True)


def _row(found: Found) -> ui.Row:
    """One line of the report."""
    roles = "" if isinstance(found.holder, CompanyRole) else ", ".join(role.name for role in found.roles)
    eased = gettext("By a second person") if found.eased else gettext("No")
    duties = f"{found.conflict.one.title} · {found.conflict.other.title}"
    return ui.Row((found.holder.name, str(found.conflict.danger), duties, roles, eased), url=ui.url_of(found.holder))
