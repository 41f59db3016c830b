"""What processes wait for, for clerks: to look at."""

from django.contrib import admin

from core.admin import ClerkAdmin
from integration.models import Drift, ProcessInstance


@admin.register(ProcessInstance)
class ProcessInstanceAdmin(ClerkAdmin):
    """Which documents wait for what, until when."""

    list_display = ("number", "process", "state", "outcome", "party", "due_at", "changed_at")
    list_filter = ("process", "state", "outcome")
    list_select_related = ("party",)
    search_fields = ("number", "party__name")
    ordering = ("-changed_at", "-pk")


@admin.register(Drift)
class DriftAdmin(ClerkAdmin):
    """Figures that did not follow from their source."""

    list_display = ("rule", "row", "expected", "actual", "found_at", "seen_at", "cleared_at")
    list_filter = ("rule",)
    search_fields = ("rule", "row", "message")
    ordering = ("-pk",)
