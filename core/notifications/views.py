"""The bell's popover and the page of everything one was told."""

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
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


class Read(ui.Screen):
    """Marks one as read, then shows what it is about."""

    route = "<int:pk>/read"
    name = "read"
    title = _("Notifications")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Looking changes nothing: on to the page."""
        return redirect("notifications:inbox")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """It has been read."""
        told = get_object_or_404(Notification.objects.visible_to(self.user), pk=kwargs["pk"])
        mark_read(told, by=self.user)
        if request.headers.get("Accept", "").startswith("application/json"):
            return HttpResponse(status=204)
        return redirect(told.url or "notifications:inbox")


class ReadAll(ui.Screen):
    """Marks everything as read."""

    route = "read-all"
    title = _("Notifications")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Looking changes nothing: on to the page."""
        return redirect("notifications:inbox")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """All of it has been read."""
        mark_all_read(by=self.user)
        if request.headers.get("Accept", "").startswith("application/json"):
            return HttpResponse(status=204)
        return redirect(way_back(request))
