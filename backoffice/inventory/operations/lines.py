"""The shapes in which others ask the warehouse for something."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class WantedLine:
    """So much of a product for one order line (or back from it), in the product's unit."""

    order_line_id: int
    product_id: int
    quantity: Decimal


@dataclass(frozen=True)
class ReceivedLine:
    """So much of a product, in its unit, at ``unit_cost`` in the currency of the books."""

    product_id: int
    quantity: Decimal
    unit_cost: Decimal
