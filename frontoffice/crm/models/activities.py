"""Activities: what was done about a lead, a deal or a customer, and what is to be done next."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.db import Tracked
from core.parties.models import Party
from core.people.models import User
from core.people.visibility import seen_by
from frontoffice.crm.models.deals import Deal
from frontoffice.crm.models.leads import Lead


class ActivityQuerySet(models.QuerySet["Activity"]):
    """Activities by where they stand."""

    def visible_to(self, user: User) -> "ActivityQuerySet":
        """Whoever may see activities sees those about a deal, a lead or a customer they see; everybody else their own."""
        if not user.has_perm("crm.view_activity"):
            return self.filter(assignee=user)
        deals, leads, parties = (seen_by(model.objects.all(), user) for model in (Deal, Lead, Party))
        if not (deals.query.where or leads.query.where or parties.query.where):
            return self
        about = Q(deal__in=deals.order_by().values("pk")) | Q(deal__isnull=True, lead__in=leads.order_by().values("pk"))
        about |= Q(deal__isnull=True, lead__isnull=True, party__in=parties.order_by().values("pk"))
        return self.filter(about | Q(assignee=user))

    def planned(self) -> "ActivityQuerySet":
        """Still to do."""
        return self.filter(done_at__isnull=True)

    def done(self) -> "ActivityQuerySet":
        """Done."""
        return self.filter(done_at__isnull=False)

    def unannounced(self) -> "ActivityQuerySet":
        """Still to do, due by now, and the one whose it is has not been told."""
        return self.overdue().filter(reminded_at__isnull=True)

    def overdue(self) -> "ActivityQuerySet":
        """Still to do, and late."""
        return self.planned().filter(due_at__lt=clock.now())


class Activity(Tracked):
    """A call, mail, meeting, task or note: planned until it is done."""

    class Kind(models.TextChoices):
        CALL = "call", _("Call")
        EMAIL = "email", _("E-mail")
        MEETING = "meeting", _("Meeting")
        TASK = "task", _("Task")
        NOTE = "note", _("Note")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.NOTE)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("details"), blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True, editable=False)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True, editable=False)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="activities", verbose_name=_("who"))
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("customer"))
    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("deal"))
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("lead"))

    objects = ActivityQuerySet.as_manager()

    class Meta(Tracked.Meta):
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        default_permissions = ("view",)
        constraints: ClassVar = [
            models.CheckConstraint(name="an_activity_has_a_subject", condition=~Q(subject="")),
            models.CheckConstraint(
                name="an_activity_is_about_somebody",
                condition=Q(party__isnull=False) | Q(deal__isnull=False) | Q(lead__isnull=False),
            ),
            models.CheckConstraint(name="a_planned_activity_has_a_due_time", condition=Q(done_at__isnull=False) | Q(due_at__isnull=False)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at", "id"], name="activity_by_due"),
            models.Index(fields=["assignee", "due_at"], name="activity_to_do", condition=Q(done_at__isnull=True)),
            models.Index(fields=["due_at"], name="activity_to_remind_of", condition=Q(done_at__isnull=True, reminded_at__isnull=True)),
            models.Index(fields=["deal", "due_at"], name="activity_of_deal"),
            models.Index(fields=["lead", "due_at"], name="activity_of_lead"),
            models.Index(fields=["party", "-created_at"], name="activity_of_party"),
        ]
        permissions: ClassVar = [
            ("log_activity", "Can log activities"),
            ("plan_activity", "Can plan activities"),
            ("complete_activity", "Can complete activities"),
            ("reopen_activity", "Can reopen activities that were completed"),
            ("remove_activity", "Can remove activities"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_done(self) -> bool:
        """Whether it was done."""
        return self.done_at is not None
