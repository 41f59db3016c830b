"""The lines of a deal, one by one."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.catalog.models import Product
from core.db import locked
from core.money import ZERO
from core.people.models import User
from frontoffice.crm.models import Deal, DealLine
from frontoffice.crm.operations.offering import BadDealLine, OfferedLine, fine, make_lines, price_line, still_open, sum_up

UPDATABLE = frozenset({"description", "quantity", "unit_price", "discount"})


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
    """Offer one more thing; see ``OfferedLine`` for what may be left out."""
    offered = OfferedLine(product=product, description=description, quantity=quantity, unit_price=unit_price, discount=discount)
    with locked(deal, deal.lines.all(), by=by) as (deal, lines):
        still_open(deal)
        last = max((line.position for line in lines), default=0)
        [line] = make_lines(deal, [offered], first_position=last + 1)
        line.save()
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
            setattr(line, field, fine(value) if isinstance(value, Decimal) else value)
        price_line(deal, line)
        line.save()
        sum_up(deal, lines)
    return line


def remove_line(line: DealLine, *, by: User) -> Deal:
    """Offer it no longer."""
    deal: Deal
    with locked(line.deal, DealLine.objects.filter(deal=line.deal_id), by=by) as (deal, lines):
        still_open(deal)
        line = _among(lines, line)
        line.delete()
        sum_up(deal, [other for other in lines if other is not line])
    return deal


def _among(lines: list[DealLine], line: DealLine) -> DealLine:
    for candidate in lines:
        if candidate.pk == line.pk:
            return candidate
    raise BadDealLine(_("%(line)s is not on the deal any more.") % {"line": line}, fix=_("Load the deal again."))
