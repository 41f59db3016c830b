"""Attachments as the API reads and takes them."""

from typing import Any

from rest_framework import serializers

from core.files.models import Attachment


class AttachmentSerializer(serializers.ModelSerializer[Attachment]):
    """One file on one record; ``kind`` is ``<app label>.<model name>``, e.g. ``sales.order``."""

    class Meta:
        model = Attachment
        fields = ("id", "kind", "object_id", "name", "media_type", "size", "uploaded_by", "created_at")
        read_only_fields = fields


class AttachSerializer(serializers.Serializer[Any]):
    """A file for a record, sent as ``multipart/form-data``."""

    kind = serializers.CharField(max_length=60)
    object_id = serializers.IntegerField(min_value=1)
    file = serializers.FileField(allow_empty_file=True)  # an empty one is refused by the operation, as a large one
