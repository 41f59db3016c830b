"""What the CRM says of persons: leads are somebody before we know them, deals and activities are with somebody."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.guards import ERASED
from core.parties.models import Party
from core.people.models import User
from core.privacy.registry import Personal, Rule, Told
from frontoffice.crm.events import (
    ActivityDone,
    ActivityFellDue,
    ActivityLogged,
    ActivityRemoved,
    ActivityReopened,
    DealAssigned,
    DealLost,
    DealMoved,
    DealOpened,
    DealReopened,
    DealWon,
    LeadConverted,
    LeadCreated,
    LeadLost,
    LeadReopened,
)
from frontoffice.crm.models import Activity, Deal, Lead

PERSONAL = (
    Personal(
        Lead,
        rows=lambda whom: Lead.objects.filter(Q(party=whom.party_id) | whom.reached_at("email")),
        wipe={"name": ERASED, "company_name": "", "job_title": "", "email": "", "phone": "", "note": ""},
        keep={"lost_because": "why the business gave up"},
    ),
    Personal(
        Deal,
        rows=lambda whom: Deal.objects.filter(party=whom.party_id, party__kind=Party.Kind.PERSON),
        wipe={"name": ERASED, "note": "", "lost_note": ""},
    ),
    Personal(
        Activity,
        rows=lambda whom: Activity.objects.filter(
            Q(party=whom.party_id)
            | Q(lead__in=Lead.objects.filter(Q(party=whom.party_id) | whom.reached_at("email")))
            | Q(deal__party=whom.party_id)
        ),
        wipe={"subject": ERASED, "body": ""},
    ),
)
TOLD = (
    Told(LeadCreated, "lead_id", Lead, ("name", "company_name")),
    Told(LeadConverted, "lead_id", Lead, ("name",)),
    Told(LeadLost, "lead_id", Lead, ("name",)),
    Told(LeadReopened, "lead_id", Lead, ("name",)),
    *(Told(event, "deal_id", Deal, ("name",)) for event in (DealOpened, DealAssigned, DealMoved, DealWon, DealLost, DealReopened)),
    Told(DealAssigned, "owner_id", User, ("owner_name",)),
    Told(ActivityLogged, "activity_id", Activity, ("subject", "body")),
    Told(ActivityDone, "activity_id", Activity, ("subject", "body")),
    Told(ActivityRemoved, "activity_id", Activity, ("subject",)),
    Told(ActivityReopened, "activity_id", Activity, ("subject",)),
    Told(ActivityFellDue, "activity_id", Activity, ("subject", "about")),
)
NOT_PERSONAL = {
    "crm.Pipeline": "name",
    "crm.Stage": "name",
    "crm.LostReason": "name",
    "crm.Deal": "currency",
    "crm.DealLine": "description",
    "crm.LeadLost": "reason",
    "crm.DealMoved": "from_stage to_stage",
    "crm.DealLost": "reason",
}
RETENTION = (
    Rule(
        "lost_leads",
        _("Leads that came to nothing"),
        Lead,
        lambda until: Lead.objects.filter(status=Lead.Status.LOST, updated_at__lt=until).exclude(name=ERASED),
        days=730,
        note=_("That there was a lead, from where, and why it was lost, stays."),
    ),
)
