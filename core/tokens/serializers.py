"""Tokens and services as the API reads and takes them."""

from typing import Any

from rest_framework import serializers

from core.people.models import User
from core.people.serializers import ChangeRolesSerializer
from core.tokens.models import Token
from core.tokens.operations import LONGEST


class TokenSerializer(serializers.ModelSerializer[Token]):
    """A token as far as it may be seen afterwards. ``scopes`` is empty when it may do whatever its owner may."""

    scopes = serializers.ListField(child=serializers.CharField(), read_only=True)
    state = serializers.ChoiceField(choices=("living", "expired", "revoked"), read_only=True)
    expires_at = serializers.DateTimeField(source="expiry", read_only=True)
    last_used_at = serializers.DateTimeField(source="use.used_at", read_only=True, allow_null=True, default=None)
    last_used_from = serializers.CharField(source="use.address", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Token
        fields = (
            "id", "name", "token_key", "user", "scopes", "state", "created_at", "expires_at", "revoked_at", "last_used_at", "last_used_from",
            "version",
        )  # fmt: skip
        read_only_fields = fields


class NewTokenSerializer(serializers.Serializer[Any]):
    """The token itself; it is not shown again."""

    id = serializers.IntegerField()
    token = serializers.CharField()
    expires_at = serializers.DateTimeField()


class WantedTokenSerializer(serializers.Serializer[Any]):
    """What a program is called, how long it may act (in days), and with which permissions; none named are all of the owner's."""

    name = serializers.CharField(max_length=80, default="Program")
    days = serializers.IntegerField(min_value=1, max_value=LONGEST, default=90)
    scopes = serializers.ListField(child=serializers.CharField(max_length=120), default=list, max_length=400)


class SignInSerializer(WantedTokenSerializer):
    """E-mail and password of the person the token acts for; ``code`` of their app, or a recovery code, when they have a second factor."""

    email = serializers.EmailField()
    password = serializers.CharField(max_length=128, trim_whitespace=False, write_only=True)
    code = serializers.CharField(max_length=20, required=False, default="", allow_blank=True, write_only=True)


class ServiceTokenSerializer(WantedTokenSerializer):
    """A token of a service."""

    service = serializers.PrimaryKeyRelatedField(queryset=User.objects.filter(kind=User.Kind.SERVICE, is_active=True))


class CreateServiceSerializer(ChangeRolesSerializer):
    """Something that acts and is nobody, in these roles."""

    name = serializers.CharField(max_length=120)
