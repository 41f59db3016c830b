"""How one signs in: password, second factors, recovery codes, and where one is signed in."""

from abc import ABC, abstractmethod
from base64 import b64encode
from typing import Any, ClassVar

from allauth.account.utils import get_next_redirect_url
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import clear_totp_secret, get_totp_secret
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.mfa.webauthn.internal.auth import begin_authentication, begin_registration
from allauth.socialaccount.models import SocialAccount
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.errors import Refused
from core.people.door import confirming, factors, sessions
from core.people.door.required import owes_now
from core.people.door.vouching import was_vouched_for
from core.people.forms import PasswordForm
from core.people.operations import change_password
from core.web import refusals, ui


class OfOneself(ui.Screen):
    """A page about one's own sign-in: everybody has it, also who still owes a second factor."""

    without_factor = True

    def crumbs(self) -> list[ui.Crumb]:
        """Profile, security, this."""
        way = [ui.Crumb(gettext_lazy("Your profile"), reverse("people:profile"))]
        if not isinstance(self, Security):
            way.append(ui.Crumb(Security.title, reverse("people:security")))
        return [*way, ui.Crumb(self.heading())]

    def nav_name(self) -> str:
        """No place of the side bar."""
        return ""


class Security(OfOneself):
    """All of it at a glance."""

    route = "me/security"
    name = "security"
    title = gettext_lazy("Sign-in and security")
    hint = gettext_lazy("How you come in, and where you are in now.")
    template_name = "people/security.html"

    def context(self) -> dict[str, Any]:
        """Password, factors, codes, devices."""
        here = self.request.session.session_key
        return {
            "owes": owes_now(self.request, self.user),
            "vouched": was_vouched_for(self.request, self.user),
            "factors": factors.factors_of(self.user),
            "codes": factors.codes_of(self.user),
            "devices": [(device, sessions.name_of(device), device.session_key == here) for device in sessions.devices_of(self.user)],
            "companies": [
                (_names().get(one.provider, one.provider), one) for one in SocialAccount.objects.filter(user=self.user).order_by("pk")
            ],
        }


def _names() -> dict[str, str]:
    """What the company's sign-ins are called, as the settings name them."""
    return {str(app["provider_id"]): str(app["name"]) for kind in settings.SOCIALACCOUNT_PROVIDERS.values() for app in kind["APPS"]}


class Deed(OfOneself, ui.Deed):
    """Something done from the security page, which leads back there."""

    stands_on = "people:security"


class RemoveFactor(Deed):
    """An app or a passkey that is used no more."""

    route = "me/security/factors/<int:pk>/remove"
    name = "remove-factor"
    title = gettext_lazy("Remove")
    sensitive = True

    def do(self) -> None:
        """Remove it."""
        factors.remove_factor(self.user, self.kwargs["pk"], by=self.user)


class RenewCodes(Deed):
    """New recovery codes for old."""

    route = "me/security/codes/renew"
    name = "renew-codes"
    title = gettext_lazy("New recovery codes")
    sensitive = True

    def do(self) -> None:
        """Make them."""
        factors.renew_recovery_codes(self.user, by=self.user)

    def onward(self) -> str:
        """They are to be kept."""
        return reverse("people:recovery-codes")


class EndSession(Deed):
    """Signed out on one device."""

    route = "me/security/devices/<int:pk>/end"
    name = "end-session"
    title = gettext_lazy("Sign out there")

    def do(self) -> None:
        """End it."""
        sessions.end_session(self.user, self.kwargs["pk"], by=self.user)


class EndOtherSessions(Deed):
    """Signed out everywhere but here."""

    route = "me/security/devices/end"
    name = "end-other-sessions"
    title = gettext_lazy("Sign out everywhere else")

    def do(self) -> None:
        """End them."""
        sessions.end_other_sessions(self.user, but=self.request.session.session_key, by=self.user)


class Asking(OfOneself, ABC):
    """A page that asks for something and does one thing with it: on to the next page, or, refused, here again with the reason."""

    form_class: ClassVar[type[forms.Form]]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What is asked."""
        return self.ask(self.form_class())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it with what was typed; what is wrong with it stands at the field."""
        form = self.form_class(request.POST)
        if form.is_valid():
            try:
                return HttpResponseRedirect(self.do(form.cleaned_data))
            except Refused as refusal:
                refusals.put_on(form, refusal) or form.add_error(None, refusals.told(refusal))
        return self.ask(form, status=422)

    @abstractmethod
    def do(self, data: dict[str, Any]) -> str:
        """The one operation call; gives back where to go on."""

    def ask(self, form: forms.Form, *, status: int = 200) -> HttpResponse:
        """The page with the form, and whatever else it shows."""
        return self.show(form=form, status=status, **self.shown(form))

    def shown(self, form: forms.Form) -> dict[str, Any]:
        """What the page shows beside the form."""
        return {}


