"""The pages for when something is not there, not allowed, or broken."""

import sys
from types import NoneType

import psycopg2
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from psycopg2.errors import AdminShutdown, CannotConnectNow, CrashShutdown

from core.people.models import User
from core.people.rights import right_in_words
from core.web import refusals
from core.web.registry import screens
from core.web.screen import Crumb

PROGRAMS = "/api/"
PARTS = ("*/*", "application/json")
"""What a script asks for that wants a part of a page; who goes to a page asks for HTML."""
DEEPEST = 6
"""So many parts of an address are looked at for the nearest list above it."""
AWAY = (psycopg2.OperationalError, psycopg2.InterfaceError, AdminShutdown, CrashShutdown, CannotConnectNow)


def _page(request: HttpRequest, status: int, title: str, sentence: str, **more: object) -> HttpResponse:
    """The page, in the shell for who is signed in; a message in place where a part of a page was asked for."""
    if request.path.startswith(PROGRAMS):
        return _problem(request, status, title, sentence)
    if request.headers.get("HX-Request"):
        return refusals.toast(request, f"{title}. {sentence}", status=status)
    told = {"status": status, "heading": title, "sentence": sentence, **more}
    user = getattr(request, "user", None)
    if not isinstance(user, User) or request.headers.get("Accept", "").startswith(PARTS):
        return render(request, "web/error.html", told, status=status)
    return render(request, "web/error_inside.html", {**told, "crumbs": [Crumb(title)], "above": _above(request, user)}, status=status)


def _above(request: HttpRequest, user: User) -> Crumb | None:
    """The nearest list or place of the side bar above an address, if this person may open it."""
    known, parts = dict(screens()), request.path.strip("/").split("/")[:DEEPEST]
    for end in range(len(parts) - 1, 0, -1):
        try:
            name = resolve(f"/{'/'.join(parts[:end])}/").view_name
        except Resolver404:
            continue
        screen = known.get(name)
        if screen is not None and (screen.nav or screen.list_kind()) and screen.may_open(user):
            return Crumb(screen.nav.label if screen.nav else screen.title, reverse(name))
    return None


def _problem(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    """The same for a program (RFC 9457)."""
    told = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": sentence,
        "request_id": request.META.get("HTTP_X_REQUEST_ID", ""),
    }
    return JsonResponse(told, status=status, content_type="application/problem+json")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return _page(request, 400, _("That request made no sense"), _("Go back and try again."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the permission that is missing."""
    needed = str(exception)
    sentence = _("Your role does not include this. Ask an owner to give it to you.")
    if "." in needed and " " not in needed:
        sentence = _("This needs the right “%(right)s”. Ask an owner to give it to you.") % {"right": right_in_words(needed)}
    return _page(request, 403, _("You may not do this"), sentence)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return _page(request, 404, _("There is nothing here"), _("It may have been removed, or the address has a typo."))


def conflict(request: HttpRequest) -> HttpResponse:
    """409."""
    return _page(request, 409, _("Somebody was faster"), _("The record changed since you opened it. Load it again and look."))


def too_many(request: HttpRequest) -> HttpResponse:
    """429."""
    response = _page(request, 429, _("That was tried too often"), _("Wait a minute, then try again."))
    response.headers["Retry-After"] = "60"
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """500: no database, no context processors, plain words; 503 while the database is away, as during an upgrade."""
    away = _is_away(sys.exception())
    if request.path.startswith(PROGRAMS):
        status, sentence = (
            (503, _("The database is away. Try again in a moment.")) if away else (500, _("This is our fault, and it is in our log."))
        )
        answer = _problem(request, status, _("Something is broken"), sentence)
        if away:
            answer["Retry-After"] = "15"
        return answer
    if away:
        again = request.get_full_path() if request.method == "GET" else "/"
        words = render_to_string("web/broken.html", {"away": True, "again": again})
        return HttpResponse(words, status=503, headers={"Retry-After": "15", "Cache-Control": "no-store"})
    return HttpResponse(render_to_string("web/broken.html", {}), status=500)


def _is_away(error: BaseException | None) -> bool:
    """Whether no connection came about or the server went down; a statement that was refused is a fault of ours."""
    return isinstance(error, OperationalError | InterfaceError) and type(error.__cause__) in {NoneType, *AWAY}


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came without its token, usually an old page: what was typed is kept in the browser and offered when it opens again."""
    if request.headers.get("HX-Request"):
        return refusals.toast(request, _("This page was too old. Load it again; what you typed will be offered there."), status=403)
    sentence = _("Nothing was changed. Open it again: what you typed is kept in this browser and will be offered there.")
    return _page(request, 403, _("This page was too old"), sentence, again=request.get_full_path())
