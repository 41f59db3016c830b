"""What the processes between the modules remember."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import clock
from core.events.models import Record
from core.parties.models import Party
from core.people.hiding import hide
from core.people.visibility import OnRecords
from integration.inbound.models import ReceivedWebhook, Source, SourceSecret
from integration.webhooks.models import Attempt, Endpoint, EndpointSecret

__all__ = ["Attempt", "Drift", "Endpoint", "EndpointSecret", "ProcessInstance", "ReceivedWebhook", "Source", "SourceSecret"]


class ProcessInstanceQuerySet(OnRecords["ProcessInstance"]):
    """Instances by where they stand."""

    ASKS = False

    def open(self) -> "ProcessInstanceQuerySet":
        """Not at their end yet."""
        return self.filter(ended_at__isnull=True)

    def due(self) -> "ProcessInstanceQuerySet":
        """What they waited for has not come in time."""
        return self.filter(due_at__lte=clock.now())


class ProcessInstance(models.Model):
    """Where one business process stands with one document: its business key is (process, kind, object_id).

    ``state`` is what it waits for; ``record`` the event that brought it there; at ``due_at`` the event in ``due_type`` and ``due_payload`` is
    published, unless something else happened before.
    """

    class Outcome(models.TextChoices):
        COMPLETED = "completed", _("Completed")
        COMPENSATED = "compensated", _("Taken back")

    process = models.CharField(_("process"), max_length=60)
    kind = models.CharField(max_length=60)
    object_id = models.PositiveBigIntegerField()
    number = models.CharField(_("document"), max_length=40)
    state = models.CharField(_("state"), max_length=40)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField(_("waits until"), null=True, blank=True)
    due_type = models.CharField(max_length=80, blank=True)
    due_version = models.PositiveSmallIntegerField(default=1)
    due_payload = models.JSONField(default=dict, blank=True)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ProcessInstanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("process instance")
        verbose_name_plural = _("process instances")
        default_permissions = ("view",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["process", "kind", "object_id"], name="one_instance_per_business_key"),
            models.CheckConstraint(name="a_deadline_says_what_happens", condition=Q(due_at__isnull=True) | ~Q(due_type="")),
            models.CheckConstraint(
                name="an_end_has_an_outcome_and_no_deadline",
                condition=Q(ended_at__isnull=True, outcome="") | (Q(ended_at__isnull=False, due_at__isnull=True) & ~Q(outcome="")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="process_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["party", "state"], name="process_of_party", condition=Q(ended_at__isnull=True)),
            models.Index(F("changed_at").desc(), name="process_changed"),
        ]

    def __str__(self) -> str:
        return f"{self.process} {self.number}"


hide("integration.drift", "message", "expected", "actual", unless="catalog.view_cost")  # what stock is worth, among others


class DriftQuerySet(models.QuerySet["Drift"]):
    """Drift by whether it still stands."""

    def standing(self) -> "DriftQuerySet":
        """Found, and not gone yet."""
        return self.filter(cleared_at=None)


class Drift(models.Model):
    """A figure that did not follow from its source when the reconciler looked. It is written down, told, and never repaired by a machine."""

    rule = models.CharField(_("rule"), max_length=160)
    row = models.CharField(_("row"), max_length=160)
    message = models.TextField(_("what was found"))
    expected = models.CharField(_("follows from the source"), max_length=200, blank=True)
    actual = models.CharField(_("says"), max_length=200, blank=True)
    found_at = models.DateTimeField(_("found"), default=clock.now)
    seen_at = models.DateTimeField(_("last seen"), default=clock.now)
    cleared_at = models.DateTimeField(_("gone"), null=True, blank=True)

    objects = DriftQuerySet.as_manager()

    class Meta:
        verbose_name = _("drift")
        verbose_name_plural = _("drifts")
        default_permissions = ("view",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rule", "row"], condition=Q(cleared_at=None), name="a_drift_stands_once"),
        ]

    def __str__(self) -> str:
        return f"{self.row}: {self.rule}"
