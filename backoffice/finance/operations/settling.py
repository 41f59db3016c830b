"""Settling invoices: what an allocation does to them, whatever money or credit it comes from."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from backoffice.finance.events import InvoicePaid
from backoffice.finance.models import Allocation, Invoice, Payment
from core.money import round_money


def settle(
    applied: Sequence[tuple[Invoice, Decimal]], *, on: date, payment: Payment | None = None, credit_note: Invoice | None = None
) -> list[Allocation]:
    """Take so much off each invoice's open amount and note where it came from. The invoices are locked by the caller."""
    allocations = allocated(applied, on=on)
    for allocation in allocations:
        allocation.payment, allocation.credit_note = payment, credit_note
    Allocation.objects.bulk_create(allocations)
    take_off(applied)
    return allocations


def allocated(applied: Sequence[tuple[Invoice, Decimal]], *, on: date) -> list[Allocation]:
    """What goes to each invoice, not written yet."""
    return [Allocation(invoice=invoice, amount=amount, allocated_on=on) for invoice, amount in applied]


def take_off(applied: Sequence[tuple[Invoice, Decimal]]) -> None:
    """Take so much off each invoice's open amount."""
    for invoice, amount in applied:
        change_residual(invoice, -amount)


def change_residual(invoice: Invoice, change: Decimal) -> None:
    """Change what is open on an invoice or credit note, and its status with it."""
    residual = invoice.residual + change
    status = Invoice.Status.OPEN if residual else Invoice.Status.PAID
    if status == invoice.status:
        invoice.residual = residual
        invoice.save(update_fields=["residual"])
    else:
        invoice.move_to(status, residual=residual)


def now_paid(invoices: Iterable[Invoice], *, on: date) -> list[InvoicePaid]:
    """Which of these invoices have nothing open any more, to be published."""
    return [
        InvoicePaid(
            invoice_id=invoice.pk,
            invoice_number=invoice.number,
            customer_id=invoice.customer_id,
            order_id=invoice.order_id,
            order_number=invoice.order_number,
            paid_on=on,
            currency=invoice.currency,
            total=round_money(invoice.total, invoice.currency),
        )
        for invoice in invoices
        if invoice.status == Invoice.Status.PAID
    ]
