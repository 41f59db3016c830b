"""Endpoints of other people's systems, the secrets their messages are signed with, and every attempt to tell them."""

from datetime import datetime
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.db import AUDIT, TOUCH, Stateful
from core.effects.models import Effect
from core.guards import Guard


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    """Endpoints by whether they hear of anything."""

    def enabled(self) -> "EndpointQuerySet":
        """Those that are told."""
        return self.filter(status=Endpoint.Status.ENABLED)

    def troubled(self) -> "EndpointQuerySet":
        """Those that need somebody: switched off because they failed, or failing now."""
        return self.filter(failing_since__isnull=False)

    def asking_for(self, event_type: str, payload: object) -> "EndpointQuerySet":
        """Those that want to hear of such an event with such facts."""
        module = event_type.partition(".")[0]
        wanted = self.enabled().filter(event_types__has_any_keys=[event_type, f"{module}.*", "*"])
        return wanted.filter(conditions__contained_by=payload).order_by("pk")

    def free(self, now: datetime) -> "EndpointQuerySet":
        """Those that may be told something now: they do not rest after failures, and nobody is telling them something else."""
        busy = Effect.objects.filter(kind=Effect.Kind.WEBHOOK, about_id=OuterRef("pk"), status=Effect.Status.SENDING, lease_until__gte=now)
        return self.enabled().filter(Q(rests_until__isnull=True) | Q(rests_until__lte=now)).exclude(Exists(busy))


class Endpoint(Stateful):
    """A machine of somebody else's that is told of events: which ones, and under which condition."""

    class Status(models.TextChoices):
        ENABLED = "enabled", _("Enabled")
        DISABLED = "disabled", _("Disabled")

    MOVES: ClassVar[dict[str, tuple[str, ...]]] = {Status.ENABLED: (Status.DISABLED,), Status.DISABLED: (Status.ENABLED,)}

    status = models.CharField(_("state"), max_length=24, choices=Status, default=Status.ENABLED)
    name = models.CharField(_("name"), max_length=120)
    url = models.CharField(_("URL"), max_length=500)
    event_types = models.JSONField(_("events"))
    conditions = models.JSONField(_("only with"), default=dict, blank=True)
    disabled_because = models.CharField(_("why it is off"), max_length=300, blank=True)
    # The circuit breaker: failures in a row, since when, and until when nothing is sent.
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    rests_until = models.DateTimeField(_("rests until"), null=True, blank=True)
    secret_changed_at = models.DateTimeField(_("secret changed"), default=clock.now, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))

    objects = EndpointQuerySet.as_manager()

    class Meta(Stateful.Meta):
        verbose_name = _("webhook endpoint")
        verbose_name_plural = _("webhook endpoints")
        default_permissions = ("view",)
        permissions: ClassVar = [
            ("create_endpoint", "Can create webhook endpoints"),
            ("change_endpoint", "Can change webhook endpoints"),
            ("enable_endpoint", "Can enable webhook endpoints"),
            ("disable_endpoint", "Can disable webhook endpoints"),
            ("rotate_secret", "Can change the secret of a webhook endpoint"),
            ("send_test", "Can send a test message to a webhook endpoint"),
            ("resend_message", "Can send a webhook once more"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="an_endpoint_status_is_known", condition=Q(status__in=["enabled", "disabled"])),
            models.CheckConstraint(name="an_endpoint_hears_of_something", condition=~Q(event_types=[])),
            models.CheckConstraint(
                name="a_disabled_endpoint_says_why",
                condition=Q(status="enabled", disabled_because="") | (Q(status="disabled") & ~Q(disabled_because="")),
            ),
        ]
        # The breaker counts by itself: the trail keeps what people decided, and that an endpoint was switched off.
        triggers: ClassVar = [
            TOUCH,
            Guard(name="audit", when=pgtrigger.After, operation=pgtrigger.Insert | pgtrigger.Delete, func=AUDIT.func),
            Guard(
                name="audit_change",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf(  # type: ignore[no-untyped-call]
                    "status", "name", "url", "event_types", "conditions", "secret_changed_at"
                ),
                func=AUDIT.func,
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EndpointSecret(models.Model):
    """What an endpoint's messages are signed with, sealed. While one is changed for another, both sign."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="secrets")
    sealed = models.TextField()
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("signing secret")
        verbose_name_plural = _("signing secrets")
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["endpoint"], condition=Q(expires_at=None), name="an_endpoint_has_one_lasting_secret")
        ]

    def __str__(self) -> str:
        return f"{self.endpoint_id} {self.created_at}"


class Attempt(models.Model):
    """One try to tell an endpoint of one event, and what it answered."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, related_name="attempts", verbose_name=_("webhook endpoint"))
    effect = models.ForeignKey(Effect, on_delete=models.PROTECT, related_name="attempts_made", verbose_name=_("message"))
    number = models.PositiveSmallIntegerField(_("attempt"))
    made_at = models.DateTimeField(_("made"), default=clock.now)
    took_ms = models.PositiveIntegerField(_("took, in ms"))
    address = models.CharField(_("address"), max_length=60, blank=True)
    status_code = models.PositiveSmallIntegerField(_("HTTP status"), null=True, blank=True)
    trouble = models.TextField(_("trouble"), blank=True)
    answer = models.TextField(_("answer"), blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        default_permissions = ("view",)
        indexes: ClassVar = [
            models.Index(fields=["endpoint", "-id"], name="attempt_at_endpoint"),
            models.Index(fields=["effect", "-id"], name="attempt_of_effect"),
            models.Index(fields=["made_at"], name="attempt_made"),
        ]

    def __str__(self) -> str:
        return f"{self.effect_id} #{self.number}"

    @property
    def outcome(self) -> str:
        """The status it was answered with, or the trouble there was."""
        return str(self.status_code) if self.status_code is not None else self.trouble
