"""Second factors that the company's own sign-in asked for: they count like ours where the settings name them (docs/signing-in.md).

A provider says how it knew somebody: by ``amr`` (RFC 8176) and ``acr`` of the signed ID token, or by the authentication context of the
signed assertion. ``SATU_OIDC_FACTORS`` and ``SATU_SAML_FACTORS`` name the words that stand for a second factor there; without them the
provider vouches for none, and whoever owes a factor owes ours. What it vouched for holds for that session and that person alone.
"""

from collections.abc import Collection, Mapping
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from core.people.models import User

FACTORS = "factors"
"""Where a provider's settings name the words that count."""
VOUCHED = "provider"
"""The type of factor that allauth's record of a session then holds."""


def is_vouched_for(app: Any, said: Collection[str]) -> bool:
    """Whether what a provider says of how it knew somebody is a second factor by the settings."""
    return not set(app.settings.get(FACTORS, ())).isdisjoint(said)


def ways_in(claims: Mapping[str, Any]) -> set[str]:
    """How somebody showed who they are, as an ID token says it: the methods, and the class they make together."""
    methods = claims.get("amr")
    said = methods if isinstance(methods, list) else [methods]
    return {word for word in (*said, claims.get("acr")) if isinstance(word, str) and word}


def note_vouched(request: HttpRequest, user: User, sociallogin: Any) -> None:
    """The provider asked this person for a second factor just now: this session remembers it."""
    if getattr(sociallogin, "is_vouched_for", False):
        record_authentication(request, user, method="mfa", type=VOUCHED, provider=sociallogin.account.provider)


def was_vouched_for(request: HttpRequest, user: User) -> bool:
    """Whether the provider asked for a second factor when this person came in to this session, and is still trusted for it."""
    shown = {record.get("provider") for record in get_authentication_records(request, user) if record.get("type") == VOUCHED}
    return bool(shown) and not shown.isdisjoint(trusted())


def trusted() -> set[str]:
    """The providers whose word on second factors the settings take."""
    every = (app for kind in settings.SOCIALACCOUNT_PROVIDERS.values() for app in kind["APPS"])
    return {str(app["provider_id"]) for app in every if app["settings"].get(FACTORS)}


class FactorStage(AuthenticateStage):  # type: ignore[misc]
    """After the password, or the company's sign-in: our own second factor, unless the provider asked for one."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """On, or first to where the factor is shown."""
        if self.login.user is not None and was_vouched_for(self.request, self.login.user):
            return None, True
        answer: tuple[HttpResponse | None, bool] = super().handle()
        return answer
