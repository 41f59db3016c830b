"""What is remembered of requests that may be sent twice."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock


class RememberedRequest(models.Model):
    """A request that was carried out under an ``Idempotency-Key``, and its answer. One row per person and key."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(_("Idempotency-Key"), max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField(blank=True)
    location = models.CharField(max_length=200, blank=True, db_default="")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("remembered request")
        verbose_name_plural = _("remembered requests")
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "key"], name="one_answer_per_person_and_key")]
        indexes: ClassVar = [models.Index(fields=["made_at"], name="remembered_since")]
        default_permissions = ()

    def __str__(self) -> str:
        return self.key
