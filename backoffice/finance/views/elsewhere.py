"""What finance shows on other pages: what a customer owes, and what of an order is billed and open."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from backoffice.finance.models import Invoice
from backoffice.finance.views.invoices import Invoices
from core import clock
from core.parties.models import Party
from core.web import ui
from core.web.gathering import Gathered


def invoices_url(party: Party) -> str:
    """The open invoices of a customer."""
    return f"{Invoices.url()}?state=open&where=customer~is~{party.pk}"


def owed(rows: QuerySet[Invoice]) -> Gathered:
    """What is still to be paid of some invoices; nothing when there is nothing."""
    return ui.how_much(rows, "residual", lambda amount: ui.figures.short_money(amount, ui.currency()))


def bills_of(order: Any) -> QuerySet[Invoice]:
    """The invoices of an order."""
    return Invoice.objects.invoices().filter(order_number=order.number)


ui.provide_counts(
    "parties.party",
    ui.Count(
        _("Receivable"),
        number=lambda party: owed(Invoice.objects.invoices().open().filter(customer=party)),
        url=invoices_url,
        icon="receipt-text",
        permission="finance.view_invoice",
    ),
    ui.Count(
        _("Overdue"),
        number=lambda party: owed(Invoice.objects.overdue(clock.today()).filter(customer=party)),
        url=lambda party: f"{Invoices.url()}?state=overdue&where=customer~is~{party.pk}",
        permission="finance.view_invoice",
        tone=lambda _amount: "bad",
    ),
)
ui.provide_counts(
    "sales.order",
    ui.Count(
        _("Invoices"),
        number=lambda order: ui.how_many(bills_of(order), hide_none=True),
        url=lambda order: f"{Invoices.url()}?state=all&q={order.number}",
        icon="receipt-text",
        permission="finance.view_invoice",
    ),
    ui.Count(
        _("Still to be paid"),
        number=lambda order: owed(bills_of(order)),
        url=lambda order: f"{Invoices.url()}?state=open&q={order.number}",
        permission="finance.view_invoice",
    ),
)
