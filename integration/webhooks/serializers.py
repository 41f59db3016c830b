"""Webhook endpoints, their messages and attempts as the API reads and takes them."""

from typing import Any

from rest_framework import serializers

from core.effects.models import Effect
from integration.webhooks.models import Attempt, Endpoint


class EndpointSerializer(serializers.ModelSerializer[Endpoint]):
    """A machine that is told of events. Its secret is never read back."""

    event_types = serializers.ListField(child=serializers.CharField())
    conditions = serializers.DictField()

    class Meta:
        model = Endpoint
        fields = (
            "id", "name", "url", "event_types", "conditions", "status", "disabled_because", "failures", "failing_since", "rests_until",
            "secret_changed_at", "created_by", "created_at", "version",
        )  # fmt: skip
        read_only_fields = fields


class NewEndpointSerializer(serializers.Serializer[Any]):
    """What an endpoint is told of, where, and the secret it checks signatures with: ``whsec_`` and 24 to 64 bytes in Base64, made by you.

    ``event_types`` are names of events, ``sales.*`` or ``*``; ``conditions`` are facts of ``data`` and the values they must have.
    """

    name = serializers.CharField(max_length=120)
    url = serializers.CharField(max_length=500)
    event_types = serializers.ListField(child=serializers.CharField(max_length=80))
    conditions = serializers.DictField(required=False)
    secret = serializers.CharField(max_length=120, write_only=True)


class ChangedEndpointSerializer(serializers.Serializer[Any]):
    """What may change about an endpoint."""

    name = serializers.CharField(max_length=120, required=False)
    url = serializers.CharField(max_length=500, required=False)
    event_types = serializers.ListField(child=serializers.CharField(max_length=80), required=False)
    conditions = serializers.DictField(required=False)


class DisableEndpointSerializer(serializers.Serializer[Any]):
    """Why an endpoint is switched off."""

    reason = serializers.CharField(max_length=300)


class SecretSerializer(serializers.Serializer[Any]):
    """Another secret; the old one signs beside it for a day unless ``at_once``."""

    secret = serializers.CharField(max_length=120, write_only=True)
    at_once = serializers.BooleanField(required=False, default=False)


class WebhookMessageSerializer(serializers.ModelSerializer[Effect]):
    """One event told to one endpoint; ``webhook_id`` is the same in every attempt."""

    webhook_id = serializers.CharField(source="payload.id", read_only=True)
    endpoint = serializers.IntegerField(source="about_id", read_only=True)
    subject = serializers.CharField(read_only=True)

    class Meta:
        model = Effect
        fields = ("id", "webhook_id", "endpoint", "subject", "status", "attempts", "due_at", "answer", "created_at", "ended_at")
        read_only_fields = fields


class AttemptSerializer(serializers.ModelSerializer[Attempt]):
    """One try: ``status_code`` and the first bytes of the answer, or the ``trouble`` there was."""

    message = serializers.IntegerField(source="effect_id", read_only=True)

    class Meta:
        model = Attempt
        fields = ("id", "endpoint", "message", "number", "made_at", "took_ms", "address", "status_code", "trouble", "answer")
        read_only_fields = fields


class EventTypeSerializer(serializers.Serializer[Any]):
    """One kind of event that can be subscribed to, and the JSON Schema of what is sent."""

    type = serializers.CharField()
    version = serializers.IntegerField()
    description = serializers.CharField()
    schema = serializers.DictField()
