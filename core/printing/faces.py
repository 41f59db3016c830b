"""Where papers show: on the records' screens."""

from collections.abc import Sequence
from typing import Any

from django.urls import NoReverseMatch, reverse

from core.people.models import User
from core.printing.documents import offered
from core.printing.views import pages_of
from core.web import hooks, registry


def plug_in() -> None:
    """Register with the screens; runs once at start."""
    registry.provide_record_pages(pages_of)
    hooks.provide_documents(papers_of)


def papers_of(kind: str, record: Any, user: User) -> Sequence[hooks.Document]:
    """The papers of a record, with the pages where they are seen and sent."""
    screen = registry.record_screen(kind)
    if screen is None:
        return []
    may_send = user.has_perm("effects.send_document")
    found = []
    for one in offered(record, user):
        try:
            seen, sent = (reverse(f"{screen.area()}:{screen.url_name()}-{page}", args=[record.pk, one.slug]) for page in ("print", "send"))
        except NoReverseMatch:  # a kind of record without pages of its own
            continue
        found.append(hooks.Document(one.title, seen, one.icon, sent if may_send and one.is_sent and not is_draft(one, record) else ""))
    return found


def is_draft(document: Any, record: Any) -> bool:
    """Whether the paper would be stamped a draft, said without writing it."""
    return document.draft is not None and document.draft(record)
