"""Records (what happened) and deliveries (who still has to react to it)."""

from typing import ClassVar
from uuid import uuid4

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import clock
from core.db import Tracked
from core.guards import ERASABLE, POSTED, Guard
from core.parties.models import Party


class Record(models.Model):
    """One event, as it happened. Never changed, never deleted; only what it says of a person gives way when the person is erased."""

    event_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    type = models.CharField(max_length=80)
    schema_version = models.PositiveSmallIntegerField(default=1)
    key = models.CharField(max_length=80)
    # The how-manieth of its type about its key. Whoever publishes the next waits for the commit of the one before: ids follow it.
    sequence = models.PositiveBigIntegerField(null=True, editable=False)
    payload = models.JSONField()
    # History outlives whom it is about: a party that an import made by mistake may go, what happened to it stays.
    party = models.ForeignKey(Party, on_delete=models.DO_NOTHING, db_constraint=False, null=True, blank=True, related_name="records")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    correlation_id = models.UUIDField()
    causation_id = models.UUIDField(null=True, blank=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("event record")
        indexes: ClassVar = [
            models.Index(fields=["party", "-occurred_at", "-id"], name="record_of_party", condition=Q(party__isnull=False)),
            models.Index(fields=["correlation_id", "id"], name="record_of_story"),
            models.Index(fields=["causation_id"], name="record_by_cause", condition=Q(causation_id__isnull=False)),
            models.Index(fields=["type", "id"], name="record_of_type"),
            GinIndex(fields=["payload"], opclasses=["jsonb_path_ops"], name="record_about_document"),
        ]
        constraints: ClassVar = [models.UniqueConstraint(fields=["type", "key", "sequence"], name="records_of_a_key_follow_one_another")]
        triggers: ClassVar = ERASABLE
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.type} {self.key}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Deliveries by where they stand."""

    def unfinished(self) -> "DeliveryQuerySet":
        """Still to do, being done, or dead: whatever its followers wait for."""
        return self.filter(status__in=Delivery.UNFINISHED)

    def on_its_way(self) -> "DeliveryQuerySet":
        """Still to do or being done: a worker comes to it without anybody's word."""
        return self.filter(status__in=Delivery.ON_ITS_WAY)

    def dead(self) -> "DeliveryQuerySet":
        """Given up: somebody has to retry or skip."""
        return self.filter(status=Delivery.Status.DEAD)

    def in_line(self) -> "DeliveryQuerySet":
        """Who stands in the line of a delivery of an outer query, itself included, the head first."""
        return self.unfinished().filter(handler=OuterRef("handler"), key=OuterRef("key")).order_by("record_id")