class CodeForm(forms.Form):
    """What the app shows."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )


class AuthenticatorApp(Asking):
    """An app that shows six digits: scan, type what it shows."""

    route = "me/security/app"
    name = "authenticator-app"
    title = gettext_lazy("Add an authenticator app")
    template_name = "people/authenticator_app.html"
    sensitive = True
    form_class = CodeForm

    def do(self, data: dict[str, Any]) -> str:
        """Check what the app shows; then the recovery codes are to be kept."""
        factors.add_totp(self.user, secret=get_totp_secret(), code=data["code"], by=self.user)
        clear_totp_secret(self.request)
        return reverse("people:recovery-codes")

    def shown(self, form: forms.Form) -> dict[str, Any]:
        """The picture to scan; the secret stays the same until it is used."""
        secret = get_totp_secret()
        picture = get_adapter().build_totp_svg(get_adapter().build_totp_url(self.user, secret))
        in_fours = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
        return {"secret": in_fours, "picture": f"data:image/svg+xml;base64,{b64encode(picture.encode()).decode()}"}


class PasskeyForm(forms.Form):
    """What the browser made, and what its owner calls it."""

    name = forms.CharField(required=False)
    credential = forms.CharField(required=False)


class PasskeyUnreadable(Refused):
    """What the browser sent is no passkey."""


class Passkey(Asking):
    """A passkey: the phone's or the computer's own lock, or a key that is plugged in."""

    route = "me/security/passkey"
    name = "passkey"
    title = gettext_lazy("Add a passkey")
    template_name = "people/passkey.html"
    sensitive = True
    form_class = PasskeyForm

    def do(self, data: dict[str, Any]) -> str:
        """Check what it made; then the recovery codes are to be kept, when they are new."""
        made = AddWebAuthnForm(user=self.user, data={**data, "passwordless": "on"})
        if not made.is_valid():
            raise PasskeyUnreadable(_("That passkey could not be checked."), fix=_("Try once more."))
        had_codes = factors.codes_of(self.user) is not None
        factors.add_passkey(self.user, name=data["name"][:60], credential=made.cleaned_data["credential"], by=self.user)
        return reverse("people:security" if had_codes else "people:recovery-codes")

    def shown(self, form: forms.Form) -> dict[str, Any]:
        """What the browser is asked for: a fresh challenge, and a name for what it makes."""
        name = sessions.name_of_agent(self.request.headers.get("User-Agent", ""))
        return {"options": begin_registration(self.user, passwordless=True), "suggested": name}


class RecoveryCodes(OfOneself):
    """What opens when the phone is lost: each code once."""

    route = "me/security/codes"
    name = "recovery-codes"
    title = gettext_lazy("Recovery codes")
    hint = gettext_lazy("Each opens once, when your phone or key is not at hand. Keep them where you keep your passport.")
    template_name = "people/recovery_codes.html"
    sensitive = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The codes that are left; as a text file when asked for it."""
        codes = factors.codes_of(self.user)
        if codes is None:
            return redirect("people:security")
        if "file" in request.GET:
            lines = "\n".join([_("Recovery codes of %(email)s for Satu") % {"email": self.user.email}, "", *codes.unused, ""])
            return HttpResponse(
                lines, content_type="text/plain; charset=utf-8", headers={"Content-Disposition": 'attachment; filename="satu-codes.txt"'}
            )
        response = self.show(codes=codes)
        response.headers["Cache-Control"] = "no-store"
        return response


class Password(Asking):
    """A new password, for who knows the old one."""

    route = "me/password"
    name = "password"
    title = gettext_lazy("Change password")
    hint = gettext_lazy("Everywhere else you are signed out.")
    template_name = "people/password.html"
    form_class = PasswordForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Who has none yet has one sent."""
        return super().get(request) if self.user.has_usable_password() else redirect("account_reset_password")

    def do(self, data: dict[str, Any]) -> str:
        """Change it; only this session goes on, under a new key."""
        confirming.slow_down("change_password", self.user)
        fresh = change_password(self.user, old=data["old"], password=data["password"], by=self.user)
        update_session_auth_hash(self.request, fresh)
        sessions.note_device(self.request, clock.now())
        messages.success(self.request, _("Your new password holds."))
        return reverse("people:security")


class ConfirmForm(forms.Form):
    """One of the ways to show that it is them."""

    password = forms.CharField(required=False, strip=False)
    code = forms.CharField(required=False)
    credential = forms.CharField(required=False)


class Confirm(Asking):
    """Who is about to do something sensitive shows that it is them."""

    route = "me/confirm"
    name = "confirm"
    title = gettext_lazy("Confirm that it is you")
    hint = gettext_lazy("What comes next is done only by somebody who confirmed a moment ago that it is them.")
    template_name = "people/confirm.html"
    form_class = ConfirmForm

    def do(self, data: dict[str, Any]) -> str:
        """Then on to what was meant."""
        confirming.confirm(self.request, self.user, **data)
        return get_next_redirect_url(self.request) or reverse("people:security")

    def shown(self, form: forms.Form) -> dict[str, Any]:
        """Only the ways this person has."""
        kinds = {factor.type for factor in factors.factors_of(self.user)}
        return {
            "next": get_next_redirect_url(self.request) or "",
            "by_password": self.user.has_usable_password(),
            "by_code": "totp" in kinds,
            "options": begin_authentication(self.user) if "webauthn" in kinds else None,
            "by_recovery": bool(kinds),
        }


SCREENS = (Security, RemoveFactor, RenewCodes, EndSession, EndOtherSessions, AuthenticatorApp, Passkey, RecoveryCodes, Password, Confirm)
