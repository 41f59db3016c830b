"""Imports as the API reads and takes them."""

from typing import Any

from rest_framework import serializers

from core.imports.models import ImportRow, ImportRun


class ImportRunSerializer(serializers.ModelSerializer[ImportRun]):
    """One import: where it stands, how its columns were matched, and its rows counted by what became of them."""

    counts = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    header = serializers.ListField(child=serializers.CharField(), read_only=True)
    columns = serializers.ListField(child=serializers.CharField(), read_only=True, source="fields")

    class Meta:
        model = ImportRun
        fields = (
            "id",
            "kind",
            "name",
            "status",
            "user",
            "header",
            "columns",
            "existing",
            "counts",
            "job",
            "created_at",
            "imported_at",
            "reverted_at",
        )
        read_only_fields = fields


class ImportRowSerializer(serializers.ModelSerializer[ImportRow]):
    """One row: its cells, its problems (field and reason), and the record it became, or the approval it waits for."""

    cells = serializers.ListField(child=serializers.CharField(), read_only=True)
    problems = serializers.ListField(child=serializers.DictField(child=serializers.CharField()), read_only=True)

    class Meta:
        model = ImportRow
        fields = ("line", "head_line", "state", "cells", "problems", "object_id", "approval", "note")
        read_only_fields = fields


class UploadSerializer(serializers.Serializer[Any]):
    """A file of one kind of records, sent as ``multipart/form-data``."""

    kind = serializers.CharField(max_length=60)
    file = serializers.FileField(allow_empty_file=True)  # an empty one is refused as any other without rows


class MatchSerializer(serializers.Serializer[Any]):
    """Which field each column of the file fills, in its order ("" none), and what happens to records that exist."""

    columns = serializers.ListField(child=serializers.CharField(allow_blank=True, max_length=60), max_length=100)
    existing = serializers.ChoiceField(choices=ImportRun.Existing.choices, required=False)


class CellSerializer(serializers.Serializer[Any]):
    """Another value for one cell; columns are counted from 0."""

    column = serializers.IntegerField(min_value=0, max_value=999)
    value = serializers.CharField(allow_blank=True, max_length=2000)


class CorrectedRowSerializer(serializers.Serializer[Any]):
    """What one line of the file should have said."""

    line = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    cells = serializers.ListField(child=CellSerializer(), min_length=1, max_length=200)


class CorrectRowsSerializer(serializers.Serializer[Any]):
    """Corrections, at most 200 lines at once."""

    rows = serializers.ListField(child=CorrectedRowSerializer(), min_length=1, max_length=200)
