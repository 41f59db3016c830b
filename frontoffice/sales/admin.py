"""Orders, returns and prices for clerks: to look at, with the safe actions."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from core.admin import Act, ClerkAdmin, lines
from frontoffice.sales.models import Order, OrderLine, PriceList, PriceRule, Return, ReturnLine
from frontoffice.sales.operations import confirm_order, release_order


@admin.register(Order)
class OrderAdmin(ClerkAdmin):
    """Orders with their lines, and promising them."""

    list_display = ("number", "customer", "status", "order_date", "requested_date", "net", "tax", "total", "currency", "owner")
    list_filter = ("status", "owner")
    list_select_related = ("customer", "owner")
    search_fields = ("number", "customer__name")
    date_hierarchy = "order_date"
    inlines = (
        lines(
            OrderLine,
            "position",
            "description",
            "quantity",
            "unit_price",
            "discount",
            "total",
            "delivered_quantity",
            "dropped_quantity",
            "invoiced_quantity",
            "returned_quantity",
        ),
    )
    acts = (Act(confirm_order, _("Confirm orders")), Act(release_order, _("Release orders on hold")))


@admin.register(Return)
class ReturnAdmin(ClerkAdmin):
    """Returns with their lines."""

    list_display = ("number", "order", "status", "reason", "requested_on", "received_on")
    list_filter = ("status",)
    list_select_related = ("order",)
    search_fields = ("number", "order__number", "order__customer__name")
    inlines = (lines(ReturnLine, "order_line", "quantity", "received_quantity"),)


@admin.register(PriceList)
class PriceListAdmin(ClerkAdmin):
    """Price lists with their prices."""

    list_display = ("name", "customer", "currency", "is_active", "valid_from", "valid_to")
    list_filter = ("is_active",)
    list_select_related = ("customer",)
    search_fields = ("name", "customer__name")
    inlines = (lines(PriceRule, "product", "min_quantity", "unit_price"),)
