"""Not delivering after all."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from backoffice.inventory.events import BackorderCancelled, DeliveredLine, DeliveryCancelled
from backoffice.inventory.models import DeliveryLine, DeliveryOrder, StockLevel
from backoffice.inventory.operations.reserving import fulfilment_of
from backoffice.inventory.operations.stock import change_reservations
from core.db import locked
from core.errors import IllegalMove, Refused
from core.events.publishing import publish
from core.people.models import User

ZERO = Decimal(0)


class OnlyDelivery(Refused):
    """A whole order is cancelled by those who took it."""


class ReasonMissing(Refused):
    """Whoever reads this later wants to know why."""


def cancel_deliveries(order_id: int, *, order_number: str, customer_id: int, by: User) -> list[DeliveryOrder]:
    """Deliver nothing of an order after all, and free what is set aside for it; gives back the deliveries it cancelled.

    All or nothing: when something has left already, the order's deliveries stay as they are, and DeliveryCancelled says so.
    An order nothing is known of yet stays undelivered when it comes.
    """
    fulfilment = fulfilment_of(order_id)
    while True:
        deliveries = DeliveryOrder.objects.of_order(order_id)
        lines = DeliveryLine.objects.filter(delivery__in=deliveries.open())
        places = StockLevel.objects.filter(product__in=lines.values("product"), location__in=deliveries.values("location"))
        with locked(fulfilment, deliveries, lines, places, by=by) as ((held_fulfilment, _is_new), held, held_lines, _levels):
            if deliveries.exclude(pk__in=[row.pk for row in held]).exists():
                continue  # a backorder was opened while we waited for its delivery: begin again and hold it too
            delivered_anything = any(delivery.status == DeliveryOrder.Status.DELIVERED for delivery in held)
            cancelled = [] if delivered_anything else [delivery for delivery in held if delivery.is_open]
            _release(cancelled, held_lines)
            if not delivered_anything:
                held_fulfilment.is_stopped = True
                held_fulfilment.save(update_fields=["is_stopped"])
            publish(
                DeliveryCancelled(
                    order_id=order_id,
                    order_number=order_number,
                    customer_id=customer_id,
                    delivery_ids=tuple(delivery.pk for delivery in cancelled),
                    delivered_anything=delivered_anything,
                    product_ids=_products(held_lines) if cancelled else (),
                )
            )
        return cancelled


def cancel_backorder(delivery: DeliveryOrder, *, reason: str, by: User) -> DeliveryOrder:
    """Do not deliver the rest of an order: free what is set aside for it. The first delivery goes only with its order."""
    if not reason.strip():
        raise ReasonMissing(_("Say why the rest will not follow."), field="reason")
    levels = StockLevel.objects.filter(product__in=delivery.lines.values("product"), location=delivery.location)
    with locked(delivery, delivery.lines.all(), levels, by=by) as (delivery, lines, _levels):
        if delivery.backorder_of_id is None:
            raise OnlyDelivery(
                _("%(number)s is the first delivery of order %(order)s.") % {"number": delivery.number, "order": delivery.order_number},
                fix=_("Ask sales to cancel the order."),
            )
        if not delivery.is_open:
            raise IllegalMove(_("%(number)s is closed already.") % {"number": delivery.number}, fix=_("Load the page again."))
        _release([delivery], lines, because=reason.strip())
        publish(
            BackorderCancelled(
                delivery_id=delivery.pk,
                delivery_number=delivery.number,
                order_id=delivery.order_id,
                order_number=delivery.order_number,
                customer_id=delivery.customer_id,
                reason=delivery.cancelled_because,
                lines=tuple(DeliveredLine(line.order_line_id, line.product_id, line.quantity) for line in lines),
                product_ids=_products(lines),
            )
        )
    return delivery


def _release(deliveries: Sequence[DeliveryOrder], lines: Sequence[DeliveryLine], *, because: str = "") -> None:
    location_of = {delivery.pk: delivery.location_id for delivery in deliveries}
    freed: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    released = [line for line in lines if line.delivery_id in location_of]
    for line in released:
        freed[line.product_id, location_of[line.delivery_id]] -= line.reserved_quantity
        line.reserved_quantity = line.picked_quantity = ZERO
    change_reservations(freed)
    DeliveryLine.objects.bulk_update(released, ["reserved_quantity", "picked_quantity"])
    for delivery in deliveries:
        delivery.move_to(DeliveryOrder.Status.CANCELLED, cancelled_because=because)


def _products(lines: Iterable[DeliveryLine]) -> tuple[int, ...]:
    return tuple(sorted({line.product_id for line in lines}))
