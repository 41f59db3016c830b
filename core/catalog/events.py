"""What happens to the catalogue."""

from dataclasses import dataclass
from decimal import Decimal

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class ProductCreated(Event):
    """There is something new to sell."""

    KEY = "product_id"
    EXTERNAL = True

    product_id: int
    sku: str
    name: str
    list_price: Decimal


@dataclass(frozen=True, kw_only=True)
class ProductUpdated(Event):
    """What we say about a product changed; ``changed`` names the fields."""

    KEY = "product_id"
    EXTERNAL = True

    product_id: int
    sku: str
    changed: tuple[str, ...]
