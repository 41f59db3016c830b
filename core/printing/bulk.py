"""Papers of many records at once."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Gone
from core.people.models import User
from core.printing.documents import find, printout
from core.printing.operations import send_document
from core.web.bulk import Bulk


def by_mail(document: str) -> Bulk:
    """Send this paper of every chosen record, each to its own customer; who has no address is named in the report."""
    return Bulk(
        send_document,
        gettext_lazy("Send by e-mail"),
        icon="mail",
        confirm=gettext_lazy("Every customer gets theirs at their main address, in their own language."),
        permission="effects.send_document",
        data={"document": document},
        slug="send",
    )


def in_one_file(permission: str, *documents: str) -> Bulk:
    """The PDFs of the chosen records in one ZIP: of each the first of these papers that it has; who has none is named in the report."""
    return Bulk(
        _as_pdf,
        gettext_lazy("Download PDFs"),
        icon="file-archive",
        permission=permission,
        data={"documents": documents},
        slug="pdfs",
        collects=True,
    )


def _as_pdf(record: Any, *, documents: tuple[str, ...], by: User) -> tuple[str, bytes]:
    found = (find(record._meta.label_lower, slug) for slug in documents)
    document = next((one for one in found if one is not None and one.offered(record, by)), None)
    if document is None:
        raise Gone(_("It has no paper to print now."), fix=_("Leave it out."))
    paper = printout(document, record, **document.options())
    with translation.override(paper.language):
        return paper.paper.file_name, paper.pdf()
