"""Signing in and out, and the password."""

from typing import Any

from django.conf import settings
from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from core.web import hooks


class SignInForm(AuthenticationForm):
    """E-mail and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("E-mail")
        self.fields["username"].widget.attrs.update({"autocomplete": "username", "autofocus": True})
        self.fields["username"].widget.input_type = "email"


class SignIn(views.LoginView):
    """The door. While the demo company runs it lists who may try it."""

    template_name = "web/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The demo people, in demo mode only."""
        return {**super().get_context_data(**kwargs), "sign_ins": hooks.sign_ins() if settings.DEMO else ()}


class SignOut(views.LogoutView):
    """Out again."""


class PasswordChange(views.PasswordChangeView):
    """A new password, for those who know the old."""

    template_name = "web/password.html"
    success_url = reverse_lazy("web:home")
