"""What order-to-cash waits for, and for how long: credit, the goods, the end of a cancellation, the money.

    OrderHeld                   -> waits for credit; money or better terms let it go ahead by itself
    OrderConfirmed              -> waits for the goods until the promised day
    StockReserved               -> the same, in words: set aside, or short
    GoodsDelivered              -> at its end when all has left
    OrderCancellationRequested  -> waits for the warehouse's answer: OrderCancelled took everything back, OrderKept stands
    InvoiceIssued               -> waits for the money until the due day; InvoicePaid ends it

Whatever does not come in time is said once, to those who can do something, and again each week: a deadline looks first whether it still holds.
"""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.finance import operations as finance
from backoffice.finance.events import CreditNoteIssued, CreditTermsSet, InvoiceIssued, InvoicePaid, InvoiceReopened, PaymentReceived
from backoffice.inventory.events import BackorderCancelled, GoodsDelivered, StockReserved
from core import clock
from core.events import on
from core.events.cause import actor
from frontoffice.sales import operations as sales
from frontoffice.sales.events import (
    OrderCancellationRequested,
    OrderCancelled,
    OrderConfirmed,
    OrderHeld,
    OrderKept,
)
from integration.events import CancellationStuck, CreditHoldLasted, DeliveryOverdue, PaymentOverdue
from integration.memory import Process
from integration.processes.order_to_cash import ORDERS

CREDIT_PATIENCE = timedelta(days=2)
CANCELLATION_PATIENCE = timedelta(minutes=15)
AGAIN = timedelta(days=7)
WORK_BEGINS = time(8)

INVOICES = Process("order_to_cash", "finance.invoice", "order_deadlines", {"payment": _("Waits for the money"), "paid": _("Paid")})


# -- Credit -----------------------------------------------------------------------------------------------------------


@on(OrderHeld)
def wait_for_credit(event: OrderHeld) -> None:
    """The customer owes too much for now."""
    then = CreditHoldLasted(order_id=event.order_id, order_number=event.order_number, customer_id=event.customer_id, since=clock.today())
    _order_waits(event, "credit", until=clock.now() + CREDIT_PATIENCE, then=then)


@on(PaymentReceived)
def let_go_ahead_what_is_paid_for(event: PaymentReceived) -> None:
    """Money came in: what waited for it may be promised now."""
    _let_go_ahead(event.customer_id)


@on(CreditTermsSet)
def let_go_ahead_what_is_trusted(event: CreditTermsSet) -> None:
    """The customer may owe more than before."""
    _let_go_ahead(event.customer_id)


@on(CreditNoteIssued)
def let_go_ahead_what_is_credited(event: CreditNoteIssued) -> None:
    """The customer owes less than before."""
    _let_go_ahead(event.customer_id)


@on(CreditHoldLasted)
def wait_on_for_credit(event: CreditHoldLasted) -> None:
    """Until somebody decides."""
    if sales.progress_of(event.order_id).on_hold:
        ORDERS.waits_on(event.order_id, until=clock.now() + AGAIN, then=event)


# -- The goods --------------------------------------------------------------------------------------------------------


@on(OrderConfirmed, beside=True)
def wait_for_the_delivery(event: OrderConfirmed) -> None:
    """The customer was promised a day, or expects it within two weeks. Services are rendered at once."""
    if any(line.is_goods for line in event.lines):
        _wait_for_goods(event, "delivery", sales.promised_for(event.order_date, event.requested_date))
    else:
        ORDERS.ends(event.order_id, event.order_number, "delivered", party_id=event.customer_id)


@on(StockReserved, beside=True)
def wait_for_what_is_short(event: StockReserved) -> None:
    """Set aside, it waits for the storekeeper; short, for the next receipt."""
    _wait_for_goods(event, "goods" if event.short else "delivery", sales.progress_of(event.order_id).promised_for)


@on(GoodsDelivered, beside=True)
def note_that_all_has_left(event: GoodsDelivered) -> None:
    """Or that the rest is still to come."""
    if event.complete:
        ORDERS.ends(event.order_id, event.order_number, "delivered", party_id=event.customer_id)
    else:
        _wait_for_goods(event, "delivery", sales.progress_of(event.order_id).promised_for)


@on(BackorderCancelled)
def note_that_the_rest_stays(event: BackorderCancelled) -> None:
    """Nothing more is waited for."""
    ORDERS.ends(event.order_id, event.order_number, "delivered", party_id=event.customer_id)


