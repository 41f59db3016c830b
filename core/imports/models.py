"""What was brought in from where."""

from typing import ClassVar

from django.db import models
from django.utils import timezone


class ExternalId(models.Model):
    """A row of another system, and the record it became here. ``fingerprint`` tells whether the row changed since."""

    source = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    external_id = models.CharField(max_length=80)
    object_id = models.BigIntegerField()
    fingerprint = models.CharField(max_length=64)
    imported_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "kind", "external_id"], name="each_external_id_once")]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.external_id}"
