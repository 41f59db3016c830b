"""Removing a record that nothing came of: what an import made by mistake, never what has a history with others.

A record somebody refers to stays: by foreign key (protected), by a document link, by a file or a note kept with it.
"""

from collections import Counter
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from core.docflow.models import Link
from core.errors import Refused
from core.files.models import Attachment


class StillUsed(Refused):
    """Something came of the record."""


def remove_row(row: models.Model) -> None:
    """Delete a row and what it owns; refuses in words when something depends on it. Call it inside ``locked``.

    What happened to it stays in the events and in the trail.
    """
    kind, what = row._meta.label_lower, str(row)
    for model, words in ((Attachment, _("a file")), *_notes()):
        if model._default_manager.filter(kind=kind, object_id=row.pk).exists():
            raise StillUsed(_("%(record)s is kept: there is %(what)s with it.") % {"record": what, "what": words})
    documents = Link.objects.filter(source_kind=kind, source_id=row.pk) | Link.objects.filter(target_kind=kind, target_id=row.pk)
    if documents.exists():
        raise StillUsed(_("%(record)s is kept: documents came of it.") % {"record": what})
    try:
        row.delete()
    except ProtectedError as error:
        raise StillUsed(
            _("%(record)s is kept: it is used by %(what)s.") % {"record": what, "what": _counted(error.protected_objects)}
        ) from error


def _notes() -> tuple[tuple[Any, str], ...]:
    return ((apps.get_model("notes", "Note"), _("a note")),) if apps.is_installed("core.notes") else ()


def _counted(rows: set[models.Model]) -> str:
    counts = Counter(type(row) for row in rows)
    named = (
        f"{count} {str(model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural).lower()}"
        for model, count in sorted(counts.items(), key=lambda pair: pair[0].__name__)
    )
    return ", ".join(named)
