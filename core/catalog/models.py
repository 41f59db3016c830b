"""What is bought, stocked and sold, and the units it is counted in."""

from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.db import PriceField, Tracked
from core.reference import REFERENCE, reference_rows


class UnitCategory(models.TextChoices):
    """What a unit measures. Units of one category convert into each other."""

    COUNT = "count", _("Count")
    WEIGHT = "weight", _("Weight")
    VOLUME = "volume", _("Volume")
    LENGTH = "length", _("Length")
    TIME = "time", _("Time")


class Unit(Tracked):
    """A unit of measure: ``factor`` of it make one reference unit of its category (piece, kg, litre, metre, hour)."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=60)
    category = models.CharField(_("measures"), max_length=8, choices=UnitCategory)
    factor = models.DecimalField(
        _("in reference units"), max_digits=20, decimal_places=9, help_text=_("A dozen is 12 pieces: 12. A gram is 0.001 kg: 0.001.")
    )
    decimals = models.PositiveSmallIntegerField(_("decimal places"), default=0)

    class Meta(Tracked.Meta):
        verbose_name = _("unit")
        triggers: ClassVar = [*Tracked.Meta.triggers, REFERENCE]
        constraints: ClassVar = [
            models.CheckConstraint(name="a_unit_is_worth_something", condition=Q(factor__gt=0)),
            models.CheckConstraint(name="a_unit_has_at_most_six_decimals", condition=Q(decimals__lte=6)),
        ]

    def __str__(self) -> str:
        return self.code


class Category(Tracked):
    """A shelf of the catalogue."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    description = models.CharField(_("description"), max_length=300, blank=True)

    class Meta(Tracked.Meta):
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return self.name


class ProductQuerySet(models.QuerySet["Product"]):
    """Products by what may be done with them."""

    def active(self) -> "ProductQuerySet":
        """Those we still sell."""
        return self.filter(is_active=True)

    def goods(self) -> "ProductQuerySet":
        """Those kept in stock."""
        return self.filter(kind=Product.Kind.GOODS)


class Product(Tracked):
    """Something sold: goods that are stocked, or a service."""

    class Kind(models.TextChoices):
        GOODS = "goods", _("Goods")
        SERVICE = "service", _("Service")

    class CostMethod(models.TextChoices):
        MOVING_AVERAGE = "moving_average", _("Moving average")

    class TaxCategory(models.TextChoices):
        STANDARD = "standard", _("Standard")
        REDUCED = "reduced", _("Reduced")
        ZERO = "zero", _("Zero rate")
        EXEMPT = "exempt", _("Exempt")

    sku = models.CharField(_("SKU"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=160)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.GOODS)
    description = models.TextField(_("description"), blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="products", verbose_name=_("unit"))
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, null=True, blank=True, related_name="products", verbose_name=_("category")
    )
    list_price = PriceField(_("list price"), default=0, help_text=_("In the currency of the books, for one unit."))
    cost_method = models.CharField(_("cost method"), max_length=16, choices=CostMethod, default=CostMethod.MOVING_AVERAGE)
    tax_category = models.CharField(_("tax category"), max_length=8, choices=TaxCategory, default=TaxCategory.STANDARD)
    is_active = models.BooleanField(_("for sale"), default=True)

    objects = ProductQuerySet.as_manager()

    class Meta(Tracked.Meta):
        verbose_name = _("product")
        triggers: ClassVar = [*Tracked.Meta.triggers, REFERENCE]
        constraints: ClassVar = [
            models.CheckConstraint(name="a_list_price_is_not_negative", condition=Q(list_price__gte=0)),
            models.CheckConstraint(name="a_product_has_a_name", condition=~Q(name="") & ~Q(sku="")),
        ]
        indexes: ClassVar = [models.Index(fields=["name", "id"], name="product_by_name")]
        permissions: ClassVar = [
            ("create_product", "Can create products"),
            ("update_product", "Can update products"),
            ("view_cost", "Can see what goods cost"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_goods(self) -> bool:
        """Whether it is kept in stock."""
        return self.kind == self.Kind.GOODS


def products_of(ids: Iterable[int]) -> dict[int, Product]:
    """The products with these ids, each with its unit; unknown ids are left out. In operations they are read once in a process."""
    return reference_rows("products", ids, Product.objects.select_related("unit").in_bulk)
