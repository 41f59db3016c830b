"""Reading the audit trail."""

from django.db import models

from core.audit.models import Change


def history(row: models.Model) -> models.QuerySet[Change]:
    """Every change of one row, the latest first."""
    return Change.objects.filter(table=row._meta.db_table, row_id=row.pk).order_by("-pk")
