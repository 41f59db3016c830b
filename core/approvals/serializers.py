"""What waits for a second person, as the API reads and takes it."""

from contextlib import suppress
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.approvals.declaring import held_called
from core.approvals.models import Approval, SecondPerson
from core.approvals.operations import as_seen, what_would_change
from core.errors import Refused
from core.people.models import User


class ChangeToldSerializer(serializers.Serializer[Any]):
    """One thing that would change: how it is now, and how it would be, in words."""

    label = serializers.CharField()  # type: ignore[assignment]  # the name is also an attribute of every serializer
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class ApprovalSerializer(serializers.ModelSerializer[Approval]):
    """Something that waits for a second person, or did. ``changes`` are as things are now; in a list as they were when it was asked for."""

    title = serializers.CharField(read_only=True)
    changes = serializers.SerializerMethodField()

    class Meta:
        model = Approval
        fields = (
            "id", "operation", "title", "kind", "object_id", "subject", "status", "changes", "words", "asked_by", "asked_at", "decided_by",
            "decided_at", "declined_because", "result_kind", "result_id", "version",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(ChangeToldSerializer(many=True))
    def get_changes(self, approval: Approval) -> list[dict[str, str]]:
        """What it would change, as far as whoever asks may see it."""
        lines = list(approval.told)
        if not isinstance(self.parent, serializers.ListSerializer):
            with suppress(Refused):
                lines = what_would_change(approval)
        seen = as_seen(lines, getattr(self.context.get("request"), "user", None))
        return [{"label": line["label"], "before": line["before"], "after": line["after"]} for line in seen]


class DeclineSerializer(serializers.Serializer[Any]):
    """Why not."""

    reason = serializers.CharField(max_length=500)


class ExplainSerializer(serializers.Serializer[Any]):
    """Why."""

    words = serializers.CharField(max_length=500, allow_blank=True)


class TakenSerializer(serializers.Serializer[Any]):
    """What came of it, and what is secret about it, which is shown this once."""

    result_kind = serializers.CharField()
    result_id = serializers.IntegerField()
    secret = serializers.CharField()


class SecondPersonSerializer(serializers.ModelSerializer[SecondPerson]):
    """Whether a second person is demanded for an operation; ``permission`` lets people do it, ``checked_by`` lets others check it."""

    title = serializers.CharField(source="__str__", read_only=True)
    permission = serializers.SerializerMethodField()
    checked_by = serializers.SerializerMethodField()

    class Meta:
        model = SecondPerson
        fields = ("id", "operation", "title", "permission", "checked_by", "demanded", "version", "updated_at")
        read_only_fields = fields

    def get_permission(self, rule: SecondPerson) -> str:
        """Who does it."""
        held = held_called(rule.operation)
        return held.permission if held else ""

    def get_checked_by(self, rule: SecondPerson) -> str:
        """Who checks it."""
        held = held_called(rule.operation)
        return held.needs if held else ""


class ConflictSerializer(serializers.Serializer[Any]):
    """Somebody (``user``) or a role that holds two duties which do not go together; ``eased`` when a second person is demanded."""

    key = serializers.CharField(source="conflict.key")
    danger = serializers.CharField(source="conflict.danger")
    does = serializers.CharField(source="conflict.one.title")
    also = serializers.CharField(source="conflict.other.title")
    user = serializers.SerializerMethodField()
    role = serializers.SerializerMethodField()
    name = serializers.CharField(source="holder.name")
    roles = serializers.SerializerMethodField()
    eased = serializers.BooleanField()

    def get_user(self, found: Any) -> int | None:
        """The person's key; null for a role."""
        return found.holder.pk if isinstance(found.holder, User) else None

    def get_role(self, found: Any) -> str:
        """The role's key; empty for a person."""
        return "" if isinstance(found.holder, User) else str(found.holder.key)

    def get_roles(self, found: Any) -> list[str]:
        """By which roles."""
        return [role.key for role in found.roles]
