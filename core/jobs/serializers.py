"""Jobs as the API reads them."""

from rest_framework import serializers

from core.jobs.models import Job


class JobSerializer(serializers.ModelSerializer[Job]):
    """One job. Its files are attachments of the kind ``jobs.job``."""

    title = serializers.CharField(read_only=True)

    class Meta:
        model = Job
        fields = (
            "id",
            "kind",
            "title",
            "status",
            "user",
            "params",
            "done",
            "total",
            "note",
            "result",
            "error",
            "attempts",
            "created_at",
            "started_at",
            "finished_at",
        )
        read_only_fields = fields
