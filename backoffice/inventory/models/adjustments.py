"""Adjustments: what somebody counted, and why it is not what the books said."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backoffice.inventory.models.places import Location
from core.catalog.models import Product
from core.db import QuantityField, Tracked


class Adjustment(Tracked):
    """The books were brought to what lies on the shelf."""

    number = models.CharField(_("number"), max_length=32, unique=True)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="adjustments", verbose_name=_("product"))
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="adjustments", verbose_name=_("location"))
    difference = QuantityField(_("difference"))
    on_hand = QuantityField(_("on hand after it"))
    reason = models.CharField(_("reason"), max_length=200)
    adjusted_on = models.DateField(_("date"))

    class Meta(Tracked.Meta):
        verbose_name = _("adjustment")
        constraints: ClassVar = [
            models.CheckConstraint(name="an_adjustment_changes_something_and_says_why", condition=~Q(difference=0) & ~Q(reason="")),
            models.CheckConstraint(name="an_adjustment_leaves_no_less_than_nothing", condition=Q(on_hand__gte=0)),
        ]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.number
