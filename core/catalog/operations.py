"""What is done with the catalogue."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.catalog.events import ProductCreated, ProductUpdated
from core.catalog.models import Category, Product, Unit, UnitCategory
from core.db import locked
from core.errors import Refused
from core.events.publishing import publish
from core.people.models import User
from core.removal import remove_row

UPDATABLE = frozenset({"name", "description", "category", "list_price", "tax_category", "is_active"})

STANDARD_UNITS: tuple[tuple[str, str, str, str, int], ...] = (
    ("pcs", gettext_noop("Piece"), UnitCategory.COUNT, "1", 0),
    ("dozen", gettext_noop("Dozen"), UnitCategory.COUNT, "12", 0),
    ("box", gettext_noop("Box of 10"), UnitCategory.COUNT, "10", 0),
    ("kg", gettext_noop("Kilogram"), UnitCategory.WEIGHT, "1", 3),
    ("g", gettext_noop("Gram"), UnitCategory.WEIGHT, "0.001", 0),
    ("l", gettext_noop("Litre"), UnitCategory.VOLUME, "1", 3),
    ("m", gettext_noop("Metre"), UnitCategory.LENGTH, "1", 2),
    ("h", gettext_noop("Hour"), UnitCategory.TIME, "1", 2),
    ("day", gettext_noop("Working day"), UnitCategory.TIME, "8", 2),
)


class SkuTaken(Refused):
    """Two products cannot share one SKU."""


class NegativePrice(Refused):
    """Nobody is paid for taking our goods."""


class DifferentMeasures(Refused):
    """Kilograms do not convert into litres."""


def convert(quantity: Decimal, from_unit: Unit, to_unit: Unit) -> Decimal:
    """The same quantity counted in another unit of its category, rounded half up to that unit's decimals."""
    if from_unit.category != to_unit.category:
        raise DifferentMeasures(
            _("%(from)s cannot be counted in %(to)s.") % {"from": from_unit.name, "to": to_unit.name},
            fix=_("Choose a unit that measures the same."),
            field="unit",
        )
    return (quantity * from_unit.factor / to_unit.factor).quantize(Decimal(1).scaleb(-to_unit.decimals), rounding=ROUND_HALF_UP)


def install_units(*, by: User) -> None:
    """Put the standard units in place; those that exist stay as they are."""
    with locked(by=by):
        for code, name, category, factor, decimals in STANDARD_UNITS:
            Unit.objects.get_or_create(
                code=code, defaults={"name": _(name), "category": category, "factor": Decimal(factor), "decimals": decimals}
            )


def create_product(
    *, sku: str, name: str, unit: Unit, list_price: Decimal, by: User, kind: str = Product.Kind.GOODS, **more: Any
) -> Product:
    """Put something new in the catalogue. ``list_price`` is in the currency of the books, for one ``unit``."""
    _known_fields(more)
    with locked(by=by):
        product = Product(sku=sku.strip(), name=name.strip(), unit=unit, list_price=list_price, kind=kind, **more)
        _check(product)
        try:
            with transaction.atomic():
                product.save()
        except IntegrityError as error:
            if "sku" not in str(error):
                raise
            raise SkuTaken(_("SKU %(sku)s is taken.") % {"sku": sku}, fix=_("Choose another one."), field="sku") from error
        publish(ProductCreated(product_id=product.pk, sku=product.sku, name=product.name, list_price=product.list_price))
    return product


def update_product(product: Product, *, by: User, **changes: Any) -> Product:
    """Change what we say about a product. Takes any of ``UPDATABLE``; open documents keep the price they were made with."""
    _known_fields(changes)
    with locked(product, by=by) as product:
        changed = tuple(sorted(field for field, value in changes.items() if getattr(product, field) != value))
        for field in changed:
            setattr(product, field, changes[field])
        _check(product)
        if changed:
            product.save(update_fields=changed)
            publish(ProductUpdated(product_id=product.pk, sku=product.sku, changed=changed))
    return product


def remove_product(product: Product, *, by: User) -> None:
    """Take a product nothing came of out of the catalogue. One that was ever sold or stocked stays: put it off sale instead."""
    with locked(product, by=by) as product:
        remove_row(product)


def create_category(*, name: str, description: str = "", by: User) -> Category:
    """Open a shelf of the catalogue, or give back the one of that name."""
    with locked(by=by):
        category, _is_new = Category.objects.get_or_create(name=name.strip(), defaults={"description": description})
    return category


def _known_fields(changes: dict[str, Any]) -> None:
    unknown = changes.keys() - UPDATABLE
    if unknown:
        raise TypeError(f"A product has no {', '.join(sorted(unknown))} to write.")


def _check(product: Product) -> None:
    if product.list_price < 0:
        raise NegativePrice(_("A list price cannot be negative."), field="list_price")
