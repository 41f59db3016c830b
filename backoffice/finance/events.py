"""What happens in the books that others want to know."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.events import Event


@dataclass(frozen=True)
class InvoicedLine:
    """How much of an order line is on the document, in the product's unit. ``order_line_id`` is None for a manual line."""

    order_line_id: int | None
    quantity: Decimal


@dataclass(frozen=True, kw_only=True)
class InvoiceIssued(Event):
    """A customer owes us for what left, or for what was agreed. Posted to the ledger in the same commit."""

    KEY = "invoice_id"
    PARTY = "customer_id"

    invoice_id: int
    invoice_number: str
    customer_id: int
    order_id: int | None
    order_number: str
    delivery_id: int | None
    delivery_number: str
    issued_on: date
    due_on: date
    currency: str
    net: Decimal
    tax: Decimal
    total: Decimal
    lines: tuple[InvoicedLine, ...]


@dataclass(frozen=True, kw_only=True)
class CreditNoteIssued(Event):
    """We owe a customer for what came back. ``applied`` of the total went to open invoices at once, the rest is credit."""

    KEY = "credit_note_id"
    PARTY = "customer_id"

    credit_note_id: int
    number: str
    customer_id: int
    order_id: int | None
    order_number: str
    return_id: int | None
    return_number: str
    issued_on: date
    currency: str
    net: Decimal
    tax: Decimal
    total: Decimal
    applied: Decimal
    lines: tuple[InvoicedLine, ...]


@dataclass(frozen=True, kw_only=True)
class PaymentReceived(Event):
    """Money came in. What no invoice took stays the customer's credit: ``unallocated``."""

    KEY = "payment_id"
    PARTY = "customer_id"

    payment_id: int
    number: str
    customer_id: int
    received_on: date
    amount: Decimal
    currency: str
    unallocated: Decimal


@dataclass(frozen=True, kw_only=True)
class PaymentVoided(Event):
    """Money did not come in after all. What it settled is open again: each such invoice says so itself."""

    KEY = "payment_id"
    PARTY = "customer_id"
    EXTERNAL = True

    payment_id: int
    number: str
    customer_id: int
    voided_on: date
    amount: Decimal
    currency: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class CreditApplied(Event):
    """A customer's credit, from an overpayment or a credit note, settled (part of) an invoice."""

    KEY = "invoice_id"
    PARTY = "customer_id"
    EXTERNAL = True

    invoice_id: int
    invoice_number: str
    credit_number: str
    customer_id: int
    amount: Decimal
    currency: str


@dataclass(frozen=True, kw_only=True)
class InvoicePaid(Event):
    """Nothing of an invoice is open any more."""

    KEY = "invoice_id"
    PARTY = "customer_id"

    invoice_id: int
    invoice_number: str
    customer_id: int
    order_id: int | None
    order_number: str
    paid_on: date
    currency: str
    total: Decimal


@dataclass(frozen=True, kw_only=True)
class InvoiceReopened(Event):
    """A settled invoice is open again, because what settled it was taken back."""

    KEY = "invoice_id"
    PARTY = "customer_id"

    invoice_id: int
    invoice_number: str
    customer_id: int
    order_id: int | None
    order_number: str
    currency: str
    residual: Decimal


@dataclass(frozen=True, kw_only=True)
class CreditTermsSet(Event):
    """How far we trust a customer changed. ``credit_limit`` is in the currency of the books, None for no limit."""

    KEY = "customer_id"
    PARTY = "customer_id"

    customer_id: int
    currency: str
    credit_limit: Decimal | None
    payment_days: int


@dataclass(frozen=True, kw_only=True)
class FiscalYearOpened(Event):
    """There is a new year to post into."""

    KEY = "fiscal_year_id"
    EXTERNAL = True

    fiscal_year_id: int
    name: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, kw_only=True)
class PeriodClosed(Event):
    """Nothing can be posted into a period any more."""

    KEY = "period_id"
    EXTERNAL = True

    period_id: int
    name: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, kw_only=True)
class PeriodReopened(Event):
    """A period takes postings again."""

    KEY = "period_id"
    EXTERNAL = True

    period_id: int
    name: str
    starts_on: date
    ends_on: date
