"""The warehouse's clerk screens: everything to look at, and what may safely be done to many at once."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from backoffice.inventory.models import (
    Adjustment,
    DeliveryLine,
    DeliveryOrder,
    Location,
    Receipt,
    ReceiptLine,
    ReturnLine,
    ReturnReceipt,
    StockLevel,
    StockMove,
    Valuation,
    Warehouse,
)
from backoffice.inventory.operations import deliver, pick_delivery, receive_receipt, receive_return
from core.admin import Act, ClerkAdmin, in_words, lines


@admin.register(DeliveryOrder)
class DeliveryOrderAdmin(ClerkAdmin):
    """Deliveries; picked and handed over many at once."""

    list_display = ("number", "customer", "order_number", "status", "scheduled_on", "delivered_on")
    list_filter = ("status", "delivered_on")
    list_select_related = ("customer",)
    search_fields = ("number", "order_number", "customer__name")
    date_hierarchy = "delivered_on"
    ordering = ("-pk",)
    inlines = (
        lines(DeliveryLine, "product", "quantity", "reserved_quantity", "picked_quantity", "delivered_quantity", through="delivery"),
    )
    acts = (Act(pick_delivery, _("Pick everything that is set aside")), Act(deliver, _("Deliver what is picked")))


@admin.register(Receipt)
class ReceiptAdmin(ClerkAdmin):
    """Receipts; planned ones received many at once."""

    list_display = ("number", "supplier", "status", "is_opening", "expected_on", "received_on")
    list_filter = ("status", "is_opening", "received_on")
    list_select_related = ("supplier",)
    search_fields = ("number", "supplier__name", "note")
    ordering = ("-pk",)
    inlines = (lines(ReceiptLine, "product", "quantity", "unit_cost", "received_quantity", through="receipt"),)
    acts = (Act(receive_receipt, _("Receive everything")),)


@admin.register(ReturnReceipt)
class ReturnReceiptAdmin(ClerkAdmin):
    """What customers send back; received many at once."""

    list_display = ("number", "customer", "return_number", "order_number", "status", "received_on")
    list_filter = ("status", "received_on")
    list_select_related = ("customer",)
    search_fields = ("number", "return_number", "order_number", "customer__name")
    ordering = ("-pk",)
    inlines = (lines(ReturnLine, "product", "quantity", "received_quantity", through="receipt"),)
    acts = (Act(receive_return, _("Receive everything")),)


@admin.register(StockLevel)
class StockLevelAdmin(ClerkAdmin):
    """How much lies where."""

    list_display = ("product", "location", "on_hand", "reserved", "free")
    list_filter = ("location",)
    list_select_related = ("product", "location")
    search_fields = ("product__name", "product__sku")
    ordering = ("product__name", "pk")

    @admin.display(description=_("Available"))
    def free(self, level: StockLevel) -> str:
        """What may still be promised."""
        return in_words(level.available)


@admin.register(Valuation)
class ValuationAdmin(ClerkAdmin):
    """What stock is worth."""

    list_display = ("product", "quantity", "value", "average")
    list_select_related = ("product",)
    search_fields = ("product__name", "product__sku")
    ordering = ("product__name", "pk")


@admin.register(StockMove)
class StockMoveAdmin(ClerkAdmin):
    """Everything that moved."""

    list_display = ("document_number", "moved_on", "product", "from_location", "to_location", "quantity", "value", "moved_by")
    list_filter = ("moved_on", "from_location", "to_location")
    list_select_related = ("product", "from_location", "to_location", "moved_by")
    search_fields = ("document_number", "reason", "product__name", "product__sku")
    ordering = ("-pk",)


@admin.register(Adjustment)
class AdjustmentAdmin(ClerkAdmin):
    """What was counted, and why."""

    list_display = ("number", "adjusted_on", "product", "difference", "on_hand", "reason")
    list_select_related = ("product",)
    search_fields = ("number", "reason", "product__name", "product__sku")
    ordering = ("-pk",)


@admin.register(Warehouse)
class WarehouseAdmin(ClerkAdmin):
    """Our buildings."""

    list_display = ("code", "name", "is_main")
    ordering = ("code",)


@admin.register(Location)
class LocationAdmin(ClerkAdmin):
    """Our places, and the places outside."""

    list_display = ("name", "kind", "warehouse", "is_default")
    list_filter = ("kind",)
    list_select_related = ("warehouse",)
    ordering = ("kind", "name", "pk")
