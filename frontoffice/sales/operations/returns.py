"""Returns: agreed with the customer, received in the warehouse, credited by finance."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from core import clock
from core.db import locked
from core.docflow.flow import link
from core.errors import Refused
from core.events.noting import first_time
from core.events.publishing import publish
from core.money import ZERO
from core.numbering import next_number
from core.people.models import User
from frontoffice.sales import events
from frontoffice.sales.models import Order, OrderLine, Return, ReturnLine
from frontoffice.sales.operations.billing import bill_line
from frontoffice.sales.operations.cancelling import ReasonMissing
from frontoffice.sales.operations.fulfilling import LineQuantity, matched


class NothingToReturn(Refused):
    """Only goods that were delivered can come back."""


class MoreThanDelivered(Refused):
    """More would come back than the customer has."""


class NotAgreed(Refused):
    """Something came back that is not on the return."""


def request_return(order: Order, *, lines: Sequence[LineQuantity], reason: str, by: User) -> Return:
    """Agree that a customer gives goods back. Never more than they have: delivered, less returned, less agreed already."""
    reason = reason.strip()
    if not reason:
        raise ReasonMissing(_("A return needs a reason."), fix=_("Say why the customer gives the goods back."), field="reason")
    with locked(order, order.lines.all(), by=by) as (order, order_lines):
        pairs = _together(matched(order, order_lines, lines))
        if not pairs:
            raise NothingToReturn(
                _("No line of %(order)s was chosen.") % {"order": order.number}, fix=_("Enter how many come back."), field="lines"
            )
        _still_there(order, pairs)
        goods_return = Return(order=order, reason=reason[:300], requested_on=clock.today())
        goods_return.number = next_number("sales.return", prefix="RMA", on=goods_return.requested_on)
        goods_return.save()
        ReturnLine.objects.bulk_create(
            ReturnLine(goods_return=goods_return, order_line=line, quantity=quantity) for line, quantity in pairs
        )
        link("sales.order", order.pk, order.number, "sales.return", goods_return.pk, goods_return.number, relation="comes back with")
        publish(
            events.ReturnRequested(
                return_id=goods_return.pk,
                return_number=goods_return.number,
                order_id=order.pk,
                order_number=order.number,
                customer_id=order.customer_id,
                reason=goods_return.reason,
                lines=tuple(
                    events.ReturnLine(line.pk, line.product_id, quantity) for line, quantity in pairs if line.product_id is not None
                ),
            )
        )
    return goods_return


def cancel_return(goods_return: Return, *, reason: str, by: User) -> Return:
    """The customer keeps the goods after all."""
    if not reason.strip():
        raise ReasonMissing(_("A return is not cancelled without a reason."), fix=_("Say why."), field="reason")
    with locked(goods_return.order, goods_return, by=by) as (order, goods_return):
        goods_return.move_to(Return.Status.CANCELLED)
        publish(
            events.ReturnCancelled(
                return_id=goods_return.pk,
                return_number=goods_return.number,
                order_id=order.pk,
                order_number=order.number,
                customer_id=order.customer_id,
                reason=reason.strip(),
            )
        )
    return goods_return


def record_return(*, return_id: int, receipt_id: int, lines: Sequence[LineQuantity], received_on: date, by: User) -> Return:
    """Note what came back, and ask for it to be credited at the order's prices. A receipt is noted once.

    The first receipt makes the return received; what arrives later, up to what was agreed, is added to it. Goods of a
    cancelled return that arrive all the same are taken and credited.
    """
    order_id = Return.objects.values_list("order_id", flat=True).get(pk=return_id)
    goods_return: Return
    with locked(
        Order(pk=order_id),
        OrderLine.objects.filter(order=order_id),
        Return(pk=return_id),
        ReturnLine.objects.filter(goods_return=return_id),
        by=by,
    ) as (order, order_lines, goods_return, return_lines):
        if not first_time("sales.record_return", receipt_id):
            return goods_return
        agreed = {line.order_line_id: line for line in return_lines}
        credit = []
        for line, quantity in matched(order, order_lines, lines):
            _receive(goods_return, agreed.get(line.pk), line, quantity)
            credit.append(bill_line(order, line, quantity))
        if goods_return.status != Return.Status.RECEIVED:
            goods_return.move_to(Return.Status.RECEIVED, received_on=received_on)
        if credit:
            publish(
                events.CreditRequested(
                    return_id=goods_return.pk,
                    return_number=goods_return.number,
                    order_id=order.pk,
                    order_number=order.number,
                    customer_id=order.customer_id,
                    credit_on=received_on,
                    currency=order.currency,
                    reason=goods_return.reason,
                    lines=tuple(credit),
                )
            )
    return goods_return


def _together(pairs: list[tuple[OrderLine, Decimal]]) -> list[tuple[OrderLine, Decimal]]:
    summed: dict[int, Decimal] = {}
    for line, quantity in pairs:
        summed[line.pk] = summed.get(line.pk, ZERO) + quantity
    lines = {line.pk: line for line, _quantity in pairs}
    return [(lines[pk], quantity) for pk, quantity in summed.items()]


def _still_there(order: Order, pairs: list[tuple[OrderLine, Decimal]]) -> None:
    expected: dict[int, Decimal] = dict(
        ReturnLine.objects.filter(goods_return__order=order, goods_return__status=Return.Status.REQUESTED)
        .values_list("order_line")
        .annotate(coming=Sum(F("quantity") - F("received_quantity")))
        .order_by("order_line")
    )
    for line, quantity in pairs:
        if not line.is_goods:
            raise NothingToReturn(
                _("%(what)s is not goods: there is nothing to send back.") % {"what": line.description},
                fix=_("Ask the accountant for a credit note."),
                field="lines",
            )
        left = line.returnable - expected.get(line.pk, ZERO)
        if quantity > left:
            raise MoreThanDelivered(
                _("%(what)s: %(quantity)s cannot come back, because the customer has %(left)s of %(order)s.")
                % {
                    "what": line.description,
                    "quantity": f"{quantity.normalize():f}",
                    "left": f"{left.normalize():f}",
                    "order": order.number,
                },
                fix=_("Enter at most %(left)s; returns already agreed are counted.") % {"left": f"{left.normalize():f}"},
                field="lines",
            )


def _receive(goods_return: Return, agreed: ReturnLine | None, line: OrderLine, quantity: Decimal) -> None:
    if agreed is None or agreed.received_quantity + quantity > agreed.quantity:
        raise NotAgreed(
            _("%(return)s expects %(expected)s of %(what)s, not %(quantity)s.")
            % {
                "return": goods_return.number,
                "expected": f"{agreed.still_expected.normalize():f}" if agreed else "0",
                "what": line.description,
                "quantity": f"{quantity.normalize():f}",
            },
            fix=_("Agree to another return for the rest."),
            field="quantity",
        )
    if line.returned_quantity + quantity > line.delivered_quantity:
        raise MoreThanDelivered(
            _("%(what)s: the customer has only %(left)s left.") % {"what": line.description, "left": f"{line.returnable.normalize():f}"},
            fix=_("Check what came back."),
            field="quantity",
        )
    agreed.received_quantity += quantity
    agreed.save(update_fields=["received_quantity"])
    line.returned_quantity += quantity
    line.save(update_fields=["returned_quantity"])
