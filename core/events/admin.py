"""Pauses of handlers for those who look after the system: to look at, and to end."""

from django.contrib import admin

from core.admin import ClerkAdmin
from core.events.models import HandlerPause, Replay


@admin.register(HandlerPause)
class HandlerPauseAdmin(ClerkAdmin):
    """Which handlers are stopped, since when and why; they are stopped and let go on in the console."""

    list_display = ("handler", "reason", "paused_by", "paused_at", "ended_by", "ended_at")
    list_filter = ("handler",)
    list_select_related = ("paused_by", "ended_by")
    search_fields = ("handler", "reason")
    ordering = ("-pk",)


@admin.register(Replay)
class ReplayAdmin(ClerkAdmin):
    """Past events that were carried to a handler; that is done in the console."""

    list_display = ("handler", "from_date", "to_date", "made", "asked_by", "created_at")
    list_filter = ("handler",)
    list_select_related = ("asked_by",)
    search_fields = ("handler",)
    ordering = ("-pk",)
