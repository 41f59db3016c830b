"""What is offered: the lines of a deal, priced and summed up. For operations that hold the lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from core import clock
from core.catalog.models import Product
from core.errors import Refused
from core.events import ask
from core.money import ZERO, line_amount
from core.parties.models import Company, Party
from frontoffice.crm.models import Deal, DealLine
from frontoffice.crm.questions import PriceFor

FINEST = Decimal("0.000001")
"""Quantities, prices and discounts are kept to six decimals."""


class BadDealLine(Refused):
    """A line nobody could order."""


class DealDecided(Refused):
    """What was won or lost is not changed any more."""


@dataclass(frozen=True, kw_only=True)
class OfferedLine:
    """A line to offer. Without a product it needs a description and a price; without a price the customer's is taken."""

    product: Product | None = None
    description: str = ""
    quantity: Decimal = Decimal(1)
    unit_price: Decimal | None = None
    discount: Decimal = ZERO


@dataclass(frozen=True)
class DealFigures:
    """What a deal with these lines would come to: one amount per line, then the whole."""

    amounts: tuple[Decimal, ...]
    amount: Decimal


def figures_for(lines: Sequence[OfferedLine], *, party: Party | None) -> DealFigures:
    """What these lines would come to for this customer, without writing anything: for the form while somebody types."""
    amounts = tuple(line.amount for line in make_lines(Deal(party=party, currency=Company.objects.current().currency), lines))
    return DealFigures(amounts=amounts, amount=sum(amounts, ZERO))


def make_lines(deal: Deal, offered: Sequence[OfferedLine], *, first_position: int = 1) -> list[DealLine]:
    """Unsaved lines of a deal (which may be unsaved itself), priced, checked and with their amounts."""
    return [_made(deal, line, position) for position, line in enumerate(offered, start=first_position)]


def price_line(deal: Deal, line: DealLine) -> None:
    """Set the amount of a line; refuse what nobody could order."""
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


def still_open(deal: Deal) -> None:
    """Refuse to change what is decided."""
    if not deal.is_open:
        raise DealDecided(
            _("%(deal)s is %(status)s and cannot be changed any more.") % {"deal": deal.name, "status": deal.get_status_display().lower()},
            fix=_("Reopen it first.") if deal.status == Deal.Status.LOST else _("Change the order it became."),
        )


def sum_up(deal: Deal, lines: Sequence[DealLine]) -> None:
    """Keep the amount: the sum of the lines, or the estimate while there are none."""
    deal.amount = sum((line.amount for line in lines), ZERO) if lines else deal.estimate
    deal.save(update_fields=["amount"])


def fine(number: Decimal) -> Decimal:
    """A number to six decimals, rounded half up."""
    return number.quantize(FINEST, rounding=ROUND_HALF_UP)


def _made(deal: Deal, offered: OfferedLine, position: int) -> DealLine:
    product, price = offered.product, offered.unit_price
    if price is None:
        price = _asked_price(deal, offered)
    line = DealLine(
        deal=deal,
        position=position,
        product=product,
        description=offered.description.strip() or (product.name if product else ""),
        quantity=fine(offered.quantity),
        unit_price=fine(price),
        discount=fine(offered.discount),
    )
    price_line(deal, line)
    return line


def _asked_price(deal: Deal, offered: OfferedLine) -> Decimal:
    if offered.product is None:
        raise BadDealLine(
            _("%(what)s has no price.") % {"what": offered.description or _("A line without a product")},
            fix=_("Enter a unit price."),
            field="unit_price",
        )
    return ask(PriceFor(product_id=offered.product.pk, customer_id=deal.party_id, quantity=offered.quantity, on=clock.today()))
