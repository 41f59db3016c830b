"""How far we trust a customer."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import OuterRef, Subquery, Sum
from django.utils.translation import gettext as _

from backoffice.finance.events import CreditTermsSet
from backoffice.finance.models import PAYMENT_DAYS, CustomerAccount, Invoice
from backoffice.finance.operations.entries import books_currency
from core.db import locked
from core.errors import Refused
from core.events.publishing import publish
from core.money import ZERO
from core.parties.models import Party
from core.parties.questions import Credit
from core.people.models import User


class BadTerms(Refused):
    """Terms that nobody could buy on."""


@dataclass(frozen=True)
class OpenItem:
    """What of an invoice is not settled yet, in its currency; 0 when it is."""

    due_on: date
    residual: Decimal
    currency: str


def open_item(invoice_id: int) -> OpenItem:
    """What is still to be paid of an invoice, and since when."""
    invoice = Invoice.objects.get(pk=invoice_id)
    return OpenItem(due_on=invoice.due_on, residual=invoice.residual, currency=invoice.currency)


def set_credit_terms(customer: Party, *, credit_limit: Decimal | None, payment_days: int, by: User) -> CustomerAccount:
    """Decide how much a customer may owe us (None: without limit) and how many days they have to pay."""
    with locked(customer, by=by) as customer:
        if credit_limit is not None and credit_limit < 0:
            raise BadTerms(
                _("A credit limit cannot be negative."), fix=_("Leave it empty for no limit, 0 for no credit."), field="credit_limit"
            )
        if not 0 <= payment_days <= 366:
            raise BadTerms(_("Days to pay lie between 0 and 366."), field="payment_days")
        account, _is_new = CustomerAccount.objects.update_or_create(
            party=customer, defaults={"credit_limit": credit_limit, "payment_days": payment_days}
        )
        publish(CreditTermsSet(customer_id=customer.pk, currency=books_currency(), credit_limit=credit_limit, payment_days=payment_days))
    return account


def credit_standing(customer_id: int) -> Credit:
    """What a customer owes us on open invoices, and how much more they may."""
    owed = Invoice.objects.invoices().open().filter(customer=OuterRef("pk")).order_by().values("customer").annotate(all=Sum("residual"))
    terms = CustomerAccount.objects.filter(party=OuterRef("pk"))
    found = Party.objects.filter(pk=customer_id).values_list(Subquery(owed.values("all")), Subquery(terms.values("credit_limit"))).first()
    used, limit = found or (None, None)
    used = used or ZERO
    return Credit(currency=books_currency(), used=used, limit=limit, available=None if limit is None else limit - used)


def unsettled_with(customer_id: int) -> list[str]:
    """The numbers of a customer's invoices and credit notes that are not settled."""
    return list(Invoice.objects.open().filter(customer=customer_id).order_by("pk").values_list("number", flat=True))


def terms_and_bill(customer_id: int, delivery_id: int | None) -> tuple[int, int | None]:
    """How many days a customer has to pay, and the invoice of a delivery when it is billed already."""
    terms = CustomerAccount.objects.filter(party=OuterRef("pk")).values("payment_days")
    billed = Invoice.objects.filter(delivery_id=delivery_id, delivery_id__isnull=False).values("pk")
    days, invoice_id = Party.objects.filter(pk=customer_id).values_list(Subquery(terms), Subquery(billed)).first() or (None, None)
    return (PAYMENT_DAYS if days is None else days), invoice_id
