"""Jobs: work done in the background for somebody."""

from typing import Any, ClassVar
from uuid import uuid4

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.db import AUDIT, TOUCH, Stateful
from core.guards import Guard
from core.people.models import User


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs by whose they are and where they stand."""

    def of(self, user: User) -> "JobQuerySet":
        """One person's own."""
        return self.filter(user=user)

    def visible_to(self, user: User) -> "JobQuerySet":
        """One's own; those who look after the system see everybody's."""
        return self.all() if user.has_perm("jobs.view_job") else self.of(user)

    def files_visible_to(self, user: User) -> "JobQuerySet":
        """Whose files a person may take: a file may hold what only its owner is allowed to see."""
        return self.of(user)

    def unfinished(self) -> "JobQuerySet":
        """Those a worker has still something to do for."""
        return self.filter(status__in=(Job.Status.QUEUED, Job.Status.RUNNING))

    def finished(self) -> "JobQuerySet":
        """Those that came to an end, whatever end."""
        return self.exclude(status__in=(Job.Status.QUEUED, Job.Status.RUNNING))


class Job(Stateful):
    """One piece of work for one person. ``done`` of ``total`` units (None: nobody knows how many); ``error`` is for the person,
    ``trace`` for those who look after the system; ``back`` is the page it was started from."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    MOVES: ClassVar[dict[str, tuple[str, ...]]] = {
        Status.QUEUED: (Status.RUNNING, Status.CANCELLED, Status.FAILED),
        Status.RUNNING: (Status.DONE, Status.FAILED, Status.CANCELLED),
        Status.FAILED: (Status.QUEUED,),
    }

    status = models.CharField(_("status"), max_length=24, choices=Status, default=Status.QUEUED)
    kind = models.CharField(_("kind"), max_length=60)
    params = models.JSONField(default=dict)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="jobs", verbose_name=_("for"))
    correlation_id = models.UUIDField(default=uuid4, editable=False)
    back = models.CharField(max_length=500, blank=True)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("of"), null=True, blank=True)
    note = models.CharField(_("at work on"), max_length=200, blank=True)
    result = models.JSONField(_("result"), default=dict)
    error = models.TextField(_("reason"), blank=True)
    trace = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    started_at = models.DateTimeField(_("started"), null=True, editable=False)
    finished_at = models.DateTimeField(_("ended"), null=True, editable=False)

    objects = JobQuerySet.as_manager()

    class Meta(Stateful.Meta):
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        default_permissions = ("view",)
        permissions: ClassVar = [
            ("cancel_job", "Can cancel other people's jobs"),
            ("retry_job", "Can run other people's failed jobs again"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="a_running_job_is_leased", condition=~Q(status="running") | Q(lease_token__isnull=False)),
            models.CheckConstraint(
                name="an_ended_job_says_when", condition=Q(status__in=("queued", "running")) | Q(finished_at__isnull=False)
            ),
            models.CheckConstraint(name="a_job_does_no_more_than_all", condition=Q(total__isnull=True) | Q(done__lte=F("total"))),
        ]
        indexes: ClassVar = [
            models.Index(fields=["status", "id"], name="job_by_status", condition=Q(status__in=("queued", "running"))),
            models.Index(fields=["user", "-id"], name="job_of_user"),
        ]
        # Progress is no history: the trail keeps what a job was asked and how it ended, not every step on the way.
        triggers: ClassVar = [
            TOUCH,
            Guard(name="audit", when=pgtrigger.After, operation=pgtrigger.Insert | pgtrigger.Delete, func=AUDIT.func),
            Guard(
                name="audit_status",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("status"),  # type: ignore[no-untyped-call]
                func=AUDIT.func,
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def title(self) -> Any:
        """What it does, in words."""
        from core.jobs.registry import title_of  # noqa: PLC0415 - the register knows the words, and imports the model's neighbours

        return title_of(self.kind, self.params)

    @property
    def is_open(self) -> bool:
        """Whether a worker has still something to do for it."""
        return self.status in {self.Status.QUEUED, self.Status.RUNNING}

    @property
    def share(self) -> int | None:
        """How much of it is done, in whole percent; None when nobody knows."""
        return None if not self.total else self.done * 100 // self.total
