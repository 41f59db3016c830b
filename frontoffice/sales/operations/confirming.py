"""Promising an order, or letting it wait when the customer's credit is used up."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from core import clock
from core.db import locked
from core.errors import Refused
from core.events import ask
from core.events.publishing import publish
from core.parties.models import Party
from core.parties.questions import CreditStanding
from core.people.models import User
from frontoffice.sales.events import ConfirmedLine, InvoiceRequested, OrderConfirmed, OrderHeld, OrderReleased
from frontoffice.sales.models import Order, OrderLine, beyond_credit
from frontoffice.sales.operations.billing import render_services


class OrderEmpty(Refused):
    """There is nothing to promise."""


class CreditUsedUp(Refused):
    """The order waits already, and nothing has changed."""


class NotOnHold(Refused):
    """Only what waits can be released."""


def confirm_order(order: Order, *, by: User) -> Order:
    """Promise the customer these goods at these prices.

    An order beyond the customer's credit limit goes on hold instead, and waits for ``release_order``. An order on hold may
    be confirmed again once the customer has paid. An order without goods is billed at once.
    """
    with locked(order, order.lines.all(), Party.objects.filter(pk=order.customer_id), by=by) as (order, lines, _customer):
        if not lines:
            raise OrderEmpty(_("%(order)s has no lines.") % {"order": order.number}, fix=_("Add at least one line."))
        used_up = _used_up(order) if order.may_move_to(Order.Status.CONFIRMED) else None
        if used_up is None:
            _confirm(order, lines)
        elif order.status == Order.Status.ON_HOLD:
            reason = beyond_credit(limit=used_up.limit, used=used_up.used, total=order.total, currency=order.currency)
            raise CreditUsedUp(
                _("%(order)s still waits: %(reason)s") % {"order": order.number, "reason": reason},
                fix=_("Ask the accountant to release it, or the customer to pay."),
            )
        else:
            order.move_to(Order.Status.ON_HOLD, hold_limit=used_up.limit, hold_used=used_up.used, hold_reason="")
            publish(
                OrderHeld(
                    order_id=order.pk,
                    order_number=order.number,
                    customer_id=order.customer_id,
                    total=order.total,
                    currency=order.currency,
                    reason="",
                    credit_limit=used_up.limit,
                    credit_used=used_up.used,
                )
            )
    return order


def release_order(order: Order, *, by: User) -> Order:
    """Let an order on hold go ahead, whatever the customer owes: it is confirmed."""
    with locked(order, order.lines.all(), by=by) as (order, lines):
        if order.status != Order.Status.ON_HOLD:
            raise NotOnHold(
                _("%(order)s is %(status)s: there is nothing to release.")
                % {"order": order.number, "status": order.get_status_display().lower()},
                fix=_("Load it again to see where it stands now."),
            )
        publish(
            OrderReleased(
                order_id=order.pk,
                order_number=order.number,
                customer_id=order.customer_id,
                total=order.total,
                currency=order.currency,
            )
        )
        _confirm(order, lines)
    return order


def reconsider_held_orders(customer_id: int, *, by: User) -> list[Order]:
    """Confirm, oldest first, what waits on hold and the customer's credit suffices for by now: the orders that go ahead."""
    return [
        order for order in Order.objects.filter(customer=customer_id, status=Order.Status.ON_HOLD).order_by("pk") if _reconsider(order, by)
    ]


def _reconsider(order: Order, by: User) -> bool:
    with locked(order, order.lines.all(), Party.objects.filter(pk=order.customer_id), by=by) as (order, lines, _customer):
        goes_ahead = order.status == Order.Status.ON_HOLD and _used_up(order) is None
        if goes_ahead:
            _confirm(order, lines)
    return goes_ahead


@dataclass(frozen=True)
class _UsedUp:
    """A credit limit that an order would go beyond, and how much of it is used already."""

    limit: Decimal
    used: Decimal


def _used_up(order: Order) -> _UsedUp | None:
    credit = ask(CreditStanding(customer_id=order.customer_id, only_limited=True))
    if credit.limit is None or credit.used + order.total <= credit.limit:
        return None
    return _UsedUp(credit.limit, credit.used)


def _confirm(order: Order, lines: list[OrderLine]) -> None:
    lines = sorted(lines, key=lambda line: line.position)
    order.move_to(Order.Status.CONFIRMED)
    bill = [] if any(line.is_goods for line in lines) else render_services(order, lines)
    publish(
        OrderConfirmed(
            order_id=order.pk,
            order_number=order.number,
            customer_id=order.customer_id,
            order_date=order.order_date,
            currency=order.currency,
            net=order.net,
            tax=order.tax,
            total=order.total,
            shipping_address_id=order.shipping_address_id,
            requested_date=order.requested_date,
            lines=tuple(
                ConfirmedLine(
                    line_id=line.pk,
                    product_id=line.product_id,
                    description=line.description,
                    quantity=line.quantity,
                    unit_price=line.unit_price,
                    discount=line.discount,
                    tax_category=line.tax_category,
                    is_goods=line.is_goods,
                )
                for line in lines
            ),
        )
    )
    if bill:
        publish(
            InvoiceRequested(
                order_id=order.pk,
                order_number=order.number,
                customer_id=order.customer_id,
                delivery_id=None,
                delivery_number="",
                invoice_on=clock.today(),
                currency=order.currency,
                lines=tuple(bill),
            )
        )
