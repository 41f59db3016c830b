"""Whom a note calls on: ``@`` and a colleague's name, or the first part of their e-mail address."""

import re

from django.db.models import QuerySet

from core.people.models import User


def people() -> QuerySet[User]:
    """Everybody who can be called on."""
    return User.objects.filter(is_active=True, kind=User.Kind.HUMAN).order_by("name", "pk")


def mentioned_in(body: str) -> list[User]:
    """The colleagues a text calls on, each once, in the order of their names. Without an @ nobody is asked for."""
    return [user for user in people() if any(calls_on(body, word) for word in words_for(user))] if "@" in body else []


def words_for(user: User) -> tuple[str, str]:
    """What stands behind the @: the whole name, or what comes before the @ of the e-mail address."""
    return user.name, user.email.partition("@")[0]


def calls_on(body: str, word: str) -> bool:
    """Whether ``@word`` stands in the text as a word of its own, not inside an e-mail address."""
    return re.search(rf"(?<![\w.@])@{re.escape(word)}(?![\w@])", body, re.IGNORECASE) is not None
