"""Reading the audit trail."""

from django.db import models

from core.audit.models import Change


def history(row: models.Model) -> models.QuerySet[Change]:
    """Every change of one row, the latest first."""
    return Change.objects.filter(table=row._meta.db_table, row_id=row.pk).order_by("-pk")


def latest() -> int:
    """The number of the latest change of all, whatever it changed: while it stays the same, nothing tracked has changed."""
    return Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
