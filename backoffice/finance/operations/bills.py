"""What invoices, carried-over invoices and credit notes have in common: their lines, taxed, written and posted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from backoffice.finance.events import InvoicedLine, InvoiceIssued
from backoffice.finance.models import Invoice, InvoiceLine, InvoiceTax, Journal, Purpose
from backoffice.finance.operations.accounts import accounts_for
from backoffice.finance.operations.entries import Posting, check_currency, register_entry, source_of
from backoffice.finance.operations.taxes import TaxableLine, TaxedLine, Taxes, compute_taxes
from core.catalog.models import Product
from core.docflow.flow import came_of
from core.errors import Refused
from core.money import ZERO, round_money
from core.numbering import NextNumber
from core.parties.models import Party
from core.people.models import User
from core.writing import Part, write_whole


class NothingToBill(Refused):
    """An invoice without lines asks for nothing."""


class BadLine(Refused):
    """A line that cannot be billed."""


class UnknownCustomer(Refused):
    """There is nobody to bill."""


@dataclass(frozen=True, kw_only=True)
class BillLine:
    """A line to bill or to credit, in the product's unit. ``discount`` is a fraction; without a product it is a charge such as freight.

    ``brought_forward`` is what an earlier system billed: its tax is settled there, and it stands against the opening balances here.
    """

    description: str
    quantity: Decimal
    unit_price: Decimal
    order_line_id: int | None = None
    product_id: int | None = None
    discount: Decimal = ZERO
    tax_category: str = Product.TaxCategory.STANDARD
    prices_include_tax: bool = False
    brought_forward: bool = False

    @property
    def amount(self) -> Decimal:
        """What quantity, price and discount come to, not rounded yet."""
        return self.quantity * self.unit_price * (1 - self.discount)


def tax_document(on: date, currency: str, customers: Sequence[Party], lines: Sequence[BillLine]) -> Taxes:
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
    if lines[0].brought_forward:
        return _untaxed(lines, currency)
    return compute_taxes(
        on=on,
        currency=currency,
        prices_include_tax=lines[0].prices_include_tax,
        lines=[TaxableLine(str(i), line.amount, line.tax_category) for i, line in enumerate(lines)],
    )


def _untaxed(lines: Sequence[BillLine], currency: str) -> Taxes:
    amounts = [round_money(line.amount, currency) for line in lines]
    whole = sum(amounts, ZERO)
    taxed = tuple(TaxedLine(str(place), amount, ZERO, amount) for place, amount in enumerate(amounts))
    return Taxes(net=whole, tax=ZERO, total=whole, lines=taxed, by_tax=())


def write_document(
    document: Invoice,
    lines: Sequence[BillLine],
    taxes: Taxes,
    *,
    open_amount: Decimal,
    number: NextNumber | None = None,
    sources: Sequence[tuple[str, int, str, str]] = (),
) -> list[InvoiceLine]:
    """Save an invoice or credit note with its lines, its taxes and what it comes of; ``number`` is the one it is to get."""
    document.prices_include_tax = lines[0].prices_include_tax
    document.net, document.tax, document.total = taxes.net, taxes.tax, taxes.total
    document.residual = open_amount
    document.status = Invoice.Status.OPEN if open_amount else Invoice.Status.PAID
    income = (Purpose.OPENING_BALANCE,) if lines[0].brought_forward else (Purpose.REVENUE, Purpose.FREIGHT_REVENUE)
    accounts = accounts_for(*income)
    rows = [
        InvoiceLine(
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
            account=accounts[_purpose(line)],
        )
        for line, taxed in zip(lines, taxes.lines, strict=True)
    ]
    taxed_with = [InvoiceTax(tax_id=tax.tax_id, rate=tax.rate, base=tax.base, amount=tax.amount) for tax in taxes.by_tax]
    came = came_of("finance.invoice", *sources)
    write_whole(document, Part(rows, "invoice"), Part(taxed_with, "invoice"), came, number=number)
    return rows


def post_document(
    document: Invoice, rows: Sequence[InvoiceLine], taxes: Taxes, against: dict[str, Decimal], *, on: date | None = None, by: User
) -> None:
    """Post an invoice, or a credit note the other way round: ``against`` says what the customer's accounts take."""
    if not document.total:
        return
    sign = 1 if document.is_credit_note else -1
    accounts = accounts_for(*against)
    customer_id = document.customer_id
    postings = [Posting(account_id=accounts[purpose].pk, amount=amount, party_id=customer_id) for purpose, amount in against.items()]
    income: dict[tuple[int, int | None], Decimal] = {}
    for line in rows:
        key = (line.account_id, line.product_id)
        income[key] = income.get(key, ZERO) + line.net
    postings += [
        Posting(account_id=account_id, amount=sign * amount, party_id=customer_id, product_id=product_id)
        for (account_id, product_id), amount in income.items()
    ]
    postings += [Posting(account_id=tax.account_id, amount=sign * tax.amount, party_id=customer_id, memo=tax.name) for tax in taxes.by_tax]
    register_entry(
        kind=Journal.Kind.GENERAL if document.is_opening else Journal.Kind.SALES,
        on=on or document.issued_on,
        memo=f"{document.number} {document.customer}",
        postings=postings,
        source=source_of(document),
        by=by,
    )


def _purpose(line: BillLine) -> Purpose:
    if line.brought_forward:
        return Purpose.OPENING_BALANCE
    return Purpose.REVENUE if line.product_id is not None else Purpose.FREIGHT_REVENUE


def issued(invoice: Invoice, lines: Sequence[BillLine], *, delivery_number: str = "") -> InvoiceIssued:
    """The event that says that a customer owes us."""
    return InvoiceIssued(
        invoice_id=invoice.pk,
        invoice_number=invoice.number,
        customer_id=invoice.customer_id,
        order_id=invoice.order_id,
        order_number=invoice.order_number,
        delivery_id=invoice.delivery_id,
        delivery_number=delivery_number,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        currency=invoice.currency,
        net=invoice.net,
        tax=invoice.tax,
        total=invoice.total,
        lines=billed_lines(lines),
    )


def billed_lines(lines: Sequence[BillLine]) -> tuple[InvoicedLine, ...]:
    """The lines as an event carries them."""
    return tuple(InvoicedLine(order_line_id=line.order_line_id, quantity=line.quantity) for line in lines)
