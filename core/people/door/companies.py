"""Coming in by the company's own sign-in (OpenID Connect, SAML): matched to the people the owner let in, by verified e-mail."""

import logging
from functools import wraps
from typing import Any

from allauth.core import ratelimit
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from allauth.socialaccount.providers.saml.views import FinishACSView
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from core.db import locked
from core.people.door.mail import tell_of_change
from core.people.door.vouching import is_vouched_for, ways_in
from core.people.models import User
from core.people.operations import create_user
from core.web.errors import too_many

log = logging.getLogger(__name__)

LARGEST_ANSWER = 200_000  # bytes; an assertion with its certificate has some 10,000


class NoIdToken(OAuth2Error):  # type: ignore[misc]
    """The provider signed nothing."""


class TwoPeople(OAuth2Error):  # type: ignore[misc]
    """The provider's two answers are about two people."""


class CompanyAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Who is known comes in; who is not stays outside, unless the settings name a domain and a role."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Nobody ties another account to their own by hand; the first time, the verified address says who it is."""
        if sociallogin.state.get("process") != "login":
            raise ImmediateHttpResponse(redirect("web:sign-in"))
        address = verified_address(sociallogin)
        if not sociallogin.is_existing and address:
            user = User.objects.active().filter(email__iexact=address).first()
            if user is not None:
                sociallogin.user = connect_company(user, sociallogin.account, by=user)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Only with a verified address of the domain that the settings name, and only who was never here."""
        address = verified_address(sociallogin).lower()
        wanted = bool(settings.SSO_NEW_DOMAIN and settings.SSO_NEW_ROLE) and address.endswith(f"@{settings.SSO_NEW_DOMAIN}")
        return wanted and not User.objects.filter(email__iexact=address).exists()

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        """Let them in as the owner would, in the role that the settings name and without a password."""
        address, by = verified_address(sociallogin), User.objects.service()
        told = sociallogin.account.get_provider_account().get_user_data() or {}
        name = str(told.get("name") or address.partition("@")[0])[:120]
        user = create_user(email=address, name=name, roles=[settings.SSO_NEW_ROLE], password=None, by=by)
        sociallogin.user = connect_company(user, sociallogin.account, by=by)
        return user


class CompanyOidc(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """Believes only what is signed, whatever the connection; what the two answers say has to be about one person."""

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """Who it is, from the signed ID token and what the provider adds."""
        sealed = kwargs["response"].get("id_token")
        if not sealed:
            raise NoIdToken
        known = self.openid_config
        claims = jwtkit.verify_and_decode(
            credential=sealed,
            keys_url=known["jwks_uri"],
            issuer=known["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        told = {"id_token": claims}
        if "userinfo_endpoint" in known:
            told["userinfo"] = self._fetch_user_info(token.token)
            if told["userinfo"].get("sub") != claims["sub"]:
                raise TwoPeople
        login = self.get_provider().sociallogin_from_response(request, told)
        login.is_vouched_for = is_vouched_for(app, ways_in(claims))
        return login


class CompanySaml(SAMLProvider):  # type: ignore[misc]
    """The provider that speaks SAML; what it says of how it knew somebody stands in the signed assertion, too."""

    def sociallogin_from_response(self, request: HttpRequest, response: Any) -> Any:
        """Who it is, and whether they showed a second factor there."""
        login = super().sociallogin_from_response(request, response)
        login.is_vouched_for = is_vouched_for(self.app, response.get_last_authn_contexts())
        return login


class FinishSaml(FinishACSView):  # type: ignore[misc]
    """Back from the provider."""

    def get_provider(self, organization_slug: str) -> CompanySaml:
        """Ours, which reads more of the answer."""
        return CompanySaml(self.request, app=self.get_app(organization_slug))


def oidc_sign_in(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the provider."""
    return _oidc(OAuth2LoginView, request, provider_id)


def oidc_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the provider."""
    return _oidc(OAuth2CallbackView, request, provider_id)


def saml(view: Any) -> Any:
    """A page of SAML, there only when the settings name a provider; what strangers may post (and we have to keep for a moment) is little."""

    @csrf_exempt  # the answer comes from the provider's own page; it is signed, and answers a request of ours
    @wraps(view)
    def guarded(request: HttpRequest, organization_slug: str) -> HttpResponse:
        if organization_slug not in {app["client_id"] for app in settings.SOCIALACCOUNT_PROVIDERS["saml"]["APPS"]}:
            raise Http404
        if int(request.headers.get("Content-Length") or 0) > LARGEST_ANSWER:
            raise SuspiciousOperation
        if not ratelimit.consume(request, action="login"):
            return too_many(request)
        response: HttpResponse = view(request, organization_slug=organization_slug)
        return response

    return guarded


def connect_company(user: User, account: SocialAccount, *, by: User) -> User:
    """From now on whoever the company's sign-in calls by this name is this person; they hear of it."""
    with locked(user, by=by) as user:
        account.user = user
        account.save()
        tell_of_change(user, _("Your company's sign-in opens your account from now on."))
    return user


def verified_address(sociallogin: Any) -> str:
    """The address the provider has verified; empty when there is none."""
    return next((str(one.email) for one in sociallogin.email_addresses if one.verified), "")


def _oidc(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    if provider_id not in {app["provider_id"] for app in settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]}:
        raise Http404
    adapter = CompanyOidc(request, provider_id)
    try:
        response: HttpResponse = view.adapter_view(adapter)(request)
    except OSError as error:  # every kind of "the provider does not answer" that the library requests knows
        log.warning("The company's sign-in does not answer: %s", error)
        response = render_authentication_error(request, adapter.get_provider())
    return response
