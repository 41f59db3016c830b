"""Prices of price lists, from files."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from core.catalog.imports import PRODUCT
from core.imports.kinds import ImportKind, provide
from core.imports.mapping import Column, Facts
from core.imports.notation import cell_of, not_negative, record
from core.people.models import User
from frontoffice.sales.models import PriceList, PriceRule
from frontoffice.sales.operations import remove_price, set_price


def price_list_called(cell: str) -> PriceList | None:
    """A price list by its name."""
    return PriceList.objects.filter(name__iexact=cell).first()


def find(facts: Facts) -> PriceRule | None:
    """The price of this product on this list from this quantity on."""
    wanted = {"price_list": facts["price_list"], "product": facts["product"], "min_quantity": facts.get("min_quantity") or 0}
    return PriceRule.objects.filter(**wanted).select_related("price_list", "product").first()


def create(facts: Facts, by: User) -> PriceRule:
    """A price on a list."""
    facts = dict(facts)
    return set_price(facts.pop("price_list"), by=by, **facts)


def update(rule: PriceRule, facts: Facts, by: User) -> PriceRule:
    """Another price from the same quantity on."""
    return set_price(
        rule.price_list,
        product=rule.product,
        min_quantity=rule.min_quantity,
        unit_price=facts.get("unit_price", rule.unit_price),
        by=by,
    )


provide(
    ImportKind(
        "sales.price",
        _("Prices"),
        PriceRule,
        permission="sales.set_price",
        columns=(
            Column(
                "price_list",
                _("Price list"),
                record(price_list_called, _("price list")),
                required=True,
                synonyms=("list", "daftar harga", "pricelist"),
                example="Reseller 2026",
                help=_("The name of a price list that exists."),
            ),
            PRODUCT,
            Column(
                "unit_price",
                _("Unit price"),
                not_negative,
                required=True,
                synonyms=("price", "harga", "harga satuan", "harga jual"),
                example="2250000",
            ),
            Column(
                "min_quantity",
                _("From quantity"),
                not_negative,
                default=Decimal(0),
                synonyms=("minimum", "min qty", "min quantity", "minimal", "jumlah minimal", "mulai dari"),
                example="10",
            ),
        ),
        keys=("price_list", "product", "min_quantity"),
        together=True,
        find=find,
        create=create,
        update=update,
        cells=lambda rule: {"unit_price": cell_of(rule.unit_price)},
        remove=lambda rule, by: remove_price(rule, by=by),
        lists=("sales:price-lists",),
        icon="tags",
        hint=_("What products cost on your price lists."),
    )
)
