"""Returns: goods a customer gives back."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.db import QuantityField, Stateful, Tracked
from core.people.visibility import Scoped
from frontoffice.sales.models.orders import Order, OrderLine


class ReturnQuerySet(Scoped["Return"]):
    """Returns by where they stand. Who sees an order sees its returns."""

    NOUN = "sales.order"
    OWNERS = ("order__owner",)

    def expected(self) -> "ReturnQuerySet":
        """Agreed, and not here yet."""
        return self.filter(status=Return.Status.REQUESTED)


class Return(Stateful):
    """Goods of one order that come back, by agreement."""

    class Status(models.TextChoices):
        REQUESTED = "requested", pgettext_lazy("goods", "Expected")
        RECEIVED = "received", _("Received")
        CANCELLED = "cancelled", _("Cancelled")

    MOVES: ClassVar[dict[str, tuple[str, ...]]] = {
        Status.REQUESTED: (Status.RECEIVED, Status.CANCELLED),
        Status.CANCELLED: (Status.RECEIVED,),
    }

    status = models.CharField(_("status"), max_length=24, choices=Status, default=Status.REQUESTED)
    number = models.CharField(_("number"), max_length=24, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="returns", verbose_name=_("order"))
    reason = models.CharField(_("reason"), max_length=300)
    requested_on = models.DateField(_("agreed on"))
    received_on = models.DateField(_("received on"), null=True, blank=True)

    objects = ReturnQuerySet.as_manager()

    class Meta(Stateful.Meta):
        verbose_name = _("return")
        default_permissions = ("view",)
        constraints: ClassVar = [
            models.CheckConstraint(name="a_return_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="a_return_status_is_known", condition=Q(status__in=["requested", "received", "cancelled"])),
            models.CheckConstraint(name="a_received_return_has_a_date", condition=~Q(status="received") | Q(received_on__isnull=False)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-requested_on", "-id"], name="return_by_date"),
            models.Index(fields=["order", "status"], name="return_of_order"),
        ]
        permissions: ClassVar = [("cancel_return", "Can cancel returns")]

    def __str__(self) -> str:
        return self.number


class ReturnLine(Tracked):
    """How many of one order line are to come back, and did."""

    goods_return = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="return_lines", verbose_name=_("order line"))
    quantity = QuantityField(_("quantity"))
    received_quantity = QuantityField(_("received"), default=0)

    class Meta(Tracked.Meta):
        verbose_name = _("return line")
        default_permissions = ("view",)
        ordering: ClassVar = ["goods_return", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["goods_return", "order_line"], name="each_order_line_once_in_a_return"),
            models.CheckConstraint(name="a_return_line_wants_something", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="received_within_agreed", condition=Q(received_quantity__gte=0, received_quantity__lte=F("quantity"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity:f} x {self.order_line_id}"

    @property
    def still_expected(self) -> Decimal:
        """How many have not come back yet."""
        left: Decimal = self.quantity - self.received_quantity
        return left
