"""What is done with files: attached, and taken off again."""

from functools import partial
from pathlib import PurePath

from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from core.db import locked, tell_the_database
from core.errors import Refused
from core.events.cause import acting
from core.files.models import Attachment
from core.people.models import User

LARGEST = 20 * 1024 * 1024
"""The largest file taken, in bytes."""

LONGEST_NAME = 200

MEDIA_TYPES: dict[str, tuple[str, tuple[bytes, ...]]] = {
    ".pdf": ("application/pdf", (b"%PDF-",)),
    ".png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    ".jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".gif": ("image/gif", (b"GIF87a", b"GIF89a")),
    ".webp": ("image/webp", (b"RIFF",)),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (b"PK\x03\x04",)),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (b"PK\x03\x04",)),
    ".odt": ("application/vnd.oasis.opendocument.text", (b"PK\x03\x04",)),
    ".zip": ("application/zip", (b"PK\x03\x04",)),
    ".txt": ("text/plain", (b"",)),
    ".csv": ("text/csv", (b"",)),
}
"""What may be attached: file ending -> media type and the first bytes such a file has."""


class FileRefused(Refused):
    """A file that is too large, empty, or not what its name says."""


def attach(kind: str, object_id: int, upload: UploadedFile, *, by: User) -> Attachment:
    """Keep a file with a record. Its kind is decided by its ending and first bytes together, never by what the sender says."""
    ending = PurePath(upload.name or "").suffix.lower()
    size = upload.size or 0
    if ending not in MEDIA_TYPES:
        raise FileRefused(
            _("Files like %(name)s are not taken.") % {"name": upload.name},
            fix=_("Attach one of: %(endings)s.") % {"endings": ", ".join(sorted(MEDIA_TYPES))},
            field="file",
        )
    if not 0 < size <= LARGEST:
        raise FileRefused(
            _("%(name)s is empty or larger than %(mb)s MB.") % {"name": upload.name, "mb": LARGEST // 1024 // 1024}, field="file"
        )
    media_type, beginnings = MEDIA_TYPES[ending]
    upload.seek(0)
    head = upload.read(16)
    upload.seek(0)
    if not head.startswith(beginnings) or (media_type.startswith("text/") and b"\0" in head):
        raise FileRefused(_("%(name)s is not what its name says.") % {"name": upload.name}, field="file")
    with locked(by=by):
        return Attachment.objects.create(
            kind=kind,
            object_id=object_id,
            file=upload,
            name=file_name(upload.name or ""),
            media_type=media_type,
            size=size,
            uploaded_by=by,
        )


def file_name(said: str) -> str:
    """The name a file came with, as it may stand in a header and a row: no folders, one line, its ending kept."""
    path = PurePath("".join(letter for letter in said if letter.isprintable()))
    return f"{path.stem[: LONGEST_NAME - len(path.suffix)]}{path.suffix}"


def keep_file(
    kind: str, object_id: int, name: str, content: "File[bytes]", media_type: str, *, instead: bool = False, by: User
) -> Attachment:
    """Keep a file the system itself made, such as an export, with a record. ``instead``: one of the same name gives way."""
    with transaction.atomic(), acting(by=by):
        tell_the_database()
        for old in Attachment.objects.filter(kind=kind, object_id=object_id, name=name) if instead else ():
            stored = old.file
            old.delete()
            transaction.on_commit(partial(stored.delete, save=False))
        content.name = name
        return Attachment.objects.create(
            kind=kind, object_id=object_id, file=content, name=name, media_type=media_type, size=content.size, uploaded_by=by
        )


def remove_attachment(attachment: Attachment, *, by: User) -> None:
    """Take a file off a record; the audit trail keeps that it was there."""
    with locked(attachment, by=by) as attachment:
        stored = attachment.file
        attachment.delete()
        transaction.on_commit(lambda: stored.delete(save=False))
