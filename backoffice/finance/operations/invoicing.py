"""Invoices and credit notes: issued, posted and numbered in one commit."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from backoffice.finance.events import CreditNoteIssued, InvoicedLine, InvoiceIssued
from backoffice.finance.models import Account, Invoice, InvoiceLine, InvoiceTax, Journal, Purpose
from backoffice.finance.operations.accounts import accounts_for
from backoffice.finance.operations.credit import payment_days_of
from backoffice.finance.operations.entries import Posting, check_currency, register_entry, source_of
from backoffice.finance.operations.settling import announce_paid, settle
from backoffice.finance.operations.taxes import TaxableLine, Taxes, compute_taxes
from core.catalog.models import Product
from core.db import locked
from core.docflow.flow import link
from core.docflow.models import Link
from core.errors import Refused
from core.events.publishing import publish
from core.money import ZERO, round_money
from core.numbering import next_number
from core.parties.models import Party
from core.people.models import User

KIND, BILLED, CREDITED = "finance.invoice", "is billed by", "is credited by"


class NothingToBill(Refused):
    """An invoice without lines asks for nothing."""


class BadLine(Refused):
    """A line that cannot be billed."""


class UnknownCustomer(Refused):
    """There is nobody to bill."""


class NotOnTheInvoice(Refused):
    """More is credited than was billed."""


@dataclass(frozen=True, kw_only=True)
class BillLine:
    """A line to bill or to credit, in the product's unit. ``discount`` is a fraction; without a product it is a charge such as freight."""

    description: str
    quantity: Decimal
    unit_price: Decimal
    order_line_id: int | None = None
    product_id: int | None = None
    discount: Decimal = ZERO
    tax_category: str = Product.TaxCategory.STANDARD
    prices_include_tax: bool = False

    @property
    def amount(self) -> Decimal:
        """What quantity, price and discount come to, not rounded yet."""
        return self.quantity * self.unit_price * (1 - self.discount)


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
        known = delivery_id is not None and Invoice.objects.filter(delivery_id=delivery_id).first()
        if known:
            return known
        taxes = _tax(invoice_on, currency, customers, lines)
        invoice = Invoice(
            kind=Invoice.Kind.INVOICE,
            customer=customers[0],
            order_id=order_id,
            order_number=order_number,
            delivery_id=delivery_id,
            issued_on=invoice_on,
            due_on=invoice_on + timedelta(days=payment_days_of(customer_id)),
            currency=currency,
            memo=memo[:200],
        )
        _write(invoice, lines, taxes, open_amount=taxes.total, sequence="finance.invoice", prefix="INV")
        _post(invoice, {Purpose.RECEIVABLE: taxes.total}, by=by)
        if order_id is not None:
            link("sales.order", order_id, order_number, KIND, invoice.pk, invoice.number, relation=BILLED)
        if delivery_id is not None:
            link("inventory.deliveryorder", delivery_id, delivery_number, KIND, invoice.pk, invoice.number, relation=BILLED)
        publish(
            InvoiceIssued(
                invoice_id=invoice.pk,
                invoice_number=invoice.number,
                customer_id=customer_id,
                order_id=order_id,
                order_number=order_number,
                delivery_id=delivery_id,
                delivery_number=delivery_number,
                issued_on=invoice.issued_on,
                due_on=invoice.due_on,
                currency=currency,
                net=invoice.net,
                tax=invoice.tax,
                total=invoice.total,
                lines=_billed(lines),
            )
        )
        announce_paid([invoice], on=invoice_on)
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
    """Credit a whole invoice as it was billed: for one that should not have been sent."""
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
        )
        _credit(note, customers, [invoice], lines, by=by)
        link(KIND, invoice.pk, invoice.number, KIND, note.pk, note.number, relation=CREDITED)
    return note


def _credit(
    note: Invoice, customers: Sequence[Party], billed: Sequence[Invoice], lines: Sequence[BillLine], *, return_number: str = "", by: User
) -> None:
    """Write and post a credit note, and settle what is open of the ``billed`` invoices with it. Taxed as they were."""
    taxed_on = min((invoice.issued_on for invoice in billed), default=note.issued_on)
    taxes = _tax(taxed_on, note.currency, customers, lines)
    note.kind, note.customer, note.due_on = Invoice.Kind.CREDIT_NOTE, customers[0], note.issued_on
    applied: list[tuple[Invoice, Decimal]] = []
    left = taxes.total
    for invoice in sorted(billed, key=lambda row: (row.due_on, row.issued_on, row.pk)):
        part = min(left, invoice.residual)
        if part:
            applied.append((invoice, part))
            left -= part
    _write(note, lines, taxes, open_amount=left, sequence="finance.credit_note", prefix="CN")
    settle(applied, on=note.issued_on, credit_note=note)
    _post(note, {Purpose.RECEIVABLE: left - taxes.total, Purpose.CUSTOMER_DEPOSITS: -left}, by=by)
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
            lines=_billed(lines),
        )
    )
    announce_paid([invoice for invoice, _part in applied], on=note.issued_on)


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


