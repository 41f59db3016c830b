"""Receipts: goods that come in, or will."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backoffice.inventory.models.places import Location
from core.catalog.models import Product
from core.db import PriceField, QuantityField, Stateful, Tracked
from core.parties.models import Party
from core.people.hiding import hide


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    """Receipts by where they stand."""

    def planned(self) -> "ReceiptQuerySet":
        """On their way to us."""
        return self.filter(status=Receipt.Status.PLANNED)


class Receipt(Stateful):
    """Goods from a supplier, or found on the shelf when the books were opened."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        RECEIVED = "received", _("Received")
        CANCELLED = "cancelled", _("Cancelled")

    MOVES: ClassVar = {Status.PLANNED: (Status.RECEIVED, Status.CANCELLED)}

    number = models.CharField(_("number"), max_length=32, unique=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.PLANNED)
    supplier = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, blank=True, related_name="receipts", verbose_name=_("supplier")
    )
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="receipts", verbose_name=_("to"))
    is_opening = models.BooleanField(_("opening stock"), default=False)
    expected_on = models.DateField(_("expected on"), null=True, blank=True)
    received_on = models.DateField(_("received on"), null=True, blank=True)
    rest_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="rests", verbose_name=_("rest of"))
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = ReceiptQuerySet.as_manager()

    class Meta(Stateful.Meta):
        verbose_name = _("receipt")
        constraints: ClassVar = [
            models.CheckConstraint(name="a_receipt_has_a_known_status", condition=Q(status__in=["planned", "received", "cancelled"])),
            models.CheckConstraint(name="what_is_received_has_a_date", condition=~Q(status="received") | Q(received_on__isnull=False)),
        ]
        indexes: ClassVar = [models.Index(fields=["expected_on", "id"], name="receipt_planned", condition=Q(status="planned"))]
        default_permissions = ("view",)
        permissions: ClassVar = [
            ("receive_goods", "Can receive goods nobody planned"),
            ("plan_receipt", "Can plan receipts"),
            ("receive_receipt", "Can receive planned goods"),
            ("cancel_receipt", "Can cancel planned receipts"),
        ]

    def __str__(self) -> str:
        return self.number


hide("inventory.receiptline", "unit_cost", unless="catalog.view_cost")


class ReceiptLine(Tracked):
    """So much of a product at a cost in the currency of the books."""

    receipt = models.ForeignKey(Receipt, on_delete=models.CASCADE, related_name="lines", verbose_name=_("receipt"))
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="receipt_lines", verbose_name=_("product"))
    quantity = QuantityField(_("quantity"))
    unit_cost = PriceField(_("cost of one"))
    received_quantity = QuantityField(_("received"), default=0)

    class Meta(Tracked.Meta):
        verbose_name = _("receipt line")
        constraints: ClassVar = [
            models.CheckConstraint(name="a_receipt_line_brings_something", condition=Q(quantity__gt=0) & Q(unit_cost__gte=0)),
            models.CheckConstraint(
                name="no_more_is_received_than_planned",
                condition=Q(received_quantity__gte=0) & Q(received_quantity__lte=F("quantity")),
            ),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.quantity} x {self.product_id}"
