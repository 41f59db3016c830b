"""Parties in the API."""

from core.api.viewsets import Facts, OperationViewSet, change, creation, verb
from core.parties import operations
from core.parties.models import Party
from core.parties.serializers import (
    AddContactSerializer,
    AddressSerializer,
    ContactPointSerializer,
    CreatePartySerializer,
    GiveRoleSerializer,
    PartySerializer,
    UpdatePartySerializer,
)
from core.people.models import User


class PartyViewSet(OperationViewSet[Party]):
    """Companies and people: customers, suppliers and everybody else."""

    queryset = Party.objects.prefetch_related("roles", "addresses", "contact_points", "contacts__person").order_by("-pk")
    serializer_class = PartySerializer
    filterset_fields = {"kind": ["exact"], "is_active": ["exact"], "roles__role": ["exact"], "owner": ["exact"], "code": ["exact"]}
    search_fields = ("name", "legal_name", "code", "tax_id", "contact_points__value")
    ordering_fields = ("name", "created_at")

    @creation("parties.create_party", takes=CreatePartySerializer)
    def create(self, facts: Facts, by: User) -> Party:
        """Get to know a company or a person."""
        return operations.create_party(by=by, **facts)

    @change("parties.update_party", takes=UpdatePartySerializer)
    def partial_update(self, party: Party, facts: Facts, by: User) -> Party:
        """Correct what we know about somebody."""
        return operations.update_party(party, by=by, **facts)

    @verb("parties.update_party", takes=AddressSerializer)
    def add_address(self, party: Party, facts: Facts, by: User) -> Party:
        """Note where a party is, gets its goods or its bills."""
        return operations.add_address(party, by=by, **facts).party

    @verb("parties.update_party", takes=ContactPointSerializer)
    def add_contact_point(self, party: Party, facts: Facts, by: User) -> Party:
        """Note one more way to reach a party."""
        return operations.add_contact_point(party, by=by, **facts).party

    @verb("parties.update_party", takes=AddContactSerializer)
    def add_contact(self, party: Party, facts: Facts, by: User) -> Party:
        """Get to know a person who speaks for a company."""
        return operations.add_contact(party, by=by, **facts).company

    @verb("parties.update_party", takes=GiveRoleSerializer)
    def give_role(self, party: Party, facts: Facts, by: User) -> Party:
        """Let a party be one more thing to us."""
        return operations.give_role(party, facts["role"], by=by)


ROUTES = [("parties", PartyViewSet)]
