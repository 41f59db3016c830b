"""What happened to an order elsewhere: goods left, an invoice was issued."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Sum
from django.utils.translation import gettext as _

from core.db import locked
from core.errors import Refused
from core.events.noting import first_time
from core.events.publishing import publish
from core.money import ZERO, round_money
from core.parties.models import Company
from core.people.models import User
from core.writing import write_each
from frontoffice.sales.events import DroppedLine, InvoiceRequested, OrderShortened
from frontoffice.sales.models import Order, OrderLine
from frontoffice.sales.operations.billing import bill_line, render_services

USUAL_WAIT = timedelta(days=14)


class NotPromised(Refused):
    """Nothing leaves for an order that was not confirmed."""


class MoreThanOrdered(Refused):
    """More left, or was invoiced, than the customer ordered."""


class NotOrdered(Refused):
    """Something left that is not on the order."""


@dataclass(frozen=True)
class LineQuantity:
    """So many of an order line, in the product's unit. Lines without an order line are not the order's business."""

    order_line_id: int | None
    quantity: Decimal


@dataclass(frozen=True)
class Progress:
    """Where an order stands now."""

    on_hold: bool
    cancelling: bool
    promised_for: date


def record_delivery(
    *, order_id: int, delivery_id: int, delivery_number: str, delivered_on: date, lines: Sequence[LineQuantity], by: User
) -> Order:
    """Note what left for the customer, and ask for it to be invoiced. The first delivery brings services and charges along.

    A delivery is noted once, however often it is told.
    """
    order: Order
    with locked(Order(pk=order_id), OrderLine.objects.filter(order=order_id), by=by) as (order, order_lines):
        if not first_time("sales.record_delivery", delivery_id):
            return order
        if order.status not in {Order.Status.CONFIRMED, Order.Status.CANCELLING}:
            raise NotPromised(
                _("%(order)s is %(status)s: nothing should leave for it.")
                % {"order": order.number, "status": order.get_status_display().lower()},
                fix=_("Take the goods back to stock."),
            )
        is_first = not any(line.is_goods and line.delivered_quantity > 0 for line in order_lines)
        bill = []
        leaving = matched(order, order_lines, lines)
        for line, quantity in leaving:
            line.delivered_quantity += quantity
            _within(order, line, line.delivered_quantity)
            bill.append(bill_line(order, line, quantity))
        _write(leaving, "delivered_quantity")
        if is_first and bill:
            bill += render_services(order, order_lines)
        if bill:
            publish(
                InvoiceRequested(
                    order_id=order.pk,
                    order_number=order.number,
                    customer_id=order.customer_id,
                    delivery_id=delivery_id,
                    delivery_number=delivery_number,
                    invoice_on=delivered_on,
                    currency=order.currency,
                    lines=tuple(bill),
                )
            )
    return order


def drop_rest(*, order_id: int, delivery_id: int, lines: Sequence[LineQuantity], reason: str, by: User) -> Order:
    """Note what will not follow after a partial delivery, by agreement: it is neither delivered nor invoiced any more.

    ``delivery_id`` is the delivery that was called off; it is noted once.
    """
    order: Order
    with locked(Order(pk=order_id), OrderLine.objects.filter(order=order_id), by=by) as (order, order_lines):
        if not first_time("sales.drop_rest", delivery_id):
            return order
        dropped = []
        given_up = matched(order, order_lines, lines)
        for line, quantity in given_up:
            if quantity > line.undelivered:
                raise MoreThanOrdered(
                    _("%(what)s: only %(left)s are still to leave.")
                    % {"what": line.description, "left": f"{line.undelivered.normalize():f}"},
                    fix=_("Drop at most that many."),
                    field="quantity",
                )
            line.dropped_quantity += quantity
            dropped.append(DroppedLine(order_line_id=line.pk, description=line.description, quantity=quantity))
        _write(given_up, "dropped_quantity")
        publish(
            OrderShortened(order_id=order.pk, order_number=order.number, customer_id=order.customer_id, reason=reason, lines=tuple(dropped))
        )
    return order


def record_invoicing(*, order_id: int, invoice_id: int, lines: Sequence[LineQuantity], by: User) -> Order:
    """Note how much of the order is on an invoice; an invoice is noted once."""
    order: Order
    with locked(Order(pk=order_id), OrderLine.objects.filter(order=order_id), by=by) as (order, order_lines):
        if not first_time("sales.record_invoicing", invoice_id):
            return order
        billed = matched(order, order_lines, lines)
        for line, quantity in billed:
            line.invoiced_quantity += quantity
            _within(order, line, line.invoiced_quantity)
        _write(billed, "invoiced_quantity")
    return order


def seller_of(order_id: int) -> User | None:
    """Who looks after an order, if anybody does."""
    return User.objects.filter(orders=order_id).first()


def progress_of(order_id: int) -> Progress:
    """Where an order stands now, for whoever waits for it."""
    order = Order.objects.get(pk=order_id)
    return Progress(
        on_hold=order.status == Order.Status.ON_HOLD,
        cancelling=order.status == Order.Status.CANCELLING,
        promised_for=promised_for(order.order_date, order.requested_date),
    )


def awaits_goods(order_id: int) -> bool:
    """Whether anything of an order is still to leave."""
    promised = Order.objects.filter(pk=order_id, status__in=[Order.Status.CONFIRMED, Order.Status.CANCELLING])
    lines = OrderLine.objects.filter(order__in=promised, is_goods=True)
    return lines.filter(quantity__gt=F("dropped_quantity") + F("delivered_quantity")).exists()


def promised_for(order_date: date, requested_date: date | None) -> date:
    """When the customer expects the goods: on the day they asked for, or two weeks from the order."""
    return requested_date or order_date + USUAL_WAIT


def committed_to(customer_id: int) -> Decimal:
    """What a customer was promised and not invoiced yet, tax included, in the currency of the books: part of their used credit."""
    found = (
        OrderLine.objects.filter(order__customer=customer_id, order__status__in=[Order.Status.CONFIRMED, Order.Status.CANCELLING])
        .order_by()
        .aggregate(open=Sum(F("total") * (F("quantity") - F("dropped_quantity") - F("invoiced_quantity")) / F("quantity")))
    )
    return round_money(found["open"] or ZERO, Company.objects.current().currency)


def open_orders_of(customer_id: int) -> list[str]:
    """The numbers of a customer's orders that are not over: still to be decided, delivered or billed."""
    unbilled = OrderLine.objects.filter(order=OuterRef("pk"), invoiced_quantity__lt=F("quantity") - F("dropped_quantity"))
    undecided = Order.objects.filter(status__in=[Order.Status.DRAFT, Order.Status.ON_HOLD, Order.Status.CANCELLING])
    confirmed = Order.objects.confirmed().filter(Exists(unbilled))
    return list((undecided | confirmed).filter(customer=customer_id).order_by("pk").values_list("number", flat=True))


