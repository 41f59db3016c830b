"""What processes wait for and what drifted, for clerks to look at."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from core.admin import Act, ClerkAdmin
from integration.inbound.operations import disable_source, enable_source
from integration.models import Attempt, Drift, Endpoint, ProcessInstance, ReceivedWebhook, Source
from integration.webhooks.operations import enable_endpoint


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


@admin.register(Endpoint)
class EndpointAdmin(ClerkAdmin):
    """Who outside is told of which events."""

    list_display = ("name", "url", "status", "failures", "failing_since", "created_by", "created_at")
    list_filter = ("status",)
    list_select_related = ("created_by",)
    search_fields = ("name", "url")
    ordering = ("-pk",)
    acts = (Act(enable_endpoint, _("Enable")),)


@admin.register(Attempt)
class AttemptAdmin(ClerkAdmin):
    """Every try to tell an endpoint."""

    list_display = ("endpoint", "effect", "number", "status_code", "took_ms", "made_at")
    list_filter = ("status_code",)
    list_select_related = ("endpoint", "effect")
    search_fields = ("endpoint__name", "answer", "trouble")
    ordering = ("-pk",)


@admin.register(Source)
class SourceAdmin(ClerkAdmin):
    """Other people's systems that tell us something."""

    list_display = ("name", "action", "status", "acts_as", "created_by", "created_at")
    list_filter = ("status", "action")
    list_select_related = ("acts_as", "created_by")
    search_fields = ("name",)
    ordering = ("-pk",)
    acts = (Act(enable_source, _("Enable")), Act(disable_source, _("Disable")))


@admin.register(ReceivedWebhook)
class ReceivedWebhookAdmin(ClerkAdmin):
    """What they sent."""

    list_display = ("webhook_id", "source", "received_at", "handled_at")
    list_filter = ("source",)
    list_select_related = ("source",)
    search_fields = ("webhook_id", "body")
    ordering = ("-pk",)
