"""Orders, through the real operations."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from core.catalog.models import Product
from core.parties.models import Party
from core.people.models import User
from frontoffice.sales.models import Order
from frontoffice.sales.operations import LineQuantity, NewLine, confirm_order, place_order, record_delivery


def freight(price: int = 150_000) -> NewLine:
    """A charge in words, without a product."""
    return NewLine(description="Freight", unit_price=Decimal(price))


def make_order(customer: Party, lines: Sequence[tuple[Product, int] | NewLine] = (), **more: Any) -> Order:
    """A draft with a line for each (product, quantity), at the customer's price, or as written."""
    by = more.pop("by", None) or User.objects.service()
    wanted = [line if isinstance(line, NewLine) else NewLine(product_id=line[0].pk, quantity=Decimal(line[1])) for line in lines]
    return place_order(customer_id=customer.pk, lines=wanted, by=by, **more)


def make_confirmed_order(customer: Party, lines: Sequence[tuple[Product, int] | NewLine], **more: Any) -> Order:
    """An order promised to the customer."""
    by = more.get("by") or User.objects.service()
    return confirm_order(make_order(customer, lines, **more), by=by)


def deliver(order: Order, *quantities: int, on: date = date(2026, 3, 16), delivery_id: int = 1) -> Order:
    """As if the warehouse had delivered so many of each of the order's lines, in their order; 0 leaves a line out."""
    lines = [
        LineQuantity(line.pk, Decimal(quantity))
        for line, quantity in zip(order.lines.order_by("position"), quantities, strict=False)
        if quantity
    ]
    return record_delivery(
        order_id=order.pk,
        delivery_id=delivery_id,
        delivery_number=f"DO/2026/{delivery_id:05d}",
        delivered_on=on,
        lines=lines,
        by=User.objects.service(),
    )
