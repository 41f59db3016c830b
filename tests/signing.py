"""Coming in as people do: with a password, a code, and a moment's confirmation."""

import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from core.people.door.confirming import remember
from core.people.door.factors import add_totp, codes_of
from core.people.models import User
from integration.demo.cast import PASSWORD


def sign_in(client: Client, user: User, password: str = PASSWORD, **more: Any) -> Any:
    """Through the door."""
    return client.post("/sign-in/", {"login": user.email, "password": password}, **more)


def confirmed(client: Client, user: User) -> Client:
    """Somebody who is in, and has confirmed a moment ago that it is them."""
    client.force_login(user)
    session = client.session
    remember(session, user)
    session.save()
    return client


def code_of(secret: str, *, ahead: int = 0) -> str:
    """What an authenticator app shows now; ``ahead``: so many half minutes later."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead)))


def with_app(user: User) -> tuple[str, list[str]]:
    """Give somebody an authenticator app: its secret, and their recovery codes. The code of this half minute is used up."""
    secret = str(generate_totp_secret())
    add_totp(user, secret=secret, code=code_of(secret), by=user)
    codes = codes_of(user)
    return secret, list(codes.unused) if codes else []
