"""What the shell around every page needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from core.people.models import User
from core.web.house import house
from core.web.navigation import navigation, unfolded


def shell(request: HttpRequest) -> dict[str, Any]:
    """Side bar, company and languages; all of it computed only when a template asks."""
    user = getattr(request, "user", None)
    places = SimpleLazyObject(lambda: navigation(user) if isinstance(user, User) and user.is_active else ())
    return {
        "navigation": places,
        "unfolded": SimpleLazyObject(lambda: unfolded(request, tuple(places))),
        "house": SimpleLazyObject(house),
        "languages": settings.LANGUAGES,
        "themes": User.Theme.choices,
        "LANGUAGE_CODE": get_language() or settings.LANGUAGE_CODE,
        "theme": user.theme if isinstance(user, User) else "system",
        "demo": settings.DEMO,
    }
