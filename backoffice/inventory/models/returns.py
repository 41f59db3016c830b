"""Return receipts: goods a customer sends back."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.inventory.models.places import Location
from core.catalog.models import Product
from core.db import QuantityField, Stateful, Tracked
from core.parties.models import Party
from core.people.visibility import Scoped


class ReturnReceiptQuerySet(Scoped["ReturnReceipt"]):
    """Goods coming back: whose the customer is."""

    NOUN = "inventory.deliveryorder"
    OWNERS = ("customer__owner",)


class ReturnReceipt(Stateful):
    """What a customer sends back, expected first and then here, or called off."""

    class Status(models.TextChoices):
        EXPECTED = "expected", pgettext_lazy("goods", "Expected")
        RECEIVED = "received", _("Received")
        CANCELLED = "cancelled", _("Called off")

    MOVES: ClassVar = {Status.EXPECTED: (Status.RECEIVED, Status.CANCELLED), Status.CANCELLED: (Status.RECEIVED,)}

    number = models.CharField(_("number"), max_length=32, unique=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.EXPECTED)
    return_id = models.BigIntegerField(_("return id"), unique=True)
    return_number = models.CharField(_("return"), max_length=40)
    order_id = models.BigIntegerField(_("order id"))
    order_number = models.CharField(_("order"), max_length=40)
    customer = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="return_receipts", verbose_name=_("customer"))
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="return_receipts", verbose_name=_("to"))
    received_on = models.DateField(_("received on"), null=True, blank=True)

    objects = ReturnReceiptQuerySet.as_manager()

    class Meta(Stateful.Meta):
        verbose_name = _("return receipt")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_return_receipt_has_a_known_status", condition=Q(status__in=["expected", "received", "cancelled"])
            ),
            models.CheckConstraint(name="what_came_back_has_a_date", condition=~Q(status="received") | Q(received_on__isnull=False)),
        ]
        indexes: ClassVar = [models.Index(fields=["order_id"], name="return_receipt_of_order")]
        default_permissions = ("view",)
        permissions: ClassVar = [("receive_return", "Can receive returned goods")]

    def __str__(self) -> str:
        return self.number


class ReturnLine(Tracked):
    """So much of a product back from one order line."""

    receipt = models.ForeignKey(ReturnReceipt, on_delete=models.CASCADE, related_name="lines", verbose_name=_("return receipt"))
    order_line_id = models.BigIntegerField(_("order line"))
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="return_lines", verbose_name=_("product"))
    quantity = QuantityField(_("quantity"))
    received_quantity = QuantityField(_("received"), default=0)

    class Meta(Tracked.Meta):
        verbose_name = _("return line")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["receipt", "order_line_id"], name="one_return_line_per_order_line"),
            models.CheckConstraint(name="a_return_line_brings_something", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="no_more_comes_back_than_announced",
                condition=Q(received_quantity__gte=0) & Q(received_quantity__lte=F("quantity")),
            ),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.quantity} x {self.product_id}"