def _tax(on: date, currency: str, customers: Sequence[Party], lines: Sequence[BillLine]) -> Taxes:
    """Check the lines and tax them."""
    if not customers:
        raise UnknownCustomer(_("There is no such customer."), field="customer")
    if not lines:
        raise NothingToBill(_("There is nothing to bill."), fix=_("Add a line first."), field="lines")
    check_currency(currency)
    for line in lines:
        if line.quantity <= 0 or line.unit_price < 0 or not 0 <= line.discount <= 1:
            raise BadLine(
                _(
                    "“%(line)s” cannot be billed: its quantity must be above zero, its price not negative, its discount between 0 and 100 %%."
                )
                % {"line": line.description},
                field="lines",
            )
        if line.prices_include_tax != lines[0].prices_include_tax:
            raise BadLine(_("Prices include tax on all lines, or on none."), field="lines")
    return compute_taxes(
        on=on,
        currency=currency,
        prices_include_tax=lines[0].prices_include_tax,
        lines=[TaxableLine(str(i), line.amount, line.tax_category) for i, line in enumerate(lines)],
    )


def _write(document: Invoice, lines: Sequence[BillLine], taxes: Taxes, *, open_amount: Decimal, sequence: str, prefix: str) -> None:
    """Save an invoice or credit note with its lines and taxes."""
    document.prices_include_tax = lines[0].prices_include_tax
    document.net, document.tax, document.total = taxes.net, taxes.tax, taxes.total
    document.residual = open_amount
    document.status = Invoice.Status.OPEN if open_amount else Invoice.Status.PAID
    accounts = accounts_for(Purpose.REVENUE, Purpose.FREIGHT_REVENUE)
    document.number = next_number(sequence, prefix=prefix, on=document.issued_on)
    document.save(force_insert=True)
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=document,
            order_line_id=line.order_line_id,
            product_id=line.product_id,
            description=line.description[:300],
            quantity=line.quantity,
            unit_price=line.unit_price,
            discount=line.discount,
            tax_category=line.tax_category,
            net=taxed.net,
            tax=taxed.tax,
            total=taxed.total,
            account=_income(line, accounts),
        )
        for line, taxed in zip(lines, taxes.lines, strict=True)
    )
    InvoiceTax.objects.bulk_create(
        InvoiceTax(invoice=document, tax_id=tax.tax_id, rate=tax.rate, base=tax.base, amount=tax.amount) for tax in taxes.by_tax
    )


def _post(document: Invoice, against: dict[str, Decimal], *, by: User) -> None:
    """Post an invoice, or a credit note the other way round: ``against`` says what the customer's accounts take."""
    if not document.total:
        return
    sign = 1 if document.is_credit_note else -1
    accounts = accounts_for(*against)
    customer_id = document.customer_id
    postings = [Posting(account_id=accounts[purpose].pk, amount=amount, party_id=customer_id) for purpose, amount in against.items()]
    income: dict[tuple[int, int | None], Decimal] = {}
    for line in document.lines.order_by("pk"):
        key = (line.account_id, line.product_id)
        income[key] = income.get(key, ZERO) + line.net
    postings += [
        Posting(account_id=account_id, amount=sign * amount, party_id=customer_id, product_id=product_id)
        for (account_id, product_id), amount in income.items()
    ]
    postings += [
        Posting(account_id=row.tax.account_id, amount=sign * row.amount, party_id=customer_id, memo=row.tax.name)
        for row in document.taxes.select_related("tax").order_by("pk")
    ]
    register_entry(
        kind=Journal.Kind.SALES,
        on=document.issued_on,
        memo=f"{document.number} {document.customer}",
        postings=postings,
        source=source_of(document),
        by=by,
    )


def _income(line: BillLine, accounts: dict[str, Account]) -> Account:
    return accounts[Purpose.REVENUE if line.product_id is not None else Purpose.FREIGHT_REVENUE]


def _billed(lines: Sequence[BillLine]) -> tuple[InvoicedLine, ...]:
    return tuple(InvoicedLine(order_line_id=line.order_line_id, quantity=line.quantity) for line in lines)
