"""Bringing the books to what lies on the shelf."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from backoffice.inventory.events import StockAdjusted
from backoffice.inventory.models import Adjustment, Location, StockLevel, StockMove, Valuation
from backoffice.inventory.operations.cancelling import ReasonMissing
from backoffice.inventory.operations.documents import document_of, move, stock_rows, stock_valued
from backoffice.inventory.operations.lines import BadQuantity, check_countable, the_goods
from backoffice.inventory.operations.stock import Movement, NotInStock, open_rows
from core import clock
from core.catalog.models import Product
from core.db import locked
from core.errors import Refused
from core.events.publishing import publish
from core.numbering import next_number
from core.people.models import User

ZERO = Decimal(0)


class NothingToAdjust(Refused):
    """The books say what was counted already."""


class WorthUnknown(Refused):
    """Goods nobody ever paid for have no cost to take over."""


class SetAside(NotInStock):
    """What is set aside for a delivery cannot be written off beneath it."""


def adjust_stock(
    product: Product,
    *,
    reason: str,
    by: User,
    counted: Decimal | None = None,
    difference: Decimal | None = None,
    location: Location | None = None,
    on: date | None = None,
    unit_cost: Decimal | None = None,
) -> Adjustment:
    """Bring the books to what was counted on the shelf, or change them by a difference, and say why.

    Give ``counted`` or ``difference``. What is lost leaves at the moving average; what is found comes in at ``unit_cost``,
    or at the average, or at what the last one cost.
    """
    if (counted is None) == (difference is None):
        raise BadQuantity(_("Give what you counted, or the difference: one of the two."), field="counted")
    if not reason.strip():
        raise ReasonMissing(_("Say why there is more or less than the books say."), field="reason")
    the_goods([product.pk])
    day = on or clock.today()
    place = location or Location.objects.main()
    open_rows([product.pk], place)
    with locked(*stock_rows([product.pk], place), by=by) as ((level,), (valuation,)):
        change = _change(product, level, counted, difference)
        cost = _cost(product, valuation, unit_cost) if change > 0 else ZERO
        adjustment = Adjustment.objects.create(
            number=next_number("inventory.adjustment", prefix="SA", on=day),
            product=product,
            location=place,
            difference=change,
            on_hand=level.on_hand + change,
            reason=reason.strip(),
            adjusted_on=day,
        )
        nowhere = Location.objects.outside(Location.Kind.ADJUSTMENT)
        source, target = (nowhere, place) if change > 0 else (place, nowhere)
        document = document_of(adjustment, adjustment.number)
        movement = Movement(product_id=product.pk, quantity=abs(change), source=source, target=target, unit_cost=cost)
        written = move([movement], document, on=day, by=by, reason=adjustment.reason)
        memo = f"{adjustment.number} · {adjustment.reason}"
        publish(
            StockAdjusted(
                adjustment_id=adjustment.pk,
                adjustment_number=adjustment.number,
                product_id=product.pk,
                location_id=place.pk,
                difference=change,
                on_hand=adjustment.on_hand,
                reason=adjustment.reason,
            ),
            *stock_valued(written, document, reason="adjustment", on=day, party_id=None, memo=memo),
        )
    return adjustment


def _change(product: Product, level: StockLevel, counted: Decimal | None, difference: Decimal | None) -> Decimal:
    change: Decimal = difference if difference is not None else (counted or ZERO) - level.on_hand
    check_countable(product, change)
    if not change:
        raise NothingToAdjust(
            _("%(product)s: the books say %(on_hand)s already.") % {"product": product.name, "on_hand": f"{level.on_hand.normalize():f}"},
            field="counted",
        )
    if level.on_hand + change < 0:
        raise BadQuantity(_("There cannot be less than nothing on the shelf."), field="counted")
    if level.on_hand + change < level.reserved:
        raise SetAside(
            _("%(product)s: %(reserved)s of them are set aside for deliveries.")
            % {"product": product.name, "reserved": f"{level.reserved.normalize():f}"},
            fix=_("Cancel what cannot be delivered first, then count again."),
            field="counted",
        )
    return change


def _cost(product: Product, valuation: Valuation, unit_cost: Decimal | None) -> Decimal:
    if unit_cost is not None:
        if unit_cost < 0:
            raise BadQuantity(_("A cost cannot be negative."), field="unit_cost")
        return unit_cost
    if valuation.quantity:
        average: Decimal = valuation.value / valuation.quantity
        return average
    last = StockMove.objects.filter(product=product).order_by("-pk").first()
    if last is None:
        raise WorthUnknown(
            _("%(product)s never was in stock, so nobody knows what one costs.") % {"product": product.name},
            fix=_("Give the cost of one."),
            field="unit_cost",
        )
    cost: Decimal = last.unit_cost
    return cost
