"""Users as the API reads and takes them."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from rest_framework import serializers

from core.people.models import User
from core.people.roles import Role


class UserSerializer(serializers.ModelSerializer[User]):
    """Somebody who signs in, or a service that acts."""

    roles = serializers.SlugRelatedField[Group](slug_field="name", source="groups", many=True, read_only=True)

    class Meta:
        model = User
        fields = ("id", "email", "name", "job_title", "kind", "language", "is_active", "roles", "version", "joined_at")
        read_only_fields = fields


class MeSerializer(serializers.ModelSerializer[User]):
    """Oneself. ``time_zone`` is empty when it is the company's, ``zone`` the one that holds."""

    zone = serializers.CharField(read_only=True)
    roles = serializers.SlugRelatedField[Group](slug_field="name", source="groups", many=True, read_only=True)

    class Meta:
        model = User
        fields = ("id", "email", "name", "job_title", "language", "theme", "time_zone", "zone", "roles", "version", "joined_at")
        read_only_fields = fields


class ChangePreferencesSerializer(serializers.Serializer[Any]):
    """How one is called and sees one's screens; what is not sent stays. ``time_zone`` is a name such as Asia/Jakarta; empty is the company's."""

    name = serializers.CharField(max_length=120, required=False)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)
    theme = serializers.ChoiceField(choices=User.Theme.choices, required=False)
    time_zone = serializers.CharField(max_length=64, required=False, allow_blank=True)


class ChangeRolesSerializer(serializers.Serializer[Any]):
    """The roles somebody has from now on."""

    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices))


class CreateUserSerializer(ChangeRolesSerializer):
    """Somebody new. Without a password they cannot sign in yet."""

    email = serializers.EmailField()
    name = serializers.CharField(max_length=120)
    job_title = serializers.CharField(max_length=120, required=False, allow_blank=True)
    password = serializers.CharField(max_length=128, allow_null=True, default=None, trim_whitespace=False, write_only=True)
