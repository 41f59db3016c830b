"""What the books say on the home page."""

from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.finance.models import Account, DayBalance, Invoice, Payment, Purpose
from backoffice.finance.reports import MOVED
from core import clock
from core.money import ZERO
from core.people.hiding import hidden_in
from core.people.models import User
from core.web import ui
from core.web.gathering import Gathered

MOST = 5


@ui.kpi("finance.view_invoice", order=30)
def owed(_user: User) -> Gathered:
    """What customers owe, how much of it is late, and how it stood at the end of each month."""
    today, currency = clock.today(), ui.currency()
    still_open = Invoice.objects.invoices().open().order_by()
    invoices = ui.Gather(
        still_open.values("kind"),
        a=Sum("residual"),
        b=Sum("residual", filter=Q(due_on__lt=today)),
        c=Count("pk", filter=Q(due_on__lt=today)),
    )
    moved = DayBalance.objects.filter(account__purpose=Purpose.RECEIVABLE).order_by().annotate(month=TruncMonth("day"))
    ledger = ui.Gather(moved.values("month"), day="month", a=Sum(MOVED))

    def make(lines: list[ui.Line], months: list[ui.Line]) -> ui.Kpi:
        amount, late = (lines[0].a or ZERO, lines[0].b or ZERO) if lines else (ZERO, ZERO)
        return ui.Kpi(
            _("Customers owe"),
            ui.figures.short_money(amount, currency),
            note=gettext("%(late)s overdue on %(count)s invoices")
            % {"late": ui.figures.short_money(late, currency), "count": int(lines[0].c)}
            if late
            else gettext("nothing overdue"),
            good=not late,
            url=f"{reverse('finance:invoices')}?state=open",
            title=ui.figures.money(amount, currency),
            spark=running({line.day: line.a for line in months}, today),
            spark_label=_("At the end of the last twelve months"),
        )

    return ui.gathered(invoices, ledger, make=make)


def running(moved: dict[date, Decimal], today: date) -> list[Decimal]:
    """A balance at the end of each of the last twelve months, from what moved in every month there was."""
    ends = [ui.month_end(ui.months_before(today.replace(day=1), back)) for back in range(11, -1, -1)]
    return [sum((amount for month, amount in moved.items() if month <= end), ZERO) for end in ends]


@ui.kpi("finance.register_payment", order=35)
def received(_user: User) -> Gathered:
    """What came in over thirty days, beside the thirty before."""
    currency, today = ui.currency(), clock.today()
    days = (
        Payment.objects.standing()
        .filter(received_on__gt=today - timedelta(days=84), received_on__lte=today)
        .order_by()
        .values("received_on")
    )

    def make(lines: list[ui.Line]) -> ui.Kpi:
        def between(first: int, last: int) -> Decimal:
            return sum((line.a for line in lines if last <= (today - line.day).days < first), ZERO)

        now = between(30, 0)
        delta, good = ui.change(now, between(60, 30))
        return ui.Kpi(
            _("Received in 30 days"),
            ui.figures.short_money(now, currency),
            delta,
            good,
            _("against the 30 days before"),
            url=f"{reverse('finance:payments')}?where=received_on~last~30",
            title=ui.figures.money(now, currency),
            spark=[between(7 * week, 7 * week - 7) for week in range(12, 0, -1)],
            spark_label=_("The last twelve weeks"),
        )

    return ui.gathered(ui.Gather(days, day="received_on", a=Sum("amount")), make=make)


@ui.kpi("finance.view_reports", order=36)
def profit(user: User) -> Gathered | None:
    """What is left of this month's income, beside the same days of the month before; nothing where it is hidden what goods cost."""
    if hidden_in(Account, ("result",), user):
        return None
    currency, today = ui.currency(), clock.today()
    month, before, until = today.replace(day=1), ui.months_before(today.replace(day=1), 1), ui.months_before(today, 1)
    kinds = (Account.Kind.INCOME, Account.Kind.EXPENSE)
    moved = DayBalance.objects.filter(account__kind__in=kinds, day__range=(ui.months_before(month, 11), today))

    def make(lines: list[ui.Line]) -> ui.Kpi:
        def between(first: date, last: date) -> Decimal:
            return -sum((line.a for line in lines if first <= line.day <= last), ZERO)

        starts = [ui.months_before(month, back) for back in range(11, -1, -1)]
        result = between(month, today)
        delta, rose = ui.change(result, between(before, until))
        return ui.Kpi(
            _("Result this month"),
            ui.figures.short_money(result, currency),
            delta,
            result >= 0 and rose is not False,
            ui.against(before, until),
            url=f"{reverse('finance:reports-profit-and-loss')}?start={month}&end={today}",
            title=ui.figures.money(result, currency),
            spark=[between(start, ui.month_end(start)) for start in starts],
            spark_label=_("The last twelve months"),
        )

    return ui.gathered(ui.Gather(moved.order_by().values("day"), day="day", a=Sum(MOVED)), make=make)


@ui.tasks("finance.register_payment", order=40)
def to_collect(_user: User) -> Gathered:
    """The invoices that are overdue the longest."""
    today = clock.today()
    rows = Invoice.objects.overdue(today).oldest_due_first()

    def make(lines: list[ui.Line]) -> list[ui.Task]:
        return [
            ui.Task(
                gettext("%(number)s is %(days)d days overdue") % {"number": line.key, "days": (today - line.day).days},
                f"{line.note} · {ui.figures.money(line.a, line.currency)}",
                url=reverse("finance:invoice", args=[line.pk]),
                badge=gettext("Finance"),
                late=True,
            )
            for line in lines
        ]

    gather = ui.Gather(rows, pk="pk", key="number", note="customer__name", currency="currency", day="due_on", a="residual", most=MOST)
    return ui.gathered(gather, make=make)


@ui.tasks("finance.allocate_credit", order=45)
def to_allocate(_user: User) -> Gathered:
    """Payments that no invoice took, of customers who have open invoices."""
    owing = Invoice.objects.invoices().open().values("customer")
    rows = Payment.objects.with_credit().filter(customer__in=owing).order_by("received_on", "pk")

    def make(lines: list[ui.Line]) -> list[ui.Task]:
        return [
            ui.Task(
                gettext("Allocate what is left of %(number)s") % {"number": line.key},
                f"{line.note} · {ui.figures.money(line.a, line.currency)}",
                url=reverse("finance:payment", args=[line.pk]),
                badge=gettext("Finance"),
            )
            for line in lines
        ]

    gather = ui.Gather(rows, pk="pk", key="number", note="customer__name", currency="currency", a=F("unallocated"), most=MOST)
    return ui.gathered(gather, make=make)


@ui.step("finance.install_chart", order=20)
def first_accounts(_user: User) -> Gathered:
    """Nothing can be invoiced before there are accounts and an open year."""
    return ui.gathered(
        ui.Gather(Account.objects.order_by("pk"), pk="pk", most=1),
        make=lambda lines: ui.Step(
            _("Choose a chart of accounts"),
            _("Sales, taxes and stock are booked on it by themselves."),
            reverse("finance:chart-new"),
            bool(lines),
        ),
    )
