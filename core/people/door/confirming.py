"""Sensitive things are done only by somebody who showed a moment ago that it is them.

A face says so in one word, ``sensitive=True`` (``ui.Verb``, ``@verb`` of the API) or ``sensitive = True`` (a screen); `demand` does the
rest. Signing in counts, and so does confirming by password, code or passkey; both hold for ``ACCOUNT_REAUTHENTICATION_TIMEOUT``. A
session remembers it. A program that acts with a token sends the confirmation it got from ``POST /api/v1/me/confirm/`` in a header.
"""

import time
from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core import context, ratelimit
from allauth.mfa.base.forms import ReauthenticateForm
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.errors import Refused
from core.people.models import User

HEADER = "Satu-Confirmation"
SIGNER = TimestampSigner(salt="satu.confirmation")


class Unconfirmed(Refused):
    """This is done only by somebody who showed a moment ago that it is them."""

    title = gettext_lazy("Confirm that it is you")
    status = 403


class NotYou(Refused):
    """What was shown does not belong to this person."""

    title = gettext_lazy("Not confirmed")
    status = 403


class TooOften(Refused):
    """Guessing is slowed down."""

    title = gettext_lazy("Too many tries")
    status = 429


def demand(request: Any) -> None:
    """Go on only if it was confirmed a moment ago who is there; raises Unconfirmed. Pages lead to where it is confirmed, and back."""
    if not is_confirmed(request):
        raise Unconfirmed(
            _("This is done only by somebody who confirmed a moment ago that it is them."),
            fix=_("Confirm it by password, code or passkey, then do it again."),
            link=reverse("people:confirm"),
        )


def is_confirmed(request: Any) -> bool:
    """Whether the person of a request showed within the last minutes that it is them."""
    user = User.of(request)
    try:
        who: str = SIGNER.unsign(request.headers.get(HEADER, ""), max_age=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
    except BadSignature:
        return not _by_token(request) and _remembered(request, user)
    return who == _mark(user)


def confirm(request: Any, user: User, *, password: str = "", code: str = "", credential: str = "") -> None:
    """Take a password, a code or a passkey's answer as proof that it is them; raises NotYou or TooOften."""
    slow_down("reauthenticate", user)
    field, form = "password", None
    if credential:
        field, form = "credential", ReauthenticateWebAuthnForm(user=user, data={"credential": credential})
    elif code:
        field, form = "code", ReauthenticateForm(user=user, data={"code": code.replace(" ", "")})
    try:
        proved = form.is_valid() if form is not None else bool(password) and get_adapter().reauthenticate(user, password)
    except ValidationError as error:
        raise TooOften(" ".join(error.messages), field=field) from error
    if not proved:
        words = " ".join(str(error) for errors in form.errors.values() for error in errors) if form is not None else ""
        raise NotYou(words or _("That is not your password."), field=field)
    if form is not None:
        (form.cleaned_data["credential"] if credential else form.authenticator).record_usage()
    if not _by_token(request):
        record_authentication(context.request, user, method="mfa" if form is not None else "password", reauthenticated=True)


def slow_down(what: str, user: User) -> None:
    """Count a try (of ``ACCOUNT_RATE_LIMITS``); raises TooOften."""
    if not ratelimit.consume(context.request, action=what, user=user):
        raise TooOften(_("That was tried too often."), fix=_("Wait a minute."))


def confirmation_for(user: User) -> tuple[str, datetime]:
    """What a program sends along to show that its person confirmed, and until when it holds; it ends with the password."""
    return SIGNER.sign(_mark(user)), clock.now() + timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def remember(session: Any, user: User) -> None:
    """As if this session's person had confirmed just now: for sessions that are made without a door."""
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(user.pk)


def _by_token(request: Any) -> bool:
    return getattr(request, "auth", None) is not None


def _remembered(request: Any, user: User) -> bool:
    shown = [record["at"] for record in get_authentication_records(request, user)]
    return bool(shown) and time.time() - max(shown) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def _mark(user: User) -> str:
    return f"{user.pk}.{user.get_session_auth_hash()[:24]}"
