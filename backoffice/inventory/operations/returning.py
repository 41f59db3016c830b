"""Taking goods back from customers, at what they cost when they left."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from backoffice.inventory.events import DeliveredLine, ReturnReceived
from backoffice.inventory.models import Location, ReturnLine, ReturnReceipt, StockMove
from backoffice.inventory.operations.documents import document_of, move, stock_rows, stock_valued
from backoffice.inventory.operations.lines import (
    BadQuantity,
    NothingToMove,
    WantedLine,
    check_countable,
    check_lines_exist,
    check_quantity,
    goods_of,
    the_goods,
)
from backoffice.inventory.operations.stock import Movement, open_rows
from core import clock
from core.db import locked
from core.docflow.flow import link
from core.errors import IllegalMove, Refused, TooSoon
from core.events.publishing import publish
from core.money import round_money
from core.numbering import next_number
from core.parties.models import Company
from core.people.models import User

ZERO = Decimal(0)


class MoreThanDelivered(Refused):
    """A customer can send back only what they got."""


@dataclass
class _Outside:
    """What a customer still has of one order line, and what it cost when it left."""

    quantity: Decimal = ZERO
    value: Decimal = ZERO

    def take_back(self, quantity: Decimal, currency: str) -> Decimal:
        """The value that comes back with so many; the last of them brings all that is left."""
        last = quantity == self.quantity
        value = self.value if last else round_money(self.value * quantity / self.quantity, currency)
        self.quantity -= quantity
        self.value -= value
        return value


def expect_return(
    *,
    return_id: int,
    return_number: str,
    order_id: int,
    order_number: str,
    customer_id: int,
    lines: Sequence[WantedLine],
    by: User,
) -> ReturnReceipt:
    """Note what a customer is about to send back. Asking again for the same return gives back the receipt it has."""
    goods = goods_of(line.product_id for line in lines)
    wanted = [line for line in lines if line.product_id in goods]
    for line in wanted:
        check_quantity(goods[line.product_id], line.quantity)
    if not wanted:
        raise NothingToMove(_("Return %(number)s has no goods to take back.") % {"number": return_number})
    with locked(by=by):
        known = ReturnReceipt.objects.filter(return_id=return_id).first()
        if known is not None:
            return known
        receipt = ReturnReceipt.objects.create(
            number=next_number("inventory.returnreceipt", prefix="RR", on=clock.today()),
            return_id=return_id,
            return_number=return_number,
            order_id=order_id,
            order_number=order_number,
            customer_id=customer_id,
            location=Location.objects.main(),
        )
        ReturnLine.objects.bulk_create(
            ReturnLine(receipt=receipt, order_line_id=line.order_line_id, product_id=line.product_id, quantity=line.quantity)
            for line in wanted
        )
        link("sales.return", return_id, return_number, "inventory.returnreceipt", receipt.pk, receipt.number, relation="received by")
    return receipt


def call_off_return(return_id: int, *, by: User) -> ReturnReceipt:
    """The customer keeps the goods: nobody waits for them any more. Should they arrive all the same, they can still be received.

    What has come back already stays. Raises TooSoon while the return itself has not been heard of.
    """
    receipt: ReturnReceipt
    with locked(ReturnReceipt.objects.filter(return_id=return_id), by=by) as receipts:
        if not receipts:
            raise TooSoon(f"Return {return_id} is called off, but not expected yet.")
        (receipt,) = receipts
        if receipt.status == ReturnReceipt.Status.EXPECTED:
            receipt.move_to(ReturnReceipt.Status.CANCELLED)
    return receipt


def receive_return(
    receipt: ReturnReceipt, *, by: User, on: date | None = None, quantities: Mapping[int, Decimal] | None = None
) -> ReturnReceipt:
    """Put back on the shelf what a customer sent: all that was announced, or the given quantities (line id to quantity).

    What is not there when a return is received is taken as not coming.
    """
    day = on or clock.today()
    customers = Location.objects.outside(Location.Kind.CUSTOMER)
    products = list(receipt.lines.values_list("product", flat=True))
    open_rows(products, receipt.location)
    rows_to_lock = stock_rows(products, receipt.location)
    with locked(receipt, receipt.lines.all(), *rows_to_lock, by=by) as (receipt, rows, _levels, _valuations):
        if receipt.status == ReturnReceipt.Status.RECEIVED:
            raise IllegalMove(_("%(number)s is received already.") % {"number": receipt.number}, fix=_("Load the page again."))
        came = {row: quantity for row, quantity in _came(rows, quantities).items() if quantity}
        if not came:
            raise NothingToMove(_("Nothing came back."), fix=_("Say how much came of at least one line."), field="quantities")
        document = document_of(receipt, receipt.number)
        written = move(_movements(receipt, came, customers), document, on=day, by=by, reason=receipt.return_number)
        for row in rows:
            row.received_quantity = came.get(row, ZERO)
        ReturnLine.objects.bulk_update(rows, ["received_quantity"])
        receipt.move_to(ReturnReceipt.Status.RECEIVED, received_on=day)
        memo = f"{receipt.number} · {receipt.return_number}"
        publish(
            ReturnReceived(
                return_receipt_id=receipt.pk,
                number=receipt.number,
                return_id=receipt.return_id,
                return_number=receipt.return_number,
                order_id=receipt.order_id,
                order_number=receipt.order_number,
                customer_id=receipt.customer_id,
                received_on=day,
                pieces=sum(came.values(), ZERO),
                lines=tuple(DeliveredLine(row.order_line_id, row.product_id, quantity) for row, quantity in came.items()),
            ),
            *stock_valued(written, document, reason="return", on=day, party_id=receipt.customer_id, memo=memo),
        )
    return receipt


def _came(rows: Sequence[ReturnLine], quantities: Mapping[int, Decimal] | None) -> dict[ReturnLine, Decimal]:
    if quantities is None:
        return {row: row.quantity for row in rows}
    check_lines_exist(quantities, (row.pk for row in rows))
    goods = the_goods(row.product_id for row in rows)
    for row in rows:
        quantity = check_countable(goods[row.product_id], quantities.get(row.pk, ZERO))
        if not 0 <= quantity <= row.quantity:
            raise BadQuantity(
                _("%(product)s: between 0 and %(announced)s can come back on this return.")
                % {"product": goods[row.product_id].name, "announced": f"{row.quantity.normalize():f}"},
                fix=_("Ask sales to note another return for the rest."),
                field="quantities",
            )
    return {row: quantities.get(row.pk, ZERO) for row in rows}


def _movements(receipt: ReturnReceipt, came: Mapping[ReturnLine, Decimal], customers: Location) -> list[Movement]:
    currency = Company.objects.current().currency
    outside = _outside((row.order_line_id for row in came), customers)
    movements = []
    for row, quantity in came.items():
        theirs = outside.get(row.order_line_id, _Outside())
        if quantity > theirs.quantity:
            raise MoreThanDelivered(
                _("%(order)s: %(quantity)s came back, but the customer has only %(theirs)s of it.")
                % {
                    "order": receipt.order_number,
                    "quantity": f"{quantity.normalize():f}",
                    "theirs": f"{theirs.quantity.normalize():f}",
                },
                fix=_("Check the order's deliveries and earlier returns."),
                field="quantities",
            )
        movements.append(
            Movement(
                product_id=row.product_id,
                quantity=quantity,
                source=customers,
                target=receipt.location,
                value=theirs.take_back(quantity, currency),
                order_line_id=row.order_line_id,
            )
        )
    return movements


def _outside(order_line_ids: Iterable[int], customers: Location) -> dict[int, _Outside]:
    sums = (
        StockMove.objects.filter(order_line_id__in=list(order_line_ids))
        .values("order_line_id")
        .annotate(
            went=Sum("quantity", filter=Q(to_location=customers), default=ZERO),
            back=Sum("quantity", filter=Q(from_location=customers), default=ZERO),
            worth=Sum("value", default=ZERO),
        )
        .order_by("order_line_id")
    )
    return {row["order_line_id"] or 0: _Outside(row["went"] - row["back"], -row["worth"]) for row in sums}
