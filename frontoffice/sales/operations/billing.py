"""What is to be billed or credited, priced as ordered."""

from decimal import Decimal

from core.writing import write_each
from frontoffice.sales.events import BillLine
from frontoffice.sales.models import Order, OrderLine


def bill_line(order: Order, line: OrderLine, quantity: Decimal) -> BillLine:
    """So many of an order line at the order's price."""
    return BillLine(
        order_line_id=line.pk,
        product_id=line.product_id,
        description=line.description,
        quantity=quantity,
        unit_price=line.unit_price,
        discount=line.discount,
        tax_category=line.tax_category,
        prices_include_tax=order.prices_include_tax,
    )


def render_services(order: Order, lines: list[OrderLine]) -> list[BillLine]:
    """Count services and charges as delivered, once: what goes on the first bill."""
    rendered = [line for line in lines if not line.is_goods and line.delivered_quantity < line.quantity]
    billed = [bill_line(order, line, line.undelivered) for line in rendered]
    for line in rendered:
        line.delivered_quantity = line.quantity
    write_each(rendered, "delivered_quantity")
    return billed
