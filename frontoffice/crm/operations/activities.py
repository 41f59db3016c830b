"""Activities: logged, planned, done."""

from datetime import datetime

from django.utils.translation import gettext as _

from core import clock
from core.db import locked
from core.errors import Refused
from core.events.publishing import publish
from core.parties.models import Party
from core.people.models import User
from frontoffice.crm.events import ActivityDone, ActivityLogged
from frontoffice.crm.models import Activity, Deal, Lead


class AboutNobody(Refused):
    """An activity belongs to a customer, a deal or a lead."""


class NothingSaid(Refused):
    """An activity without a subject tells nobody anything."""


class DoneAlready(Refused):
    """It was done once."""


class WithoutDueTime(Refused):
    """What has no time is never done."""


def log_activity(
    *,
    kind: str,
    subject: str,
    body: str = "",
    party: Party | None = None,
    deal: Deal | None = None,
    lead: Lead | None = None,
    by: User,
) -> Activity:
    """Note what was just done: a call, a mail, a meeting, a thought. It belongs to the deal's customer unless said otherwise."""
    with locked(by=by):
        activity = _made(kind=kind, subject=subject, body=body, party=party, deal=deal, lead=lead, assignee=by)
        activity.done_at = clock.now()
        activity.save()
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
    *,
    kind: str,
    subject: str,
    due_at: datetime | None,
    body: str = "",
    assignee: User | None = None,
    party: Party | None = None,
    deal: Deal | None = None,
    lead: Lead | None = None,
    by: User,
) -> Activity:
    """Say what comes next, when, and whose it is (``by``'s unless said otherwise)."""
    if due_at is None:
        raise WithoutDueTime(_("A next step needs a time."), fix=_("Say until when."), field="due_at")
    with locked(by=by):
        activity = _made(kind=kind, subject=subject, body=body, party=party, deal=deal, lead=lead, assignee=assignee or by)
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


def _made(*, kind: str, subject: str, body: str, party: Party | None, deal: Deal | None, lead: Lead | None, assignee: User) -> Activity:
    if party is None and deal is None and lead is None:
        raise AboutNobody(_("An activity is about a customer, a deal or a lead."), fix=_("Choose one of them."), field="party")
    if not subject.strip():
        raise NothingSaid(_("An activity needs a subject."), fix=_("Say in a few words what it is."), field="subject")
    return Activity(
        kind=Activity.Kind(kind),
        subject=subject.strip()[:200],
        body=body,
        party=party or (deal.party if deal else None) or (lead.party if lead else None),
        deal=deal,
        lead=lead,
        assignee=assignee,
    )
