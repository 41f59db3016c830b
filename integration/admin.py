"""What processes wait for and what drifted, for clerks to look at."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from core.admin import Act, ClerkAdmin
from integration.inbound.operations import disable_source, enable_source
from integration.memory import state_in_words
from integration.models import Attempt, Drift, Endpoint, ProcessInstance, ReceivedWebhook, Source
from integration.webhooks.operations import enable_endpoint
from integration.words import process_in_words, row_in_words, rule_in_words


@admin.register(ProcessInstance)
class ProcessInstanceAdmin(ClerkAdmin):
    """Which documents wait for what, until when."""

    list_display = ("number", "called", "waits_for", "outcome", "party", "due_at", "changed_at")
    list_filter = ("outcome", ("ended_at", admin.EmptyFieldListFilter))
    list_select_related = ("party",)
    search_fields = ("number", "party__name")
    ordering = ("-changed_at", "-pk")

    @admin.display(description=_("Process"), ordering="process")
    def called(self, instance: ProcessInstance) -> str:
        """The process, as the field calls it."""
        return process_in_words(instance.process)

    @admin.display(description=_("State"), ordering="state")
    def waits_for(self, instance: ProcessInstance) -> str:
        """What it waits for, or how it ended."""
        return str(state_in_words(instance))


@admin.register(Drift)
class DriftAdmin(ClerkAdmin):
    """Figures that did not follow from their source."""

    list_display = ("of", "must_hold", "expected", "actual", "found_at", "seen_at", "cleared_at")
    list_filter = (("cleared_at", admin.EmptyFieldListFilter),)
    search_fields = ("rule", "row", "message")
    ordering = ("-pk",)

    @admin.display(description=_("Row"), ordering="row")
    def of(self, drift: Drift) -> str:
        """The row it was found at."""
        return row_in_words(drift.row)

    @admin.display(description=_("Rule"), ordering="rule")
    def must_hold(self, drift: Drift) -> str:
        """What must always hold."""
        return rule_in_words(drift.rule)


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
