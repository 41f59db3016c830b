"""Picking goods and handing them to the customer."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from backoffice.inventory.events import DeliveredLine, GoodsDelivered
from backoffice.inventory.models import DeliveryLine, DeliveryOrder, Location, Valuation
from backoffice.inventory.operations.documents import document_of, move, open_delivery, stock_rows, stock_valued
from backoffice.inventory.operations.lines import NothingToMove, check_countable, check_lines_exist, goods_of
from backoffice.inventory.operations.stock import Document, Movement, NotInStock, Written
from core import clock
from core.catalog.models import Product
from core.db import locked
from core.errors import IllegalMove
from core.events.publishing import publish
from core.people.models import User
from core.writing import write_each, write_with

ZERO = Decimal(0)

Quantities = Mapping[int, Decimal]
"""Delivery line id to quantity."""


class NotReserved(NotInStock):
    """Only what is set aside for a delivery can be picked for it."""


def pick_delivery(delivery: DeliveryOrder, quantities: Quantities | None = None, *, by: User) -> DeliveryOrder:
    """Note what was taken from the shelf for a delivery: the given quantities, or everything set aside for it.

    ``quantities`` maps delivery line ids to what is picked of them in all; a line left out keeps what it has.
    """
    with locked(delivery, delivery.lines.all(), by=by) as (delivery, lines):
        _check_open(delivery)
        chosen = _as_given(quantities)(lines) if quantities is not None else _everything(lines)
        for line in lines:
            line.picked_quantity = chosen.get(line.pk, line.picked_quantity)
        write_each(lines, "picked_quantity")
    return delivery


def deliver(delivery: DeliveryOrder, *, by: User, on: date | None = None, quantities: Quantities | None = None) -> DeliveryOrder:
    """Hand the goods to the customer: what is picked, or the given quantities. What stays behind goes on a backorder.

    ``quantities`` maps delivery line ids to what leaves; a line left out stays behind.
    """
    return _deliver(delivery, by=by, on=on, choose=_picked if quantities is None else _as_given(quantities))


def deliver_all(delivery: DeliveryOrder, *, by: User, on: date | None = None) -> DeliveryOrder:
    """Pick and hand over everything that is set aside for a delivery."""
    return _deliver(delivery, by=by, on=on, choose=_everything)


def _deliver(
    delivery: DeliveryOrder, *, by: User, on: date | None, choose: Callable[[Sequence[DeliveryLine]], Quantities]
) -> DeliveryOrder:
    day = on or clock.today()
    levels, valuations = stock_rows(delivery.lines.values("product"), delivery.location_id)
    with locked(delivery, delivery.lines.all(), levels, valuations, by=by) as (delivery, lines, _levels, held_valuations):
        _check_open(delivery)
        chosen = choose(lines)
        leaving = {line: chosen[line.pk] for line in lines if chosen.get(line.pk)}
        if not leaving:
            raise NothingToMove(_("Nothing is picked for %(number)s.") % {"number": delivery.number}, fix=_("Pick what leaves first."))
        rest = _rest(lines, leaving)
        document = document_of(delivery, delivery.number)
        written = _move_out(delivery, leaving, held_valuations, document, on=day, by=by)
        for line in lines:
            line.reserved_quantity = ZERO
            line.picked_quantity = line.delivered_quantity = leaving.get(line, ZERO)
        moved = delivery.moved_to(DeliveryOrder.Status.DELIVERED, delivered_on=day)
        write_with(delivery, moved, lines, "reserved_quantity", "picked_quantity", "delivered_quantity")
        backorder = _open_backorder(delivery, rest) if rest else None
        memo = f"{delivery.number} · {delivery.order_number}"
        publish(
            GoodsDelivered(
                delivery_id=delivery.pk,
                delivery_number=delivery.number,
                order_id=delivery.order_id,
                order_number=delivery.order_number,
                customer_id=delivery.customer_id,
                delivered_on=day,
                pieces=sum(leaving.values(), ZERO),
                lines=tuple(DeliveredLine(line.order_line_id, line.product_id, quantity) for line, quantity in leaving.items()),
                complete=backorder is None,
                backorder_id=backorder.pk if backorder else None,
                backorder_number=backorder.number if backorder else "",
            ),
            *stock_valued(written, document, reason="delivery", on=day, party_id=delivery.customer_id, memo=memo),
        )
    return delivery


def _move_out(
    delivery: DeliveryOrder,
    leaving: Mapping[DeliveryLine, Decimal],
    valuations: Sequence[Valuation],
    document: Document,
    *,
    on: date,
    by: User,
) -> Written:
    source, customers = Location.objects.known(delivery.location_id), Location.objects.outside(Location.Kind.CUSTOMER)
    movements = [
        Movement(
            product_id=line.product_id,
            quantity=quantity,
            source=source,
            target=customers,
            unreserves=quantity,
            order_line_id=line.order_line_id,
        )
        for line, quantity in leaving.items()
    ]
    return move(movements, document, on=on, by=by, reason=delivery.order_number, valuations=valuations)


def _rest(lines: Sequence[DeliveryLine], leaving: Mapping[DeliveryLine, Decimal]) -> list[DeliveryLine]:
    """What stays behind, with what stays set aside for it, as the lines of a backorder."""
    return [
        DeliveryLine(
            order_line_id=line.order_line_id,
            product_id=line.product_id,
            quantity=line.quantity - gone,
            reserved_quantity=line.reserved_quantity - gone,
        )
        for line in lines
        if line.quantity > (gone := leaving.get(line, ZERO))
    ]


def _open_backorder(delivery: DeliveryOrder, rest: Sequence[DeliveryLine]) -> DeliveryOrder:
    is_short = any(line.short_quantity for line in rest)
    backorder = DeliveryOrder(
        status=DeliveryOrder.Status.WAITING if is_short else DeliveryOrder.Status.READY,
        order_id=delivery.order_id,
        order_number=delivery.order_number,
        customer_id=delivery.customer_id,
        ship_to_address_id=delivery.ship_to_address_id,
        ship_to=delivery.ship_to,
        location_id=delivery.location_id,
        wanted_since=delivery.wanted_since,
        backorder_of=delivery,
    )
    open_delivery(backorder, rest)
    return backorder


def _check_open(delivery: DeliveryOrder) -> None:
    if not delivery.is_open:
        raise IllegalMove(
            _("%(number)s is %(status)s already.") % {"number": delivery.number, "status": delivery.get_status_display().lower()},
            fix=_("Load the page again."),
        )


def _picked(lines: Sequence[DeliveryLine]) -> Quantities:
    return {line.pk: line.picked_quantity for line in lines}


def _everything(lines: Sequence[DeliveryLine]) -> Quantities:
    return {line.pk: line.reserved_quantity for line in lines}


def _as_given(quantities: Quantities) -> Callable[[Sequence[DeliveryLine]], Quantities]:
    def choose(lines: Sequence[DeliveryLine]) -> Quantities:
        check_lines_exist(quantities, (line.pk for line in lines))
        products = goods_of(line.product_id for line in lines)
        for line in lines:
            if line.pk in quantities:
                _check_reserved(line, products[line.product_id], quantities[line.pk])
        return quantities

    return choose


def _check_reserved(line: DeliveryLine, product: Product, quantity: Decimal) -> None:
    check_countable(product, quantity)
    if not 0 <= quantity <= line.reserved_quantity:
        raise NotReserved(
            _("%(product)s: %(reserved)s set aside, %(quantity)s asked for.")
            % {
                "product": product.name,
                "reserved": f"{line.reserved_quantity.normalize():f}",
                "quantity": f"{quantity.normalize():f}",
            },
            fix=_("Deliver what is set aside; the rest follows on a backorder."),
            field="quantities",
        )
