"""Events and deliveries as the API reads them."""

from typing import Any

from rest_framework import serializers

from core.events.models import Delivery, HandlerPause, Record, Replay, SkipRequest
from core.people.hiding import payload_for
from integration.models import Drift, ProcessInstance


class RecordSerializer(serializers.ModelSerializer[Record]):
    """One event as it happened."""

    class Meta:
        model = Record
        fields = (
            "id", "event_id", "type", "schema_version", "key", "sequence", "payload", "party", "actor", "correlation_id", "causation_id",
            "occurred_at", "recorded_at",
        )  # fmt: skip
        read_only_fields = fields

    def to_representation(self, instance: Record) -> dict[str, Any]:
        """With what the person may see of what it tells."""
        told: dict[str, Any] = super().to_representation(instance)
        if "payload" in told:
            told["payload"] = payload_for(self.context["request"].user, instance.type, told["payload"])
        return told


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    """One handler's work on one event."""

    event = serializers.CharField(source="record.type")

    class Meta:
        model = Delivery
        fields = (
            "id",
            "record",
            "event",
            "handler",
            "key",
            "status",
            "attempts",
            "available_at",
            "last_error",
            "done_at",
            "skipped_because",
        )
        read_only_fields = fields


class ProcessSerializer(serializers.ModelSerializer[ProcessInstance]):
    """Where a process stands with a document; at ``due_at`` the event ``due_type`` is published unless something else came before."""

    class Meta:
        model = ProcessInstance
        fields = (
            "id", "process", "kind", "object_id", "number", "party", "state", "outcome", "due_at", "due_type", "record", "started_at",
            "changed_at", "ended_at",
        )  # fmt: skip
        read_only_fields = fields


class SkipSerializer(serializers.Serializer[Any]):
    """Why a delivery is given up."""

    reason = serializers.CharField(max_length=300)


class RequestToSkipSerializer(serializers.ModelSerializer[SkipRequest]):
    """A delivery whose work is in the books, to be given up when a second person approves."""

    class Meta:
        model = SkipRequest
        fields = ("id", "delivery", "status", "reason", "asked_by", "asked_at", "decided_by", "decided_at")
        read_only_fields = fields


class HandlerPauseSerializer(serializers.ModelSerializer[HandlerPause]):
    """A handler that was stopped for a while."""

    class Meta:
        model = HandlerPause
        fields = ("id", "handler", "reason", "paused_at", "paused_by", "ended_at", "ended_by")
        read_only_fields = fields


class PauseSerializer(serializers.Serializer[Any]):
    """Which handler is stopped, and why."""

    handler = serializers.CharField(max_length=120)
    reason = serializers.CharField(max_length=300)


class ReplaySerializer(serializers.ModelSerializer[Replay]):
    """Past events carried to a handler; ``made`` says how many deliveries that made, or in a dry run (without ``id``) would make."""

    class Meta:
        model = Replay
        fields = ("id", "handler", "from_date", "to_date", "made", "asked_by", "created_at")
        read_only_fields = fields


class NewReplaySerializer(serializers.Serializer[Any]):
    """Which handler gets the events of which days, both included."""

    handler = serializers.CharField(max_length=120)
    from_date = serializers.DateField(required=False, allow_null=True)
    to_date = serializers.DateField(required=False, allow_null=True)
    dry_run = serializers.BooleanField(required=False, default=False)


class TimelineEntrySerializer(serializers.Serializer[Any]):
    """One thing that happened with a party, in words; ``url`` is the page of the document it leads to."""

    title = serializers.CharField()
    at = serializers.DateTimeField()
    who = serializers.CharField()
    body = serializers.CharField()
    url = serializers.CharField()


class DriftSerializer(serializers.ModelSerializer[Drift]):
    """A figure that did not follow from its source when the reconciler looked."""

    class Meta:
        model = Drift
        fields = ("id", "rule", "row", "message", "expected", "actual", "found_at", "seen_at", "cleared_at")
        read_only_fields = fields
