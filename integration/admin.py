"""What processes wait for, for clerks: to look at."""

from django.contrib import admin

from core.admin import ClerkAdmin
from integration.models import ProcessInstance


@admin.register(ProcessInstance)
class ProcessInstanceAdmin(ClerkAdmin):
    """Which documents wait for what, until when."""

    list_display = ("number", "process", "state", "outcome", "party", "due_at", "changed_at")
    list_filter = ("process", "state", "outcome")
    list_select_related = ("party",)
    search_fields = ("number", "party__name")
    ordering = ("-changed_at", "-pk")
