"""The lines of an order: made of what was asked for, priced and taxed. For operations that hold the lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from core.catalog.models import Product, products_of
from core.errors import Refused
from core.events import ask
from core.money import ZERO, line_amount
from core.numbering import NextNumber
from core.parties.models import Party
from core.writing import Part, write_whole
from frontoffice.sales.models import Order, OrderLine
from frontoffice.sales.operations.prices import prices_for
from frontoffice.sales.questions import TaxableLine, TaxAnswer, TaxesFor

FINEST = Decimal("0.000001")
"""Quantities, prices and discounts are kept to six decimals."""


class BadLine(Refused):
    """A line nobody could deliver or bill."""


@dataclass(frozen=True, kw_only=True)
class NewLine:
    """A line asked for. Without a product it is a charge and needs a description and a price.

    Without ``unit_price`` the customer's price is taken; ``discount`` is a fraction, 0 to 1; without ``tax_category`` the
    product's is taken, or the standard one.
    """

    product_id: int | None = None
    description: str = ""
    quantity: Decimal = Decimal(1)
    unit_price: Decimal | None = None
    discount: Decimal = ZERO
    tax_category: str = ""


@dataclass(frozen=True)
class OrderFigures:
    """What an order with these lines would come to: one amount per line, then the totals."""

    unit_prices: tuple[Decimal, ...]
    amounts: tuple[Decimal, ...]
    net: Decimal
    tax: Decimal
    total: Decimal


def figures_for(
    lines: Sequence[NewLine], *, customer: Party | int | None, currency: str, on: date, prices_include_tax: bool = False
) -> OrderFigures:
    """What these lines would come to for this customer, without writing anything: for the form while somebody types."""
    made = make_lines(lines, customer=customer, on=on, first_position=1)
    answer = tax_lines(made, on=on, currency=currency, prices_include_tax=prices_include_tax)
    return OrderFigures(
        unit_prices=tuple(line.unit_price for line in made),
        amounts=tuple(line.amount for line in made),
        net=answer.net,
        tax=answer.tax,
        total=answer.total,
    )


def make_lines(lines: Sequence[NewLine], *, customer: Party | int | None, on: date, first_position: int) -> list[OrderLine]:
    """Unsaved order lines of what was asked for, checked and priced."""
    products = products_of(line.product_id for line in lines if line.product_id is not None)
    asked = [(line, _product(line, products)) for line in lines]
    unpriced = [(product, line.quantity) for line, product in asked if product is not None and line.unit_price is None]
    prices = iter(prices_for(unpriced, customer, on))
    return [
        _made(line, product, next(prices) if product is not None and line.unit_price is None else line.unit_price, position=position)
        for position, (line, product) in enumerate(asked, start=first_position)
    ]


def check_line(line: OrderLine, product: Product | None) -> None:
    """Refuse what nobody could deliver or bill."""
    if not line.description.strip():
        raise BadLine(_("A line needs a product or a description."), fix=_("Choose a product, or say what it is for."), field="description")
    if line.quantity <= 0:
        raise BadLine(
            _("%(what)s: a quantity of %(quantity)s cannot be ordered.")
            % {"what": line.description, "quantity": f"{line.quantity.normalize():f}"},
            fix=_("Enter more than zero, or remove the line."),
            field="quantity",
        )
    if product is not None and line.quantity != round(line.quantity, product.unit.decimals):
        raise BadLine(
            _("%(what)s is sold in whole steps of its unit, %(unit)s.") % {"what": product.name, "unit": product.unit.name},
            fix=_("Round the quantity to %(decimals)s decimals.") % {"decimals": product.unit.decimals},
            field="quantity",
        )
    if line.unit_price < 0:
        raise BadLine(
            _("%(what)s: a price cannot be below zero.") % {"what": line.description}, fix=_("Give a discount instead."), field="unit_price"
        )
    if not 0 <= line.discount <= 1:
        raise BadLine(
            _("%(what)s: a discount lies between 0 %% and 100 %%.") % {"what": line.description}, fix=_("Correct it."), field="discount"
        )


def tax_lines(lines: Sequence[OrderLine], *, on: date, currency: str, prices_include_tax: bool) -> TaxAnswer:
    """Set amount, net, tax and total of the lines as finance answers them, and give back the answer."""
    for line in lines:
        line.amount = line_amount(line.quantity, line.unit_price, line.discount, currency)
    answer = ask(
        TaxesFor(
            on=on,
            currency=currency,
            prices_include_tax=prices_include_tax,
            lines=tuple(TaxableLine(line.position, line.amount, line.tax_category) for line in lines),
        )
    )
    taxed = {line.key: line for line in answer.lines}
    for line in lines:
        line.net, line.tax, line.total = taxed[line.position].net, taxed[line.position].tax, taxed[line.position].total
    return answer


def total_up(order: Order, lines: Sequence[OrderLine]) -> None:
    """Tax the lines anew, save them and the order's totals with them; a new order as a whole, with its number."""
    answer = tax_lines(lines, on=order.order_date, currency=order.currency, prices_include_tax=order.prices_include_tax)
    order.net, order.tax, order.total = answer.net, answer.tax, answer.total
    if order._state.adding:
        write_whole(order, Part(lines, "order"), number=NextNumber("sales.order", "SO", order.order_date))
        return
    order.save(update_fields=["net", "tax", "total"])
    new = [line for line in lines if line._state.adding]
    for line in new:
        line.order = order
    known = [line for line in lines if not line._state.adding]
    OrderLine.objects.bulk_create(new)
    OrderLine.objects.bulk_update(known, LINE_FIELDS)


LINE_FIELDS = [
    "product",
    "description",
    "is_goods",
    "quantity",
    "unit_price",
    "discount",
    "tax_category",
    "amount",
    "net",
    "tax",
    "total",
]


def _product(line: NewLine, products: dict[int, Product]) -> Product | None:
    if line.product_id is None:
        return None
    if line.product_id not in products:
        raise BadLine(
            _("There is no product %(id)s in the catalogue.") % {"id": line.product_id}, fix=_("Choose another one."), field="product"
        )
    return products[line.product_id]


def _made(line: NewLine, product: Product | None, price: Decimal | None, *, position: int) -> OrderLine:
    if price is None:
        raise BadLine(
            _("%(what)s has no price.") % {"what": line.description or _("A line without a product")},
            fix=_("Enter a unit price."),
            field="unit_price",
        )
    made = OrderLine(
        position=position,
        product=product,
        description=line.description.strip() or (product.name if product else ""),
        is_goods=product is not None and product.is_goods,
        quantity=_fine(line.quantity),
        unit_price=_fine(price),
        discount=_fine(line.discount),
        tax_category=line.tax_category or (product.tax_category if product else Product.TaxCategory.STANDARD),
    )
    check_line(made, product)
    return made


def _fine(number: Decimal) -> Decimal:
    return number.quantize(FINEST, rounding=ROUND_HALF_UP)
