"""Price lists: kept, and asked."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.catalog.models import Product
from core.db import locked
from core.errors import Refused
from core.parties.models import Company, Party
from core.people.models import User
from core.reference import reference
from frontoffice.sales.models import PriceList, PriceRule

UPDATABLE = frozenset({"name", "customer", "is_active", "valid_from", "valid_to"})


class PriceListNameTaken(Refused):
    """Two price lists of one name would be mixed up."""


class EndsBeforeItStarts(Refused):
    """A price list that is never valid."""


class BadPrice(Refused):
    """A price or quantity below zero."""


def price_for(product: Product | int, customer: Party | int | None, quantity: Decimal, on: date) -> Decimal:
    """What one unit costs this customer, buying this many on this day, in the currency of the books."""
    known = product if isinstance(product, Product) else Product.objects.only("list_price").get(pk=product)
    return prices_for([(known, quantity)], customer, on)[0]


def prices_for(wanted: Sequence[tuple[Product, Decimal]], customer: Party | int | None, on: date) -> list[Decimal]:
    """The same for several products with their quantities, in one question.

    The customer's own price lists come before the general ones; within them the highest quantity reached counts, then the
    list that started last. Where no list says anything, the list price of the catalogue does.
    """
    rules: dict[int, list[PriceRule]] = defaultdict(list)
    asked = wanted and _lists_apply(customer.pk if isinstance(customer, Party) else customer, on)
    for rule in PriceRule.objects.applying({product.pk for product, _quantity in wanted}, customer, on) if asked else ():
        rules[rule.product_id].append(rule)
    return [
        next((rule.unit_price for rule in rules[product.pk] if rule.min_quantity <= quantity), product.list_price)
        for product, quantity in wanted
    ]


def _lists_apply(customer_id: int | None, on: date) -> bool:
    """Whether any price list is for this customer on this day: mostly none is, and no price has to be looked for."""
    return any(
        (price_list.customer_id is None or price_list.customer_id == customer_id) and price_list.is_valid_on(on)
        for price_list in reference("price lists", lambda: tuple(PriceList.objects.active()))
    )


def create_price_list(
    *, name: str, customer: Party | None = None, valid_from: date | None = None, valid_to: date | None = None, by: User
) -> PriceList:
    """Open a price list in the currency of the books, for one customer or for everybody."""
    with locked(by=by):
        price_list = PriceList(
            name=name.strip(),
            customer=customer,
            valid_from=valid_from,
            valid_to=valid_to,
            currency=Company.objects.current().currency,
        )
        _save(price_list)
    return price_list


def update_price_list(price_list: PriceList, *, by: User, **changes: Any) -> PriceList:
    """Change whom and when a price list is for. Takes any of ``UPDATABLE``; documents keep the prices they have."""
    unknown = changes.keys() - UPDATABLE
    if unknown:
        raise TypeError(f"A price list has no {', '.join(sorted(unknown))} to write.")
    with locked(price_list, by=by) as price_list:
        for field, value in changes.items():
            setattr(price_list, field, value)
        _save(price_list)
    return price_list


def set_price(price_list: PriceList, *, product: Product, unit_price: Decimal, min_quantity: Decimal = Decimal(0), by: User) -> PriceRule:
    """Say what one unit of a product costs on this list, from ``min_quantity`` units on. Said again, the last word counts."""
    if unit_price < 0 or min_quantity < 0:
        raise BadPrice(_("Neither a price nor a quantity can be below zero."), field="unit_price" if unit_price < 0 else "min_quantity")
    with locked(price_list, price_list.rules.filter(product=product), by=by) as (price_list, _rules):
        rule, _is_new = PriceRule.objects.update_or_create(
            price_list=price_list, product=product, min_quantity=min_quantity, defaults={"unit_price": unit_price}
        )
    return rule


def remove_price(rule: PriceRule, *, by: User) -> PriceList:
    """Take a price off its list; gives back the list."""
    with locked(rule, by=by) as rule:
        price_list: PriceList = rule.price_list
        rule.delete()
    return price_list


def _save(price_list: PriceList) -> None:
    if price_list.valid_from and price_list.valid_to and price_list.valid_to < price_list.valid_from:
        raise EndsBeforeItStarts(
            _("A price list that ends on %(end)s cannot start on %(start)s.")
            % {"end": price_list.valid_to, "start": price_list.valid_from},
            fix=_("Choose a later end, or leave it empty."),
            field="valid_to",
        )
    try:
        with transaction.atomic():
            price_list.save()
    except IntegrityError as error:
        if "sales_pricelist_name" not in str(error):
            raise
        raise PriceListNameTaken(
            _("There is a price list called %(name)s.") % {"name": price_list.name}, fix=_("Choose another name."), field="name"
        ) from error
