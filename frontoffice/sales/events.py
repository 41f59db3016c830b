"""What happens to orders and returns."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(Event):
    """There is an order, still a draft."""

    KEY = "order_id"
    PARTY = "customer_id"
    EXTERNAL = True

    order_id: int
    order_number: str
    customer_id: int
    deal_id: int | None
    total: Decimal
    currency: str


@dataclass(frozen=True, kw_only=True)
class OrderHeld(Event):
    """An order waits for somebody's word before it is confirmed: the customer's credit, of which so much was used, does not suffice.
    Version 1 said why as a sentence, in the language of whoever confirmed; ``reason`` is empty since."""

    KEY = "order_id"
    PARTY = "customer_id"
    VERSION = 2

    order_id: int
    order_number: str
    customer_id: int
    total: Decimal
    currency: str
    reason: str
    credit_limit: Decimal | None = None
    credit_used: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class OrderReleased(Event):
    """Somebody let an order on hold go ahead. Its OrderConfirmed follows at once."""

    KEY = "order_id"
    PARTY = "customer_id"

    order_id: int
    order_number: str
    customer_id: int
    total: Decimal
    currency: str


@dataclass(frozen=True)
class ConfirmedLine:
    """One line promised. ``unit_price`` is before discount; ``discount`` is a fraction, 0 to 1."""

    line_id: int
    product_id: int | None
    description: str
    quantity: Decimal
    unit_price: Decimal
    discount: Decimal
    tax_category: str
    is_goods: bool


@dataclass(frozen=True, kw_only=True)
class OrderConfirmed(Event):
    """The customer was promised these goods and services at these prices."""

    KEY = "order_id"
    PARTY = "customer_id"

    order_id: int
    order_number: str
    customer_id: int
    order_date: date
    currency: str
    net: Decimal
    tax: Decimal
    total: Decimal
    shipping_address_id: int | None
    requested_date: date | None
    lines: tuple[ConfirmedLine, ...]


@dataclass(frozen=True, kw_only=True)
class OrderCancellationRequested(Event):
    """A confirmed order is to be cancelled, if nothing has left yet."""

    KEY = "order_id"
    PARTY = "customer_id"

    order_id: int
    order_number: str
    customer_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(Event):
    """An order will not be carried out."""

    KEY = "order_id"
    PARTY = "customer_id"

    order_id: int
    order_number: str
    customer_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class OrderKept(Event):
    """An order could not be cancelled any more, because something had left already: it stands as confirmed."""

    KEY = "order_id"
    PARTY = "customer_id"

    order_id: int
    order_number: str
    customer_id: int


@dataclass(frozen=True)
class DroppedLine:
    """How many of an order line will not follow."""

    order_line_id: int
    description: str
    quantity: Decimal


@dataclass(frozen=True, kw_only=True)
class OrderShortened(Event):
    """After a partial delivery, the rest of an order will not follow."""

    KEY = "order_id"
    PARTY = "customer_id"
    EXTERNAL = True

    order_id: int
    order_number: str
    customer_id: int
    reason: str
    lines: tuple[DroppedLine, ...]


@dataclass(frozen=True)
class BillLine:
    """One line to bill or to credit, priced as ordered. ``unit_price`` is before discount, with tax if it says so."""

    order_line_id: int | None
    product_id: int | None
    description: str
    quantity: Decimal
    unit_price: Decimal
    discount: Decimal
    tax_category: str
    prices_include_tax: bool


@dataclass(frozen=True, kw_only=True)
class InvoiceRequested(Event):
    """What left, and the services that go with it, is to be paid. Without a delivery when there was nothing to deliver."""

    KEY = "order_id"
    PARTY = "customer_id"

    order_id: int
    order_number: str
    customer_id: int
    delivery_id: int | None
    delivery_number: str
    invoice_on: date
    currency: str
    lines: tuple[BillLine, ...]


@dataclass(frozen=True)
class ReturnLine:
    """How many of an order line are to come back."""

    order_line_id: int
    product_id: int
    quantity: Decimal


@dataclass(frozen=True, kw_only=True)
class ReturnRequested(Event):
    """A customer wants to give goods back, and we agreed."""

    KEY = "order_id"
    PARTY = "customer_id"

    return_id: int
    return_number: str
    order_id: int
    order_number: str
    customer_id: int
    reason: str
    lines: tuple[ReturnLine, ...]


@dataclass(frozen=True, kw_only=True)
class ReturnCancelled(Event):
    """The customer keeps the goods. Should they arrive all the same, they are taken and credited."""

    KEY = "order_id"
    PARTY = "customer_id"

    return_id: int
    return_number: str
    order_id: int
    order_number: str
    customer_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class CreditRequested(Event):
    """Goods came back: the customer is to be credited at the prices they paid."""

    KEY = "order_id"
    PARTY = "customer_id"

    return_id: int
    return_number: str
    order_id: int
    order_number: str
    customer_id: int
    credit_on: date
    currency: str
    reason: str
    lines: tuple[BillLine, ...]
