"""The door: signing in and out."""

from typing import Any

from allauth.account.views import LoginView
from allauth.socialaccount.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import views

from core.web import hooks


class SignIn(LoginView):  # type: ignore[misc]
    """The door: password, passkey, or the company's own sign-in. While the demo company runs it lists who may try it."""

    template_name = "web/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The demo people, in demo mode only; the ways in that the settings name."""
        found: dict[str, Any] = super().get_context_data(**kwargs)
        next_page = found["redirect_field_value"] or ""
        return {
            **found,
            "next": next_page,
            "sign_ins": hooks.sign_ins() if settings.DEMO else (),
            "companies": [
                (provider.name, provider.get_login_url(self.request, process="login", **({"next": next_page} if next_page else {})))
                for provider in get_adapter().list_providers(self.request)
            ],
        }


class SignOut(views.LogoutView):
    """Out again."""
