"""What others want to know about a product, and only the warehouse can tell."""

from dataclasses import dataclass
from decimal import Decimal

from core.events import Question


@dataclass(frozen=True)
class Availability:
    """Stock of one product over all warehouses, in the product's unit. ``available`` = on hand less reserved."""

    product_id: int
    on_hand: Decimal
    reserved: Decimal
    available: Decimal
    incoming: Decimal


@dataclass(frozen=True, kw_only=True)
class AvailableToPromise(Question[tuple[Availability, ...]]):
    """What can be promised of these products now. One answer per product asked for, in that order."""

    product_ids: tuple[int, ...]
