"""Documents, entries and master data as the API reads and takes them."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from backoffice.finance.models import (
    Account,
    Allocation,
    CustomerAccount,
    FiscalYear,
    Invoice,
    InvoiceLine,
    InvoiceTax,
    Journal,
    JournalEntry,
    JournalLine,
    Payment,
    Period,
    Purpose,
    Tax,
    TaxRule,
)
from backoffice.finance.operations import CHARTS
from backoffice.finance.serializers.fields import money
from core.catalog.models import Product
from core.parties.models import Party


class InvoiceLineSerializer(serializers.ModelSerializer[InvoiceLine]):
    """One thing billed."""

    class Meta:
        model = InvoiceLine
        fields = (
            "id", "order_line_id", "product", "description", "quantity", "unit_price", "discount", "tax_category", "net", "tax", "total",
            "account",
        )  # fmt: skip
        read_only_fields = fields


class InvoiceTaxSerializer(serializers.ModelSerializer[InvoiceTax]):
    """One tax on a document."""

    class Meta:
        model = InvoiceTax
        fields = ("tax", "rate", "base", "amount")
        read_only_fields = fields


class InvoiceSerializer(serializers.ModelSerializer[Invoice]):
    """An invoice or a credit note."""

    lines = InvoiceLineSerializer(many=True, read_only=True)
    taxes = InvoiceTaxSerializer(many=True, read_only=True)

    class Meta:
        model = Invoice
        fields = (
            "id", "number", "kind", "status", "customer", "order_id", "order_number", "delivery_id", "return_id", "issued_on", "due_on",
            "currency", "prices_include_tax", "net", "tax", "total", "residual", "memo", "is_opening", "lines", "taxes", "version",
            "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class BillLineSerializer(serializers.Serializer[Any]):
    """One thing to bill or to credit. Without a product it is a charge, such as freight."""

    description = serializers.CharField(max_length=300)
    quantity = serializers.DecimalField(max_digits=20, decimal_places=6)
    unit_price = serializers.DecimalField(max_digits=20, decimal_places=6)
    discount = serializers.DecimalField(max_digits=12, decimal_places=6, default=Decimal(0))
    product = serializers.PrimaryKeyRelatedField(queryset=Product.objects.all(), required=False, allow_null=True)
    tax_category = serializers.ChoiceField(choices=Product.TaxCategory.choices, default=Product.TaxCategory.STANDARD)


class IssueInvoiceSerializer(serializers.Serializer[Any]):
    """A customer to bill by hand."""

    customer = serializers.PrimaryKeyRelatedField(queryset=Party.objects.all())
    invoice_on = serializers.DateField()
    prices_include_tax = serializers.BooleanField(default=False)
    memo = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    lines = BillLineSerializer(many=True)


class IssueCreditNoteSerializer(serializers.Serializer[Any]):
    """A customer to credit by hand."""

    customer = serializers.PrimaryKeyRelatedField(queryset=Party.objects.all())
    credit_on = serializers.DateField()
    prices_include_tax = serializers.BooleanField(default=False)
    reason = serializers.CharField(max_length=200)
    lines = BillLineSerializer(many=True)


class CreditInvoiceSerializer(serializers.Serializer[Any]):
    """When and why a whole invoice is credited."""

    credit_on = serializers.DateField()
    reason = serializers.CharField(max_length=200)


class AllocationSerializer(serializers.ModelSerializer[Allocation]):
    """What settled what. A negative amount takes an earlier one back."""

    class Meta:
        model = Allocation
        fields = ("id", "invoice", "payment", "credit_note", "amount", "allocated_on", "allocated_at", "reverses", "reason")
        read_only_fields = fields


class PaymentSerializer(serializers.ModelSerializer[Payment]):
    """Money a customer paid, and what it settled."""

    allocations = AllocationSerializer(many=True, read_only=True)

    class Meta:
        model = Payment
        fields = (
            "id", "number", "customer", "received_on", "amount", "currency", "unallocated", "method", "account", "reference",
            "voided_on", "allocations", "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class PartOfInvoiceSerializer(serializers.Serializer[Any]):
    """So much of a payment goes to an invoice."""

    invoice = serializers.PrimaryKeyRelatedField(queryset=Invoice.objects.all())
    amount = money()


class RegisterPaymentSerializer(serializers.Serializer[Any]):
    """Money that came in. Without ``invoices`` it settles the oldest due first; an empty list settles none."""

    customer = serializers.PrimaryKeyRelatedField(queryset=Party.objects.all())
    amount = money()
    received_on = serializers.DateField()
    invoices = PartOfInvoiceSerializer(many=True, required=False)
    method = serializers.ChoiceField(choices=Payment.Method.choices, default=Payment.Method.TRANSFER)
    account = serializers.PrimaryKeyRelatedField(queryset=Account.objects.all(), required=False, allow_null=True)
    reference = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")


class PayInvoiceSerializer(serializers.Serializer[Any]):
    """Money that came in for one invoice."""

    amount = money()
    received_on = serializers.DateField()
    method = serializers.ChoiceField(choices=Payment.Method.choices, default=Payment.Method.TRANSFER)
    reference = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")


class AllocateSerializer(serializers.Serializer[Any]):
    """What a customer's credit settles. Posted today when no day is given."""

    invoice = serializers.PrimaryKeyRelatedField(queryset=Invoice.objects.all())
    amount = money()
    on = serializers.DateField(required=False, allow_null=True)


