"""The warehouse, with goods in it, set up through the real operations."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import count

from backoffice.inventory.models import DeliveryOrder, Receipt, StockLevel, Valuation, Warehouse
from backoffice.inventory.operations import ReceivedLine, WantedLine, install_warehouse, receive_goods, reserve_stock
from core.catalog.models import Product
from core.parties.models import Party
from core.people.models import User
from tests.factories.ground import make_customer

_order_ids = count(1001)
_line_ids = count(5001)


def make_warehouse() -> Warehouse:
    """The main warehouse and the places outside it."""
    return install_warehouse(by=User.objects.service())


def stock_up(product: Product, quantity: int | str, cost: int | str = 100, *, on: date | None = None, opening: bool = False) -> Receipt:
    """So many on the shelf, at this cost each."""
    line = ReceivedLine(product_id=product.pk, quantity=Decimal(quantity), unit_cost=Decimal(cost))
    return receive_goods(lines=[line], by=User.objects.service(), on=on, opening=opening)


def wanted(goods: Mapping[Product, int | str]) -> list[WantedLine]:
    """Order lines for so many of each."""
    return [WantedLine(next(_line_ids), product.pk, Decimal(quantity)) for product, quantity in goods.items()]


def order_goods(
    goods: Mapping[Product, int | str], *, customer: Party | None = None, order_id: int | None = None, by: User | None = None
) -> DeliveryOrder:
    """What the warehouse makes of a confirmed order for so many of each."""
    order_id = order_id or next(_order_ids)
    known = customer or Party.objects.customers().order_by("pk").first() or make_customer()
    return reserve_stock(
        order_id=order_id,
        order_number=f"SO/2026/{order_id:05d}",
        customer_id=known.pk,
        lines=wanted(goods),
        by=by or User.objects.service(),
    )


def on_shelf(product: Product) -> tuple[Decimal, Decimal]:
    """(on hand, reserved) in the main warehouse."""
    level = StockLevel.objects.get(product=product)
    return level.on_hand, level.reserved


def worth(product: Product) -> tuple[Decimal, Decimal]:
    """(quantity, value) of all stock of a product."""
    valuation = Valuation.objects.get(product=product)
    return valuation.quantity, valuation.value
