"""Leads, deals and activities in the API."""

from django.utils.translation import gettext as _

from core.api.viewsets import Facts, Nothing, OperationViewSet, change, creation, verb
from core.errors import Refused
from core.people.models import User
from core.printing.api import PapersMixin
from frontoffice.crm import operations, serializers
from frontoffice.crm.models import Activity, Deal, DealLine, Lead, LostReason, Pipeline


class LineOfAnother(Refused):
    """The line belongs to another record than the one addressed."""


class LeadViewSet(OperationViewSet[Lead]):
    """People who might want to buy."""

    queryset = Lead.objects.order_by("-pk")
    serializer_class = serializers.LeadSerializer
    expandable = {"owner": "people.user", "party": "parties.party", "deal": "crm.deal"}
    filterset_fields = {"status": ["exact"], "owner": ["exact"], "source": ["exact"]}
    search_fields = ("name", "company_name", "email", "phone")
    ordering_fields = ("name", "created_at")

    @creation("crm.create_lead", takes=serializers.CreateLeadSerializer)
    def create(self, facts: Facts, by: User) -> Lead:
        """Note somebody who might want to buy."""
        return operations.create_lead(by=by, **facts)

    @change("crm.update_lead", takes=serializers.UpdateLeadSerializer)
    def partial_update(self, lead: Lead, facts: Facts, by: User) -> Lead:
        """Correct what we know about a lead."""
        return operations.update_lead(lead, by=by, **facts)

    @verb("crm.take_lead")
    def take(self, lead: Lead, facts: Facts, by: User) -> Lead:
        """Make a new lead one's own."""
        return operations.take_lead(lead, by=by)

    @verb("crm.give_back_lead")
    def give_back(self, lead: Lead, facts: Facts, by: User) -> Lead:
        """Let go of a lead: it is nobody's again."""
        return operations.give_back_lead(lead, by=by)

    @verb("crm.convert_lead", takes=serializers.ConvertLeadSerializer, gives=serializers.DealSerializer)
    def convert(self, lead: Lead, facts: Facts, by: User) -> Deal:
        """Turn a lead into a deal; answers with the deal."""
        return operations.convert_lead(lead, by=by, **facts)

    @verb("crm.lose_lead", takes=serializers.LoseLeadSerializer)
    def lose(self, lead: Lead, facts: Facts, by: User) -> Lead:
        """Give a lead up."""
        return operations.lose_lead(lead, by=by, **facts)

    @verb("crm.reopen_lead")
    def reopen(self, lead: Lead, facts: Facts, by: User) -> Lead:
        """Work on a lost lead again."""
        return operations.reopen_lead(lead, by=by)

    @verb("crm.log_activity", takes=serializers.LogActivitySerializer, gives=serializers.ActivitySerializer)
    def log_activity(self, lead: Lead, facts: Facts, by: User) -> Activity:
        """Note what was just done."""
        return operations.log_activity(lead, by=by, **facts)

    @verb("crm.plan_activity", takes=serializers.PlanActivitySerializer, gives=serializers.ActivitySerializer)
    def plan_activity(self, lead: Lead, facts: Facts, by: User) -> Activity:
        """Say what comes next."""
        return operations.plan_activity(lead, by=by, **facts)


