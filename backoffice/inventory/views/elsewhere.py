"""What the warehouse shows on other pages: the stock of a product, the deliveries of an order and of a customer."""

from typing import Any

from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from backoffice.inventory.models import DeliveryOrder, StockLevel
from backoffice.inventory.views.deliveries import Deliveries
from backoffice.inventory.views.stock import Stock
from core.catalog.models import Product
from core.web import ui


def stock_url(product: Product) -> str:
    """Where a product lies."""
    return f"{Stock.url()}?state=all&q={product.sku}"


def on_hand(product: Product) -> str:
    """How many there are, in all places."""
    found = StockLevel.objects.filter(product=product).aggregate(sum=Sum("on_hand"))["sum"]
    return ui.figures.quantity(found or 0, product.unit.code)


def available(product: Product) -> str:
    """How many of them nobody has asked for."""
    found = StockLevel.objects.filter(product=product).aggregate(sum=Sum(F("on_hand") - F("reserved")))["sum"]
    return ui.figures.quantity(found or 0, product.unit.code)


def is_goods(product: Any) -> bool:
    """Only goods lie on a shelf."""
    return bool(product.is_goods)


ui.provide_counts(
    "catalog.product",
    ui.Count(_("On hand"), number=on_hand, url=stock_url, icon="boxes", when=is_goods, permission="inventory.view_stocklevel"),
    ui.Count(_("Available"), number=available, url=stock_url, icon="package-check", when=is_goods, permission="inventory.view_stocklevel"),
)
ui.provide_counts(
    "sales.order",
    ui.Count(
        _("Deliveries"),
        number=lambda order: ui.how_many(DeliveryOrder.objects.of_order(order.pk), hide_none=True),
        url=lambda order: f"{Deliveries.url()}?state=all&q={order.number}",
        icon="truck",
        permission="inventory.view_deliveryorder",
    ),
)
ui.provide_counts(
    "parties.party",
    ui.Count(
        _("Open deliveries"),
        number=lambda party: ui.how_many(DeliveryOrder.objects.open().filter(customer=party), hide_none=True),
        url=lambda party: f"{Deliveries.url()}?state=open&where=customer~is~{party.pk}",
        icon="truck",
        permission="inventory.view_deliveryorder",
    ),
)
