"""The language and the time zone of the person who looks."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from core.people.models import User


class LanguageOfTheUserMiddleware:
    """A signed-in person reads their own language and lives by their own clock; a visitor the language the browser or the cookie asks
    for, and the company's clock."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = getattr(request, "user", None)
        language = user.language if isinstance(user, User) else translation.get_language_from_request(request)
        zone = user.zone if isinstance(user, User) else timezone.get_default_timezone()
        with timezone.override(zone), translation.override(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
            request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
            return self.get_response(request)
