"""What a person is told."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.people.models import User


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Everybody sees what was told to them, and nothing else."""

    def visible_to(self, user: User) -> "NotificationQuerySet":
        """What was told to this person."""
        return self.filter(user=user)

    def unread(self) -> "NotificationQuerySet":
        """What has not been looked at."""
        return self.filter(read_at=None)


class Notification(models.Model):
    """One sentence for one person, with the page it is about. ``key`` names the occasion: nobody is told of it twice."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("to"))
    text = models.CharField(_("text"), max_length=300)
    url = models.CharField(_("page"), max_length=300, blank=True)
    icon = models.CharField(max_length=40, default="bell")
    key = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField(_("told"), default=clock.now, editable=False)
    read_at = models.DateTimeField(_("read"), null=True, editable=False)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        default_permissions = ("view",)
        indexes: ClassVar = [
            models.Index(fields=["user", "-id"], name="notifications_of_user"),
            models.Index(fields=["user"], name="notifications_unread", condition=Q(read_at=None)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "key"], condition=~Q(key=""), name="nobody_is_told_twice"),
            models.CheckConstraint(name="a_notification_leads_inside", condition=Q(url="") | Q(url__regex=r"^/([^/\\]|$)")),
            models.CheckConstraint(name="a_notification_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return self.text
