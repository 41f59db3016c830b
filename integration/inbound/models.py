"""Whose webhooks we take, what they become, and everything that came in."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.db import Stateful
from core.events.models import Delivery, Record


class Source(Stateful):
    """Somebody else's system that tells us something. It acts as a user of its own, who may do one thing."""

    class Status(models.TextChoices):
        ENABLED = "enabled", _("Enabled")
        DISABLED = "disabled", _("Disabled")

    class Action(models.TextChoices):
        LEAD = "lead", _("Create a lead")
        PAYMENT = "payment", _("Register a payment")

    MOVES: ClassVar[dict[str, tuple[str, ...]]] = {Status.ENABLED: (Status.DISABLED,), Status.DISABLED: (Status.ENABLED,)}

    status = models.CharField(_("state"), max_length=24, choices=Status, default=Status.ENABLED)
    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    action = models.CharField(_("what it becomes"), max_length=12, choices=Action)
    acts_as = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("acts as"))
    secret_changed_at = models.DateTimeField(_("secret changed"), default=clock.now, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta(Stateful.Meta):
        verbose_name = _("webhook source")
        verbose_name_plural = _("webhook sources")
        default_permissions = ("view",)
        permissions: ClassVar = [
            ("create_source", "Can let other systems tell us something"),
            ("enable_source", "Can enable webhook sources"),
            ("disable_source", "Can disable webhook sources"),
            ("change_source_secret", "Can change the secret of a webhook source"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="a_source_status_is_known", condition=Q(status__in=["enabled", "disabled"])),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Where it posts to, on our own address."""
        return f"/hooks/{self.public_id}/"


class SourceSecret(models.Model):
    """What a source signs with, sealed. While one is changed for another, both are good."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="secrets")
    sealed = models.TextField()
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("secret of a source")
        verbose_name_plural = _("secrets of sources")
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source"], condition=Q(expires_at=None), name="a_source_has_one_lasting_secret")
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.created_at}"


class ReceivedWebhookQuerySet(models.QuerySet["ReceivedWebhook"]):
    """What came in, by what became of it."""

    def open(self) -> "ReceivedWebhookQuerySet":
        """What nothing has become of yet."""
        return self.filter(handled_at=None)

    def with_refusals(self) -> "ReceivedWebhookQuerySet":
        """With ``is_refused``: nothing became of it, and nothing will by itself."""
        dead = Delivery.objects.filter(record=models.OuterRef("record"), status=Delivery.Status.DEAD)
        return self.annotate(is_refused=models.Exists(dead))

    def stuck(self) -> "ReceivedWebhookQuerySet":
        """What was refused, and waits for somebody."""
        return self.open().filter(record__deliveries__status=Delivery.Status.DEAD)


class ReceivedWebhook(models.Model):
    """One message of a source: as it came, and what it became."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="received", verbose_name=_("webhook source"))
    webhook_id = models.CharField(_("Webhook-ID"), max_length=200)
    received_at = models.DateTimeField(_("received"), default=clock.now)
    headers = models.JSONField(_("headers"))
    body = models.TextField(_("body"))
    record = models.ForeignKey(Record, on_delete=models.PROTECT, null=True, related_name="+")
    handled_at = models.DateTimeField(_("done"), null=True, blank=True)
    result_kind = models.CharField(max_length=60, blank=True)
    result_id = models.BigIntegerField(null=True, blank=True)

    objects = ReceivedWebhookQuerySet.as_manager()

    class Meta:
        verbose_name = _("received webhook")
        verbose_name_plural = _("received webhooks")
        default_permissions = ("view",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "webhook_id"], name="a_webhook_is_received_once")]
        indexes: ClassVar = [models.Index(fields=["id"], name="received_open", condition=Q(handled_at=None))]

    def __str__(self) -> str:
        return self.webhook_id
