"""Tokens, and when each was used last."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from knox.crypto import create_token_string, hash_token

from core import clock
from core.db import Tracked
from core.people.models import User

PREFIX = "satu_"
KEY = 15
"""So many letters of a token are kept as they are: it is recognised by them, and found."""


class TokenQuerySet(models.QuerySet["Token"]):
    """Tokens by whether they open anything. A secret is given back once."""

    def living(self) -> "TokenQuerySet":
        """Neither revoked nor expired, of somebody who may come in."""
        return self.filter(revoked_at=None, expiry__gt=clock.now(), user__is_active=True)

    def issue(self, user: User, name: str, *, days: int, scopes: list[str], made_by: User) -> tuple["Token", str]:
        """A new token, and what the program sends."""
        secret = PREFIX + create_token_string()
        token = self.create(
            user=user,
            name=name,
            token_key=secret[:KEY],
            digest=hash_token(secret),
            scopes=scopes,
            expiry=clock.now() + timedelta(days=days),
            made_by=made_by,
        )
        return token, secret


class Token(Tracked):
    """What a program lets itself in with, for somebody, until a day."""

    held: frozenset[str] = frozenset()
    """While it is used: what its owner may, when its scopes leave less."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="auth_token_set", verbose_name=_("acts for"))
    name = models.CharField(_("name"), max_length=80)
    token_key = models.CharField(_("begins with"), max_length=KEY, db_index=True)
    digest = models.CharField(max_length=128, unique=True, editable=False)
    scopes = models.JSONField(_("scopes"), default=list, blank=True)
    expiry = models.DateTimeField(_("ends"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("made by"))

    objects = TokenQuerySet.as_manager()

    class Meta(Tracked.Meta):
        verbose_name = pgettext_lazy("API", "token")
        verbose_name_plural = pgettext_lazy("API", "tokens")
        default_permissions = ("view",)
        permissions: ClassVar = [
            ("create_service", "Can create services"),
            ("issue_service_token", "Can issue tokens of services"),
            ("approve_service", "Can approve services and their tokens"),
            ("revoke_token", "Can revoke other people's tokens"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.token_key}\N{HORIZONTAL ELLIPSIS})"

    @property
    def is_living(self) -> bool:
        """Whether it may still open something."""
        return self.revoked_at is None and self.expiry > clock.now()

    @property
    def state(self) -> str:
        """Good, expired or revoked."""
        return "revoked" if self.revoked_at else "living" if self.is_living else "expired"


class TokenUse(models.Model):
    """When a token was used last, and from where. Kept beside the token, because it is no change of it; true to the minute."""

    token = models.OneToOneField(Token, on_delete=models.CASCADE, related_name="use")
    used_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    program = models.CharField(max_length=200, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.token_id} {self.used_at:%Y-%m-%d %H:%M}"
