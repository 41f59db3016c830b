"""How much there is, what it is worth, and every move that made it so. Only ``operations.stock`` writes here."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from backoffice.inventory.models.places import Location
from backoffice.inventory.models.receipts import Receipt, ReceiptLine
from core import clock
from core.catalog.models import Product
from core.db import STOCK, AmountField, PriceField, QuantityField, Tracked
from core.guards import POSTED
from core.people.hiding import hide, hide_in_event


class StockLevelQuerySet(models.QuerySet["StockLevel"]):
    """Stock levels by where and what they are."""

    def at(self, location: Location | int, product_ids: "Iterable[int] | models.QuerySet[Any, Any]") -> "StockLevelQuerySet":
        """The levels of these products in one place."""
        return self.filter(location=location, product__in=product_ids if isinstance(product_ids, models.QuerySet) else list(product_ids))

    def in_stock(self) -> "StockLevelQuerySet":
        """Where something lies."""
        return self.filter(on_hand__gt=0)

    def with_figures(self) -> "StockLevelQuerySet":
        """Each level with what is ``free`` and what is ``incoming`` (the product's planned receipts, over all places)."""
        coming = (
            ReceiptLine.objects.filter(product=OuterRef("product"), receipt__status=Receipt.Status.PLANNED)
            .order_by()
            .values("product")
            .annotate(coming=Sum(F("quantity") - F("received_quantity")))
            .values("coming")
        )
        return self.annotate(
            free=ExpressionWrapper(F("on_hand") - F("reserved"), output_field=QuantityField()),
            incoming=Coalesce(Subquery(coming, output_field=QuantityField()), Decimal(0), output_field=QuantityField()),
        )


class StockLevel(Tracked):
    """How much of a product lies in one place, and how much of it is set aside for deliveries."""

    LOCK_RANK: ClassVar[int] = STOCK

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="stock_levels", verbose_name=_("product"))
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="stock_levels", verbose_name=_("location"))
    on_hand = QuantityField(_("on hand"), default=0)
    reserved = QuantityField(_("reserved"), default=0)

    objects = StockLevelQuerySet.as_manager()

    class Meta(Tracked.Meta):
        verbose_name = _("stock level")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["product", "location"], name="one_stock_level_per_product_and_location"),
            models.CheckConstraint(name="no_more_is_reserved_than_there_is", condition=Q(reserved__gte=0) & Q(reserved__lte=F("on_hand"))),
        ]
        default_permissions = ("view",)
        permissions: ClassVar = [("adjust_stock", "Can adjust stock to what was counted")]

    def __str__(self) -> str:
        return f"{self.product_id} @ {self.location_id}"

    @property
    def available(self) -> Decimal:
        """What can still be set aside."""
        free: Decimal = self.on_hand - self.reserved
        return free


hide("inventory.valuation", "value", "average", unless="catalog.view_cost")


class Valuation(Tracked):
    """What all our stock of a product is worth, in the currency of the books: the moving average is value / quantity."""

    LOCK_RANK: ClassVar[int] = STOCK

    product = models.OneToOneField(Product, on_delete=models.PROTECT, related_name="valuation", verbose_name=_("product"))
    quantity = QuantityField(_("quantity"), default=0)
    value = AmountField(_("value"), default=0)

    class Meta(Tracked.Meta):
        verbose_name = _("stock valuation")
        constraints: ClassVar = [
            models.CheckConstraint(name="stock_is_never_less_than_nothing", condition=Q(quantity__gte=0) & Q(value__gte=0)),
            models.CheckConstraint(name="no_stock_is_worth_nothing", condition=Q(quantity__gt=0) | Q(value=0)),
        ]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.product_id}: {self.quantity}"

    @property
    def average(self) -> Decimal:
        """What one unit is worth, to six places; zero when there is none."""
        if not self.quantity:
            return Decimal(0)
        exact: Decimal = self.value / self.quantity
        return exact.quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP)


hide("inventory.stockmove", "unit_cost", "value", unless="catalog.view_cost")
hide_in_event("inventory.StockValued", "amount", unless="catalog.view_cost")


class StockMove(models.Model):
    """Goods went from one place to another. Never changed, never deleted: a mistake is put right by another move."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="stock_moves", verbose_name=_("product"))
    quantity = QuantityField(_("quantity"))
    from_location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="moves_out", verbose_name=_("from"))
    to_location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="moves_in", verbose_name=_("to"))
    moved_on = models.DateField(_("date"))
    moved_at = models.DateTimeField(_("moment"), default=clock.now, editable=False)
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    unit_cost = PriceField(_("cost of one"))
    value = AmountField(_("change of stock value"), help_text=_("In the currency of the books: plus in, minus out."))
    document_kind = models.CharField(_("kind of document"), max_length=60)
    document_id = models.BigIntegerField(_("document id"))
    document_number = models.CharField(_("document"), max_length=40)
    order_line_id = models.BigIntegerField(_("order line"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("stock move")
        constraints: ClassVar = [
            models.CheckConstraint(name="a_move_moves_something", condition=Q(quantity__gt=0) & Q(unit_cost__gte=0)),
            models.CheckConstraint(name="a_move_goes_somewhere_else", condition=~Q(from_location=F("to_location"))),
        ]
        indexes: ClassVar = [
            models.Index(fields=["product", "-id"], name="move_of_product"),
            models.Index(fields=["-moved_on", "-id"], name="move_by_day"),
            models.Index(fields=["document_kind", "document_id"], name="move_of_document"),
            models.Index(fields=["order_line_id"], name="move_of_order_line", condition=Q(order_line_id__isnull=False)),
        ]
        triggers: ClassVar = POSTED
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.document_number}: {self.quantity} x {self.product_id}"
