"""Files attached to anything."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.db import Tracked
from core.people.visibility import OnRecords


def random_name(_attachment: "Attachment", filename: str) -> str:
    """A storage name that tells nothing and cannot be guessed; the real name is kept in the row."""
    return f"files/{uuid4().hex[:2]}/{uuid4().hex}"


class AttachmentQuerySet(OnRecords["Attachment"]):
    """Files: who does not see the record does not see its files."""


class Attachment(Tracked):
    """One file on one record; ``kind`` and ``object_id`` name the record as docflow does."""

    kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    file = models.FileField(upload_to=random_name)
    name = models.CharField(_("name"), max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = AttachmentQuerySet.as_manager()

    class Meta(Tracked.Meta):
        verbose_name = _("attachment")
        indexes: ClassVar = [models.Index(fields=["kind", "object_id", "id"], name="attachment_of_record")]
        constraints: ClassVar = [models.CheckConstraint(name="a_file_is_not_empty", condition=Q(size__gt=0))]

    def __str__(self) -> str:
        return self.name
