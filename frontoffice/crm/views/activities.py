"""The screens of activities, and the verbs that log and plan them."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core import clock
from core.people.models import User
from core.web import ui
from frontoffice.crm import forms
from frontoffice.crm.models import Activity
from frontoffice.crm.operations import complete_activity, log_activity, plan_activity, remove_activity, reopen_activity

LOG = ui.Verb(log_activity, _("Log activity"), form=forms.LogActivityForm, icon="notebook-pen", permission="crm.log_activity", tucked=True)
PLAN = ui.Verb(
    plan_activity, _("Plan next step"), form=forms.PlanActivityForm, icon="calendar-plus", permission="crm.plan_activity", tucked=True
)


def is_late(activity: Activity) -> bool:
    """Whether it should have been done by now."""
    return activity.done_at is None and activity.due_at is not None and activity.due_at < clock.now()


def activities_of(record: Any) -> QuerySet[Activity]:
    """What was done about a record and is to be done next: the next steps first, then the newest."""
    rows: QuerySet[Activity] = record.activities.select_related("assignee").order_by("done_at", "due_at", "pk")
    return rows.reverse()


TABLE = ui.Table(
    title=_("Activities"),
    rows=activities_of,
    linked=True,
    empty=_("Nothing was done yet. Log a call, or plan the next step."),
    cells=(
        ui.Text("subject", _("Subject")),
        ui.Text("get_kind_display", _("Kind"), muted=True),
        ui.Person("assignee", _("Who")),
        ui.Moment("due_at", _("Due"), phone="state"),
        ui.Moment("done_at", _("Done"), phone="amount"),
    ),
)


class Activities(ui.ListScreen):
    """All activities."""

    model = Activity
    route = "activities"
    title = _("Activities")
    hint = _("What was done for customers, and what comes next.")
    nav = ui.Nav(
        _("Activities"),
        icon="calendar-check",
        order=40,
        key="a",
        counter=lambda user: Activity.objects.overdue().filter(assignee=user).count(),
        hot=True,
    )
    columns = (
        ui.Text("subject", _("Subject"), sort="subject"),
        ui.Text("get_kind_display", _("Kind"), muted=True),
        ui.Party("party", _("Customer"), link=False, phone="sub"),
        ui.Link("deal", _("Deal")),
        ui.Link("lead", _("Lead")),
        ui.Person("assignee", _("Who"), sort="assignee__name"),
        ui.Moment("due_at", _("Due"), sort="due_at", phone="amount"),
        ui.Moment("done_at", _("Done"), sort="done_at", muted=True),
    )
    bulk = (ui.Bulk("complete", undo=reopen_activity), "reopen", "remove")
    related = ("party", "deal", "lead", "assignee")
    search = ("subject", "body", "party__name", "deal__name", "lead__name")
    search_hint = _("Subject, customer or deal")
    segments = (
        ui.Segment("planned", _("To do"), "planned"),
        ui.Segment("overdue", _("Overdue"), "overdue"),
        ui.Segment("done", _("Done"), "done"),
    )
    start_segment = "planned"
    filters = (
        ui.Select(
            "assignee",
            _("Anyone"),
            lambda: User.objects.filter(activities__isnull=False).distinct().values_list("pk", "name"),
            icon="user-round",
        ),
        ui.Select("kind", _("Any kind"), lambda: Activity.Kind.choices),
    )
    order = ("due_at", "-pk")
    create = "crm:activity-new"
    create_label = _("Plan next step")
    empty = ui.Empty(_("Nothing is planned. Decide what comes next for a customer."), "calendar-check")


class ActivityRecord(ui.RecordScreen):
    """One activity."""

    model = Activity
    route = "activities"
    related = ("party", "deal", "lead", "assignee")
    status = None
    remarks = (ui.Text("get_kind_display"), ui.Party("party"), ui.Person("assignee"), ui.Moment("due_at"))
    verbs = (
        ui.Verb(
            complete_activity,
            _("Done"),
            form=forms.OutcomeForm,
            primary=True,
            icon="check",
            when=lambda activity: not activity.is_done,
        ),
        ui.Verb(
            reopen_activity,
            _("Reopen"),
            when=lambda activity: activity.is_done and activity.due_at is not None,
            tucked=True,
            icon="rotate-ccw",
        ),
        ui.Verb(
            remove_activity,
            _("Remove"),
            danger=True,
            icon="trash-2",
            tucked=True,
            confirm=_("It was noted or planned by mistake; that it was removed stays in the history."),
        ),
    )
    sections = (
        ui.Facts(
            cells=(
                ui.Party("party", _("Customer")),
                ui.Link("deal", _("Deal")),
                ui.Link("lead", _("Lead")),
                ui.Person("assignee", _("Who")),
                ui.Moment("due_at", _("Due")),
                ui.Moment("reminded_at", _("Reminded")),
                ui.Moment("done_at", _("Done")),
            )
        ),
        ui.Facts(title=_("Note"), place="main", cells=(ui.Text("body", ""),), when=lambda activity: bool(activity.body)),
        ui.Timeline(),
        ui.History(),
    )


class NewActivity(ui.CreateScreen):
    """Plan the next step for a customer."""

    model = Activity
    route = "activities"
    title = _("Plan next step")
    form_class = forms.NewActivityForm
    operation = plan_activity

    def perform(self, data: dict[str, Any]) -> Activity:
        """Plan it."""
        return plan_activity(data.pop("about"), by=self.user, **data)
