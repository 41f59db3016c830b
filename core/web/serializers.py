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
