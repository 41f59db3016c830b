"""From a confirmed order to collected cash: Sales -> Inventory -> Sales -> Finance -> Sales.

    OrderConfirmed  -> the warehouse sets the goods aside
    GoodsDelivered  -> sales notes what left and asks for it to be invoiced
    InvoiceRequested -> finance issues the invoice; InvoiceIssued -> sales notes what is billed
    GoodsReceived, DeliveryCancelled, StockAdjusted -> waiting deliveries get what came free, oldest first

Going back: a cancellation asks the warehouse first, because only there it is known whether anything left; a return comes back into
stock before it is credited. How a step is taken back stands right below it. What a stock move is worth is booked in the commit of the move itself.
"""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from backoffice.finance import operations as finance
from backoffice.finance.events import InvoiceIssued
from backoffice.inventory import operations as inventory
from backoffice.inventory.events import (
    BackorderCancelled,
    DeliveredLine,
    DeliveryCancelled,
    GoodsDelivered,
    GoodsReceived,
    ReturnReceived,
    StockAdjusted,
    StockValued,
)
from core.catalog.questions import Availability, AvailableToPromise
from core.events import answers, on
from core.events.cause import actor
from core.parties.questions import Credit, CreditStanding
from frontoffice.sales import operations as sales
from frontoffice.sales.events import (
    BillLine,
    CreditRequested,
    InvoiceRequested,
    OrderCancellationRequested,
    OrderConfirmed,
    ReturnCancelled,
    ReturnRequested,
)
from frontoffice.sales.questions import TaxAnswer, TaxedLine, TaxesFor
from integration.memory import Process

ORDERS = Process(
    "order_to_cash",
    "sales.order",
    "order_deadlines",
    {
        "credit": _("Waits for credit"),
        "goods": _("Waits for goods that are short"),
        "delivery": _("Waits for its delivery"),
        "cancelling": _("Is being cancelled"),
        "delivered": _("Delivered"),
        "cancelled": _("Cancelled"),
    },
)

# -- Forward ----------------------------------------------------------------------------------------------------------


@on(OrderConfirmed, awaited=_("The goods are being set aside"))
@ORDERS.step(_("Goods set aside"))
def reserve_the_goods(event: OrderConfirmed) -> None:
    """What was promised is set aside; what is short waits for the next receipt. Services need no shelf."""
    goods = [
        inventory.WantedLine(order_line_id=line.line_id, product_id=line.product_id, quantity=line.quantity)
        for line in event.lines
        if line.is_goods and line.product_id is not None
    ]
    if goods:
        inventory.reserve_stock(
            order_id=event.order_id,
            order_number=event.order_number,
            customer_id=event.customer_id,
            lines=goods,
            ship_to_address_id=event.shipping_address_id,
            requested_date=event.requested_date,
            by=actor(),
        )


@on(OrderCancellationRequested, awaited=_("The warehouse is asked whether anything left"))
@ORDERS.takes_back(reserve_the_goods, _("Set free when the order is cancelled"))
def stop_the_deliveries(event: OrderCancellationRequested) -> None:
    """Only the warehouse knows whether something left meanwhile. An order that has its answer is not asked for again."""
    if sales.progress_of(event.order_id).cancelling:
        inventory.cancel_deliveries(event.order_id, order_number=event.order_number, customer_id=event.customer_id, by=actor())


@on(GoodsDelivered, awaited=_("The invoice is being prepared"))
@ORDERS.step(_("What left is noted on the order"), instead=_("Comes back by a return"))
def note_what_left(event: GoodsDelivered) -> None:
    """Sales knows the prices, so it turns what left into what is to be billed."""
    sales.record_delivery(
        order_id=event.order_id,
        delivery_id=event.delivery_id,
        delivery_number=event.delivery_number,
        delivered_on=event.delivered_on,
        lines=_quantities(event.lines),
        by=actor(),
    )


@on(InvoiceRequested, awaited=_("The invoice is being issued"))
@ORDERS.step(_("What left is billed"), instead=_("Credited when it comes back"))
def invoice_what_left(event: InvoiceRequested) -> None:
    """The customer is billed, and the ledger knows it in the same commit."""
    finance.issue_invoice(
        customer_id=event.customer_id,
        invoice_on=event.invoice_on,
        currency=event.currency,
        lines=_bill(event.lines),
        order_id=event.order_id,
        order_number=event.order_number,
        delivery_id=event.delivery_id,
        delivery_number=event.delivery_number,
        by=actor(),
    )


@on(InvoiceIssued)
def note_what_is_billed(event: InvoiceIssued) -> None:
    """The order shows how much of it is on invoices."""
    if event.order_id is not None:
        sales.record_invoicing(
            order_id=event.order_id,
            invoice_id=event.invoice_id,
            lines=[sales.LineQuantity(line.order_line_id, line.quantity) for line in event.lines],
            by=actor(),
        )


@on(GoodsReceived)
def serve_who_waits_for_the_goods(event: GoodsReceived) -> None:
    """Goods that came in go to the deliveries that wait for them, oldest first."""
    inventory.reserve_waiting(event.product_ids, by=actor())


@on(DeliveryCancelled)
def serve_others_with_what_is_free(event: DeliveryCancelled) -> None:
    """Goods a cancelled order held go to the deliveries that wait for them."""
    inventory.reserve_waiting(event.product_ids, by=actor())


@on(BackorderCancelled)
def note_what_will_not_follow(event: BackorderCancelled) -> None:
    """The order no longer waits for the rest of a partial delivery."""
    sales.drop_rest(order_id=event.order_id, delivery_id=event.delivery_id, lines=_quantities(event.lines), reason=event.reason, by=actor())