@on(DeliveryOverdue)
def wait_on_for_the_goods(event: DeliveryOverdue) -> None:
    """Until they leave."""
    if sales.awaits_goods(event.order_id):
        ORDERS.waits_on(event.order_id, until=clock.now() + AGAIN, then=event)


# -- Going back -------------------------------------------------------------------------------------------------------


@on(OrderCancellationRequested)
def wait_for_the_warehouse(event: OrderCancellationRequested) -> None:
    """It answers within a second or two."""
    then = CancellationStuck(order_id=event.order_id, order_number=event.order_number, customer_id=event.customer_id, reason=event.reason)
    _order_waits(event, "cancelling", until=clock.now() + CANCELLATION_PATIENCE, then=then)


@on(OrderCancelled)
def note_that_it_was_taken_back(event: OrderCancelled) -> None:
    """What was set aside is free again; and so is the credit it took."""
    ORDERS.ends(event.order_id, event.order_number, "cancelled", party_id=event.customer_id, taken_back=True)
    _let_go_ahead(event.customer_id)


@on(OrderKept)
def wait_for_the_rest(event: OrderKept) -> None:
    """It stands: the customer waits for what has not left."""
    if sales.awaits_goods(event.order_id):
        _wait_for_goods(event, "delivery", sales.progress_of(event.order_id).promised_for)
    else:
        ORDERS.ends(event.order_id, event.order_number, "delivered", party_id=event.customer_id)


@on(CancellationStuck)
def wait_on_for_the_warehouse(event: CancellationStuck) -> None:
    """Somebody has to look: a delivery of an event is dead, or a worker is."""
    if sales.progress_of(event.order_id).cancelling:
        ORDERS.waits_on(event.order_id, until=clock.now() + AGAIN, then=event)


# -- The money --------------------------------------------------------------------------------------------------------


@on(InvoiceIssued, beside=True)
def wait_for_the_money(event: InvoiceIssued) -> None:
    """Until the day after it is due."""
    _wait_for_money(event, event.due_on, until=_morning_after(event.due_on))


@on(InvoicePaid, beside=True)
def note_that_it_is_paid(event: InvoicePaid) -> None:
    """The end of the story."""
    INVOICES.ends(event.invoice_id, event.invoice_number, "paid", party_id=event.customer_id)


@on(InvoiceReopened)
def wait_for_the_money_again(event: InvoiceReopened) -> None:
    """What had settled it was taken back."""
    item = finance.open_item(event.invoice_id)
    _wait_for_money(event, item.due_on, until=_morning_after(max(item.due_on, clock.today())))


@on(PaymentOverdue)
def wait_on_for_the_money(event: PaymentOverdue) -> None:
    """The customer is reminded each week."""
    if finance.open_item(event.invoice_id).residual > 0:
        INVOICES.waits_on(event.invoice_id, until=clock.now() + AGAIN, then=replace(event, reminder=event.reminder + 1))


def _let_go_ahead(customer_id: int) -> None:
    sales.reconsider_held_orders(customer_id, by=actor())


def _order_waits(
    event: OrderHeld | OrderCancellationRequested, state: str, *, until: datetime, then: CreditHoldLasted | CancellationStuck
) -> None:
    ORDERS.waits(event.order_id, event.order_number, state, party_id=event.customer_id, until=until, then=then)


def _wait_for_goods(event: OrderConfirmed | StockReserved | GoodsDelivered | OrderKept, state: str, promised_for: date) -> None:
    then = DeliveryOverdue(
        order_id=event.order_id, order_number=event.order_number, customer_id=event.customer_id, promised_for=promised_for
    )
    until = _morning_after(max(promised_for, clock.today()))
    ORDERS.waits(event.order_id, event.order_number, state, party_id=event.customer_id, until=until, then=then)


def _wait_for_money(event: InvoiceIssued | InvoiceReopened, due_on: date, *, until: datetime) -> None:
    then = PaymentOverdue(
        invoice_id=event.invoice_id, invoice_number=event.invoice_number, customer_id=event.customer_id, due_on=due_on, reminder=1
    )
    INVOICES.waits(event.invoice_id, event.invoice_number, "payment", party_id=event.customer_id, until=until, then=then)


def _morning_after(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), WORK_BEGINS))
