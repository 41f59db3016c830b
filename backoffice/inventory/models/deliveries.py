"""Delivery orders: what has to leave the warehouse for a customer's order."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backoffice.inventory.models.places import Location
from core import clock
from core.catalog.models import Product
from core.db import QuantityField, Stateful, Tracked
from core.parties.models import Address, Party
from core.people.visibility import Scoped, provide_scope


class Fulfilment(Tracked):
    """One row per order the warehouse has heard of, to be held by whoever begins or ends its deliveries.

    News of an order and of its cancellation travel apart: an order that ``is_stopped`` before it came stays undelivered.
    """

    order_id = models.BigIntegerField(_("order id"), unique=True)
    is_stopped = models.BooleanField(_("nothing more is delivered"), default=False)

    class Meta(Tracked.Meta):
        verbose_name = _("fulfilment")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.order_id)


provide_scope("inventory.deliveryorder", _("Deliveries and goods coming back"))


class DeliveryOrderQuerySet(Scoped["DeliveryOrder"]):
    """Delivery orders by where they stand. They are whose the customer is."""

    NOUN = "inventory.deliveryorder"
    OWNERS = ("customer__owner",)

    def open(self) -> "DeliveryOrderQuerySet":
        """Still to be delivered."""
        return self.filter(status__in=DeliveryOrder.OPEN)

    def waiting(self) -> "DeliveryOrderQuerySet":
        """Something is missing for them."""
        return self.filter(status=DeliveryOrder.Status.WAITING)

    def of_order(self, order_id: int) -> "DeliveryOrderQuerySet":
        """Everything delivered or to be delivered for one order."""
        return self.filter(order_id=order_id)

    def oldest_first(self) -> "DeliveryOrderQuerySet":
        """Who asked first is served first."""
        return self.order_by("wanted_since", "pk")


class DeliveryOrder(Stateful):
    """Goods to hand to a customer for one order. What cannot leave now goes on a backorder of its own."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting for stock")
        READY = "ready", _("Ready")
        DELIVERED = "delivered", _("Delivered")
        CANCELLED = "cancelled", _("Cancelled")

    OPEN: ClassVar = (Status.WAITING, Status.READY)
    MOVES: ClassVar = {
        Status.WAITING: (Status.READY, Status.DELIVERED, Status.CANCELLED),
        Status.READY: (Status.DELIVERED, Status.CANCELLED),
    }

    number = models.CharField(_("number"), max_length=32, unique=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.WAITING)
    order_id = models.BigIntegerField(_("order id"))
    order_number = models.CharField(_("order"), max_length=40)
    customer = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="deliveries", verbose_name=_("customer"))
    ship_to_address = models.ForeignKey(
        Address, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("address")
    )
    ship_to = models.CharField(_("ship to"), max_length=500, blank=True)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="deliveries", verbose_name=_("from"))
    wanted_since = models.DateTimeField(_("wanted since"), default=clock.now, editable=False)
    scheduled_on = models.DateField(_("scheduled for"), null=True, blank=True)
    delivered_on = models.DateField(_("delivered on"), null=True, blank=True)
    backorder_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="backorders", verbose_name=_("rest of")
    )
    cancelled_because = models.CharField(_("cancelled because"), max_length=300, blank=True)

    objects = DeliveryOrderQuerySet.as_manager()

    class Meta(Stateful.Meta):
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order_id"], condition=Q(backorder_of__isnull=True), name="one_first_delivery_per_order"),
            models.UniqueConstraint(fields=["backorder_of"], name="one_backorder_per_delivery"),
            models.CheckConstraint(
                name="a_delivery_has_a_known_status", condition=Q(status__in=["waiting", "ready", "delivered", "cancelled"])
            ),
            models.CheckConstraint(name="what_is_delivered_has_a_date", condition=~Q(status="delivered") | Q(delivered_on__isnull=False)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["wanted_since", "id"], name="delivery_by_age"),
            models.Index(fields=["wanted_since", "id"], name="delivery_open", condition=Q(status__in=["waiting", "ready"])),
            models.Index(fields=["order_id"], name="delivery_of_order"),
        ]
        default_permissions = ("view",)
        permissions: ClassVar = [
            ("pick_delivery", "Can pick deliveries"),
            ("deliver", "Can deliver"),
            ("cancel_backorder", "Can cancel what is left to deliver"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether something still has to happen to it."""
        return self.status in self.OPEN


class DeliveryLine(Tracked):
    """So much of a product for one order line: wanted, set aside, picked, gone."""

    delivery = models.ForeignKey(DeliveryOrder, on_delete=models.CASCADE, related_name="lines", verbose_name=_("delivery"))
    order_line_id = models.BigIntegerField(_("order line"))
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="delivery_lines", verbose_name=_("product"))
    quantity = QuantityField(_("quantity"))
    reserved_quantity = QuantityField(_("reserved"), default=0)
    picked_quantity = QuantityField(_("picked"), default=0)
    delivered_quantity = QuantityField(_("delivered"), default=0)

    class Meta(Tracked.Meta):
        verbose_name = _("delivery line")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["delivery", "order_line_id"], name="one_delivery_line_per_order_line"),
            models.CheckConstraint(name="a_delivery_line_wants_something", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="no_more_is_set_aside_than_wanted",
                condition=Q(reserved_quantity__gte=0) & Q(reserved_quantity__lte=F("quantity") - F("delivered_quantity")),
            ),
            models.CheckConstraint(
                name="only_what_is_set_aside_is_picked",
                condition=Q(picked_quantity__gte=0) & Q(picked_quantity__lte=F("reserved_quantity") + F("delivered_quantity")),
            ),
            models.CheckConstraint(
                name="only_what_is_picked_is_delivered",
                condition=Q(delivered_quantity__gte=0) & Q(delivered_quantity__lte=F("picked_quantity")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["product"], name="delivery_line_reserving", condition=Q(reserved_quantity__gt=0)),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.quantity} x {self.product_id}"

    @property
    def short_quantity(self) -> Decimal:
        """What is still missing for an open delivery."""
        missing: Decimal = self.quantity - self.delivered_quantity - self.reserved_quantity
        return missing
