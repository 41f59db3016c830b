"""Notes on anything."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.db import Tracked
from core.guards import ERASABLE
from core.parties.models import Party
from core.people.visibility import OnRecords


class NoteQuerySet(OnRecords["Note"]):
    """Notes: who does not see the record does not read what was noted on it."""


class Note(Tracked):
    """What somebody noted on one record; ``kind`` and ``object_id`` name it as docflow does. Nobody changes it afterwards; an erased person's words are wiped."""

    kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="notes", verbose_name=_("party"))
    body = models.TextField(_("note"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))

    objects = NoteQuerySet.as_manager()

    class Meta(Tracked.Meta):
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        default_permissions = ("view",)
        permissions: ClassVar = [("write_note", "Can write notes")]
        indexes: ClassVar = [models.Index(fields=["kind", "object_id", "-id"], name="note_of_record")]
        constraints: ClassVar = [models.CheckConstraint(name="a_note_says_something", condition=~Q(body=""))]
        triggers: ClassVar = [*Tracked.Meta.triggers, *ERASABLE]

    def __str__(self) -> str:
        return self.body[:60]
