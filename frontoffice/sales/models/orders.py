"""Orders: what a customer wants of us, and how far it went."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.catalog.models import Product
from core.db import AmountField, CurrencyField, PriceField, QuantityField, RateField, Stateful, Tracked
from core.parties.models import Address, Party
from core.people.visibility import Scoped, provide_scope
from core.web import figures


class DeliveryState(models.TextChoices):
    """How much of an order's goods has left."""

    NOTHING = "nothing", _("Nothing to deliver")
    NONE = "none", _("Not delivered")
    PARTIAL = "partial", _("Partly delivered")
    FULL = "full", _("Delivered")


class InvoiceState(models.TextChoices):
    """How much of an order is invoiced."""

    NONE = "none", _("Not invoiced")
    PARTIAL = "partial", _("Partly invoiced")
    FULL = "full", _("Invoiced")


FOLLOWS = F("quantity") - F("dropped_quantity")
"""How many of a line the customer gets: what was ordered, less what will not follow."""


def beyond_credit(*, limit: Decimal, used: Decimal, total: Decimal, currency: str) -> str:
    """Why an order goes beyond what its customer may owe, in the words and the notation of whoever reads it."""
    facts = {"credit_limit": limit, "credit_used": used, "total": total}
    return gettext("The credit limit of %(credit_limit)s is exceeded: %(credit_used)s is used, and this order is %(total)s.") % {
        name: figures.money(amount, currency) for name, amount in facts.items()
    }


provide_scope("sales.order", _("Quotations, orders and returns"))


class OrderQuerySet(Scoped["Order"]):
    """Orders by where they stand."""

    NOUN = "sales.order"

    def drafts(self) -> "OrderQuerySet":
        """Not promised yet."""
        return self.filter(status=Order.Status.DRAFT)

    def on_hold(self) -> "OrderQuerySet":
        """Waiting for somebody's word."""
        return self.filter(status=Order.Status.ON_HOLD)

    def confirmed(self) -> "OrderQuerySet":
        """Promised."""
        return self.filter(status=Order.Status.CONFIRMED)

    def to_deliver(self) -> "OrderQuerySet":
        """Promised goods that have not all left."""
        return self.confirmed().filter(Exists(_lines(is_goods=True, delivered_quantity__lt=FOLLOWS)))

    def to_invoice(self) -> "OrderQuerySet":
        """Delivered, or nothing to deliver, and not invoiced to the same extent."""
        return self.confirmed().filter(Exists(_lines(invoiced_quantity__lt=F("delivered_quantity"))))

    def with_states(self) -> "OrderQuerySet":
        """Each order with ``delivery_state`` and ``invoice_state``, derived from its lines."""
        states = {
            "delivery_state": Case(
                When(~Exists(_lines(is_goods=True)), then=Value(DeliveryState.NOTHING)),
                When(~Exists(_lines(is_goods=True, delivered_quantity__lt=FOLLOWS)), then=Value(DeliveryState.FULL)),
                When(Exists(_lines(is_goods=True, delivered_quantity__gt=0)), then=Value(DeliveryState.PARTIAL)),
                default=Value(DeliveryState.NONE),
                output_field=models.CharField(choices=DeliveryState.choices),
            ),
            "invoice_state": Case(
                When(~Exists(_lines(invoiced_quantity__gt=0)), then=Value(InvoiceState.NONE)),
                When(Exists(_lines(invoiced_quantity__lt=FOLLOWS)), then=Value(InvoiceState.PARTIAL)),
                default=Value(InvoiceState.FULL),
                output_field=models.CharField(choices=InvoiceState.choices),
            ),
        }
        return self.annotate(**states)


