"""The links between documents."""

from typing import ClassVar

from django.db import models

from core import clock


class Link(models.Model):
    """One document came of another. A ``kind`` is ``<app label>.<model name>``, e.g. ``sales.order``."""

    source_kind = models.CharField(max_length=60)
    source_id = models.BigIntegerField()
    source_number = models.CharField(max_length=40)
    target_kind = models.CharField(max_length=60)
    target_id = models.BigIntegerField()
    target_number = models.CharField(max_length=40)
    relation = models.CharField(max_length=24)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source_kind", "source_id", "target_kind", "target_id", "relation"], name="each_link_once")
        ]
        indexes: ClassVar = [models.Index(fields=["target_kind", "target_id"], name="link_by_target")]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.source_number} {self.relation} {self.target_number}"
