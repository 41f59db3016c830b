"""Setting goods aside for customers' orders."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext as _

from backoffice.inventory.events import ShortLine, StockReserved
from backoffice.inventory.models import DeliveryLine, DeliveryOrder, Fulfilment, Location, StockLevel
from backoffice.inventory.operations.documents import open_delivery
from backoffice.inventory.operations.lines import NothingToMove, WantedLine, check_quantity, goods_of
from backoffice.inventory.operations.stock import Place, change_reservations, opened_levels
from core.db import RowOf, locked
from core.events.publishing import publish
from core.parties.models import Address
from core.people.models import User
from core.writing import write_each

ZERO = Decimal(0)


def reserve_stock(
    *,
    order_id: int,
    order_number: str,
    customer_id: int,
    lines: Sequence[WantedLine],
    by: User,
    ship_to_address_id: int | None = None,
    requested_date: date | None = None,
) -> DeliveryOrder:
    """Set aside for an order what is there, and open its delivery; what is short waits for the next receipt.

    Asking again for the same order gives back the delivery it has. Lines of services are left out; an order without any
    goods raises NothingToMove. An order whose cancellation overtook it gets a delivery that is cancelled from the start.
    """
    goods = goods_of(line.product_id for line in lines)
    wanted = [line for line in lines if line.product_id in goods]
    for line in wanted:
        check_quantity(goods[line.product_id], line.quantity)
    if not wanted:
        raise NothingToMove(_("Order %(number)s has no goods to deliver.") % {"number": order_number})
    location = Location.objects.main()
    address = Address.objects.filter(pk=ship_to_address_id).first() if ship_to_address_id else None
    with locked(fulfilment_of(order_id), StockLevel.objects.at(location, goods), by=by) as ((fulfilment, is_new), known_levels):
        levels = known_levels if len(known_levels) == len(goods) else opened_levels(goods, location)
        known = None if is_new else DeliveryOrder.objects.of_order(order_id).filter(backorder_of=None).first()
        if known is not None:
            return known
        taken = _share_out(wanted, [] if fulfilment.is_stopped else levels)
        change_reservations(_per_place(wanted, taken, location))
        is_short = any(quantity < line.quantity for line, quantity in zip(wanted, taken, strict=True))
        delivery = DeliveryOrder(
            status=_status(is_stopped=fulfilment.is_stopped, is_short=is_short),
            order_id=order_id,
            order_number=order_number,
            customer_id=customer_id,
            ship_to_address=address,
            ship_to=str(address or ""),
            location=location,
            scheduled_on=requested_date,
        )
        rows = [
            DeliveryLine(
                order_line_id=line.order_line_id,
                product_id=line.product_id,
                quantity=line.quantity,
                reserved_quantity=quantity,
            )
            for line, quantity in zip(wanted, taken, strict=True)
        ]
        open_delivery(delivery, rows)
        if delivery.is_open:
            _publish_reserved(delivery, rows, sum(taken, ZERO))
    return delivery


def reserve_waiting(product_ids: Iterable[int], *, by: User) -> list[DeliveryOrder]:
    """Set aside what has come in for the deliveries that wait for it, who asked first first. Gives back those it helped."""
    free = StockLevel.objects.filter(product__in=list(product_ids), on_hand__gt=F("reserved"))
    places = set(free.values_list("product", "location"))
    short = DeliveryLine.objects.filter(
        delivery__status=DeliveryOrder.Status.WAITING,
        product__in=[product for product, _location in places],
        quantity__gt=F("reserved_quantity"),
    )
    delivery_ids = [
        delivery
        for delivery, product, location in short.values_list("delivery", "product", "delivery__location")
        if (product, location) in places
    ]
    if not delivery_ids:
        return []
    with locked(
        DeliveryOrder.objects.filter(pk__in=delivery_ids),
        DeliveryLine.objects.filter(delivery__in=delivery_ids),
        StockLevel.objects.filter(product__in=[product for product, _location in places]),
        by=by,
    ) as (deliveries, lines, levels):
        return _help(deliveries, lines, levels)


def _help(deliveries: list[DeliveryOrder], lines: list[DeliveryLine], levels: list[StockLevel]) -> list[DeliveryOrder]:
    available = {(level.product_id, level.location_id): level.available for level in levels}
    by_delivery: dict[int, list[DeliveryLine]] = defaultdict(list)
    for line in lines:
        by_delivery[line.delivery_id].append(line)
    changes: dict[Place, Decimal] = defaultdict(Decimal)
    helped: dict[DeliveryOrder, Decimal] = {}
    changed = []
    for delivery in sorted(deliveries, key=lambda each: (each.wanted_since, each.pk)):
        if delivery.status != DeliveryOrder.Status.WAITING:
            continue
        for line in by_delivery[delivery.pk]:
            place = (line.product_id, delivery.location_id)
            quantity = min(line.short_quantity, available.get(place, ZERO))
            if quantity > 0:
                line.reserved_quantity += quantity
                available[place] -= quantity
                changes[place] += quantity
                helped[delivery] = helped.get(delivery, ZERO) + quantity
                changed.append(line)
    change_reservations(changes)
    write_each(changed, "reserved_quantity")
    for delivery, pieces in helped.items():
        if not any(line.short_quantity for line in by_delivery[delivery.pk]):
            delivery.move_to(DeliveryOrder.Status.READY)
        _publish_reserved(delivery, by_delivery[delivery.pk], pieces)
    return list(helped)


def fulfilment_of(order_id: int) -> RowOf:
    """The row to hold while an order's deliveries begin or end."""
    return RowOf(Fulfilment, "order_id", order_id)


def _status(*, is_stopped: bool, is_short: bool) -> str:
    if is_stopped:
        return DeliveryOrder.Status.CANCELLED
    return DeliveryOrder.Status.WAITING if is_short else DeliveryOrder.Status.READY


def _share_out(wanted: Sequence[WantedLine], levels: Iterable[StockLevel]) -> list[Decimal]:
    """What each line gets of what is free; the first in the list first."""
    available = {level.product_id: level.available for level in levels}
    taken = []
    for line in wanted:
        share = min(line.quantity, available.get(line.product_id, ZERO))
        available[line.product_id] = available.get(line.product_id, ZERO) - share
        taken.append(share)
    return taken


def _per_place(wanted: Sequence[WantedLine], taken: Sequence[Decimal], location: Location) -> Mapping[Place, Decimal]:
    changes: dict[Place, Decimal] = defaultdict(Decimal)
    for line, quantity in zip(wanted, taken, strict=True):
        changes[line.product_id, location.pk] += quantity
    return changes


def _publish_reserved(delivery: DeliveryOrder, lines: Iterable[DeliveryLine], pieces: Decimal) -> None:
    publish(
        StockReserved(
            delivery_id=delivery.pk,
            delivery_number=delivery.number,
            order_id=delivery.order_id,
            order_number=delivery.order_number,
            customer_id=delivery.customer_id,
            pieces=pieces,
            short=tuple(ShortLine(line.order_line_id, line.product_id, line.short_quantity) for line in lines if line.short_quantity),
        )
    )
