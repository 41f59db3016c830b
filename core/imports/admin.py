"""Imports for those who look after the system: to look at."""

from django.contrib import admin

from core.admin import ClerkAdmin
from core.imports.models import ImportRun


@admin.register(ImportRun)
class ImportRunAdmin(ClerkAdmin):
    """Files that were brought in."""

    list_display = ("name", "kind", "status", "user", "created_at", "imported_at", "reverted_at")
    list_filter = ("status", "kind")
    list_select_related = ("user",)
    search_fields = ("name", "user__name")
    ordering = ("-pk",)
