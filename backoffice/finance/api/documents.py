"""Invoices, credit notes, payments and credit in the API."""

from typing import Any

from backoffice.finance import operations
from backoffice.finance.models import Allocation, CustomerAccount, Invoice, Payment
from backoffice.finance.operations import BillLine
from backoffice.finance.serializers import books as shapes
from core.api.viewsets import Facts, OperationViewSet, creation, verb
from core.parties.models import Company
from core.people.models import User
from core.printing.api import PapersMixin

WITH_LINES = ("lines", "taxes")
DATES = ["exact", "gte", "lte"]


def bill_lines(facts: Facts) -> list[BillLine]:
    """The lines of a body as the operations take them."""
    lines: list[dict[str, Any]] = facts["lines"]
    return [
        BillLine(
            product_id=line["product"].pk if line.get("product") else None,
            prices_include_tax=facts["prices_include_tax"],
            **{name: value for name, value in line.items() if name != "product"},
        )
        for line in lines
    ]


class InvoiceViewSet(PapersMixin, OperationViewSet[Invoice]):
    """Invoices: issued when goods leave, or by hand."""

    queryset = Invoice.objects.invoices().prefetch_related(*WITH_LINES).order_by("-pk")
    serializer_class = shapes.InvoiceSerializer
    expandable = {"customer": "parties.party", "lines.product": "catalog.product"}
    moves_money_or_stock = True
    filterset_fields = {
        "status": ["exact"], "customer": ["exact"], "number": ["exact"], "order_id": ["exact"], "delivery_id": ["exact"],
        "issued_on": DATES, "due_on": DATES, "is_opening": ["exact"],
    }  # fmt: skip
    search_fields = ("number", "customer__name", "order_number")
    ordering_fields = ("issued_on", "due_on", "total", "residual")

    @creation("finance.issue_invoice", takes=shapes.IssueInvoiceSerializer)
    def create(self, facts: Facts, by: User) -> Invoice:
        """Bill a customer by hand, and post it."""
        return operations.issue_invoice(
            customer_id=facts["customer"].pk,
            invoice_on=facts["invoice_on"],
            currency=Company.objects.current().currency,
            lines=bill_lines(facts),
            memo=facts["memo"],
            by=by,
        )

    @verb("finance.register_payment", takes=shapes.PayInvoiceSerializer, gives=shapes.PaymentSerializer)
    def register_payment(self, invoice: Invoice, facts: Facts, by: User) -> Payment:
        """Note money that came in for this invoice; what is beyond it stays the customer's credit. Gives the payment."""
        return operations.pay_invoice(invoice, facts.pop("amount"), by=by, **facts)

    @verb("finance.issue_credit_note", takes=shapes.CreditInvoiceSerializer, gives=shapes.InvoiceSerializer)
    def credit(self, invoice: Invoice, facts: Facts, by: User) -> Invoice:
        """Credit the whole invoice as it was billed. Gives the credit note."""
        return operations.credit_invoice(invoice, by=by, **facts)


class CreditNoteViewSet(PapersMixin, OperationViewSet[Invoice]):
    """Credit notes: issued when goods come back, or by hand."""

    queryset = Invoice.objects.credit_notes().prefetch_related(*WITH_LINES).order_by("-pk")
    serializer_class = shapes.InvoiceSerializer
    expandable = {"customer": "parties.party", "lines.product": "catalog.product"}
    moves_money_or_stock = True
    filterset_fields = {"status": ["exact"], "customer": ["exact"], "order_id": ["exact"], "return_id": ["exact"], "issued_on": DATES}
    search_fields = ("number", "customer__name", "order_number")
    ordering_fields = ("issued_on", "total", "residual")

    @creation("finance.issue_credit_note", takes=shapes.IssueCreditNoteSerializer)
    def create(self, facts: Facts, by: User) -> Invoice:
        """Credit a customer by hand, and post it."""
        return operations.issue_credit_note(
            customer_id=facts["customer"].pk,
            credit_on=facts["credit_on"],
            currency=Company.objects.current().currency,
            lines=bill_lines(facts),
            reason=facts["reason"],
            by=by,
        )

    @verb("finance.allocate_credit", takes=shapes.AllocateSerializer, gives=shapes.AllocationSerializer)
    def allocate(self, note: Invoice, facts: Facts, by: User) -> Allocation:
        """Settle (part of) an invoice with what is left of the credit note."""
        return operations.allocate_credit(note, facts["invoice"], facts["amount"], on=facts.get("on"), by=by)


