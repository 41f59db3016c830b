"""Pauses of handlers for those who look after the system: to look at, and to end."""

from django.contrib import admin

from core.admin import ClerkAdmin
from core.events.models import HandlerPause


@admin.register(HandlerPause)
class HandlerPauseAdmin(ClerkAdmin):
    """Which handlers are stopped, since when and why; they are stopped and let go on in the console."""

    list_display = ("handler", "reason", "paused_by", "paused_at", "ended_by", "ended_at")
    list_filter = ("handler",)
    list_select_related = ("paused_by", "ended_by")
    search_fields = ("handler", "reason")
    ordering = ("-pk",)
