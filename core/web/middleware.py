"""What stands around every staff page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from core.errors import Refused
from core.once import remembering
from core.web import house, refusals


class RefusalMiddleware:
    """A rule that says no becomes a message where the person is, whatever page they came from."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        house.use(None)
        with remembering():
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Answer a refusal; leave everything else to Django. The API answers its own."""
        if isinstance(exception, Refused) and not request.path.startswith("/api/"):
            return refusals.answer(request, exception)
        return None
