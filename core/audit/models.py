"""Who changed what, when: written by the database, also for changes made behind the application's back."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.guards import ERASABLE


class Change(models.Model):
    """One row inserted, updated or deleted. ``before`` and ``after`` hold the changed columns only, on an update.

    ``actor_id`` is empty when the change did not come through an operation; ``database_user`` says who it was then.
    """

    class Action(models.TextChoices):
        INSERT = "INSERT", _("Created")
        UPDATE = "UPDATE", _("Changed")
        DELETE = "DELETE", _("Deleted")

    table = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    action = models.CharField(max_length=6, choices=Action)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    actor_id = models.BigIntegerField(null=True)
    correlation_id = models.UUIDField(null=True)
    database_user = models.CharField(max_length=63)
    changed_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["table", "row_id", "id"], name="change_of_row")]
        triggers: ClassVar = ERASABLE
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.action} {self.table} {self.row_id}"
