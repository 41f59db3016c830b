"""What sales shows on other pages: the orders of a customer and of a product."""

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from core.catalog.models import Product
from core.parties.models import Party
from core.web import ui
from core.web.gathering import Gathered
from frontoffice.sales.models import Order
from frontoffice.sales.views.orders import Orders


def orders_of(party: Party) -> Gathered:
    """How many orders a customer has placed."""
    return ui.how_many(Order.objects.filter(customer=party).exclude(status=Order.Status.CANCELLED))


def ordered_of(product: Product) -> str | None:
    """How many of a product are promised and have not left."""
    rows = Order.objects.to_deliver().filter(lines__product=product)
    found = rows.aggregate(all=Sum("lines__quantity"), left=Sum("lines__delivered_quantity"), dropped=Sum("lines__dropped_quantity"))
    return (
        ui.figures.quantity((found["all"] or 0) - (found["left"] or 0) - (found["dropped"] or 0), product.unit.code)
        if found["all"]
        else None
    )


ui.provide_counts(
    "parties.party",
    ui.Count(
        _("Orders"),
        number=orders_of,
        url=lambda party: f"{Orders.url()}?state=all&where=customer~is~{party.pk}",
        icon="shopping-cart",
        permission="sales.view_order",
    ),
)
ui.provide_counts(
    "catalog.product",
    ui.Count(
        _("To deliver"),
        number=ordered_of,
        url=lambda product: f"{Orders.url()}?state=deliver&q={product.sku}",
        icon="shopping-cart",
        permission="sales.view_order",
    ),
)