@on(BackorderCancelled)
def serve_others_with_the_rest(event: BackorderCancelled) -> None:
    """Goods a backorder held go to the deliveries that wait for them."""
    inventory.reserve_waiting(event.product_ids, by=actor())


@on(StockAdjusted)
def serve_who_waits_for_what_was_found(event: StockAdjusted) -> None:
    """Goods that were found go to the deliveries that wait for them."""
    if event.difference > 0:
        inventory.reserve_waiting((event.product_id,), by=actor())


@on(StockValued, same_commit=True)
def book_what_stock_is_worth(event: StockValued) -> None:
    """The stock account and the stock change together, or not at all."""
    finance.book_stock(
        move_id=event.move_ids[0],
        reason=event.reason,
        document_kind=event.document_kind,
        document_id=event.document_id,
        document_number=event.document_number,
        party_id=event.party_id,
        on=event.on,
        currency=event.currency,
        amount=event.amount,
        memo=event.memo,
        by=actor(),
    )


# -- Back -------------------------------------------------------------------------------------------------------------


@on(DeliveryCancelled, awaited=_("The cancellation is being finished"))
def finish_the_cancellation(event: DeliveryCancelled) -> None:
    """Nothing left: the order is cancelled. Something left: it stands."""
    sales.finish_cancellation(order_id=event.order_id, delivered_anything=event.delivered_anything, by=actor())


@on(ReturnRequested, awaited=_("The warehouse is being told"))
def expect_the_goods_back(event: ReturnRequested) -> None:
    """The storekeeper sees what is to come back."""
    inventory.expect_return(
        return_id=event.return_id,
        return_number=event.return_number,
        order_id=event.order_id,
        order_number=event.order_number,
        customer_id=event.customer_id,
        lines=[
            inventory.WantedLine(order_line_id=line.order_line_id, product_id=line.product_id, quantity=line.quantity)
            for line in event.lines
        ],
        by=actor(),
    )


@on(ReturnCancelled)
def stop_expecting_the_goods(event: ReturnCancelled) -> None:
    """The customer keeps them, so the storekeeper no longer waits."""
    inventory.call_off_return(event.return_id, by=actor())


@on(ReturnReceived)
def serve_others_with_what_came_back(event: ReturnReceived) -> None:
    """Goods that came back go to the deliveries that wait for them."""
    inventory.reserve_waiting({line.product_id for line in event.lines}, by=actor())


@on(ReturnReceived, awaited=_("The credit note is being prepared"))
def note_what_came_back(event: ReturnReceived) -> None:
    """Sales knows what the customer paid for it, so it asks for the credit."""
    sales.record_return(
        return_id=event.return_id,
        receipt_id=event.return_receipt_id,
        lines=_quantities(event.lines),
        received_on=event.received_on,
        by=actor(),
    )


@on(CreditRequested, awaited=_("The credit note is being issued"))
@ORDERS.step(_("What came back is credited"), instead=_("Billed again by hand"))
def credit_what_came_back(event: CreditRequested) -> None:
    """The customer gets a credit note; open invoices of the order shrink by it at once."""
    finance.issue_credit_note(
        customer_id=event.customer_id,
        credit_on=event.credit_on,
        currency=event.currency,
        lines=_bill(event.lines),
        reason=event.reason,
        order_id=event.order_id,
        order_number=event.order_number,
        return_id=event.return_id,
        return_number=event.return_number,
        by=actor(),
    )


# -- What the front office asks ---------------------------------------------------------------------------------------


@answers(AvailableToPromise)
def what_can_be_promised(question: AvailableToPromise) -> tuple[Availability, ...]:
    """The warehouse tells."""
    return inventory.available_to_promise(question.product_ids)


@answers(CreditStanding)
def how_far_a_customer_is_trusted(question: CreditStanding) -> Credit:
    """What is open in the books, and what is promised but not billed yet, counts against the limit."""
    books = finance.credit_standing(question.customer_id)
    if books.limit is None and question.only_limited:
        return books
    used = books.used + sales.committed_to(question.customer_id)
    return Credit(
        currency=books.currency,
        used=used,
        limit=books.limit,
        available=None if books.limit is None else max(books.limit - used, Decimal(0)),
    )


@answers(TaxesFor)
def what_tax_is_due(question: TaxesFor) -> TaxAnswer:
    """Finance taxes an order as it will tax the invoice."""
    taxes = finance.compute_taxes(
        on=question.on,
        currency=question.currency,
        prices_include_tax=question.prices_include_tax,
        lines=[finance.TaxableLine(str(line.key), line.amount, line.tax_category) for line in question.lines],
    )
    return TaxAnswer(
        net=taxes.net,
        tax=taxes.tax,
        total=taxes.total,
        lines=tuple(TaxedLine(int(line.key), line.net, line.tax, line.total) for line in taxes.lines),
    )


def _quantities(lines: Sequence[DeliveredLine]) -> list[sales.LineQuantity]:
    return [sales.LineQuantity(line.order_line_id, line.quantity) for line in lines]


def _bill(lines: Sequence[BillLine]) -> list[finance.BillLine]:
    return [
        finance.BillLine(
            description=line.description,
            quantity=line.quantity,
            unit_price=line.unit_price,
            order_line_id=line.order_line_id,
            product_id=line.product_id,
            discount=line.discount,
            tax_category=line.tax_category,
            prices_include_tax=line.prices_include_tax,
        )
        for line in lines
    ]
