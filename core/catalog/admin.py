"""The catalogue for clerks: to look at; what changes goes through the operations behind the pages and the API."""

from django.contrib import admin

from core.admin import ClerkAdmin
from core.catalog.models import Category, Product, Unit


@admin.register(Product)
class ProductAdmin(ClerkAdmin):
    """What is bought, stocked and sold."""

    list_display = ("sku", "name", "kind", "category", "unit", "list_price", "tax_category", "is_active")
    list_filter = ("kind", "category", "tax_category", "is_active")
    list_select_related = ("category", "unit")
    search_fields = ("sku", "name")
    ordering = ("name", "pk")


@admin.register(Category)
class CategoryAdmin(ClerkAdmin):
    """The shelves of the catalogue."""

    list_display = ("name", "description")
    search_fields = ("name",)
    ordering = ("name", "pk")


@admin.register(Unit)
class UnitAdmin(ClerkAdmin):
    """What things are counted in."""

    list_display = ("code", "name", "category", "factor", "decimals")
    list_filter = ("category",)
    search_fields = ("code", "name")
    ordering = ("category", "factor", "pk")
