"""What sales puts on the home page."""

from datetime import date, timedelta
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core import clock
from core.people.models import User
from core.web import ui
from core.web.gathering import Gathered
from frontoffice.sales.models import Order
from frontoffice.sales.views.forms import NewOrder
from frontoffice.sales.views.orders import Orders

WEEKS = 12
MOST = 5


@ui.kpi("sales.view_order", order=10)
def ordered_this_month(user: User) -> Gathered:
    """What was ordered this month, beside the same days of the month before."""
    today = clock.today()
    month, before = today.replace(day=1), ui.months_before(today.replace(day=1), 1)
    until = ui.months_before(today, 1)
    monday = today - timedelta(days=today.weekday() + 7 * (WEEKS - 1))
    rows = Order.objects.visible_to(user).confirmed().filter(order_date__gte=min(before, monday), order_date__lte=today)

    def make(lines: list[ui.Line]) -> ui.Kpi:
        days = {line.day: line.a for line in lines}

        def between(first: date, last: date) -> Decimal:
            return sum((amount for day, amount in days.items() if first <= day <= last), Decimal(0))

        now = between(month, today)
        delta, good = ui.change(now, between(before, until))
        return ui.Kpi(
            _("Ordered this month"),
            ui.figures.short_money(now, ui.currency()),
            delta,
            good,
            ui.against(before, until),
            spark=[between(monday + timedelta(days=7 * week), monday + timedelta(days=7 * week + 6)) for week in range(WEEKS)],
            spark_label=_("The last twelve weeks"),
            url=f"{Orders.url()}?state=all&where=order_date~between~{month}~{today}",
            title=ui.figures.money(now, ui.currency()),
        )

    return ui.gathered(ui.Gather(rows.order_by().values("order_date"), day="order_date", a=Sum("net")), make=make)


@ui.tasks("sales.release_order", order=10)
def orders_on_hold(user: User) -> Gathered:
    """Orders that wait for somebody's word."""
    rows = Order.objects.visible_to(user).on_hold().order_by("order_date", "pk")
    return ui.gathered(_orders(rows), make=lambda lines: [_task(line, _now("On hold"), _now("Decide"), late=True) for line in lines])


@ui.tasks("sales.confirm_order", order=15)
def drafts_to_confirm(user: User) -> Gathered:
    """The person's drafts that wait to be confirmed."""
    rows = Order.objects.drafts().filter(owner=user).order_by("order_date", "pk")
    return ui.gathered(_orders(rows), make=lambda lines: [_task(line, _now("Draft"), _now("Confirm")) for line in lines])


@ui.step("sales.place_order", order=60)
def first_order(user: User) -> Gathered:
    """A company lives from orders."""
    return ui.gathered(
        ui.Gather(Order.objects.order_by("pk"), pk="pk", most=1),
        make=lambda lines: ui.Step(
            _("Take the first order"), _("The stock is reserved and the invoice follows by itself."), NewOrder.url(), bool(lines)
        ),
    )


def _orders(rows: QuerySet[Order]) -> ui.Gather:
    return ui.Gather(rows, pk="pk", key="number", note="customer__name", currency="currency", day="order_date", a="total", most=MOST)


def _task(line: ui.Line, badge: str, action: str, *, late: bool = False) -> ui.Task:
    return ui.Task(
        line.key,
        f"{line.note} · {ui.figures.money(line.a, line.currency)}",
        url=reverse("sales:order", args=[line.pk]),
        when=ui.figures.relative_day(line.day),
        badge=badge,
        action=action,
        late=late,
    )
