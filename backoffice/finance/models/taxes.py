"""Taxes on sales, and which of them a product's tax category carries."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backoffice.finance.models.accounts import Account
from core.catalog.models import Product
from core.db import RateField, Tracked
from core.reference import REFERENCE


class Tax(Tracked):
    """A tax: its rate, and the account what we collect of it is owed on."""

    code = models.CharField(_("code"), max_length=16, unique=True)
    name = models.CharField(_("name"), max_length=80)
    rate = RateField(_("rate"), help_text=_("As a fraction: 0.11 is 11 %."))
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", verbose_name=_("account"))

    class Meta(Tracked.Meta):
        verbose_name = _("tax")
        triggers: ClassVar = [*Tracked.Meta.triggers, REFERENCE]
        verbose_name_plural = _("taxes")
        constraints: ClassVar = [models.CheckConstraint(name="a_tax_rate_is_a_fraction", condition=Q(rate__gte=0, rate__lte=1))]
        default_permissions = ("view",)
        permissions: ClassVar = [("create_tax", "Can create taxes and say what carries them")]

    def __str__(self) -> str:
        return self.name


class TaxRuleQuerySet(models.QuerySet["TaxRule"]):
    """Tax rules by when they hold."""

    def on(self, day: date) -> "TaxRuleQuerySet":
        """Those in force on a day."""
        return self.filter(Q(starts_on__isnull=True) | Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gte=day))


class TaxRule(Tracked):
    """A tax category carries a tax, for as long as the law says so."""

    tax_category = models.CharField(_("tax category"), max_length=8, choices=Product.TaxCategory)
    tax = models.ForeignKey(Tax, on_delete=models.PROTECT, related_name="rules", verbose_name=_("tax"))
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = TaxRuleQuerySet.as_manager()

    class Meta(Tracked.Meta):
        verbose_name = _("tax rule")
        triggers: ClassVar = [*Tracked.Meta.triggers, REFERENCE]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tax_category", "tax", "starts_on"], nulls_distinct=False, name="each_tax_rule_once"),
            models.CheckConstraint(
                name="a_tax_rule_ends_after_it_starts",
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.tax_category}: {self.tax_id}"

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day <= self.ends_on)
