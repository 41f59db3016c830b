"""The pages before one is in: the second factor, the passkey, the forgotten password, and why one does not get in."""

from typing import Any

from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import PasswordResetDoneView, PasswordResetFromKeyView, PasswordResetView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from django.views.generic import TemplateView


class SecondFactor(AuthenticateView):  # type: ignore[misc]
    """After the password: the code or the passkey."""

    template_name = "door/second_factor.html"


class PasskeySignIn(LoginWebAuthnView):  # type: ignore[misc]
    """In with a passkey alone, and on to where one wanted to go."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Whoever the passkey belongs to."""
        factor = form.cleaned_data["credential"]
        login = Login(user=factor.user, redirect_url=get_next_redirect_url(self.request))
        response: HttpResponse = perform_passwordless_login(self.request, factor, login)
        return response


@require_GET
def restart(request: HttpRequest) -> HttpResponse:
    """Forget the half of a sign-in."""
    clear_login(request)
    return redirect("web:sign-in")


class Forgotten(PasswordResetView):  # type: ignore[misc]
    """Whose password is to be made anew."""

    template_name = "door/forgotten.html"


class NewPassword(PasswordResetFromKeyView):  # type: ignore[misc]
    """The page the mailed link leads to."""

    template_name = "door/new_password.html"
    success_url = reverse_lazy("web:sign-in")

    def form_valid(self, form: Any) -> HttpResponse:
        """Then to the sign-in: the link alone is no second factor."""
        response: HttpResponse = super().form_valid(form)
        messages.success(self.request, _("Your new password holds. Sign in with it."))
        return response


class ForgottenSent(PasswordResetDoneView):  # type: ignore[misc]
    """The same words for every address, so that nobody learns who works here."""

    template_name = "door/said.html"
    extra_context = {
        "said": gettext_lazy("Look into your mail"),
        "why": gettext_lazy(
            "If somebody signs in with that address, the way to a new password is there in a moment. It holds for an hour."
        ),
    }


@method_decorator(never_cache, name="dispatch")
class Outside(TemplateView):
    """Why somebody does not get in."""

    template_name = "door/said.html"

    @classmethod
    def saying(cls, said: Promise, why: Promise) -> Any:
        """The view that says it."""
        return cls.as_view(extra_context={"said": said, "why": why})


ended = Outside.saying(gettext_lazy("Your access has ended"), gettext_lazy("If that is a mistake, ask an owner of your company."))
cancelled = Outside.saying(gettext_lazy("You did not go on"), gettext_lazy("Your company's sign-in was left. Begin again when you like."))
