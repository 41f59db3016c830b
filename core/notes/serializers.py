"""Notes as the API reads and takes them."""

from typing import Any

from rest_framework import serializers

from core.notes.models import Note
from core.notes.operations import LONGEST


class NoteSerializer(serializers.ModelSerializer[Note]):
    """What somebody noted on one record; ``kind`` is ``<app label>.<model name>``, e.g. ``sales.order``."""

    class Meta:
        model = Note
        fields = ("id", "kind", "object_id", "party", "body", "by", "created_at")
        read_only_fields = fields


class WriteNoteSerializer(serializers.Serializer[Any]):
    """A note for a record; ``@`` and a name or the first part of an e-mail address calls on a colleague."""

    kind = serializers.CharField(max_length=60)
    object_id = serializers.IntegerField(min_value=1)
    body = serializers.CharField(max_length=LONGEST)
