"""Invoices and credit notes: issued, posted and numbered in one commit."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from backoffice.finance.events import CreditNoteIssued
from backoffice.finance.models import Invoice, InvoiceLine, Purpose
from backoffice.finance.operations.bills import BillLine, billed_lines, issued, post_document, tax_document, write_document
from backoffice.finance.operations.credit import terms_and_bill
from backoffice.finance.operations.settling import now_paid, settle
from core.db import locked
from core.docflow.flow import link
from core.docflow.models import Link
from core.errors import Refused
from core.events.publishing import publish
from core.money import round_money
from core.numbering import NextNumber
from core.parties.models import Party
from core.people.models import User

KIND, BILLED, CREDITED = "finance.invoice", "is billed by", "is credited by"
INVOICE_PREFIX, CREDIT_NOTE_PREFIX = "INV", "CN"


class NotOnTheInvoice(Refused):
    """More is credited than was billed."""


def issue_invoice(
    *,
    customer_id: int,
    invoice_on: date,
    currency: str,
    lines: Sequence[BillLine],
    order_id: int | None = None,
    order_number: str = "",
    delivery_id: int | None = None,
    delivery_number: str = "",
    memo: str = "",
    by: User,
) -> Invoice:
    """Bill a customer and post it: receivable against sales and tax. A delivery is billed once: asked again, gives the same invoice."""
    with locked(Party.objects.filter(pk=customer_id), by=by) as customers:
        payment_days, billed_id = terms_and_bill(customer_id, delivery_id)
        if billed_id is not None:
            return Invoice.objects.get(pk=billed_id)
        taxes = tax_document(invoice_on, currency, customers, lines)
        invoice = Invoice(
            kind=Invoice.Kind.INVOICE,
            customer=customers[0],
            order_id=order_id,
            order_number=order_number,
            delivery_id=delivery_id,
            issued_on=invoice_on,
            due_on=invoice_on + timedelta(days=payment_days),
            currency=currency,
            memo=memo[:200],
        )
        sources: list[tuple[str, int, str, str]] = []
        if order_id is not None:
            sources.append(("sales.order", order_id, order_number, BILLED))
        if delivery_id is not None:
            sources.append(("inventory.deliveryorder", delivery_id, delivery_number, BILLED))
        number = NextNumber("finance.invoice", INVOICE_PREFIX, invoice_on)
        rows = write_document(invoice, lines, taxes, open_amount=taxes.total, number=number, sources=sources)
        post_document(invoice, rows, taxes, {Purpose.RECEIVABLE: taxes.total}, by=by)
        publish(issued(invoice, lines, delivery_number=delivery_number), *now_paid([invoice], on=invoice_on))
    return invoice


def issue_credit_note(
    *,
    customer_id: int,
    credit_on: date,
    currency: str,
    lines: Sequence[BillLine],
    reason: str,
    order_id: int | None = None,
    order_number: str = "",
    return_id: int | None = None,
    return_number: str = "",
    by: User,
) -> Invoice:
    """Give a customer back what came back. Open invoices of the order are settled with it at once, the rest is their credit.

    A return is credited once: asked again, gives the same credit note.
    """
    of_the_order = Invoice.objects.invoices().filter(customer_id=customer_id, order_id=order_id, issued_on__lte=credit_on)
    billed = of_the_order if order_id is not None else Invoice.objects.none()
    with locked(Party.objects.filter(pk=customer_id), billed, by=by) as (customers, invoices):
        known = return_id is not None and Invoice.objects.filter(return_id=return_id).first()
        if known:
            return known
        _check_billed(lines)
        note = Invoice(
            order_id=order_id, order_number=order_number, return_id=return_id, issued_on=credit_on, currency=currency, memo=reason[:200]
        )
        _credit(note, customers, invoices, lines, return_number=return_number, by=by)
    return note


def credit_invoice(invoice: Invoice, *, credit_on: date, reason: str, by: User) -> Invoice:
    """Credit a whole invoice as it was billed: for one that should not have been sent.

    One that was carried over and never paid gives its number free, so that it can be carried over again.
    """
    with locked(Party.objects.filter(pk=invoice.customer_id), invoice, by=by) as (customers, invoice):
        if invoice.is_credit_note:
            raise NotOnTheInvoice(_("%(number)s is a credit note itself.") % {"number": invoice}, fix=_("Issue a new invoice instead."))
        if credit_on < invoice.issued_on:
            raise NotOnTheInvoice(
                _("%(number)s was issued later than that.") % {"number": invoice}, fix=_("Choose a later date."), field="credit_on"
            )
        if Link.objects.filter(source_kind=KIND, source_id=invoice.pk, relation=CREDITED).exists():
            raise NotOnTheInvoice(_("%(number)s is credited already.") % {"number": invoice})
        lines = [
            BillLine(
                order_line_id=line.order_line_id,
                product_id=line.product_id,
                description=line.description,
                quantity=line.quantity,
                unit_price=line.unit_price,
                discount=line.discount,
                tax_category=line.tax_category,
                prices_include_tax=invoice.prices_include_tax,
                brought_forward=invoice.is_opening,
            )
            for line in invoice.lines.order_by("pk")
        ]
        _check_billed(lines)
        note = Invoice(
            order_id=invoice.order_id,
            order_number=invoice.order_number,
            issued_on=credit_on,
            currency=invoice.currency,
            memo=reason[:200],
            is_opening=invoice.is_opening,
        )
        was_untouched = invoice.residual == invoice.total
        _credit(note, customers, [invoice], lines, by=by)
        link(KIND, invoice.pk, invoice.number, KIND, note.pk, note.number, relation=CREDITED)
        if invoice.is_opening and was_untouched:
            invoice.number = f"{invoice.number[: 23 - len(str(invoice.pk))]}~{invoice.pk}"
            invoice.save(update_fields=["number"])
    return note


def _credit(
    note: Invoice, customers: Sequence[Party], billed: Sequence[Invoice], lines: Sequence[BillLine], *, return_number: str = "", by: User
) -> None:
    """Write and post a credit note, and settle what is open of the ``billed`` invoices with it. Taxed as they were."""
    taxed_on = min((invoice.issued_on for invoice in billed), default=note.issued_on)
    taxes = tax_document(taxed_on, note.currency, customers, lines)
    note.kind, note.customer, note.due_on = Invoice.Kind.CREDIT_NOTE, customers[0], note.issued_on
    applied: list[tuple[Invoice, Decimal]] = []
    left = taxes.total
    for invoice in sorted(billed, key=lambda row: (row.due_on, row.issued_on, row.pk)):
        part = min(left, invoice.residual)
        if part:
            applied.append((invoice, part))
            left -= part
    number = NextNumber("finance.credit_note", CREDIT_NOTE_PREFIX, note.issued_on)
    rows = write_document(note, lines, taxes, open_amount=left, number=number)
    settle(applied, on=note.issued_on, credit_note=note)
    post_document(note, rows, taxes, {Purpose.RECEIVABLE: left - taxes.total, Purpose.CUSTOMER_DEPOSITS: -left}, by=by)
    if note.order_id is not None:
        link("sales.order", note.order_id, note.order_number, KIND, note.pk, note.number, relation=CREDITED)
    if note.return_id is not None:
        link("sales.return", note.return_id, return_number, KIND, note.pk, note.number, relation=CREDITED)
    for invoice, _part in applied:
        link(KIND, invoice.pk, invoice.number, KIND, note.pk, note.number, relation="is settled by")
    publish(
        CreditNoteIssued(
            credit_note_id=note.pk,
            number=note.number,
            customer_id=note.customer_id,
            order_id=note.order_id,
            order_number=note.order_number,
            return_id=note.return_id,
            return_number=return_number,
            issued_on=note.issued_on,
            currency=note.currency,
            net=note.net,
            tax=note.tax,
            total=note.total,
            applied=round_money(note.total - left, note.currency),
            lines=billed_lines(lines),
        ),
        *now_paid([invoice for invoice, _part in applied], on=note.issued_on),
    )


def _check_billed(lines: Sequence[BillLine]) -> None:
    """Refuse to credit more of an order line than was billed and not credited yet."""
    credited: dict[int, Decimal] = defaultdict(Decimal)
    for line in lines:
        if line.order_line_id is not None:
            credited[line.order_line_id] += line.quantity
    found = InvoiceLine.objects.filter(order_line_id__in=credited).values_list("order_line_id", "invoice__kind").annotate(Sum("quantity"))
    billed: dict[int, Decimal] = defaultdict(Decimal)
    for order_line_id, kind, quantity in found:
        billed[order_line_id] += -quantity if kind == Invoice.Kind.CREDIT_NOTE else quantity
    for line in lines:
        if line.order_line_id is not None and credited[line.order_line_id] > billed[line.order_line_id]:
            raise NotOnTheInvoice(
                _("“%(line)s”: %(credited)s would be credited, but only %(billed)s is billed and not credited yet.")
                % {
                    "line": line.description,
                    "credited": credited[line.order_line_id].normalize(),
                    "billed": billed[line.order_line_id].normalize(),
                },
                fix=_("Credit less."),
                field="lines",
            )
