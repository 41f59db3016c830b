"""Parties, and our own company, in the API."""

from typing import Any

from core.api.viewsets import Facts, OperationViewSet, change, creation, verb
from core.parties import operations
from core.parties.banking import add_bank_account, change_bank_account, retire_bank_account
from core.parties.company import remove_logo, set_logo, update_company
from core.parties.consent import record_consent
from core.parties.models import BankAccount, Company, Consent, Party
from core.parties.serializers import (
    AddBankAccountSerializer,
    AddContactSerializer,
    AddressSerializer,
    BankAccountSerializer,
    ChangeBankAccountSerializer,
    CompanySerializer,
    ConsentSerializer,
    ContactPointSerializer,
    CreatePartySerializer,
    GiveRoleSerializer,
    PartySerializer,
    RecordConsentSerializer,
    SetLogoSerializer,
    UpdateCompanySerializer,
    UpdatePartySerializer,
)
from core.people.models import User
from core.printing.api import PapersMixin


class PartyViewSet(PapersMixin, OperationViewSet[Party]):
    """Companies and people: customers, suppliers and everybody else."""

    queryset = Party.objects.prefetch_related("roles", "addresses", "contact_points", "contacts__person").order_by("-pk")
    serializer_class = PartySerializer
    expandable = {"owner": "people.user"}
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

    @verb("parties.record_consent", takes=RecordConsentSerializer)
    def record_consent(self, party: Party, facts: Facts, by: User) -> Party:
        """Note that somebody agreed, or no longer agrees, to being reached for a purpose."""
        return record_consent(party, by=by, **facts).party

    @verb("parties.update_party", takes=GiveRoleSerializer)
    def give_role(self, party: Party, facts: Facts, by: User) -> Party:
        """Let a party be one more thing to us."""
        return operations.give_role(party, facts["role"], by=by)


class BankAccountViewSet(OperationViewSet[BankAccount]):
    """Where parties want to be paid."""

    queryset = BankAccount.objects.order_by("-pk")
    serializer_class = BankAccountSerializer
    expandable = {"party": "parties.party"}
    filterset_fields = {"party": ["exact"], "currency": ["exact"], "retired_at": ["isnull"]}

    @creation("parties.add_bank_account", takes=AddBankAccountSerializer, sensitive=True, waits=True)
    def create(self, facts: Facts, by: User) -> BankAccount:
        """Note where a party wants to be paid."""
        return add_bank_account(facts.pop("party"), by=by, **facts)

    @change("parties.change_bank_account", takes=ChangeBankAccountSerializer, sensitive=True, waits=True)
    def partial_update(self, account: BankAccount, facts: Facts, by: User) -> BankAccount:
        """Correct where a party wants to be paid."""
        return change_bank_account(account, by=by, **facts)

    @verb("parties.retire_bank_account")
    def retire(self, account: BankAccount, _facts: Facts, by: User) -> BankAccount:
        """Let no money go there any more."""
        return retire_bank_account(account, by=by)


class ConsentViewSet(OperationViewSet[Consent]):
    """Every word on consent, the latest first; the last one on a way to be reached and a purpose counts."""

    queryset = Consent.objects.order_by("-pk")
    serializer_class = ConsentSerializer
    filterset_fields = {"party": ["exact"], "purpose": ["exact"], "channel": ["exact"], "value": ["exact"], "given": ["exact"]}
    ordering_fields = ("recorded_at",)


class CompanyViewSet(PapersMixin, OperationViewSet[Company]):
    """Our own company: there is one."""

    queryset = Company.objects.select_related("party").prefetch_related("party__addresses", "party__contact_points").order_by("pk")
    serializer_class = CompanySerializer
    takes_files = frozenset({"set_logo"})
    filter_backends = ()

    @verb("parties.update_company", takes=UpdateCompanySerializer, sensitive=True, waits=True)
    def update_letterhead(self, company: Company, facts: Facts, by: User) -> Company:
        """Say how the company stands on its papers."""
        return update_company(company, by=by, **facts)

    @verb("parties.update_company", takes=SetLogoSerializer)
    def set_logo(self, company: Company, facts: Facts, by: User) -> Company:
        """Put a logo on every paper from now on."""
        return set_logo(company, by=by, **facts)

    @verb("parties.update_company")
    def remove_logo(self, company: Company, _facts: Facts, by: User) -> Company:
        """Print the company's name instead of a logo."""
        return remove_logo(company, by=by)


ROUTES: list[tuple[str, type[OperationViewSet[Any]]]] = [
    ("parties", PartyViewSet),
    ("bank-accounts", BankAccountViewSet),
    ("consents", ConsentViewSet),
    ("company", CompanyViewSet),
]
