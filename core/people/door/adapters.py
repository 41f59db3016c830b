"""Where allauth asks us how we do it here: who may come in, what is written to whom, how secrets are kept."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, gettext_lazy

from core import clock
from core.parties.models import Company
from core.people.door.mail import send_reset_link
from core.people.door.sessions import BEGAN, SEEN
from core.people.door.vouching import FactorStage, note_vouched
from core.people.operations import set_password
from core.sealing import seal, unseal


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody makes an account of their own; mail leaves through the outbox; what we say, we say in our own words."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy("E-mail and password do not belong together."),
        "too_many_login_attempts": gettext_lazy("That was tried too often. Wait five minutes, or sign in with a passkey."),
        "incorrect_code": gettext_lazy("That is not the code. Type the one the app shows now, or a recovery code you have not used."),
        "incorrect_password": gettext_lazy("That is not your password."),
        "rate_limited": gettext_lazy("That was tried too often. Wait a minute."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """The owner lets people in."""
        return False

    def add_message(self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any) -> None:
        """Only what went wrong is said; that one is in now, one sees."""
        if kwargs.get("message"):
            super().add_message(request, level, None, *args, **kwargs)

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """Whatever they showed, a leaver and a service stay outside."""
        if not user.may_sign_in:
            clear_login(request)
            return redirect("account_inactive")
        note_vouched(request, user, (kwargs.get("signal_kwargs") or {}).get("sociallogin"))
        answer: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return answer

    def login(self, request: HttpRequest, user: Any) -> None:
        """In: a new session with a new key, whose time begins now."""
        super().login(request, user)
        request.session[BEGAN] = request.session[SEEN] = int(clock.now().timestamp())

    def get_login_stages(self) -> list[str]:
        """A second factor that the company's sign-in asked for is not asked for again."""
        ours = f"{FactorStage.__module__}.{FactorStage.__name__}"
        return [ours if stage == "allauth.mfa.stages.AuthenticateStage" else stage for stage in super().get_login_stages()]

    def set_password(self, user: Any, password: str) -> None:
        """Our own operation, whoever asks."""
        set_password(user, password=password, by=user)

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        """Written down with the request; a worker sends it."""
        if user.may_sign_in:
            with transaction.atomic():
                send_reset_link(user, context["password_reset_url"])

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Nothing of allauth's own leaves the house: what changes is told by our operations."""
        raise PermissionDenied(template_prefix)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Tries are counted per account, whatever name of ours (or port) the browser asked for."""
        return str(credentials.get("email") or credentials.get("username") or "").lower()


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors are sealed; apps and passkeys are named after the company."""

    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": AccountAdapter.error_messages["incorrect_code"]}

    def encrypt(self, text: str) -> str:
        """Not to be read from a dump."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """As it was."""
        return unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        """Under this name the app lists it."""
        return self._get_site_name()

    def _get_site_name(self) -> str:
        company = Company.objects.founded()
        return gettext("Satu, %(company)s") % {"company": company} if company else "Satu"
