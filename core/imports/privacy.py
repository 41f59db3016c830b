"""What imports say of persons: the cells of the files they were read from."""

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from core.imports.models import ImportRow
from core.privacy.registry import Personal, Rule, Subject


def rows_about(whom: Subject) -> QuerySet[ImportRow]:
    """Rows a party was made from, and those in which one of their addresses stands."""
    made = Q(run__kind__startswith="parties.", object_id=whom.party_id)
    return ImportRow.objects.annotate(text=Cast("cells", TextField())).filter(made | whom.written_to_in("text"))


PERSONAL = (Personal(ImportRow, rows=rows_about, wipe={"cells": {}, "problems": [], "before": None, "after": None, "note": ""}),)
NOT_PERSONAL = {
    "imports.ExternalId": "source kind external_id fingerprint",
    "imports.ImportRun": "kind name header sample encoding separator sheet fields counts",
}
RETENTION = (
    Rule(
        "imports",
        _("Cells of imported files"),
        ImportRow,
        lambda until: ImportRow.objects.filter(run__imported_at__lt=until).exclude(cells={}),
        days=365,
        note=_("After that an import can no longer be taken back."),
    ),
)
