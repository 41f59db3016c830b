"""The lines of a deal."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from core import clock
from core.catalog.models import Product
from core.db import locked
from core.errors import Refused
from core.events import ask
from core.money import ZERO, line_amount
from core.people.models import User
from frontoffice.crm.models import Deal, DealLine
from frontoffice.crm.operations.deals import still_open, sum_up
from frontoffice.crm.questions import PriceFor

UPDATABLE = frozenset({"description", "quantity", "unit_price", "discount"})
FINEST = Decimal("0.000001")
"""Quantities, prices and discounts are kept to six decimals."""


class BadDealLine(Refused):
    """A line nobody could order."""


def add_line(
    deal: Deal,
    *,
    product: Product | None = None,
    description: str = "",
    quantity: Decimal = Decimal(1),
    unit_price: Decimal | None = None,
    discount: Decimal = ZERO,
    by: User,
) -> DealLine:
    """Offer one more thing. Without a price the customer's is taken; without a product it needs a description and a price."""
    with locked(deal, deal.lines.all(), by=by) as (deal, lines):
        still_open(deal)
        if unit_price is None:
            unit_price = _asked_price(deal, product, quantity, description)
        line = DealLine(
            deal=deal,
            position=max((other.position for other in lines), default=0) + 1,
            product=product,
            description=description.strip() or (product.name if product else ""),
            quantity=_fine(quantity),
            unit_price=_fine(unit_price),
            discount=_fine(discount),
        )
        _save(deal, line)
        sum_up(deal, [*lines, line])
    return line


def change_line(line: DealLine, *, by: User, **changes: Any) -> DealLine:
    """Change one line of an open deal. Takes any of ``UPDATABLE``."""
    unknown = changes.keys() - UPDATABLE
    if unknown:
        raise TypeError(f"A deal line has no {', '.join(sorted(unknown))} to write.")
    with locked(line.deal, DealLine.objects.filter(deal=line.deal_id), by=by) as (deal, lines):
        still_open(deal)
        line = _among(lines, line)
        for field, value in changes.items():
            setattr(line, field, _fine(value) if isinstance(value, Decimal) else value)
        _save(deal, line)
        sum_up(deal, lines)
    return line


def remove_line(line: DealLine, *, by: User) -> Deal:
    """Offer it no longer."""
    with locked(line.deal, DealLine.objects.filter(deal=line.deal_id), by=by) as (deal, lines):
        still_open(deal)
        line = _among(lines, line)
        line.delete()
        sum_up(deal, [other for other in lines if other is not line])
    return deal


def _asked_price(deal: Deal, product: Product | None, quantity: Decimal, description: str) -> Decimal:
    if product is None:
        raise BadDealLine(
            _("%(what)s has no price.") % {"what": description or _("A line without a product")},
            fix=_("Enter a unit price."),
            field="unit_price",
        )
    return ask(PriceFor(product_id=product.pk, customer_id=deal.party_id, quantity=quantity, on=clock.today()))


def _save(deal: Deal, line: DealLine) -> None:
    if not line.description.strip():
        raise BadDealLine(_("A line needs a product or a description."), fix=_("Say what is offered."), field="description")
    if line.quantity <= 0:
        raise BadDealLine(
            _("%(what)s: the quantity has to be more than zero.") % {"what": line.description},
            fix=_("Enter how many, or remove the line."),
            field="quantity",
        )
    if line.unit_price < 0:
        raise BadDealLine(
            _("%(what)s: a price cannot be below zero.") % {"what": line.description},
            fix=_("Give a discount instead."),
            field="unit_price",
        )
    if not 0 <= line.discount <= 1:
        raise BadDealLine(
            _("%(what)s: a discount lies between 0 %% and 100 %%.") % {"what": line.description}, fix=_("Correct it."), field="discount"
        )
    line.amount = line_amount(line.quantity, line.unit_price, line.discount, deal.currency)
    line.save()


def _among(lines: list[DealLine], line: DealLine) -> DealLine:
    for candidate in lines:
        if candidate.pk == line.pk:
            return candidate
    raise BadDealLine(_("%(line)s is not on the deal any more.") % {"line": line}, fix=_("Load the deal again."))


def _fine(number: Decimal) -> Decimal:
    return number.quantize(FINEST, rounding=ROUND_HALF_UP)
