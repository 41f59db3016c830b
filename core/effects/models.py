"""Effects: what is to be done outside the database, and what became of it."""

from typing import Any, ClassVar
from uuid import uuid4

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.db import AUDIT, TOUCH, Stateful
from core.guards import Guard
from core.parties.models import Party


class EffectQuerySet(models.QuerySet["Effect"]):
    """Effects by where they stand."""

    def unfinished(self) -> "EffectQuerySet":
        """Those that are still to happen."""
        return self.filter(status__in=(Effect.Status.PENDING, Effect.Status.SENDING))

    def failed(self) -> "EffectQuerySet":
        """Given up: somebody has to try again or call them off."""
        return self.filter(status=Effect.Status.FAILED)

    def about(self, record: models.Model) -> "EffectQuerySet":
        """Those that have to do with a record."""
        return self.filter(about_kind=record._meta.label_lower, about_id=record.pk)


class Effect(Stateful):
    """One thing to do outside: an e-mail, a webhook. ``idempotency_key`` tells the other side (and us) that two tries are the same thing;
    ``answer`` is what the other side said last."""

    class Kind(models.TextChoices):
        MAIL = "mail", _("E-mail")
        WEBHOOK = "webhook", _("Webhook")

    class Status(models.TextChoices):
        PENDING = "pending", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Called off")

    MOVES: ClassVar[dict[str, tuple[str, ...]]] = {
        Status.PENDING: (Status.SENDING, Status.CANCELLED),
        Status.SENDING: (Status.SENT, Status.PENDING, Status.FAILED),
        Status.SENT: (Status.PENDING,),
        Status.FAILED: (Status.PENDING, Status.CANCELLED),
        Status.CANCELLED: (Status.PENDING,),
    }

    status = models.CharField(_("status"), max_length=24, choices=Status, default=Status.PENDING)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    idempotency_key = models.CharField(_("key"), max_length=200, unique=True)
    payload = models.JSONField(_("what"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("next try"), default=timezone.now)
    lease_token = models.UUIDField(null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    answer = models.TextField(_("answer"), blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)
    about_kind = models.CharField(max_length=60, blank=True)
    about_id = models.BigIntegerField(null=True, blank=True)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="effects", verbose_name=_("to"))
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    correlation_id = models.UUIDField(default=uuid4, editable=False)

    objects = EffectQuerySet.as_manager()

    class Meta(Stateful.Meta):
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outgoing messages")
        default_permissions = ("view",)
        permissions: ClassVar = [
            ("send_document", "Can send documents by e-mail"),
            ("retry_effect", "Can try failed messages again"),
            ("cancel_effect", "Can call messages off"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="an_effect_under_way_is_leased",
                condition=Q(status="sending", lease_token__isnull=False, lease_until__isnull=False)
                | (~Q(status="sending") & Q(lease_token__isnull=True, lease_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="an_effect_status_is_known", condition=Q(status__in=["pending", "sending", "sent", "failed", "cancelled"])
            ),
            models.CheckConstraint(
                name="an_ended_effect_says_when", condition=Q(status__in=["pending", "sending"]) | Q(ended_at__isnull=False)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind", "due_at", "id"], name="effect_due_by_kind", condition=Q(status="pending")),
            models.Index(fields=["about_id", "due_at", "id"], name="webhook_due", condition=Q(status="pending", kind="webhook")),
            models.Index(fields=["lease_until"], name="effect_leased", condition=Q(status="sending")),
            models.Index(fields=["about_kind", "about_id", "-id"], name="effect_about_record"),
            models.Index(fields=["id"], name="effect_failed", condition=Q(status="failed")),
        ]
        # Every try moves a row: the trail keeps what was asked for and how it ended, not the steps between.
        triggers: ClassVar = [
            TOUCH,
            Guard(name="audit", when=pgtrigger.After, operation=pgtrigger.Insert | pgtrigger.Delete, func=AUDIT.func),
            Guard(
                name="audit_end",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("status"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.Q(new__status__in=["sent", "failed", "cancelled"]),
                func=AUDIT.func,
            ),
        ]

    def __str__(self) -> str:
        return self.subject or self.idempotency_key

    @property
    def subject(self) -> str:
        """What an e-mail says it is about."""
        return str(self.payload.get("subject", ""))

    @property
    def recipients(self) -> list[str]:
        """Everybody an e-mail goes to."""
        found: list[Any] = [*self.payload.get("to", []), *self.payload.get("cc", [])]
        return [str(one) for one in found]

    @property
    def addressed_to(self) -> str:
        """Everybody an e-mail goes to, in one line."""
        return ", ".join(self.recipients)
