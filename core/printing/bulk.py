"""Papers of many records at once."""

from django.utils.translation import gettext_lazy as _

from core.printing.operations import send_document
from core.web.bulk import Bulk


def by_mail(document: str) -> Bulk:
    """Send this paper of every chosen record, each to its own customer; who has no address is named in the report."""
    return Bulk(
        send_document,
        _("Send by e-mail"),
        icon="mail",
        confirm=_("Every customer gets theirs at their main address, in their own language."),
        permission="effects.send_document",
        data={"document": document},
        slug="send",
    )
