"""What is done with papers: sent."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.db.models import Model
from django.utils import translation
from django.utils.translation import gettext as _

from core.db import locked
from core.effects.models import Effect
from core.effects.operations import Enclosure, request_mail
from core.errors import Gone, Refused
from core.people.models import User
from core.printing.documents import Document, Printout, find, printout
from core.printing.mailing import Letter, letter_for, reached_at
from core.web.registry import url_of


class NoAddress(Refused):
    """Nobody knows where to send it."""


class OnlyADraft(Refused):
    """A draft is for our own eyes."""


def send_document(
    record: Model,
    *,
    document: str,
    to: Sequence[str] = (),
    cc: Sequence[str] = (),
    subject: str = "",
    body: str = "",
    key: str = "",
    by: User,
    **options: Any,
) -> Effect:
    """Send one of a record's papers by e-mail, as PDF, from a worker. Without ``to``, ``subject`` or ``body``: to the customer's main
    address, in the words of their language. The same ``key`` twice sends once. ``options`` are those of the paper, such as a period."""
    with locked(by=by):
        paper = _paper(record, document, options)
        letter = letter_for(paper, record, by)
        recipients = [address for address in to if address.strip()] or letter.to
        if not recipients:
            raise _nowhere_to_send(paper.document, record)
        return _post(paper, record, letter, recipients, cc=cc, subject=subject, body=body, key=key, by=by)


def _paper(record: Model, slug: str, options: dict[str, Any]) -> Printout:
    document = find(record._meta.label_lower, slug)
    if document is None or (document.when is not None and not document.when(record)):
        raise Gone(_("%(thing)s has no such document now.") % {"thing": record}, fix=_("Load it again."))
    paper = printout(document, record, **(options or document.options()))
    if paper.paper.stamp:
        raise OnlyADraft(
            _("%(document)s %(number)s is still a draft.") % {"document": document.title, "number": paper.paper.number},
            fix=_("Finish it first; until then you can look at it."),
            link=url_of(record),
        )
    return paper


def _nowhere_to_send(document: Document, record: Model) -> NoAddress:
    party = document.party(record)
    return NoAddress(
        _("%(party)s has no e-mail address.") % {"party": party or record},
        fix=_("Write one here, or add it to the customer so that it is there the next time."),
        link=url_of(party),
        field="to",
    )


def _post(
    paper: Printout, record: Model, letter: Letter, to: Sequence[str], *, cc: Sequence[str], subject: str, body: str, key: str, by: User
) -> Effect:
    party = paper.document.party(record)
    with translation.override(paper.language):
        enclosure = Enclosure(paper.paper.file_name, paper.pdf())
    return request_mail(
        to=to,
        cc=cc,
        subject=subject.strip() or letter.subject,
        body=body.strip() or letter.body,
        enclosures=[enclosure],
        key=f"document:{record._meta.label_lower}:{record.pk}:{paper.document.slug}:{key or uuid4()}",
        about=record,
        party=party,
        by=by,
    )


__all__ = ["NoAddress", "OnlyADraft", "reached_at", "send_document"]
