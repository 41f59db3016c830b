"""What persons ask of us about themselves, what was erased, and how long things are kept."""

from datetime import timedelta
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.db import Stateful, ThisTransaction, Tracked, TransactionIdField
from core.guards import POSTED, Guard
from core.parties.models import Party

ANSWER_WITHIN = timedelta(days=30)
"""One month: GDPR, article 12 (3). Whoever takes a request may name an earlier day, where a law or a promise asks for it."""


class RequestQuerySet(models.QuerySet["PrivacyRequest"]):
    """Requests by where they stand."""

    def open(self) -> "RequestQuerySet":
        """Still to be answered."""
        return self.filter(status=PrivacyRequest.Status.OPEN)

    def late(self) -> "RequestQuerySet":
        """Open beyond their day."""
        return self.open().filter(due_on__lt=clock.today())


class PrivacyRequest(Stateful):
    """Somebody asks what we know of them, or to be forgotten. It is about a party, a user, or an e-mail address nobody else goes by."""

    class Kind(models.TextChoices):
        EXPORT = "export", _("What we know of them")
        ERASURE = "erasure", _("To be erased")

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")

    MOVES: ClassVar[dict[str, tuple[str, ...]]] = {Status.OPEN: (Status.DONE, Status.REFUSED)}

    status = models.CharField(_("status"), max_length=24, choices=Status, default=Status.OPEN)
    kind = models.CharField(_("wants"), max_length=8, choices=Kind)
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, blank=True, related_name="privacy_requests", verbose_name=_("who")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="privacy_requests",
        verbose_name=_("colleague"),
    )
    email = models.EmailField(_("e-mail"), blank=True)
    how = models.CharField(_("how they asked"), max_length=300, blank=True)
    received_on = models.DateField(_("received"))
    due_on = models.DateField(_("due"))
    ended_at = models.DateTimeField(_("answered"), null=True, blank=True, editable=False)
    refused_because = models.CharField(_("why not"), max_length=500, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("taken by"))

    objects = RequestQuerySet.as_manager()

    class Meta(Stateful.Meta):
        verbose_name = _("privacy request")
        verbose_name_plural = _("privacy requests")
        default_permissions = ("view",)
        permissions: ClassVar = [
            ("receive_request", "Can take privacy requests"),
            ("export_person", "Can export what is known of a person"),
            ("erase_person", "Can erase a person"),
            ("refuse_request", "Can refuse privacy requests"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="a_privacy_request_status_is_known", condition=Q(status__in=["open", "done", "refused"])),
            models.CheckConstraint(
                name="a_privacy_request_is_about_somebody",
                condition=Q(party__isnull=False, user__isnull=True, email="")
                | Q(party__isnull=True, user__isnull=False, email="")
                | (Q(party__isnull=True, user__isnull=True) & ~Q(email="")),
            ),
            models.CheckConstraint(
                name="a_refused_privacy_request_says_why",
                condition=(Q(status="refused") & ~Q(refused_because="")) | (~Q(status="refused") & Q(refused_because="")),
            ),
            models.CheckConstraint(
                name="an_ended_privacy_request_says_when",
                condition=Q(status="open", ended_at__isnull=True) | (~Q(status="open") & Q(ended_at__isnull=False)),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["due_on", "id"], name="privacy_request_by_due")]

    def __str__(self) -> str:
        return f"{self.whom}: {self.get_kind_display()}"

    @property
    def whom(self) -> str:
        """Whom it is about, in words."""
        return str(self.party or self.user or self.email)

    @property
    def is_open(self) -> bool:
        """Whether it is still to be answered."""
        return self.status == self.Status.OPEN


OF_THIS_TRANSACTION = Guard(
    name="of_this_transaction",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="NEW.created_xid = pg_current_xact_id(); RETURN NEW;",
)


class Erasure(models.Model):
    """Once that persons' facts were wiped from posted rows: the database lets nobody do so without writing one in the same transaction."""

    reason = models.CharField(max_length=120)
    request = models.ForeignKey(PrivacyRequest, on_delete=models.PROTECT, null=True, related_name="erasures")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    created_xid = TransactionIdField(db_default=ThisTransaction(), editable=False)

    class Meta:
        verbose_name = _("erasure")
        default_permissions = ("view",)
        indexes: ClassVar = [models.Index(fields=["created_xid"], name="erasure_of_transaction")]
        constraints: ClassVar = [models.CheckConstraint(name="an_erasure_has_a_reason", condition=~Q(reason=""))]
        triggers: ClassVar = [OF_THIS_TRANSACTION, *POSTED]

    def __str__(self) -> str:
        return f"{self.reason} {self.made_at:%Y-%m-%d}"


class Retention(Tracked):
    """How long rows of one kind are kept here: ``days`` after their end, 0 for ever. A rule without a row goes by its own days."""

    rule = models.CharField(_("what"), max_length=60, unique=True)
    days = models.PositiveIntegerField(_("days"))
    applied_at = models.DateTimeField(_("last looked"), null=True, blank=True, editable=False)
    removed = models.PositiveIntegerField(_("forgotten so far"), default=0, editable=False)

    class Meta(Tracked.Meta):
        verbose_name = _("retention rule")
        default_permissions = ("view",)
        permissions: ClassVar = [("change_retention", "Can change how long things are kept")]
        constraints: ClassVar = [
            models.CheckConstraint(name="nothing_is_kept_for_less_than_a_month", condition=Q(days=0) | Q(days__gte=30))
        ]

    def __str__(self) -> str:
        from core.privacy.registry import rule_of  # noqa: PLC0415 - the registry imports every app's models

        rule = rule_of(self.rule)
        return str(rule.title) if rule else self.rule
