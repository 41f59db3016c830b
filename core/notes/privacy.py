"""What notes say of persons: whatever somebody wrote on their page."""

from django.db.models import Q

from core.guards import ERASED
from core.notes.events import NoteWritten
from core.notes.models import Note
from core.privacy.registry import Personal, Told

PERSONAL = (
    Personal(
        Note,
        rows=lambda whom: Note.objects.filter(Q(kind="parties.party", object_id=whom.party_id) | Q(party=whom.party_id)),
        wipe={"body": ERASED},
    ),
)
TOLD = (Told(NoteWritten, "note_id", Note, ("body",)),)
NOT_PERSONAL = {"notes.Note": "kind"}
