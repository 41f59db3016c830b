"""Privacy for clerks: to look at."""

from django.contrib import admin

from core.admin import ClerkAdmin
from core.privacy.models import Erasure, PrivacyRequest, Retention


@admin.register(PrivacyRequest)
class PrivacyRequestAdmin(ClerkAdmin):
    """Who asks what we know of them, or to be erased."""

    list_display = ("whom", "kind", "status", "received_on", "due_on", "ended_at")
    list_filter = ("status", "kind")
    list_select_related = ("party", "user")
    search_fields = ("party__name", "user__name", "email")
    ordering = ("-pk",)


@admin.register(Erasure)
class ErasureAdmin(ClerkAdmin):
    """When persons' facts were wiped, and why."""

    list_display = ("reason", "request", "made_by", "made_at")
    list_select_related = ("request__party", "request__user", "made_by")
    ordering = ("-pk",)


@admin.register(Retention)
class RetentionAdmin(ClerkAdmin):
    """How long things are kept."""

    list_display = ("__str__", "days", "applied_at", "removed")
    ordering = ("pk",)
