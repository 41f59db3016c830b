"""Outgoing messages for clerks: to look at."""

from django.contrib import admin

from core.admin import ClerkAdmin
from core.effects.models import Effect


@admin.register(Effect)
class EffectAdmin(ClerkAdmin):
    """What is to happen outside, and what became of it."""

    list_display = ("subject", "addressed_to", "status", "attempts", "due_at", "requested_by")
    list_filter = ("status", "kind")
    list_select_related = ("requested_by",)
    search_fields = ("idempotency_key",)
    ordering = ("-pk",)
