"""Privacy requests and rules of keeping as the API reads and takes them."""

from typing import Any

from rest_framework import serializers

from core.parties.models import Party
from core.people.models import User
from core.privacy.models import PrivacyRequest, Retention


class PrivacyRequestSerializer(serializers.ModelSerializer[PrivacyRequest]):
    """Who asks for what, and how it was answered."""

    class Meta:
        model = PrivacyRequest
        fields = (
            "id", "kind", "status", "party", "user", "email", "how", "received_on", "due_on", "ended_at", "refused_because", "recorded_by",
            "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class ReceiveRequestSerializer(serializers.Serializer[Any]):
    """A request: about a party that is a person, a colleague, or an address nobody else goes by."""

    kind = serializers.ChoiceField(choices=PrivacyRequest.Kind.choices)
    party = serializers.PrimaryKeyRelatedField(queryset=Party.objects.all(), required=False, allow_null=True)
    user = serializers.PrimaryKeyRelatedField(queryset=User.objects.all(), required=False, allow_null=True)
    email = serializers.EmailField(required=False, allow_blank=True)
    how = serializers.CharField(max_length=300, required=False, allow_blank=True)
    received_on = serializers.DateField(required=False, allow_null=True)
    due_on = serializers.DateField(required=False, allow_null=True)


class RefuseRequestSerializer(serializers.Serializer[Any]):
    """Why not."""

    reason = serializers.CharField(max_length=500)


class RetentionSerializer(serializers.ModelSerializer[Retention]):
    """How long rows of one kind are kept, in days after their end; 0 is for ever."""

    class Meta:
        model = Retention
        fields = ("id", "rule", "days", "applied_at", "removed", "version", "updated_at")
        read_only_fields = fields


class ChangeRetentionSerializer(serializers.Serializer[Any]):
    """0, or at least 30."""

    days = serializers.IntegerField(min_value=0, max_value=36500)
