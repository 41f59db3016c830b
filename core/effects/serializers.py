"""Outgoing messages as the API reads them."""

from rest_framework import serializers

from core.effects.models import Effect


class EffectSerializer(serializers.ModelSerializer[Effect]):
    """One message that leaves the house, and what became of it."""

    to = serializers.ListField(child=serializers.CharField(), source="recipients", read_only=True)
    subject = serializers.CharField(read_only=True)

    class Meta:
        model = Effect
        fields = (
            "id", "kind", "status", "idempotency_key", "to", "subject", "attempts", "due_at", "answer", "about_kind", "about_id", "party",
            "requested_by", "created_at", "ended_at",
        )  # fmt: skip
        read_only_fields = fields
