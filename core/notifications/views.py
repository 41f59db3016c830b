"""The bell's popover and the page of everything one was told."""

from itertools import groupby
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core import clock
from core.notifications.models import Notification
from core.notifications.operations import mark_all_read, mark_read
from core.people.models import User
from core.web import figures, ui
from core.web.refusals import way_back

PAGE = 40
RECENT = 8


def unread_of(user: User) -> int:
    """How much one has not looked at."""
    return Notification.objects.visible_to(user).unread().count()


class Inbox(ui.Screen):
    """Everything one was told, newest first."""

    route = ""
    name = "inbox"
    title = _("Notifications")
    nav = ui.Nav(_("Notifications"), icon="inbox", order=5, office="workspace", key="n", counter=unread_of, hot=True)
    template_name = "notifications/inbox.html"

    def subheading(self) -> str:
        """How much is new."""
        count = unread_of(self.user)
        return str(_("%(count)s unread") % {"count": count} if count else _("You have read everything."))

    def context(self) -> dict[str, Any]:
        """One page of them, by day; ``before`` is the key of the last one seen."""
        rows = Notification.objects.visible_to(self.user).order_by("-pk")
        if self.request.GET.get("show") == "unread":
            rows = rows.unread()
        before = self.request.GET.get("before", "")
        if before.isdecimal() and len(before) < 19:
            rows = rows.filter(pk__lt=before)
        found = list(rows[: PAGE + 1])
        page = found[:PAGE]
        days = [
            (figures.relative_day(day, clock.here()), list(some))
            for day, some in groupby(page, key=lambda one: timezone.localdate(one.created_at))
        ]
        return {
            "days": days,
            "more": page[-1].pk if len(found) > PAGE else None,
            "only_unread": self.request.GET.get("show") == "unread",
            "has_unread": any(one.read_at is None for one in page),
        }


class Recent(ui.Screen):
    """The bell's popover: the newest few."""

    route = "recent"
    title = _("Notifications")
    template_name = "notifications/recent.html"

    def context(self) -> dict[str, Any]:
        """The newest few, what is unread first known by its dot."""
        rows = list(Notification.objects.visible_to(self.user).order_by("-pk")[:RECENT])
        return {"rows": rows, "has_unread": any(one.read_at is None for one in rows)}


class Read(ui.Deed):
    """Marks one as read, then shows what it is about."""

    route = "<int:pk>/read"
    name = "read"
    title = _("Notifications")
    stands_on = "notifications:inbox"

    @cached_property
    def told(self) -> Notification:
        """The one."""
        return get_object_or_404(Notification.objects.visible_to(self.user), pk=self.kwargs["pk"])

    def do(self) -> None:
        """It has been read."""
        mark_read(self.told, by=self.user)

    def onward(self) -> str:
        """On to what it is about."""
        return self.told.url or super().onward()


class ReadAll(ui.Deed):
    """Marks everything as read."""

    route = "read-all"
    title = _("Notifications")
    stands_on = "notifications:inbox"

    def do(self) -> None:
        """All of it has been read."""
        mark_all_read(by=self.user)

    def onward(self) -> str:
        """Back to where they were."""
        return way_back(self.request)
