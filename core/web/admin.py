"""Saved views for clerks: to look at."""

from django.contrib import admin

from core.admin import ClerkAdmin
from core.web.models import ListHabit, SavedView


@admin.register(SavedView)
class SavedViewAdmin(ClerkAdmin):
    """Which views people keep."""

    list_display = ("name", "screen", "owner", "is_shared", "updated_at")
    list_filter = ("is_shared", "screen")
    search_fields = ("name", "screen", "owner__name")
    list_select_related = ("owner",)
    ordering = ("screen", "name", "pk")


@admin.register(ListHabit)
class ListHabitAdmin(ClerkAdmin):
    """Which columns people look at, and what their lists open with."""

    list_display = ("person", "screen", "opens_with", "updated_at")
    search_fields = ("screen", "person__name")
    list_select_related = ("person", "opens_with")
    ordering = ("screen", "person__name", "pk")
