"""Saved views as the API reads and takes them."""

from typing import Any

from rest_framework import serializers

from core.web.models import SavedView


class SavedViewSerializer(serializers.ModelSerializer[SavedView]):
    """A list under a name. ``screen`` is the list, ``query`` what its address asks, ``is_default`` whether it opens with it for oneself."""

    is_default = serializers.BooleanField(read_only=True)

    class Meta:
        model = SavedView
        fields = ("id", "screen", "name", "query", "columns", "is_shared", "is_default", "owner", "version", "created_at", "updated_at")
        read_only_fields = fields


class FoundSerializer(serializers.Serializer[Any]):
    """A record that fits what was searched; ``rank`` 0 and 1 mean this very number, the higher the less it fits."""

    kind = serializers.CharField()
    id = serializers.IntegerField(source="pk")
    label = serializers.CharField()  # type: ignore[assignment]  # DRF has an attribute of that name
    note = serializers.CharField()
    url = serializers.CharField()
    rank = serializers.IntegerField()


class ChangedFieldSerializer(serializers.Serializer[Any]):
    """A field of a record before and after a change, as the database keeps it."""

    field = serializers.CharField()
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class ChangeSerializer(serializers.Serializer[Any]):
    """One change of a record; ``by`` is the user, or null when it was made behind the application's back."""

    id = serializers.IntegerField()
    action = serializers.ChoiceField(choices=["insert", "update", "delete"])
    at = serializers.DateTimeField()
    by = serializers.IntegerField(allow_null=True)
    fields = ChangedFieldSerializer(many=True)  # type: ignore[assignment]


class RelatedDocumentSerializer(serializers.Serializer[Any]):
    """A document beside another: ``relation`` reads from the older to the newer, ``came_after`` says whether this one is the newer."""

    kind = serializers.CharField()
    id = serializers.IntegerField()
    number = serializers.CharField()
    relation = serializers.CharField()
    came_after = serializers.BooleanField()
    url = serializers.CharField()


class ChangeViewSerializer(serializers.Serializer[Any]):
    """What a view shows and who sees it; what is not sent stays. ``query`` as in the list's address, ``columns`` by name, none: the usual."""

    name = serializers.CharField(max_length=60, required=False)
    query = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    columns = serializers.ListField(child=serializers.CharField(max_length=100), required=False)
    is_shared = serializers.BooleanField(required=False)


class SaveViewSerializer(ChangeViewSerializer):
    """A new view of a list, such as ``sales:orders``."""

    screen = serializers.CharField(max_length=100)
    name = serializers.CharField(max_length=60)
    is_default = serializers.BooleanField(default=False)
