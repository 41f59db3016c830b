"""How long somebody stays in, and where they are in: every session is one device on their security page."""

import re
from collections.abc import Callable
from datetime import datetime

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from core import clock
from core.db import locked
from core.errors import Refused
from core.people.models import Attempt, User

BEGAN, SEEN = "signed_in_at", "seen_at"
NOTED_EVERY = 60  # seconds: nobody needs to know it better, and a page must not cost a write

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("HeadlessChrome", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


class NotThere(Refused):
    """That device is signed out already."""


class SessionLimitsMiddleware:
    """Ends a session that nobody used for too long, or that is too old however busy; notes when and where the others were seen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session:
            self.keep_or_end(request, clock.now())
        return self.get_response(request)

    def keep_or_end(self, request: HttpRequest, now: datetime) -> None:
        """Look at the clock."""
        session, moment = request.session, int(now.timestamp())
        began, seen = session.get(BEGAN, moment), session.get(SEEN)
        longest, idle = settings.SESSION_LONGEST.total_seconds(), settings.SESSION_IDLE.total_seconds()
        if moment - began > longest or moment - (seen or moment) > idle:
            UserSession.objects.filter(session_key=session.session_key).delete()
            session.flush()
        elif (seen is None or moment - seen >= NOTED_EVERY) and is_of_a_person(request) and request.user.is_authenticated:
            session[BEGAN], session[SEEN] = began, moment
            note_device(request, now)


def is_of_a_person(request: HttpRequest) -> bool:
    """Whether somebody did something, other than leaving a page open that asks for news by itself."""
    asks_by_itself = request.method in {"GET", "HEAD"} and request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
    return not asks_by_itself and not request.path.startswith("/presence/")


def note_device(request: HttpRequest, now: datetime) -> None:
    """This session was seen, from this address."""
    key, address = request.session.session_key, get_adapter().get_client_ip(request)
    if not UserSession.objects.filter(session_key=key).update(last_seen_at=now, ip=address):
        UserSession.objects.create_from_request(request)


def devices_of(user: User) -> list[UserSession]:
    """Where somebody is signed in, the one seen last first."""
    alive = Session.objects.filter(expire_date__gt=clock.now()).values("session_key")
    return list(UserSession.objects.filter(user=user, session_key__in=alive).order_by("-last_seen_at", "-pk"))


def name_of(device: UserSession) -> str:
    """A device as people call it."""
    return name_of_agent(device.user_agent)


def name_of_agent(told: str) -> str:
    """What a browser calls itself, as people call it: Chrome, Windows."""
    found = [next((name for mark, name in marks if re.search(rf"\b{mark}\b", told)), "") for marks in (BROWSERS, SYSTEMS)]
    return ", ".join(part for part in found if part) or _("Unknown device")


def end_session(user: User, device_id: int, *, by: User) -> User:
    """Sign somebody out on one device."""
    with locked(user, by=by) as user:
        device = UserSession.objects.filter(user=user, pk=device_id).first()
        if device is None:
            raise NotThere(_("That device is signed out already."))
        _end(device.session_key)
    return user


def end_other_sessions(user: User, *, but: str | None, by: User) -> User:
    """Sign somebody out everywhere, except where they are now (``but`` is that session's key)."""
    with locked(user, by=by) as user:
        shut_out(user, but=but)
    return user


def shut_out(user: User, *, but: str | None = None) -> None:
    """No session of theirs opens anything any more; call it where the user is locked."""
    _end(*UserSession.objects.filter(user=user).exclude(session_key=but).values_list("session_key", flat=True))


def forget_ended() -> int:
    """Drop the sessions that ran out with what was noted of them, and the tries that count no more: how many sessions."""
    Attempt.objects.filter(expires__lte=clock.now()).delete()
    gone, _kinds = Session.objects.filter(expire_date__lte=clock.now()).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return gone


def _end(*keys: str) -> None:
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
