"""The shapes in which others ask the warehouse for something, and what a sensible quantity is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from core.catalog.models import Product, products_of
from core.errors import Refused

ZERO = Decimal(0)


@dataclass(frozen=True)
class WantedLine:
    """So much of a product for one order line (or back from it), in the product's unit."""

    order_line_id: int
    product_id: int
    quantity: Decimal


@dataclass(frozen=True)
class ReceivedLine:
    """So much of a product, in its unit, at ``unit_cost`` in the currency of the books."""

    product_id: int
    quantity: Decimal
    unit_cost: Decimal


class NothingToMove(Refused):
    """A document without goods moves nothing."""


class BadQuantity(Refused):
    """Half a chair cannot be delivered, nor less than nothing."""


class UnknownProduct(Refused):
    """The warehouse keeps goods of the catalogue only."""


class NoSuchLine(Refused):
    """A quantity was given for a line the document does not have."""


def goods_of(product_ids: Iterable[int]) -> dict[int, Product]:
    """The goods with these ids, each with its unit; services and unknown ids are left out."""
    return {pk: product for pk, product in products_of(product_ids).items() if product.is_goods}


def the_goods(product_ids: Iterable[int]) -> dict[int, Product]:
    """``goods_of``, but every id has to be one of goods. Raises UnknownProduct."""
    wanted = set(product_ids)
    goods = goods_of(wanted)
    if len(goods) != len(wanted):
        raise UnknownProduct(
            _("Something in this list is not kept in stock: it is a service, or not in the catalogue."),
            fix=_("Leave it out."),
            field="product",
        )
    return goods


def check_quantity(product: Product, quantity: Decimal) -> Decimal:
    """A quantity above zero that the product's unit can count. Raises BadQuantity."""
    if quantity <= 0:
        raise BadQuantity(_("%(product)s: the quantity has to be more than zero.") % {"product": product.name}, field="quantity")
    return check_countable(product, quantity)


def check_countable(product: Product, quantity: Decimal) -> Decimal:
    """A quantity with no more decimals than the product's unit has. Raises BadQuantity."""
    if quantity != round(quantity, product.unit.decimals):
        raise BadQuantity(
            _("%(product)s is counted in %(unit)s: %(quantity)s is not a quantity of it.")
            % {"product": product.name, "unit": product.unit.name.lower(), "quantity": f"{quantity.normalize():f}"},
            field="quantity",
        )
    return quantity


def check_lines_exist(quantities: Mapping[int, Decimal], line_ids: Iterable[int]) -> None:
    """Every quantity is for a line there is. Raises NoSuchLine."""
    if set(quantities) - set(line_ids):
        raise NoSuchLine(
            _("A quantity was given for a line that is not on this document."), fix=_("Load the page again."), field="quantities"
        )
