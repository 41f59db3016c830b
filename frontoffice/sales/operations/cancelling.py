"""Cancelling an order: at once while it is only paper, with the warehouse's word once it is promised."""

from django.utils.translation import gettext as _

from core.db import locked
from core.errors import Refused
from core.events.publishing import publish
from core.people.models import User
from frontoffice.sales.events import OrderCancellationRequested, OrderCancelled, OrderKept
from frontoffice.sales.models import Order, OrderLine


class DeliveredAlready(Refused):
    """What has left cannot be cancelled, only returned."""


class ReasonMissing(Refused):
    """Somebody will want to know why."""


def cancel_order(order: Order, *, reason: str, by: User) -> Order:
    """Call an order off. A draft or held one is cancelled at once; a confirmed one once the warehouse has let go of it.

    Once anything was delivered or billed it is refused: goods come back by a return.
    """
    reason = reason.strip()
    if not reason:
        raise ReasonMissing(_("An order is not cancelled without a reason."), fix=_("Say why."), field="reason")
    with locked(order, order.lines.all(), by=by) as (order, lines):
        _nothing_left(order, lines)
        if order.status in {Order.Status.DRAFT, Order.Status.ON_HOLD}:
            order.move_to(Order.Status.CANCELLED, cancel_reason=reason[:300])
            publish(_cancelled(order))
        else:
            order.move_to(Order.Status.CANCELLING, cancel_reason=reason[:300])
            publish(
                OrderCancellationRequested(
                    order_id=order.pk, order_number=order.number, customer_id=order.customer_id, reason=order.cancel_reason
                )
            )
    return order


def finish_cancellation(*, order_id: int, delivered_anything: bool, by: User) -> Order:
    """Hear from the warehouse whether an order could still be cancelled. If something had left, it stands as confirmed.

    An order that has its answer keeps it, however often it is told.
    """
    order: Order
    with locked(Order(pk=order_id), by=by) as order:
        if order.status != Order.Status.CANCELLING:
            return order
        if delivered_anything:
            order.move_to(Order.Status.CONFIRMED)
            publish(OrderKept(order_id=order.pk, order_number=order.number, customer_id=order.customer_id))
        else:
            order.move_to(Order.Status.CANCELLED)
            publish(_cancelled(order))
    return order


def _nothing_left(order: Order, lines: list[OrderLine]) -> None:
    gone = [line for line in lines if line.delivered_quantity > 0]
    if any(line.is_goods for line in gone):
        raise DeliveredAlready(
            _("Part of %(order)s was delivered, so it cannot be cancelled.") % {"order": order.number},
            fix=_("Create a return for what the customer gives back."),
        )
    if gone:
        raise DeliveredAlready(
            _("%(order)s was billed already, so it cannot be cancelled.") % {"order": order.number},
            fix=_("Ask the accountant for a credit note."),
        )


def _cancelled(order: Order) -> OrderCancelled:
    return OrderCancelled(order_id=order.pk, order_number=order.number, customer_id=order.customer_id, reason=order.cancel_reason)
