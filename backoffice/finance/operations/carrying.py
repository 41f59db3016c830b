"""Invoices of the system a company comes from, carried over into these books."""

import re
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from backoffice.finance.models import Invoice, Purpose
from backoffice.finance.operations.bills import BillLine, issued, post_document, tax_document, write_document
from backoffice.finance.operations.entries import books_currency, check_amount, check_currency
from backoffice.finance.operations.invoicing import CREDIT_NOTE_PREFIX, INVOICE_PREFIX
from core.catalog.models import Product
from core.db import locked
from core.errors import Refused
from core.events.publishing import publish
from core.money import written
from core.parties.models import Party
from core.people.models import User

OWN_NUMBER = re.compile(rf"(?:{INVOICE_PREFIX}|{CREDIT_NOTE_PREFIX})/[0-9]+/[0-9]+")
LONGEST = 24


class NumberTaken(Refused):
    """A number names one invoice."""


class BadOpening(Refused):
    """An invoice that cannot have been open when the books were opened."""


def carry_invoice_over(
    customer: Party,
    *,
    number: str,
    issued_on: date,
    due_on: date,
    total: Decimal,
    open_amount: Decimal | None = None,
    posted_on: date,
    currency: str = "",
    by: User,
) -> Invoice:
    """Take over what is open of an invoice that an earlier system sent, under its number there: receivable against opening balances.

    The invoice here comes to ``open_amount`` (all of ``total`` when not told), posted on the day the books were opened. Sales and tax
    of it stay in the earlier system's books.
    """
    number, left = number.strip(), total if open_amount is None else open_amount
    with locked(customer, by=by) as customer:
        check_currency(currency or books_currency())
        _check_opening(number, issued_on, due_on, total, left, posted_on)
        memo = _("Carried over: %(left)s open of %(total)s") % {
            "left": written(left),
            "total": written(total),
        }
        line = BillLine(
            description=memo,
            quantity=Decimal(1),
            unit_price=left,
            tax_category=Product.TaxCategory.EXEMPT,
            brought_forward=True,
        )
        invoice = Invoice(
            kind=Invoice.Kind.INVOICE,
            number=number,
            customer=customer,
            issued_on=issued_on,
            due_on=due_on,
            currency=books_currency(),
            memo=memo,
            is_opening=True,
        )
        taxes = tax_document(issued_on, invoice.currency, [customer], [line])
        rows = write_document(invoice, [line], taxes, open_amount=left)
        post_document(invoice, rows, taxes, {Purpose.RECEIVABLE: left}, on=posted_on, by=by)
        publish(issued(invoice, [line]))
    return invoice


def _check_opening(number: str, issued_on: date, due_on: date, total: Decimal, left: Decimal, posted_on: date) -> None:
    if not number or len(number) > LONGEST:
        raise NumberTaken(_("An invoice has a number of at most %(most)d characters.") % {"most": LONGEST}, field="number")
    if OWN_NUMBER.fullmatch(number):
        raise NumberTaken(
            _("Numbers like %(number)s are given to invoices written here.") % {"number": number},
            fix=_("Put something before it, such as OLD-%(number)s.") % {"number": number},
            field="number",
        )
    if Invoice.objects.filter(number__iexact=number).exists():
        raise NumberTaken(_("There is an invoice %(number)s already.") % {"number": number}, field="number")
    check_amount(total, field="total")
    check_amount(left, field="open_amount")
    if left > total:
        raise BadOpening(_("More is open than the invoice comes to."), field="open_amount")
    if due_on < issued_on:
        raise BadOpening(_("It falls due before it was issued."), field="due_on")
    if posted_on < issued_on:
        raise BadOpening(
            _("The books were opened before it was issued."), fix=_("Write an invoice of these books instead."), field="posted_on"
        )
