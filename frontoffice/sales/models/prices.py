"""Price lists: what a product costs whom, from how many on, and when."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.catalog.models import Product
from core.db import CurrencyField, PriceField, QuantityField, Tracked
from core.parties.models import Party
from core.people.models import User
from core.people.visibility import owned
from core.reference import REFERENCE


class PriceListQuerySet(models.QuerySet["PriceList"]):
    """Price lists by whom and when they are for."""

    def visible_to(self, user: User) -> "PriceListQuerySet":
        """The prices everybody gets, and those of the customers somebody sees."""
        seen = owned("parties.party", user, ("customer__owner",))
        return self if seen is None else self.filter(Q(customer__isnull=True) | seen)

    def active(self) -> "PriceListQuerySet":
        """Those in use."""
        return self.filter(is_active=True)

    def valid(self, on: date) -> "PriceListQuerySet":
        """Those in use on a day."""
        return self.active().filter(Q(valid_from__isnull=True) | Q(valid_from__lte=on), Q(valid_to__isnull=True) | Q(valid_to__gte=on))


class PriceList(Tracked):
    """Prices for one customer, or for everybody, between two days."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    currency = CurrencyField(_("currency"))
    customer = models.ForeignKey(
        Party,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="price_lists",
        verbose_name=_("customer"),
        help_text=_("Leave it empty for prices everybody gets."),
    )
    is_active = models.BooleanField(_("in use"), default=True)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)

    objects = PriceListQuerySet.as_manager()

    class Meta(Tracked.Meta):
        verbose_name = _("price list")
        triggers: ClassVar = [*Tracked.Meta.triggers, REFERENCE]
        default_permissions = ("view",)
        constraints: ClassVar = [
            models.CheckConstraint(name="a_price_list_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="a_price_list_ends_after_it_starts",
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_from__lte=F("valid_to")),
            ),
        ]
        permissions: ClassVar = [
            ("create_price_list", "Can create price lists"),
            ("update_price_list", "Can update price lists"),
            ("set_price", "Can set the prices of a price list"),
            ("remove_price", "Can remove prices from a price list"),
        ]

    def __str__(self) -> str:
        return self.name

    def is_valid_on(self, day: date) -> bool:
        """Whether its time has come and is not over."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class PriceRuleQuerySet(models.QuerySet["PriceRule"]):
    """Prices by whom they apply to."""

    def applying(self, products: Iterable[Product | int], customer: Party | int | None, on: date) -> "PriceRuleQuerySet":
        """The prices of these products that apply, the one that counts first: the customer's own before the general ones, then
        the highest quantity, then the list that started last."""
        return (
            self.filter(product__in=products, price_list__in=PriceList.objects.valid(on))
            .filter(Q(price_list__customer__isnull=True) | Q(price_list__customer=customer))
            .order_by(
                F("price_list__customer").asc(nulls_last=True),
                "-min_quantity",
                F("price_list__valid_from").desc(nulls_last=True),
                "-pk",
            )
        )


class PriceRule(Tracked):
    """One price: a product's, for one unit, from ``min_quantity`` units on."""

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="rules", verbose_name=_("price list"))
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="price_rules", verbose_name=_("product"))
    min_quantity = QuantityField(_("from quantity"), default=0)
    unit_price = PriceField(_("unit price"))

    objects = PriceRuleQuerySet.as_manager()

    class Meta(Tracked.Meta):
        verbose_name = _("price")
        default_permissions = ("view",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["price_list", "product", "min_quantity"], name="one_price_per_quantity"),
            models.CheckConstraint(name="a_price_is_not_negative", condition=Q(unit_price__gte=0)),
            models.CheckConstraint(name="a_price_starts_at_zero_or_more", condition=Q(min_quantity__gte=0)),
        ]
        indexes: ClassVar = [models.Index(fields=["product", "-min_quantity"], name="price_of_product")]

    def __str__(self) -> str:
        return f"{self.product_id} >= {self.min_quantity:f}: {self.unit_price:f}"
