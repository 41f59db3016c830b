"""Webhook sources and what they sent as the API reads and takes them."""

from typing import Any

from rest_framework import serializers

from integration.inbound.models import ReceivedWebhook, Source


class SourceSerializer(serializers.ModelSerializer[Source]):
    """A system that tells us something; it posts to ``path``. Its secret is never read back."""

    path = serializers.CharField(read_only=True)

    class Meta:
        model = Source
        fields = ("id", "name", "action", "status", "path", "acts_as", "secret_changed_at", "created_by", "created_at", "version")
        read_only_fields = fields


class NewSourceSerializer(serializers.Serializer[Any]):
    """What its messages become, and the secret it signs with: ``whsec_`` and 24 to 64 bytes in Base64."""

    name = serializers.CharField(max_length=120)
    action = serializers.ChoiceField(choices=Source.Action.choices)
    secret = serializers.CharField(max_length=120, write_only=True)


class ReceivedWebhookSerializer(serializers.ModelSerializer[ReceivedWebhook]):
    """One message as it came, and what it became; ``record`` is the event whose delivery acts on it."""

    class Meta:
        model = ReceivedWebhook
        fields = (
            "id", "source", "webhook_id", "received_at", "headers", "body", "record", "handled_at", "result_kind", "result_id",
        )  # fmt: skip
        read_only_fields = fields