class PaymentViewSet(OperationViewSet[Payment]):
    """Money customers paid."""

    queryset = Payment.objects.prefetch_related("allocations").order_by("-pk")
    serializer_class = shapes.PaymentSerializer
    expandable = {"customer": "parties.party"}
    moves_money_or_stock = True
    filterset_fields = {"customer": ["exact"], "number": ["exact"], "method": ["exact"], "received_on": DATES, "unallocated": ["gt"]}
    search_fields = ("number", "customer__name", "reference")
    ordering_fields = ("received_on", "amount")

    @creation("finance.register_payment", takes=shapes.RegisterPaymentSerializer)
    def create(self, facts: Facts, by: User) -> Payment:
        """Note money that came in, and settle invoices with it."""
        told = facts.pop("invoices", None)
        parts = None if told is None else [(part["invoice"], part["amount"]) for part in told]
        return operations.register_payment(facts.pop("customer"), facts.pop("amount"), invoices=parts, by=by, **facts)

    @verb("finance.allocate_credit", takes=shapes.AllocateSerializer)
    def allocate(self, payment: Payment, facts: Facts, by: User) -> Payment:
        """Settle (part of) an invoice with what is left of the payment."""
        operations.allocate_credit(payment, facts["invoice"], facts["amount"], on=facts.get("on"), by=by)
        return payment

    @verb("finance.allocate_credit")
    def settle_oldest(self, payment: Payment, facts: Facts, by: User) -> Payment:
        """Settle what the customer owes, the oldest due first, with what is left of the payment."""
        return operations.allocate_to_oldest(payment, by=by)

    @verb("finance.void_payment", takes=shapes.TakeBackSerializer, waits=True)
    def void(self, payment: Payment, facts: Facts, by: User) -> Payment:
        """Take a whole payment back, with all it settled."""
        return operations.void_payment(payment, reason=facts["reason"], on=facts.get("on"), by=by)


class AllocationViewSet(OperationViewSet[Allocation]):
    """What settled what."""

    queryset = Allocation.objects.order_by("-pk")
    serializer_class = shapes.AllocationSerializer
    expandable = {"payment": "finance.payment"}
    moves_money_or_stock = True
    filterset_fields = {"invoice": ["exact"], "payment": ["exact"], "credit_note": ["exact"], "allocated_on": DATES}
    ordering_fields = ("allocated_on",)

    @verb("finance.deallocate", takes=shapes.TakeBackSerializer)
    def take_back(self, allocation: Allocation, facts: Facts, by: User) -> Allocation:
        """Open the invoice again by that much. Gives the allocation that takes this one back."""
        return operations.deallocate(allocation, reason=facts["reason"], on=facts.get("on"), by=by)


class CreditTermsViewSet(OperationViewSet[CustomerAccount]):
    """What was agreed with customers. POST sets the terms of a customer, also of one who has some."""

    queryset = CustomerAccount.objects.order_by("-pk")
    serializer_class = shapes.CustomerAccountSerializer
    expandable = {"party": "parties.party"}
    filterset_fields = {"party": ["exact"]}
    search_fields = ("party__name",)
    ordering_fields = ("credit_limit",)

    @creation("finance.set_credit_terms", takes=shapes.SetCreditTermsSerializer)
    def create(self, facts: Facts, by: User) -> CustomerAccount:
        """Decide how much a customer may owe, and for how long."""
        return operations.set_credit_terms(facts.pop("customer"), by=by, **facts)


ROUTES = [
    ("invoices", InvoiceViewSet),
    ("credit-notes", CreditNoteViewSet),
    ("payments", PaymentViewSet),
    ("allocations", AllocationViewSet),
    ("credit-terms", CreditTermsViewSet),
]
