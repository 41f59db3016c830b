"""What the books say on the home page."""

from datetime import timedelta

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.finance import reports
from backoffice.finance.models import Invoice, Payment
from core import clock
from core.money import ZERO
from core.people.models import User
from core.web import ui


@ui.kpi("finance.view_invoice", order=30)
def owed(_user: User) -> ui.Kpi:
    """What customers owe, and how much of it is late."""
    currency = ui.currency()
    still_open = Invoice.objects.invoices().open()
    amount = still_open.aggregate(whole=Sum("residual"))["whole"] or ZERO
    late = still_open.overdue(clock.today()).aggregate(whole=Sum("residual"))["whole"] or ZERO
    note = gettext("%(late)s overdue") % {"late": ui.figures.short_money(late, currency)} if late else gettext("nothing overdue")
    return ui.Kpi(
        _("Customers owe"),
        ui.figures.short_money(amount, currency),
        note=note,
        good=not late,
        url=f"{reverse('finance:invoices')}?state=open",
        title=ui.figures.money(amount, currency),
    )


@ui.kpi("finance.view_reports", order=35)
def received(_user: User) -> ui.Kpi:
    """What came in over thirty days."""
    currency, today = ui.currency(), clock.today()
    amount = Payment.objects.filter(received_on__gt=today - timedelta(days=30)).aggregate(whole=Sum("amount"))["whole"] or ZERO
    return ui.Kpi(
        _("Received in 30 days"),
        ui.figures.short_money(amount, currency),
        url=reverse("finance:payments"),
        title=ui.figures.money(amount, currency),
    )


@ui.kpi("finance.view_reports", order=36)
def profit(_user: User) -> ui.Kpi:
    """What is left of this month's income."""
    currency, today = ui.currency(), clock.today()
    month = reports.profit_and_loss(start=today.replace(day=1), end=today)
    return ui.Kpi(
        _("Result this month"),
        ui.figures.short_money(month.result, currency),
        good=month.result >= 0,
        url=f"{reverse('finance:reports-profit-and-loss')}?start={month.start}&end={month.end}",
        title=ui.figures.money(month.result, currency),
    )


@ui.tasks("finance.register_payment", order=40)
def to_collect(_user: User) -> list[ui.Task]:
    """The invoices that are overdue the longest."""
    today = clock.today()
    overdue = Invoice.objects.overdue(today).select_related("customer").oldest_due_first()[:5]
    return [
        ui.Task(
            gettext("%(number)s is %(days)d days overdue") % {"number": invoice.number, "days": (today - invoice.due_on).days},
            f"{invoice.customer} · {ui.figures.money(invoice.residual, invoice.currency)}",
            url=ui.url_of(invoice),
            badge=gettext("Finance"),
            late=True,
        )
        for invoice in overdue
    ]


@ui.tasks("finance.allocate_credit", order=45)
def to_allocate(_user: User) -> list[ui.Task]:
    """Payments that no invoice took, of customers who have open invoices."""
    owing = Invoice.objects.invoices().open().values("customer")
    waiting = Payment.objects.with_credit().filter(customer__in=owing).select_related("customer").order_by("received_on", "pk")[:5]
    return [
        ui.Task(
            gettext("Allocate what is left of %(number)s") % {"number": payment.number},
            f"{payment.customer} · {ui.figures.money(payment.unallocated, payment.currency)}",
            url=ui.url_of(payment),
            badge=gettext("Finance"),
        )
        for payment in waiting
    ]
