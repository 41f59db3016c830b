"""Goods coming in: planned, received, or just standing at the door."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from backoffice.inventory.events import GoodsReceived, ReceiptCancelled, ReceiptPlanned
from backoffice.inventory.models import Location, Receipt, ReceiptLine
from backoffice.inventory.operations.cancelling import ReasonMissing
from backoffice.inventory.operations.documents import document_of, move, stock_rows, stock_valued
from backoffice.inventory.operations.lines import (
    BadQuantity,
    NothingToMove,
    ReceivedLine,
    check_countable,
    check_lines_exist,
    check_quantity,
    the_goods,
)
from backoffice.inventory.operations.stock import Movement, open_rows
from core import clock
from core.db import locked
from core.docflow.flow import link
from core.errors import IllegalMove, Refused
from core.events.publishing import publish
from core.numbering import next_number
from core.parties.models import Party
from core.people.models import User

ZERO = Decimal(0)


class NegativeCost(Refused):
    """Nobody pays us to take their goods."""


def receive_goods(
    *,
    lines: Sequence[ReceivedLine],
    by: User,
    supplier: Party | None = None,
    on: date | None = None,
    opening: bool = False,
    note: str = "",
) -> Receipt:
    """Put goods on the shelf that nobody planned, or, with ``opening``, those that were there when the books were opened."""
    _check(lines)
    day = on or clock.today()
    location = Location.objects.main()
    products = {line.product_id for line in lines}
    open_rows(products, location)
    with locked(*stock_rows(products, location), by=by):
        receipt, rows = _write(lines, supplier, location, note=note, on=day, is_opening=opening)
        _receive(receipt, rows, {row.pk: row.quantity for row in rows}, on=day, by=by)
    return receipt


def plan_receipt(
    *, lines: Sequence[ReceivedLine], by: User, supplier: Party | None = None, expected_on: date | None = None, note: str = ""
) -> Receipt:
    """Note that goods are on their way to us, at the cost we expect. They count as incoming until they are received."""
    _check(lines)
    location = Location.objects.main()
    with locked(by=by):
        receipt, rows = _write(lines, supplier, location, note=note, on=clock.today(), expected_on=expected_on)
        _publish_planned(receipt, rows)
    return receipt


def receive_receipt(receipt: Receipt, *, by: User, on: date | None = None, quantities: Mapping[int, Decimal] | None = None) -> Receipt:
    """Put planned goods on the shelf: all of them, or the given quantities (receipt line id to quantity).

    What did not come stays planned, on a receipt of its own.
    """
    day = on or clock.today()
    products = list(receipt.lines.values_list("product", flat=True))
    open_rows(products, receipt.location)
    rows_to_lock = stock_rows(products, receipt.location)
    with locked(receipt, receipt.lines.all(), *rows_to_lock, by=by) as (receipt, rows, _levels, _valuations):
        _check_planned(receipt)
        arrived = _arrived(rows, quantities)
        rest = [
            ReceivedLine(row.product_id, row.quantity - arrived[row.pk], row.unit_cost) for row in rows if arrived[row.pk] < row.quantity
        ]
        if rest:
            later, later_rows = _write(rest, receipt.supplier, receipt.location, note=receipt.note, on=clock.today(), rest_of=receipt)
            kind = receipt._meta.label_lower
            link(kind, receipt.pk, receipt.number, kind, later.pk, later.number, relation="rest on")
            _publish_planned(later, later_rows)
        _receive(receipt, rows, arrived, on=day, by=by)
    return receipt


def cancel_receipt(receipt: Receipt, *, reason: str, by: User) -> Receipt:
    """Stop waiting for planned goods."""
    if not reason.strip():
        raise ReasonMissing(_("Say why the goods will not come."), field="reason")
    with locked(receipt, by=by) as receipt:
        _check_planned(receipt)
        receipt.move_to(Receipt.Status.CANCELLED, note=reason.strip())
        publish(
            ReceiptCancelled(receipt_id=receipt.pk, receipt_number=receipt.number, supplier_id=receipt.supplier_id, reason=receipt.note)
        )
    return receipt


def _check(lines: Sequence[ReceivedLine]) -> None:
    if not lines:
        raise NothingToMove(_("A receipt needs goods."), fix=_("Add at least one line."), field="lines")
    goods = the_goods(line.product_id for line in lines)
    for line in lines:
        check_quantity(goods[line.product_id], line.quantity)
        if line.unit_cost < 0:
            raise NegativeCost(_("%(product)s: a cost cannot be negative.") % {"product": goods[line.product_id].name}, field="unit_cost")


def _write(
    lines: Sequence[ReceivedLine],
    supplier: Party | None,
    location: Location,
    *,
    note: str,
    on: date,
    is_opening: bool = False,
    expected_on: date | None = None,
    rest_of: Receipt | None = None,
) -> tuple[Receipt, list[ReceiptLine]]:
    receipt = Receipt.objects.create(
        number=next_number("inventory.receipt", prefix="GR", on=on),
        supplier=supplier,
        location=location,
        is_opening=is_opening,
        expected_on=expected_on,
        rest_of=rest_of,
        note=note,
    )
    rows = ReceiptLine.objects.bulk_create(
        ReceiptLine(receipt=receipt, product_id=line.product_id, quantity=line.quantity, unit_cost=line.unit_cost) for line in lines
    )
    return receipt, rows


def _receive(receipt: Receipt, rows: Sequence[ReceiptLine], arrived: Mapping[int, Decimal], *, on: date, by: User) -> None:
    source = Location.objects.outside(Location.Kind.OPENING if receipt.is_opening else Location.Kind.SUPPLIER)
    document = document_of(receipt, receipt.number)
    movements = [
        Movement(
            product_id=row.product_id,
            quantity=arrived[row.pk],
            source=source,
            target=receipt.location,
            unit_cost=row.unit_cost,
        )
        for row in rows
        if arrived[row.pk]
    ]
    written = move(movements, document, on=on, by=by, reason=receipt.note[:200])
    for row in rows:
        row.received_quantity = arrived[row.pk]
    ReceiptLine.objects.bulk_update(rows, ["received_quantity"])
    receipt.move_to(Receipt.Status.RECEIVED, received_on=on)
    reason = "opening" if receipt.is_opening else "receipt"
    publish(
        GoodsReceived(
            receipt_id=receipt.pk,
            receipt_number=receipt.number,
            supplier_id=receipt.supplier_id,
            received_on=on,
            pieces=sum(arrived.values(), ZERO),
            product_ids=tuple(sorted({movement.product_id for movement in movements})),
        ),
        *stock_valued(written, document, reason=reason, on=on, party_id=receipt.supplier_id, memo=receipt.number),
    )


def _arrived(rows: Sequence[ReceiptLine], quantities: Mapping[int, Decimal] | None) -> dict[int, Decimal]:
    if quantities is None:
        return {row.pk: row.quantity for row in rows}
    check_lines_exist(quantities, (row.pk for row in rows))
    goods = the_goods(row.product_id for row in rows)
    for row in rows:
        quantity = check_countable(goods[row.product_id], quantities.get(row.pk, ZERO))
        if not 0 <= quantity <= row.quantity:
            raise BadQuantity(
                _("%(product)s: between 0 and %(planned)s can be received on this receipt.")
                % {"product": goods[row.product_id].name, "planned": f"{row.quantity.normalize():f}"},
                fix=_("Receive what is too much as goods nobody planned."),
                field="quantities",
            )
    if not any(quantities.values()):
        raise NothingToMove(_("Nothing has arrived."), fix=_("Say how much came of at least one line."), field="quantities")
    return {row.pk: quantities.get(row.pk, ZERO) for row in rows}


def _check_planned(receipt: Receipt) -> None:
    if receipt.status != Receipt.Status.PLANNED:
        raise IllegalMove(
            _("%(number)s is %(status)s already.") % {"number": receipt.number, "status": receipt.get_status_display().lower()},
            fix=_("Load the page again."),
        )


def _publish_planned(receipt: Receipt, rows: Sequence[ReceiptLine]) -> None:
    publish(
        ReceiptPlanned(
            receipt_id=receipt.pk,
            receipt_number=receipt.number,
            supplier_id=receipt.supplier_id,
            expected_on=receipt.expected_on,
            pieces=sum((row.quantity for row in rows), ZERO),
            product_ids=tuple(sorted({row.product_id for row in rows})),
        )
    )
