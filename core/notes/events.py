"""What happens when somebody notes something."""

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class NoteWritten(Event):
    """Somebody noted something on a record; ``mentioned`` are the users they called on."""

    KEY = "note_id"
    PARTY = "party_id"
    EXTERNAL = True

    note_id: int
    kind: str
    object_id: int
    party_id: int | None
    body: str
    mentioned: tuple[int, ...]
