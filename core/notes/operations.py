"""Noting something."""

from django.db.models import ForeignKey, Model
from django.utils.translation import gettext as _

from core.db import locked
from core.errors import Refused
from core.events.publishing import publish
from core.files.access import record_of
from core.notes.events import NoteWritten
from core.notes.mentions import mentioned_in
from core.notes.models import Note
from core.notifications.operations import notify
from core.parties.models import Party
from core.people.models import User
from core.people.reading import as_read_by
from core.web.registry import url_for

LONGEST = 5000
"""The longest note, in letters."""


class NoteRefused(Refused):
    """A note that says nothing, or far too much, or hangs on nothing."""


def write_note(kind: str, pk: int, body: str, *, by: User) -> Note:
    """Note something on a record that ``by`` may see. Whoever is called on with @ and may see the record too is told."""
    body = body.strip()
    if not body:
        raise NoteRefused(_("The note is empty."), fix=_("Write what you want to keep."), field="body")
    if len(body) > LONGEST:
        raise NoteRefused(
            _("The note is longer than %(most)s letters.") % {"most": LONGEST}, fix=_("Shorten it, or attach it as a file."), field="body"
        )
    about = record_of(kind, pk, by)
    if about is None:
        raise NoteRefused(_("This record is not there any more, or you may not see it."), fix=_("Go back to the list."), field="object_id")
    told = [user for user in mentioned_in(body) if user != by and record_of(kind, pk, user) is not None]
    with locked(by=by):
        note = Note.objects.create(kind=kind, object_id=pk, party_id=party_of(about), body=body, by=by)
        for user in told:
            with as_read_by(user):
                text = _("%(who)s mentions you on %(what)s") % {"who": by.name, "what": about}
            notify(user, text, url=url_for(kind, pk), icon="at-sign", key=f"note-{note.pk}")
        publish(
            NoteWritten(
                note_id=note.pk,
                kind=kind,
                object_id=pk,
                party_id=note.party_id,
                body=body,
                mentioned=tuple(user.pk for user in told),
            )
        )
    return note


def unreached(note: Note) -> list[User]:
    """Whom a note calls on in vain: they may not see the record."""
    return [user for user in mentioned_in(note.body) if user != note.by and record_of(note.kind, note.object_id, user) is None]


def party_of(record: Model) -> int | None:
    """The party a record belongs to: itself, the one it names, or the one the document it hangs on names."""
    if isinstance(record, Party):
        return record.pk
    keys = [field for field in record._meta.concrete_fields if isinstance(field, ForeignKey)]
    for field in keys:
        if field.related_model is Party:
            return getattr(record, field.attname)  # type: ignore[no-any-return]
    for field in keys:
        if field.related_model._meta.app_label == record._meta.app_label and getattr(record, field.attname):
            found = party_of(getattr(record, field.name))
            if found is not None:
                return found
    return None
