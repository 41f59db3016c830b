"""Who else is editing: told by the browser every few seconds, kept in Redis for a moment. Without Redis nobody is seen."""

import time
from typing import Any

from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from core.files.access import record_of
from core.people.models import User
from core.web.conflicts import version_of
from core.web.screen import Screen

SECONDS = 20
"""How long somebody is believed to be there after their last sign of life."""


def others(kind: str, pk: int, user: User) -> list[str]:
    """The names of the other people who are editing a record now."""
    return sorted(name for person, (name, _seen) in _there(kind, pk).items() if person != user.pk)


def arrive(kind: str, pk: int, user: User) -> list[str]:
    """Say that a person is editing a record; gives the others who are."""
    there = _there(kind, pk)
    _keep(kind, pk, {**there, user.pk: (user.name, time.time())})
    return sorted(name for person, (name, _seen) in there.items() if person != user.pk)


def leave(kind: str, pk: int, user: User) -> None:
    """Say that a person has left it."""
    there = _there(kind, pk)
    if there.pop(user.pk, None):
        _keep(kind, pk, there)


def in_words(names: list[str]) -> str:
    """Who is there, in a sentence; nothing when nobody is."""
    if not names:
        return ""
    if len(names) == 1:
        return _("%(name)s is editing this too.") % {"name": names[0]}
    return _("%(names)s are editing this too.") % {"names": ", ".join(names)}


def _key(kind: str, pk: int) -> str:
    return f"editing:{kind}:{pk}"


def _there(kind: str, pk: int) -> dict[int, tuple[str, float]]:
    try:
        found = caches["presence"].get(_key(kind, pk)) or {}
    except (RedisError, OSError):
        return {}
    return {person: (name, seen) for person, (name, seen) in found.items() if seen > time.time() - SECONDS}


def _keep(kind: str, pk: int, there: dict[int, tuple[str, float]]) -> None:
    try:
        caches["presence"].set(_key(kind, pk), there, SECONDS)
    except (RedisError, OSError):
        return


class Presence(Screen):
    """Takes a sign of life from an edit page; answers who else is there, and whether the record has changed meanwhile."""

    name = "presence"
    route = "presence/<str:kind>/<int:pk>"
    permission = "notes.write_note"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """There, or gone."""
        kind, pk = kwargs["kind"], kwargs["pk"]
        record = record_of(kind, pk, self.user)
        if record is None:
            raise Http404
        if request.POST.get("leave"):
            leave(kind, pk, self.user)
            return HttpResponse(status=204)
        words = in_words(arrive(kind, pk, self.user))
        seen = request.POST.get("version", "")
        stale = seen.isdigit() and version_of(record) is not None and int(seen) != version_of(record)
        changed = _("This was changed while you were editing. When you save, you will choose what stays.") if stale else ""
        return JsonResponse({"words": words, "changed": changed})

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Nothing to see."""
        raise Http404
