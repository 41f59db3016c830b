"""Notifications for clerks: to look at."""

from django.contrib import admin

from core.admin import ClerkAdmin
from core.notifications.models import Notification


@admin.register(Notification)
class NotificationAdmin(ClerkAdmin):
    """Who was told what, and whether they have read it."""

    list_display = ("text", "user", "created_at", "read_at")
    list_filter = ("read_at",)
    list_select_related = ("user",)
    search_fields = ("text", "user__name")
    ordering = ("-pk",)
    fields = ("user", "text", "url", "key", "created_at", "read_at")
