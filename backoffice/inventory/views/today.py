"""What the warehouse puts on the home page."""

from decimal import Decimal

from django.db.models import Count, Sum, Value
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from backoffice.inventory.models import DeliveryOrder, Receipt, ReturnReceipt, StockMove, Valuation
from backoffice.inventory.views.deliveries import Deliveries
from backoffice.inventory.views.valuation import StockValue
from core import clock
from core.people.models import User
from core.web import ui
from core.web.gathering import Gathered

MOST = 5
ZERO = Decimal(0)


@ui.kpi("catalog.view_cost", order=40)
def stock_value(_user: User) -> Gathered:
    """What all stock is worth, and what it was worth at the end of each month."""
    today, currency = clock.today(), ui.currency()
    value = ui.Gather(Valuation.objects.order_by().values(every=Value(1)), a=Sum("value"))
    since = ui.months_before(today.replace(day=1), 11)
    moves = StockMove.objects.filter(moved_on__gte=since).order_by().annotate(month=TruncMonth("moved_on")).values("month")

    def make(lines: list[ui.Line], moved: list[ui.Line]) -> ui.Kpi:
        now = (lines[0].a or ZERO) if lines else ZERO
        later = {line.day: line.a or ZERO for line in moved}
        starts = [ui.months_before(today.replace(day=1), back) for back in range(11, -1, -1)]
        ends = [now - sum((amount for month, amount in later.items() if month > start), ZERO) for start in starts]
        delta, _rose = ui.change(now, ends[-2])
        return ui.Kpi(
            _("Stock value"),
            ui.figures.short_money(now, currency),
            delta,
            None,
            _("against the end of last month"),
            url=StockValue.url(),
            title=ui.figures.money(now, currency),
            spark=ends,
            spark_label=_("At the end of the last twelve months"),
        )

    return ui.gathered(value, ui.Gather(moves, day="month", a=Sum("value")), make=make)


@ui.kpi("inventory.deliver", order=41)
def ready_to_leave(_user: User) -> Gathered:
    """How many deliveries could leave now, and how many wait."""
    rows = DeliveryOrder.objects.open().order_by().values("status")

    def make(lines: list[ui.Line]) -> ui.Kpi:
        counts = {line.key: int(line.a) for line in lines}
        return ui.Kpi(
            _("Ready to deliver"),
            str(counts.get(DeliveryOrder.Status.READY, 0)),
            note=_now("%(count)s wait for stock") % {"count": counts.get(DeliveryOrder.Status.WAITING, 0)},
            url=f"{Deliveries.url()}?state=ready",
        )

    return ui.gathered(ui.Gather(rows, key="status", a=Count("pk")), make=make)


@ui.tasks("inventory.deliver", order=30)
def to_deliver(_user: User) -> Gathered:
    """The deliveries that could leave now, who asked first first."""
    rows = DeliveryOrder.objects.filter(status=DeliveryOrder.Status.READY).oldest_first()
    wanted = ui.Gather(rows, pk="pk", key="number", note="customer__name", moment="wanted_since", day="scheduled_on", most=MOST)

    def make(lines: list[ui.Line]) -> list[ui.Task]:
        today = clock.today()
        return [
            ui.Task(
                _now("Deliver %(number)s") % {"number": line.key},
                line.note,
                reverse("inventory:deliveryorder", args=[line.pk]),
                ui.figures.relative_moment(line.moment),
                badge=_now("Warehouse"),
                late=bool(line.day) and line.day < today,
            )
            for line in lines
        ]

    return ui.gathered(wanted, make=make)


@ui.tasks("inventory.receive_receipt", order=31)
def to_receive(_user: User) -> Gathered:
    """What should have come by today."""
    rows = Receipt.objects.planned().filter(expected_on__lte=clock.today()).order_by("expected_on", "pk")

    def make(lines: list[ui.Line]) -> list[ui.Task]:
        today = clock.today()
        return [
            ui.Task(
                _now("Receive %(number)s") % {"number": line.key},
                line.note or "",
                reverse("inventory:receipt", args=[line.pk]),
                ui.figures.relative_day(line.day),
                badge=_now("Warehouse"),
                late=line.day < today,
            )
            for line in lines
        ]

    return ui.gathered(ui.Gather(rows, pk="pk", key="number", note="supplier__name", day="expected_on", most=MOST), make=make)


@ui.tasks("inventory.receive_return", order=32)
def to_take_back(_user: User) -> Gathered:
    """What customers are about to send back."""
    rows = ReturnReceipt.objects.filter(status=ReturnReceipt.Status.EXPECTED).order_by("pk")

    def make(lines: list[ui.Line]) -> list[ui.Task]:
        return [
            ui.Task(
                _now("Take back %(number)s") % {"number": line.key},
                line.note,
                reverse("inventory:returnreceipt", args=[line.pk]),
                badge=_now("Warehouse"),
            )
            for line in lines
        ]

    return ui.gathered(ui.Gather(rows, pk="pk", key="number", note="customer__name", most=MOST), make=make)


@ui.step("inventory.receive_goods", order=50)
def first_goods(_user: User) -> Gathered:
    """What lies on the shelf can be promised."""
    return ui.gathered(
        ui.Gather(StockMove.objects.order_by("pk"), pk="pk", most=1),
        make=lambda lines: ui.Step(
            _("Receive the first goods"), _("Quantities and their cost start here."), reverse("inventory:receipt-new"), bool(lines)
        ),
    )
