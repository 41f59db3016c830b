"""Notes for clerks: to look at."""

from django.contrib import admin

from core.admin import ClerkAdmin
from core.notes.models import Note


@admin.register(Note)
class NoteAdmin(ClerkAdmin):
    """What was noted, on which record, by whom."""

    list_display = ("body", "kind", "object_id", "by", "created_at")
    list_filter = ("kind",)
    list_select_related = ("by",)
    search_fields = ("body", "by__name")
    ordering = ("-pk",)
    fields = ("kind", "object_id", "party", "body", "by", "created_at")