class Delivery(models.Model):
    """One handler's work on one record: inbox and queue entry in one row.

    The deliveries of one handler and key form a line. Its head is ``pending``; those behind it are ``queued`` once a worker has met
    them, and nobody looks at them again before the one in front has left (docs/decisions/0009-lines.md).
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("Pending")
        QUEUED = "queued", _("Queued")
        LEASED = "leased", _("Running")
        DONE = "done", _("Done")
        DEAD = "dead", _("Dead")
        SKIPPED = "skipped", _("Skipped")

    ON_ITS_WAY: ClassVar = (Status.PENDING, Status.QUEUED, Status.LEASED)
    UNFINISHED: ClassVar = (*ON_ITS_WAY, Status.DEAD)

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="deliveries")
    handler = models.CharField(max_length=120)
    key = models.CharField(max_length=80)
    status = models.CharField(max_length=8, choices=Status, default=Status.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    available_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    skipped_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    skipped_because = models.TextField(blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = pgettext_lazy("events", "deliveries")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "handler"], name="one_delivery_per_record_and_handler"),
            models.CheckConstraint(
                name="a_lease_has_token_and_end",
                condition=Q(status="leased", lease_token__isnull=False, lease_until__isnull=False)
                | (~Q(status="leased") & Q(lease_token__isnull=True, lease_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="a_skip_has_a_person_and_a_reason",
                condition=~Q(status="skipped") | (Q(skipped_by__isnull=False) & ~Q(skipped_because="")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["available_at", "record"], name="delivery_ready", condition=Q(status="pending")),
            models.Index(fields=["lease_until"], name="delivery_leased", condition=Q(status="leased")),
            models.Index(
                fields=["handler", "key", "record"],
                name="delivery_in_order",
                condition=Q(status__in=["pending", "queued", "leased", "dead"]),
            ),
            models.Index(fields=["handler", "key", "record"], name="delivery_next", condition=Q(status="queued")),
            models.Index(fields=["handler", "record"], name="delivery_dead", condition=Q(status="dead")),
        ]
        # The engine's own steps are no decisions; what brings a dead delivery back, or gives it up, is one, and the database writes it down.
        triggers: ClassVar = [
            Guard(
                name="audit",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.status = 'dead' AND NEW.status IS DISTINCT FROM OLD.status"),
                func="PERFORM audit_write(TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW)); RETURN NULL;",
            )
        ]
        default_permissions = ("view",)
        permissions: ClassVar = [
            ("retry_delivery", "Can retry a delivery"),
            ("skip_delivery", "Can skip a delivery"),
            ("approve_skip", "Can approve that a delivery is skipped whose work is in the books"),
        ]

    def __str__(self) -> str:
        return f"{self.handler} <- {self.record_id}"


class ArchivedDelivery(models.Model):
    """A delivery that was done long ago: it has left the queue's table, and stays known so that no replay runs it again."""

    id = models.BigIntegerField(primary_key=True)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="archived_deliveries")
    handler = models.CharField(max_length=120)
    key = models.CharField(max_length=80)
    attempts = models.PositiveSmallIntegerField()
    done_at = models.DateTimeField()
    archived_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("archived delivery")
        verbose_name_plural = _("archived deliveries")
        constraints: ClassVar = [models.UniqueConstraint(fields=["record", "handler"], name="one_archived_delivery_per_record_and_handler")]
        triggers: ClassVar = POSTED
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.handler} <- {self.record_id}"


class Replay(Tracked):
    """Somebody carried past events to a handler that never got them: which span, and how many deliveries that made."""

    handler = models.CharField(_("handler"), max_length=120)
    from_date = models.DateField(_("from"), null=True, blank=True)
    to_date = models.DateField(_("up to"), null=True, blank=True)
    made = models.PositiveIntegerField(_("deliveries"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by"))

    class Meta(Tracked.Meta):
        verbose_name = _("replay")
        verbose_name_plural = _("replays")
        default_permissions = ("view",)
        permissions: ClassVar = [("replay_events", "Can carry past events to a handler")]

    def __str__(self) -> str:
        return self.handler


class Noted(models.Model):
    """A fact from elsewhere that an operation has taken into account: told again, however often, it changes nothing."""

    operation = models.CharField(max_length=80)
    fact_id = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("noted fact")
        constraints: ClassVar = [models.UniqueConstraint(fields=["operation", "fact_id"], name="a_fact_is_noted_once")]
        triggers: ClassVar = POSTED
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.operation} {self.fact_id}"


class HandlerPauseQuerySet(models.QuerySet["HandlerPause"]):
    """Pauses by whether they still hold."""

    def active(self) -> "HandlerPauseQuerySet":
        """Those that nobody has ended."""
        return self.filter(ended_at=None)

    def in_the_way(self) -> "HandlerPauseQuerySet":
        """Those that hold up a delivery of an outer query now."""
        return self.active().filter(handler=OuterRef("handler"))


class HandlerPause(Tracked):
    """A handler that somebody has stopped for a while: its deliveries wait as they are, and go on when it ends."""

    handler = models.CharField(_("handler"), max_length=120)
    reason = models.CharField(_("why"), max_length=300)
    paused_at = models.DateTimeField(_("since"), default=clock.now, editable=False)
    paused_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("paused by"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )

    objects = HandlerPauseQuerySet.as_manager()

    class Meta(Tracked.Meta):
        verbose_name = _("pause of a handler")
        verbose_name_plural = _("pauses of handlers")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["handler"], condition=Q(ended_at=None), name="a_handler_is_paused_once"),
            models.CheckConstraint(name="a_pause_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="a_pause_is_ended_by_somebody",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True) | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]
        default_permissions = ("view",)
        permissions: ClassVar = [("pause_handler", "Can pause a handler"), ("resume_handler", "Can let a handler go on")]

    def __str__(self) -> str:
        return self.handler
