"""Every request starts a story: a correlation id, and the person who acts."""

import logging
import re
from collections.abc import Callable
from time import perf_counter
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse

from core.events.cause import acting
from core.people.models import User

TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
NO_TRACE = UUID(int=0)

log = logging.getLogger(__name__)


class RequestMiddleware:
    """Take the request's id (``X-Request-ID``, or the trace of a ``traceparent``) or make one, give it back, and log the request under it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun, story = perf_counter(), _story_of(request)
        request.META["HTTP_X_REQUEST_ID"] = str(story)
        with acting(by=None, correlation_id=story):
            response = self.get_response(request)
            response["X-Request-ID"] = str(story)
            person = getattr(request, "user", None)
            facts = {
                "method": request.method,
                "path": request.path,
                "route": request.resolver_match.route if request.resolver_match else None,
                "status": response.status_code,
                "milliseconds": round((perf_counter() - begun) * 1000, 1),
                "actor": person.pk if isinstance(person, User) else None,
            }
            log.info("request", extra=facts)
        return response


class CauseMiddleware:
    """Act for the signed-in person, in the request's story."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user if isinstance(request.user, User) else None
        with acting(by=person):
            return self.get_response(request)


def _story_of(request: HttpRequest) -> UUID:
    trace = TRACEPARENT.fullmatch(request.headers.get("traceparent", ""))
    for given in (request.headers.get("X-Request-ID", ""), trace[1] if trace else ""):
        try:
            story = UUID(given)
        except ValueError:
            continue
        if story != NO_TRACE:
            return story
    return uuid4()