def matched(order: Order, order_lines: list[OrderLine], lines: Sequence[LineQuantity]) -> list[tuple[OrderLine, Decimal]]:
    """Each quantity with its order line; what has no order line is left out."""
    known = {line.pk: line for line in order_lines}
    pairs = []
    for asked in lines:
        if asked.order_line_id is None:
            continue
        if asked.order_line_id not in known:
            raise NotOrdered(
                _("Line %(line)s is not on %(order)s.") % {"line": asked.order_line_id, "order": order.number},
                fix=_("Check which order it belongs to."),
            )
        if asked.quantity <= 0:
            raise NotOrdered(
                _("%(what)s: the quantity has to be more than zero.") % {"what": known[asked.order_line_id].description},
                fix=_("Leave the line out instead."),
                field="quantity",
            )
        pairs.append((known[asked.order_line_id], asked.quantity))
    return pairs


def _write(pairs: Sequence[tuple[OrderLine, Decimal]], field: str) -> None:
    """Save what these lines count, in one statement."""
    write_each({line.pk: line for line, _quantity in pairs}.values(), field)


def _within(order: Order, line: OrderLine, quantity: Decimal) -> None:
    follows = line.quantity - line.dropped_quantity
    if quantity > follows:
        raise MoreThanOrdered(
            _("%(order)s has %(ordered)s of %(what)s, not %(quantity)s.")
            % {
                "order": order.number,
                "ordered": f"{follows.normalize():f}",
                "what": line.description,
                "quantity": f"{quantity.normalize():f}",
            },
            fix=_("Correct the quantity, or place another order for the rest."),
            field="quantity",
        )