class Order(Stateful):
    """What a customer orders. The delivery and invoice states are derived from the lines, never stored."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ON_HOLD = "on_hold", _("On hold")
        CONFIRMED = "confirmed", _("Confirmed")
        CANCELLING = "cancelling", _("Being cancelled")
        CANCELLED = "cancelled", _("Cancelled")

    MOVES: ClassVar[dict[str, tuple[str, ...]]] = {
        Status.DRAFT: (Status.CONFIRMED, Status.ON_HOLD, Status.CANCELLED),
        Status.ON_HOLD: (Status.CONFIRMED, Status.CANCELLED),
        Status.CONFIRMED: (Status.CANCELLING,),
        Status.CANCELLING: (Status.CANCELLED, Status.CONFIRMED),
    }

    status = models.CharField(_("status"), max_length=24, choices=Status, default=Status.DRAFT)
    number = models.CharField(_("number"), max_length=24, unique=True)
    customer = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="orders", verbose_name=_("customer"))
    deal_id = models.BigIntegerField(_("deal"), null=True, blank=True)
    order_date = models.DateField(_("order date"))
    requested_date = models.DateField(_("wanted by"), null=True, blank=True)
    currency = CurrencyField(_("currency"))
    prices_include_tax = models.BooleanField(_("prices include tax"), default=False)
    shipping_address = models.ForeignKey(
        Address, on_delete=models.PROTECT, null=True, blank=True, related_name="orders", verbose_name=_("deliver to")
    )
    note = models.TextField(_("note"), blank=True)
    hold_limit = AmountField(_("credit limit when it was held"), null=True, blank=True)
    hold_used = AmountField(_("of which was used"), null=True, blank=True)
    hold_reason = models.CharField(
        _("why it waits"), max_length=300, blank=True, help_text=_("Only of orders held by older releases, in the words of then.")
    )
    cancel_reason = models.CharField(_("why it was cancelled"), max_length=300, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="orders", verbose_name=_("owner")
    )
    net = AmountField(_("net"), default=0)
    tax = AmountField(_("tax"), default=0)
    total = AmountField(_("total"), default=0)

    delivery_state: str
    invoice_state: str

    objects = OrderQuerySet.as_manager()

    class Meta(Stateful.Meta):
        verbose_name = _("order")
        default_permissions = ("view",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deal_id"], condition=Q(deal_id__isnull=False), name="one_order_per_deal"),
            models.CheckConstraint(name="an_order_total_is_net_and_tax", condition=Q(total=F("net") + F("tax"))),
            models.CheckConstraint(
                name="an_order_on_hold_says_why",
                condition=~Q(status="on_hold") | ~Q(hold_reason="") | Q(hold_limit__isnull=False, hold_used__isnull=False),
            ),
            models.CheckConstraint(
                name="an_order_status_is_known",
                condition=Q(status__in=["draft", "on_hold", "confirmed", "cancelling", "cancelled"]),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer", "-order_date"], name="order_of_customer"),
            models.Index(fields=["status", "-order_date", "-id"], name="order_by_status"),
            models.Index(fields=["-order_date", "-id"], name="order_by_date"),
        ]
        permissions: ClassVar = [
            ("place_order", "Can place orders"),
            ("update_order", "Can update draft orders and their lines"),
            ("confirm_order", "Can confirm orders"),
            ("release_order", "Can release orders on hold"),
            ("cancel_order", "Can cancel orders"),
            ("request_return", "Can agree to a return"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_delivery_state_display(self) -> str:
        """The delivery state in words; needs ``with_states``."""
        return str(DeliveryState(self.delivery_state).label)

    def get_invoice_state_display(self) -> str:
        """The invoice state in words; needs ``with_states``."""
        return str(InvoiceState(self.invoice_state).label)

    @property
    def why_held(self) -> str:
        """Why it waits on hold, or waited; empty when it never did."""
        if self.hold_limit is None or self.hold_used is None:
            return self.hold_reason
        return beyond_credit(limit=self.hold_limit, used=self.hold_used, total=self.total, currency=self.currency)

    @property
    def is_draft(self) -> bool:
        """Whether it may still be changed."""
        return self.status == self.Status.DRAFT


class OrderLine(Tracked):
    """One thing ordered: a product, or a charge in words such as freight.

    Services and charges have nothing to ship: they count as delivered with the first delivery, or on confirmation when the
    order has no goods. ``amount`` is as priced (with tax if the order's prices include it); net + tax = total.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField(_("position"))
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, blank=True, related_name="order_lines", verbose_name=_("product")
    )
    description = models.CharField(_("description"), max_length=300)
    is_goods = models.BooleanField(_("goods"), default=False)
    quantity = QuantityField(_("quantity"))
    unit_price = PriceField(_("unit price"))
    discount = RateField(_("discount"), default=0)
    tax_category = models.CharField(_("tax category"), max_length=8, choices=Product.TaxCategory, default=Product.TaxCategory.STANDARD)
    amount = AmountField(_("amount"), default=0)
    net = AmountField(_("net"), default=0)
    tax = AmountField(_("tax"), default=0)
    total = AmountField(_("total"), default=0)
    delivered_quantity = QuantityField(_("delivered"), default=0)
    dropped_quantity = QuantityField(_("will not follow"), default=0)
    invoiced_quantity = QuantityField(_("invoiced"), default=0)
    returned_quantity = QuantityField(_("returned"), default=0)

    class Meta(Tracked.Meta):
        verbose_name = _("order line")
        default_permissions = ("view",)
        ordering: ClassVar = ["order", "position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "position"], name="one_order_line_per_position"),
            models.CheckConstraint(name="an_order_line_says_what", condition=~Q(description="")),
            models.CheckConstraint(name="an_order_line_wants_something", condition=Q(quantity__gt=0)),
            models.CheckConstraint(name="an_order_price_is_not_negative", condition=Q(unit_price__gte=0)),
            models.CheckConstraint(name="an_order_discount_is_a_fraction", condition=Q(discount__gte=0, discount__lte=1)),
            models.CheckConstraint(name="goods_ordered_are_a_product", condition=Q(is_goods=False) | Q(product__isnull=False)),
            models.CheckConstraint(name="an_order_line_total_is_net_and_tax", condition=Q(total=F("net") + F("tax"))),
            models.CheckConstraint(
                name="returned_within_delivered_within_ordered",
                condition=Q(
                    returned_quantity__gte=0,
                    returned_quantity__lte=F("delivered_quantity"),
                    dropped_quantity__gte=0,
                    delivered_quantity__lte=F("quantity") - F("dropped_quantity"),
                ),
            ),
            models.CheckConstraint(
                name="invoiced_within_ordered", condition=Q(invoiced_quantity__gte=0, invoiced_quantity__lte=F("quantity"))
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["product", "order"], name="order_line_of_product")]

    def __str__(self) -> str:
        return self.description

    @property
    def undelivered(self) -> Decimal:
        """How many are still to leave."""
        left: Decimal = self.quantity - self.dropped_quantity - self.delivered_quantity
        return left

    @property
    def returnable(self) -> Decimal:
        """How many could still come back, returns under way not counted."""
        left: Decimal = self.delivered_quantity - self.returned_quantity
        return left if self.is_goods else Decimal(0)


def _lines(**condition: object) -> models.QuerySet[OrderLine]:
    return OrderLine.objects.filter(order=OuterRef("pk"), **condition).order_by()