class TakeBackSerializer(serializers.Serializer[Any]):
    """Why something is taken back, and when."""

    reason = serializers.CharField(max_length=200)
    on = serializers.DateField(required=False, allow_null=True)


class JournalLineSerializer(serializers.ModelSerializer[JournalLine]):
    """An amount on an account: debit positive, credit negative."""

    class Meta:
        model = JournalLine
        fields = ("id", "account", "party", "product", "currency", "amount", "base_amount", "memo")
        read_only_fields = fields


class JournalEntrySerializer(serializers.ModelSerializer[JournalEntry]):
    """One balanced posting."""

    lines = JournalLineSerializer(many=True, read_only=True)

    class Meta:
        model = JournalEntry
        fields = (
            "id", "number", "journal", "period", "entry_date", "memo", "source_kind", "source_id", "source_number", "reverses",
            "created_by", "approved_by", "created_at", "lines",
        )  # fmt: skip
        read_only_fields = fields


class PostingSerializer(serializers.Serializer[Any]):
    """One line of an entry to post: debit positive, credit negative."""

    account = serializers.PrimaryKeyRelatedField(queryset=Account.objects.all())
    amount = money()
    party = serializers.PrimaryKeyRelatedField(queryset=Party.objects.all(), required=False, allow_null=True)
    memo = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class PostEntrySerializer(serializers.Serializer[Any]):
    """An entry by hand."""

    on = serializers.DateField()
    memo = serializers.CharField(max_length=200)
    lines = PostingSerializer(many=True)


class ReverseEntrySerializer(serializers.Serializer[Any]):
    """When and why an entry is taken back."""

    on = serializers.DateField()
    reason = serializers.CharField(max_length=200)


class AccountSerializer(serializers.ModelSerializer[Account]):
    """An account."""

    class Meta:
        model = Account
        fields = ("id", "code", "name", "kind", "purpose", "is_active", "version")
        read_only_fields = fields


class CreateAccountSerializer(serializers.Serializer[Any]):
    """A new account."""

    code = serializers.CharField(max_length=16)
    name = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(choices=Account.Kind.choices)
    purpose = serializers.ChoiceField(choices=Purpose.choices, required=False, allow_blank=True, default="")


class UpdateAccountSerializer(serializers.Serializer[Any]):
    """What may change about an account."""

    name = serializers.CharField(max_length=120, required=False)
    is_active = serializers.BooleanField(required=False)


class InstallChartSerializer(serializers.Serializer[Any]):
    """A chart to start with."""

    chart = serializers.ChoiceField(choices=sorted(CHARTS))


class JournalSerializer(serializers.ModelSerializer[Journal]):
    """A book of first entry."""

    class Meta:
        model = Journal
        fields = ("id", "kind", "code", "name")
        read_only_fields = fields


class PeriodSerializer(serializers.ModelSerializer[Period]):
    """A month of books."""

    class Meta:
        model = Period
        fields = ("id", "name", "fiscal_year", "starts_on", "ends_on", "status", "version")
        read_only_fields = fields


class FiscalYearSerializer(serializers.ModelSerializer[FiscalYear]):
    """Twelve months of books."""

    class Meta:
        model = FiscalYear
        fields = ("id", "name", "starts_on", "ends_on")
        read_only_fields = fields


class OpenFiscalYearSerializer(serializers.Serializer[Any]):
    """The first day of the year to open."""

    start = serializers.DateField()


class TaxRuleSerializer(serializers.ModelSerializer[TaxRule]):
    """A tax category that carries a tax."""

    class Meta:
        model = TaxRule
        fields = ("id", "tax", "tax_category", "starts_on", "ends_on")
        read_only_fields = fields


class TaxSerializer(serializers.ModelSerializer[Tax]):
    """A tax, and what carries it."""

    rules = TaxRuleSerializer(many=True, read_only=True)

    class Meta:
        model = Tax
        fields = ("id", "code", "name", "rate", "account", "rules", "version")
        read_only_fields = fields


class CreateTaxSerializer(serializers.Serializer[Any]):
    """A new tax. ``rate`` is a fraction: 0.11 is 11 %."""

    code = serializers.CharField(max_length=16)
    name = serializers.CharField(max_length=80)
    rate = serializers.DecimalField(max_digits=12, decimal_places=6)
    account = serializers.PrimaryKeyRelatedField(queryset=Account.objects.all())


class ApplyTaxSerializer(serializers.Serializer[Any]):
    """Which products carry a tax, from when."""

    tax_category = serializers.ChoiceField(choices=Product.TaxCategory.choices)
    starts_on = serializers.DateField(required=False, allow_null=True, default=None)


class EndTaxSerializer(serializers.Serializer[Any]):
    """Until when a tax is carried."""

    ends_on = serializers.DateField()


class CustomerAccountSerializer(serializers.ModelSerializer[CustomerAccount]):
    """What was agreed with a customer."""

    class Meta:
        model = CustomerAccount
        fields = ("id", "party", "credit_limit", "payment_days", "version")
        read_only_fields = fields


class SetCreditTermsSerializer(serializers.Serializer[Any]):
    """How far a customer is trusted."""

    customer = serializers.PrimaryKeyRelatedField(queryset=Party.objects.all())
    credit_limit = money(allow_null=True)
    payment_days = serializers.IntegerField(min_value=0, max_value=366)
