"""Activities: logged, planned, done."""

from datetime import datetime

from django.utils.translation import gettext as _

from core import clock
from core.db import locked
from core.errors import Refused
from core.events.publishing import publish
from core.parties.models import Party
from core.people.models import User
from core.removal import remove_row
from frontoffice.crm.events import ActivityDone, ActivityFellDue, ActivityLogged, ActivityRemoved, ActivityReopened
from frontoffice.crm.models import Activity, Deal, Lead

About = Party | Deal | Lead
"""What an activity is about. One about a deal, or about a converted lead, belongs to its customer too."""


MOST_AT_ONCE = 100
"""So many reminders at most are written in one transaction."""


class NothingSaid(Refused):
    """An activity without a subject tells nobody anything."""


class DoneAlready(Refused):
    """It was done once."""


class NotDone(Refused):
    """It still stands on the list."""


class NeverPlanned(Refused):
    """What was noted afterwards cannot be still to do."""


class NotYetDone(Refused):
    """What lies ahead is planned, not noted."""


class WithoutDueTime(Refused):
    """What has no time is never done."""


def log_activity(
    about: About, *, kind: str, subject: str, body: str = "", done_at: datetime | None = None, assignee: User | None = None, by: User
) -> Activity:
    """Note what was done: a call, a mail, a meeting, a thought. Just now and by ``by``, unless said otherwise."""
    now = clock.now()
    if done_at is not None and done_at > now:
        raise NotYetDone(_("What was done lies in the past."), fix=_("Plan it as a next step instead."), field="done_at")
    with locked(by=by):
        activity = _made(about, kind=kind, subject=subject, body=body, assignee=assignee or by)
        activity.done_at = done_at or now
        activity.save()
        with clock.at(activity.done_at):
            publish(
                ActivityLogged(
                    activity_id=activity.pk,
                    party_id=activity.party_id,
                    deal_id=activity.deal_id,
                    lead_id=activity.lead_id,
                    kind=activity.kind,
                    subject=activity.subject,
                    body=activity.body,
                )
            )
    return activity


def plan_activity(
    about: About, *, kind: str, subject: str, due_at: datetime | None, body: str = "", assignee: User | None = None, by: User
) -> Activity:
    """Say what comes next, when, and whose it is (``by``'s unless said otherwise)."""
    if due_at is None:
        raise WithoutDueTime(_("A next step needs a time."), fix=_("Say until when."), field="due_at")
    with locked(by=by):
        activity = _made(about, kind=kind, subject=subject, body=body, assignee=assignee or by)
        activity.due_at = due_at
        activity.save()
    return activity


def complete_activity(activity: Activity, *, outcome: str = "", by: User) -> Activity:
    """Tick a next step off; ``outcome`` is added to its details."""
    with locked(activity, by=by) as activity:
        if activity.is_done:
            raise DoneAlready(_("%(activity)s is done already.") % {"activity": activity}, fix=_("Plan the next step."))
        activity.done_at = clock.now()
        activity.body = "\n\n".join(part for part in (activity.body, outcome.strip()) if part)
        activity.save(update_fields=["done_at", "body"])
        publish(
            ActivityDone(
                activity_id=activity.pk,
                party_id=activity.party_id,
                deal_id=activity.deal_id,
                lead_id=activity.lead_id,
                kind=activity.kind,
                subject=activity.subject,
                body=activity.body,
            )
        )
    return activity


def reopen_activity(activity: Activity, *, by: User) -> Activity:
    """Put a next step that was ticked off back on the list: it is due when it was. What was only noted was never on it."""
    with locked(activity, by=by) as activity:
        if not activity.is_done:
            raise NotDone(_("%(activity)s is not done.") % {"activity": activity}, fix=_("Load it again to see where it stands now."))
        if activity.due_at is None:
            raise NeverPlanned(
                _("%(activity)s was noted after it was done: it was never planned.") % {"activity": activity}, fix=_("Plan the next step.")
            )
        activity.done_at = None
        activity.save(update_fields=["done_at"])
        publish(
            ActivityReopened(
                activity_id=activity.pk,
                party_id=activity.party_id,
                deal_id=activity.deal_id,
                lead_id=activity.lead_id,
                kind=activity.kind,
                subject=activity.subject,
            )
        )
    return activity


def remove_activity(activity: Activity, *, by: User) -> About:
    """Forget an activity that was noted or planned by mistake. What it said stays in the trail. Gives back what it was about."""
    with locked(activity, by=by) as activity:
        removed = ActivityRemoved(
            activity_id=activity.pk,
            party_id=activity.party_id,
            deal_id=activity.deal_id,
            lead_id=activity.lead_id,
            kind=activity.kind,
            subject=activity.subject,
        )
        about = activity.deal or activity.lead or activity.party
        remove_row(activity)
        publish(removed)
    assert about
    return about


def remind_of_activities(*, by: User, most: int = MOST_AT_ONCE) -> int:
    """Say of the next steps whose time has come that it has: of each once, the longest due first. Gives back of how many."""
    due = Activity.objects.unannounced()
    with locked(due.filter(pk__in=list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:most])), by=by) as activities:
        for activity in activities:
            activity.reminded_at = clock.now()
            activity.save(update_fields=["reminded_at"])
            about = activity.deal or activity.party or activity.lead
            publish(
                ActivityFellDue(
                    activity_id=activity.pk,
                    assignee_id=activity.assignee_id,
                    subject=activity.subject,
                    about=str(about),
                    due_at=activity.due_at,
                )
            )
    return len(activities)


def _made(about: About, *, kind: str, subject: str, body: str, assignee: User) -> Activity:
    if not subject.strip():
        raise NothingSaid(_("An activity needs a subject."), fix=_("Say in a few words what it is."), field="subject")
    return Activity(
        kind=Activity.Kind(kind),
        subject=subject.strip()[:200],
        body=body,
        party=about if isinstance(about, Party) else about.party,
        deal=about if isinstance(about, Deal) else None,
        lead=about if isinstance(about, Lead) else None,
        assignee=assignee,
    )
