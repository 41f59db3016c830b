"""Journal entries, accounts, periods and taxes in the API."""

from backoffice.finance import operations
from backoffice.finance.models import Account, FiscalYear, Journal, JournalEntry, Period, Tax, TaxRule
from backoffice.finance.operations import Posting
from backoffice.finance.serializers import books as shapes
from core.api.viewsets import Facts, OperationViewSet, change, creation, verb
from core.people.models import User


class JournalEntryViewSet(OperationViewSet[JournalEntry]):
    """The ledger, entry by entry."""

    queryset = JournalEntry.objects.prefetch_related("lines").order_by("-pk")
    serializer_class = shapes.JournalEntrySerializer
    expandable = {"journal": "finance.journal", "period": "finance.period", "lines.account": "finance.account"}
    moves_money_or_stock = True
    filterset_fields = {
        "journal": ["exact"], "journal__kind": ["exact"], "period": ["exact"], "number": ["exact"], "source_kind": ["exact"],
        "source_id": ["exact"], "entry_date": ["exact", "gte", "lte"],
    }  # fmt: skip
    search_fields = ("number", "memo", "source_number")
    ordering_fields = ("entry_date",)

    @creation("finance.post_entry", takes=shapes.PostEntrySerializer, waits=True)
    def create(self, facts: Facts, by: User) -> JournalEntry:
        """Write an entry by hand."""
        lines = [
            Posting(
                account_id=line["account"].pk,
                amount=line["amount"],
                party_id=line["party"].pk if line.get("party") else None,
                memo=line["memo"],
            )
            for line in facts["lines"]
        ]
        return operations.post_entry(on=facts["on"], memo=facts["memo"], lines=lines, by=by)

    @verb("finance.reverse_entry", takes=shapes.ReverseEntrySerializer, waits=True)
    def reverse(self, entry: JournalEntry, facts: Facts, by: User) -> JournalEntry:
        """Take an entry back by its opposite. Gives the entry that reverses it."""
        return operations.reverse_entry(entry, by=by, **facts)


class AccountViewSet(OperationViewSet[Account]):
    """The chart of accounts."""

    queryset = Account.objects.order_by("-pk")
    serializer_class = shapes.AccountSerializer
    filterset_fields = {"code": ["exact"], "kind": ["exact"], "purpose": ["exact"], "is_active": ["exact"]}
    search_fields = ("code", "name")
    ordering_fields = ("code",)

    @creation("finance.create_account", takes=shapes.CreateAccountSerializer)
    def create(self, facts: Facts, by: User) -> Account:
        """Open a new account."""
        return operations.create_account(by=by, **facts)

    @change("finance.update_account", takes=shapes.UpdateAccountSerializer)
    def partial_update(self, account: Account, facts: Facts, by: User) -> Account:
        """Rename an account, or take it out of use."""
        name, is_active = facts.get("name", account.name), facts.get("is_active", account.is_active)
        return operations.update_account(account, name=name, is_active=is_active, by=by)


class JournalViewSet(OperationViewSet[Journal]):
    """The books of first entry. POST installs a chart of accounts, journals and taxes."""

    queryset = Journal.objects.order_by("-pk")
    serializer_class = shapes.JournalSerializer
    ordering_fields = ("code",)

    @creation("finance.install_chart", takes=shapes.InstallChartSerializer, gives=shapes.JournalSerializer, in_bulk=False)
    def create(self, facts: Facts, by: User) -> Journal:
        """Start the books with a chart. Gives the general journal."""
        operations.install_chart(facts["chart"], by=by)
        return Journal.objects.get(kind=Journal.Kind.GENERAL)


class FiscalYearViewSet(OperationViewSet[FiscalYear]):
    """Years of books."""

    queryset = FiscalYear.objects.order_by("-pk")
    serializer_class = shapes.FiscalYearSerializer
    ordering_fields = ("starts_on",)

    @creation("finance.open_fiscal_year", takes=shapes.OpenFiscalYearSerializer, in_bulk=False)
    def create(self, facts: Facts, by: User) -> FiscalYear:
        """Open twelve months of books."""
        return operations.open_fiscal_year(facts["start"], by=by)


class PeriodViewSet(OperationViewSet[Period]):
    """Months of books."""

    queryset = Period.objects.order_by("-pk")
    serializer_class = shapes.PeriodSerializer
    expandable = {"fiscal_year": "finance.fiscalyear"}
    moves_money_or_stock = True
    filterset_fields = {"status": ["exact"], "fiscal_year": ["exact"], "name": ["exact"], "starts_on": ["exact", "gte", "lte"]}
    ordering_fields = ("starts_on",)

    @verb("finance.close_period")
    def close(self, period: Period, facts: Facts, by: User) -> Period:
        """Let nothing be posted into it any more."""
        return operations.close_period(period, by=by)

    @verb("finance.reopen_period")
    def reopen(self, period: Period, facts: Facts, by: User) -> Period:
        """Let it take postings again."""
        return operations.reopen_period(period, by=by)


class TaxViewSet(OperationViewSet[Tax]):
    """The taxes we collect."""

    queryset = Tax.objects.prefetch_related("rules").order_by("-pk")
    serializer_class = shapes.TaxSerializer
    filterset_fields = {"code": ["exact"]}
    search_fields = ("code", "name")
    ordering_fields = ("code",)

    @creation("finance.create_tax", takes=shapes.CreateTaxSerializer)
    def create(self, facts: Facts, by: User) -> Tax:
        """Know a new tax."""
        return operations.create_tax(by=by, **facts)

    @verb("finance.create_tax", takes=shapes.ApplyTaxSerializer)
    def apply(self, tax: Tax, facts: Facts, by: User) -> Tax:
        """Let a tax category carry it, from a day on or for ever."""
        return operations.apply_tax(tax, facts["tax_category"], starts_on=facts["starts_on"], by=by).tax


class TaxRuleViewSet(OperationViewSet[TaxRule]):
    """Which tax category carries which tax."""

    queryset = TaxRule.objects.order_by("-pk")
    serializer_class = shapes.TaxRuleSerializer
    expandable = {"tax": "finance.tax"}
    filterset_fields = {"tax": ["exact"], "tax_category": ["exact"]}
    ordering_fields = ("starts_on",)

    @verb("finance.create_tax", takes=shapes.EndTaxSerializer)
    def end(self, rule: TaxRule, facts: Facts, by: User) -> TaxRule:
        """Let the category carry the tax no longer than that."""
        return operations.end_tax(rule, ends_on=facts["ends_on"], by=by)


ROUTES = [
    ("journal-entries", JournalEntryViewSet),
    ("accounts", AccountViewSet),
    ("journals", JournalViewSet),
    ("fiscal-years", FiscalYearViewSet),
    ("periods", PeriodViewSet),
    ("taxes", TaxViewSet),
    ("tax-rules", TaxRuleViewSet),
]
