"""What the shell around every page needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from core.people.models import User
from core.web import registry
from core.web.house import house


def shell(request: HttpRequest) -> dict[str, Any]:
    """Side bar, company and languages; all of it computed only when a template asks."""
    user = getattr(request, "user", None)
    return {
        "navigation": SimpleLazyObject(lambda: registry.navigation(user) if isinstance(user, User) and user.is_active else ()),
        "house": SimpleLazyObject(house),
        "languages": settings.LANGUAGES,
        "LANGUAGE_CODE": get_language() or settings.LANGUAGE_CODE,
        "theme": user.theme if isinstance(user, User) else "system",
        "demo": settings.DEMO,
    }
