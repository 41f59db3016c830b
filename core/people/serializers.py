"""Users as the API reads and takes them."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from rest_framework import serializers

from core.people.models import CompanyRole, Reach, Team, User
from core.people.rights import code_of


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

    roles = serializers.SlugRelatedField[Group](
        slug_field="name", many=True, queryset=Group.objects.filter(company_role__retired_at__isnull=True).order_by("pk")
    )

    def validate_roles(self, groups: list[Group]) -> list[str]:
        """By their keys, as the operation takes them."""
        return [group.name for group in groups]


class CreateUserSerializer(ChangeRolesSerializer):
    """Somebody new. Without a password they cannot sign in yet."""

    email = serializers.EmailField()
    name = serializers.CharField(max_length=120)
    job_title = serializers.CharField(max_length=120, required=False, allow_blank=True)
    password = serializers.CharField(max_length=128, allow_null=True, default=None, trim_whitespace=False, write_only=True)


class RoleSerializer(serializers.ModelSerializer[CompanyRole]):
    """A role: ``rights`` is what it may do now, ``given`` and ``taken`` what the owner changed about the standard."""

    key = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True)
    meaning = serializers.CharField(read_only=True)
    is_standard = serializers.BooleanField(read_only=True)
    is_fixed = serializers.BooleanField(read_only=True)
    rights = serializers.SerializerMethodField()
    given = serializers.ListField(child=serializers.CharField(), read_only=True)
    taken = serializers.ListField(child=serializers.CharField(), read_only=True)
    reaches = serializers.DictField(child=serializers.ChoiceField(choices=Reach.choices), read_only=True)

    class Meta:
        model = CompanyRole
        fields = ("id", "key", "name", "meaning", "is_standard", "is_fixed", "rights", "given", "taken", "reaches", "retired_at", "version")
        read_only_fields = fields

    def get_rights(self, role: CompanyRole) -> list[str]:
        """The permissions its people hold."""
        return sorted(code_of(one) for one in role.group.permissions.all())


class UpdateRoleSerializer(serializers.Serializer[Any]):
    """What a role is called and may do from now on; what is not sent stays."""

    name = serializers.CharField(max_length=60, required=False)
    meaning = serializers.CharField(max_length=200, required=False, allow_blank=True)
    rights = serializers.ListField(child=serializers.CharField(max_length=160), required=False)
    reaches = serializers.DictField(child=serializers.ChoiceField(choices=Reach.choices), required=False)


class CreateRoleSerializer(UpdateRoleSerializer):
    """A role of the company's own."""

    name = serializers.CharField(max_length=60)


class TeamSerializer(serializers.ModelSerializer[Team]):
    """People who see each other's work, where their role says so."""

    members = serializers.SerializerMethodField()

    class Meta:
        model = Team
        fields = ("id", "name", "lead", "members", "retired_at", "version")
        read_only_fields = fields

    def get_members(self, team: Team) -> list[int]:
        """The users in it."""
        return [member.user_id for member in team.members.all()]


class UpdateTeamSerializer(serializers.Serializer[Any]):
    """Who is in a team; what is not sent stays."""

    name = serializers.CharField(max_length=60, required=False)
    lead = serializers.PrimaryKeyRelatedField(queryset=User.objects.active(), required=False, allow_null=True)
    members = serializers.PrimaryKeyRelatedField(queryset=User.objects.active(), many=True, required=False)


class CreateTeamSerializer(UpdateTeamSerializer):
    """A team."""

    name = serializers.CharField(max_length=60)
