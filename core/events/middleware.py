"""Every request starts a story: a correlation id, and the person who acts."""

from collections.abc import Callable
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse

from core.events.cause import acting
from core.people.models import User


class CauseMiddleware:
    """Take or make the request id (``X-Request-ID``), act for the signed-in person, and give the id back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        correlation_id = _request_id(request)
        request.META["HTTP_X_REQUEST_ID"] = str(correlation_id)
        person = request.user if isinstance(request.user, User) else None
        with acting(by=person, correlation_id=correlation_id):
            response = self.get_response(request)
        response["X-Request-ID"] = str(correlation_id)
        return response


def _request_id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.headers.get("X-Request-ID", ""))
    except ValueError:
        return uuid4()
