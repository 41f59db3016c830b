"""Changing a draft order and its lines."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.catalog.models import Product
from core.db import locked
from core.errors import Refused
from core.money import ZERO
from core.people.models import User
from frontoffice.sales.models import Order, OrderLine
from frontoffice.sales.operations.lines import NewLine, check_line, make_lines, total_up
from frontoffice.sales.operations.placing import WrongAddress

UPDATABLE = frozenset({"order_date", "requested_date", "prices_include_tax", "shipping_address", "note", "owner"})
LINE_UPDATABLE = frozenset({"description", "quantity", "unit_price", "discount", "tax_category"})


class NotADraft(Refused):
    """What was promised is not changed behind the customer's back."""


class NotOnThisOrder(Refused):
    """The line is not on the order."""


def update_order(order: Order, *, lines: Sequence[NewLine] | None = None, by: User, **changes: Any) -> Order:
    """Change a draft. Takes any of ``UPDATABLE``; ``lines``, when given, take the place of the old ones; it is taxed anew."""
    _known(changes, UPDATABLE, "order")
    with locked(order, order.lines.all(), by=by) as (order, present):
        _draft(order)
        for field, value in changes.items():
            setattr(order, field, value)
        address = order.shipping_address
        if address is not None and address.party_id != order.customer_id:
            raise WrongAddress(
                _("That address belongs to somebody else."), fix=_("Choose one of the customer's."), field="shipping_address"
            )
        order.save(update_fields=sorted(changes))
        total_up(order, present if lines is None else _replaced(order, lines))
    return order


def add_line(
    order: Order,
    *,
    product_id: int | None = None,
    description: str = "",
    quantity: Decimal = Decimal(1),
    unit_price: Decimal | None = None,
    discount: Decimal = ZERO,
    tax_category: str = "",
    by: User,
) -> OrderLine:
    """Put one more line on a draft; see ``NewLine`` for what may be left out."""
    wanted = NewLine(
        product_id=product_id,
        description=description,
        quantity=quantity,
        unit_price=unit_price,
        discount=discount,
        tax_category=tax_category,
    )
    with locked(order, order.lines.all(), by=by) as (order, lines):
        _draft(order)
        last = max((line.position for line in lines), default=0)
        [line] = make_lines([wanted], customer=order.customer_id, on=order.order_date, first_position=last + 1)
        total_up(order, [*lines, line])
    return line


def change_line(line: OrderLine, *, by: User, **changes: Any) -> OrderLine:
    """Change one line of a draft. Takes any of ``LINE_UPDATABLE``."""
    _known(changes, LINE_UPDATABLE, "order line")
    with locked(line.order, OrderLine.objects.filter(order=line.order_id), by=by) as (order, lines):
        _draft(order)
        line = _among(lines, line)
        for field, value in changes.items():
            setattr(line, field, value)
        check_line(line, _product_of(line))
        total_up(order, lines)
    return line


def remove_line(line: OrderLine, *, by: User) -> Order:
    """Take one line off a draft."""
    order: Order
    with locked(line.order, OrderLine.objects.filter(order=line.order_id), by=by) as (order, lines):
        _draft(order)
        line = _among(lines, line)
        line.delete()
        total_up(order, [other for other in lines if other is not line])
    return order


def _replaced(order: Order, lines: Sequence[NewLine]) -> list[OrderLine]:
    order.lines.all().delete()
    return make_lines(lines, customer=order.customer_id, on=order.order_date, first_position=1)


def _product_of(line: OrderLine) -> Product | None:
    return Product.objects.select_related("unit").get(pk=line.product_id) if line.product_id else None


def _draft(order: Order) -> None:
    if not order.is_draft:
        raise NotADraft(
            _("%(order)s is %(status)s and cannot be changed any more.")
            % {"order": order.number, "status": order.get_status_display().lower()},
            fix=_("Cancel it and place another one, or agree to a return of what was delivered."),
        )


def _among(lines: list[OrderLine], line: OrderLine) -> OrderLine:
    for candidate in lines:
        if candidate.pk == line.pk:
            return candidate
    raise NotOnThisOrder(_("%(line)s is not on the order any more.") % {"line": line}, fix=_("Load the order again."))


def _known(changes: dict[str, Any], allowed: frozenset[str], thing: str) -> None:
    unknown = changes.keys() - allowed
    if unknown:
        raise TypeError(f"An {thing} has no {', '.join(sorted(unknown))} to write.")
