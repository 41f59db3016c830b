"""What happens in the warehouse."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.events import Event


@dataclass(frozen=True)
class ShortLine:
    """What is missing for one order line, in the product's unit."""

    order_line_id: int
    product_id: int
    quantity: Decimal


@dataclass(frozen=True)
class DeliveredLine:
    """What left, or came back, for one order line, in the product's unit."""

    order_line_id: int
    product_id: int
    quantity: Decimal


@dataclass(frozen=True, kw_only=True)
class StockReserved(Event):
    """Goods were set aside for a delivery; ``short`` is what is still missing for it, empty when nothing is."""

    KEY = "order_id"
    PARTY = "customer_id"

    delivery_id: int
    delivery_number: str
    order_id: int
    order_number: str
    customer_id: int
    pieces: Decimal
    short: tuple[ShortLine, ...]


@dataclass(frozen=True, kw_only=True)
class GoodsDelivered(Event):
    """Goods left for the customer. ``complete`` says that nothing of the order is left to deliver."""

    KEY = "order_id"
    PARTY = "customer_id"

    delivery_id: int
    delivery_number: str
    order_id: int
    order_number: str
    customer_id: int
    delivered_on: date
    pieces: Decimal
    lines: tuple[DeliveredLine, ...]
    complete: bool
    backorder_id: int | None
    backorder_number: str


@dataclass(frozen=True, kw_only=True)
class DeliveryCancelled(Event):
    """The warehouse was asked to stop an order. Nothing of it had left: its deliveries are cancelled and ``product_ids`` are free
    again. Or something had (``delivered_anything``): then nothing is cancelled.
    """

    KEY = "order_id"
    PARTY = "customer_id"

    order_id: int
    order_number: str
    customer_id: int
    delivery_ids: tuple[int, ...]
    delivered_anything: bool
    product_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class BackorderCancelled(Event):
    """The rest of a partly delivered order will not follow; ``lines`` says what of it."""

    KEY = "order_id"
    PARTY = "customer_id"

    delivery_id: int
    delivery_number: str
    order_id: int
    order_number: str
    customer_id: int
    reason: str
    lines: tuple[DeliveredLine, ...]
    product_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class ReceiptPlanned(Event):
    """Goods are on their way to us."""

    KEY = "receipt_id"
    EXTERNAL = True

    receipt_id: int
    receipt_number: str
    supplier_id: int | None
    expected_on: date | None
    pieces: Decimal
    product_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class ReceiptCancelled(Event):
    """Goods we waited for will not come."""

    KEY = "receipt_id"
    EXTERNAL = True

    receipt_id: int
    receipt_number: str
    supplier_id: int | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class GoodsReceived(Event):
    """Goods came in and lie in the warehouse."""

    KEY = "receipt_id"
    PARTY = "supplier_id"

    receipt_id: int
    receipt_number: str
    supplier_id: int | None
    received_on: date
    pieces: Decimal
    product_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class ReturnReceived(Event):
    """A customer's goods are back in the warehouse."""

    KEY = "order_id"
    PARTY = "customer_id"

    return_receipt_id: int
    number: str
    return_id: int
    return_number: str
    order_id: int
    order_number: str
    customer_id: int
    received_on: date
    pieces: Decimal
    lines: tuple[DeliveredLine, ...]


@dataclass(frozen=True, kw_only=True)
class StockAdjusted(Event):
    """Somebody counted and found more or less than the books said; ``difference`` is signed, in the product's unit."""

    KEY = "adjustment_id"

    adjustment_id: int
    adjustment_number: str
    product_id: int
    location_id: int
    difference: Decimal
    on_hand: Decimal
    reason: str


@dataclass(frozen=True, kw_only=True)
class StockValued(Event):
    """One document changed the value of the stock; ``amount`` is signed, in the currency of the books.

    Published once per document, last in its transaction, and only when the amount is not zero: the ledger books it in the
    same commit. ``reason`` is delivery, receipt, opening, return or adjustment.
    """

    KEY = "document_number"

    move_ids: tuple[int, ...]
    reason: str
    document_kind: str
    document_id: int
    document_number: str
    party_id: int | None
    on: date
    currency: str
    amount: Decimal
    memo: str
