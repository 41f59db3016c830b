"""Outgoing messages for clerks: to look at."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from core.admin import ClerkAdmin
from core.effects.models import Effect


@admin.register(Effect)
class EffectAdmin(ClerkAdmin):
    """What is to happen outside, and what became of it."""

    list_display = ("about", "to", "status", "attempts", "due_at", "requested_by")
    list_filter = ("status", "kind")
    list_select_related = ("requested_by",)
    search_fields = ("idempotency_key",)
    ordering = ("-pk",)

    @admin.display(description=_("Subject"))
    def about(self, message: Effect) -> str:
        """What it is about."""
        return message.subject

    @admin.display(description=_("To"))
    def to(self, message: Effect) -> str:
        """To whom it goes."""
        return message.addressed_to
