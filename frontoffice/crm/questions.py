"""What the pipeline wants to know of others."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.events import Question


@dataclass(frozen=True, kw_only=True)
class PriceFor(Question[Decimal]):
    """What one unit of a product costs this customer, buying this many on this day. Price lists answer it."""

    product_id: int
    customer_id: int | None
    quantity: Decimal
    on: date
