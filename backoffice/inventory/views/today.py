"""What the warehouse puts on the home page."""

from django.db.models import Sum
from django.utils.translation import gettext as _

from backoffice.inventory.models import DeliveryOrder, Receipt, ReturnReceipt, Valuation
from backoffice.inventory.views.deliveries import Deliveries, is_late
from backoffice.inventory.views.stock import Stock
from core import clock
from core.people.models import User
from core.web import ui

MOST = 5


@ui.kpi("inventory.view_valuation", order=40)
def stock_value(_user: User) -> ui.Kpi:
    """What all stock is worth."""
    value = Valuation.objects.aggregate(all=Sum("value"))["all"]
    return ui.Kpi(
        _("Stock value"),
        ui.figures.short_money(value, ui.currency()) if value else "0",
        note=_("at moving average"),
        url=Stock.url(),
        title=ui.figures.money(value, ui.currency()) if value else "",
    )


@ui.kpi("inventory.deliver", order=41)
def ready_to_leave(_user: User) -> ui.Kpi:
    """How many deliveries could leave now, and how many wait."""
    ready = DeliveryOrder.objects.filter(status=DeliveryOrder.Status.READY).count()
    waiting = DeliveryOrder.objects.waiting().count()
    return ui.Kpi(
        _("Ready to deliver"), str(ready), note=_("%(count)s wait for stock") % {"count": waiting}, url=f"{Deliveries.url()}?state=ready"
    )


@ui.tasks("inventory.deliver", order=30)
def to_deliver(_user: User) -> list[ui.Task]:
    """The deliveries that could leave now, who asked first first."""
    ready = DeliveryOrder.objects.filter(status=DeliveryOrder.Status.READY).select_related("customer").oldest_first()[:MOST]
    return [
        ui.Task(
            _("Deliver %(number)s") % {"number": delivery.number},
            delivery.customer.name,
            ui.url_of(delivery),
            ui.figures.relative_moment(delivery.wanted_since),
            badge=_("Warehouse"),
            late=is_late(delivery),
        )
        for delivery in ready
    ]


@ui.tasks("inventory.receive_receipt", order=31)
def to_receive(_user: User) -> list[ui.Task]:
    """What should have come by today."""
    due = Receipt.objects.planned().filter(expected_on__lte=clock.today()).select_related("supplier").order_by("expected_on", "pk")[:MOST]
    return [
        ui.Task(
            _("Receive %(number)s") % {"number": receipt.number},
            str(receipt.supplier or ""),
            ui.url_of(receipt),
            ui.figures.relative_day(receipt.expected_on),
            badge=_("Warehouse"),
            late=receipt.expected_on is not None and receipt.expected_on < clock.today(),
        )
        for receipt in due
    ]


@ui.tasks("inventory.receive_return", order=32)
def to_take_back(_user: User) -> list[ui.Task]:
    """What customers are about to send back."""
    expected = ReturnReceipt.objects.filter(status=ReturnReceipt.Status.EXPECTED).select_related("customer").order_by("pk")[:MOST]
    return [
        ui.Task(_("Take back %(number)s") % {"number": receipt.number}, receipt.customer.name, ui.url_of(receipt), badge=_("Warehouse"))
        for receipt in expected
    ]
