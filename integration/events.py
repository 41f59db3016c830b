"""What does not happen in time (each deadline was written down when the waiting began, see `integration.memory`), and what others tell us."""

from dataclasses import dataclass
from datetime import date

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class CreditHoldLasted(Event):
    """An order has waited for credit longer than a customer should."""

    KEY = "order_id"
    PARTY = "customer_id"

    order_id: int
    order_number: str
    customer_id: int
    since: date


@dataclass(frozen=True, kw_only=True)
class DeliveryOverdue(Event):
    """What was promised for a day has not left in full; ``promised_for`` is the day."""

    KEY = "order_id"
    PARTY = "customer_id"

    order_id: int
    order_number: str
    customer_id: int
    promised_for: date


@dataclass(frozen=True, kw_only=True)
class CancellationStuck(Event):
    """An order was to be cancelled, and the warehouse has not answered."""

    KEY = "order_id"
    PARTY = "customer_id"

    order_id: int
    order_number: str
    customer_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class PaymentOverdue(Event):
    """The day an invoice was due has passed, and it is not settled. ``reminder`` counts how often this was said."""

    KEY = "invoice_id"
    PARTY = "customer_id"

    invoice_id: int
    invoice_number: str
    customer_id: int
    due_on: date
    reminder: int


@dataclass(frozen=True, kw_only=True)
class WebhookReceived(Event):
    """Another system told us something, signed; a worker takes it from here."""

    KEY = "received_id"

    received_id: int
    source_id: int
    source_name: str
    action: str
