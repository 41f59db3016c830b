"""The ground floor's own tables."""

from django.db import models

from core.numbering import Counter

__all__ = ["Counter", "ReferenceMark"]


class ReferenceMark(models.Model):
    """One transaction changed reference data. The marks there are, together, stand for what the reference tables say."""

    transaction = models.BigIntegerField(primary_key=True)
    mark = models.UUIDField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.mark)