class DealViewSet(PapersMixin, OperationViewSet[Deal]):
    """Sales that are worked for."""

    queryset = Deal.objects.select_related("stage", "party").prefetch_related("lines").order_by("-pk")
    serializer_class = serializers.DealSerializer
    expandable = {"party": "parties.party", "owner": "people.user", "lines.product": "catalog.product"}
    filterset_fields = {"status": ["exact"], "party": ["exact"], "stage": ["exact"], "owner": ["exact"]}
    search_fields = ("name", "party__name")
    ordering_fields = ("name", "amount", "expected_close_date", "created_at")

    @creation("crm.open_deal", takes=serializers.OpenDealSerializer)
    def create(self, facts: Facts, by: User) -> Deal:
        """Start working for a sale."""
        return operations.open_deal(lines=_offered(facts), by=by, **facts)

    @change("crm.update_deal", takes=serializers.UpdateDealSerializer)
    def partial_update(self, deal: Deal, facts: Facts, by: User) -> Deal:
        """Change an open deal."""
        lines = _offered(facts) if "lines" in facts else None
        return operations.update_deal(deal, lines=lines, by=by, **facts)

    @verb("crm.move_deal", takes=serializers.MoveDealSerializer)
    def move(self, deal: Deal, facts: Facts, by: User) -> Deal:
        """Put an open deal into another stage."""
        return operations.move_deal(deal, facts["stage"], by=by)

    @verb("crm.update_deal", takes=serializers.NewDealLineSerializer)
    def add_line(self, deal: Deal, facts: Facts, by: User) -> Deal:
        """Offer one more thing."""
        return operations.add_line(deal, by=by, **facts).deal

    @verb("crm.update_deal", takes=serializers.ChangeDealLineSerializer)
    def change_line(self, deal: Deal, facts: Facts, by: User) -> Deal:
        """Change one line."""
        return operations.change_line(_line(deal, facts), by=by, **facts).deal

    @verb("crm.update_deal", takes=serializers.RemoveDealLineSerializer)
    def remove_line(self, deal: Deal, facts: Facts, by: User) -> Deal:
        """Offer it no longer."""
        return operations.remove_line(_line(deal, facts), by=by)

    @verb("crm.win_deal")
    def win(self, deal: Deal, facts: Facts, by: User) -> Deal:
        """The customer said yes: an order follows."""
        return operations.win_deal(deal, by=by)

    @verb("crm.lose_deal", takes=serializers.LoseDealSerializer)
    def lose(self, deal: Deal, facts: Facts, by: User) -> Deal:
        """The customer said no."""
        return operations.lose_deal(deal, by=by, **facts)

    @verb("crm.reopen_deal")
    def reopen(self, deal: Deal, facts: Facts, by: User) -> Deal:
        """Work on a lost deal again."""
        return operations.reopen_deal(deal, by=by)

    @verb("crm.log_activity", takes=serializers.LogActivitySerializer, gives=serializers.ActivitySerializer)
    def log_activity(self, deal: Deal, facts: Facts, by: User) -> Activity:
        """Note what was just done."""
        return operations.log_activity(deal, by=by, **facts)

    @verb("crm.plan_activity", takes=serializers.PlanActivitySerializer, gives=serializers.ActivitySerializer)
    def plan_activity(self, deal: Deal, facts: Facts, by: User) -> Activity:
        """Say what comes next."""
        return operations.plan_activity(deal, by=by, **facts)


class ActivityViewSet(OperationViewSet[Activity]):
    """What was done for customers, and what comes next."""

    queryset = Activity.objects.order_by("-pk")
    serializer_class = serializers.ActivitySerializer
    expandable = {"party": "parties.party", "deal": "crm.deal", "lead": "crm.lead", "assignee": "people.user"}
    filterset_fields = {
        "kind": ["exact"],
        "assignee": ["exact"],
        "party": ["exact"],
        "deal": ["exact"],
        "lead": ["exact"],
        "done_at": ["isnull"],
    }
    search_fields = ("subject", "body")
    ordering_fields = ("due_at", "done_at", "created_at")

    @creation("crm.plan_activity", takes=serializers.PlanForPartySerializer)
    def create(self, facts: Facts, by: User) -> Activity:
        """Plan the next step for a customer."""
        return operations.plan_activity(facts.pop("party"), by=by, **facts)

    @verb("crm.complete_activity", takes=serializers.CompleteActivitySerializer)
    def complete(self, activity: Activity, facts: Facts, by: User) -> Activity:
        """Tick a next step off."""
        return operations.complete_activity(activity, by=by, **facts)

    @verb("crm.reopen_activity")
    def reopen(self, activity: Activity, facts: Facts, by: User) -> Activity:
        """Put a next step that was ticked off back on the list."""
        return operations.reopen_activity(activity, by=by)

    @verb("crm.remove_activity", gives=Nothing)
    def remove(self, activity: Activity, facts: Facts, by: User) -> None:
        """Forget an activity that was noted or planned by mistake; the history keeps what it said."""
        operations.remove_activity(activity, by=by)


class PipelineViewSet(OperationViewSet[Pipeline]):
    """The pipelines with their stages."""

    queryset = Pipeline.objects.prefetch_related("stages").order_by("pk")
    serializer_class = serializers.PipelineSerializer


class LostReasonViewSet(OperationViewSet[LostReason]):
    """Why deals are lost."""

    queryset = LostReason.objects.order_by("name", "pk")
    serializer_class = serializers.LostReasonSerializer


def _offered(facts: Facts) -> list[operations.OfferedLine]:
    return [operations.OfferedLine(**line) for line in facts.pop("lines", [])]


def _line(deal: Deal, facts: Facts) -> DealLine:
    line: DealLine = facts.pop("line")
    if line.deal_id != deal.pk:
        raise LineOfAnother(_("The line is not on %(deal)s.") % {"deal": deal.name}, fix=_("Load the deal again."), field="line")
    return line


ROUTES = [
    ("leads", LeadViewSet),
    ("deals", DealViewSet),
    ("activities", ActivityViewSet),
    ("pipelines", PipelineViewSet),
    ("lost-reasons", LostReasonViewSet),
]
