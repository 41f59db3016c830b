"""Coming in by the company's own sign-in: to the provider, and back."""

import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

from django.test import Client

from core.people.models import User
from tests.core.door.providers import Saml

AT = "/sign-in/oidc/company/?process=login"


class Staying(urllib.request.HTTPRedirectHandler):
    """A browser that tells where it is sent instead of going."""

    def redirect_request(self, *_args: Any) -> None:
        """Not on."""
        return


def sent_to(address: str) -> str:
    """Where the provider sends the browser."""
    try:
        urllib.request.build_opener(Staying).open(address, timeout=5)
    except urllib.error.HTTPError as answer:
        return str(answer.headers["Location"])
    raise AssertionError(address)


def dewi(seller: User, **more: Any) -> dict[str, Any]:
    return {"sub": "d-17", "email": seller.email, "email_verified": True, "name": "Dewi Lestari"} | more


def come(client: Client, next_page: str = "") -> Any:
    """Through the company's sign-in and back."""
    asked = client.post(AT + (f"&next={next_page}" if next_page else ""))
    back = urlsplit(sent_to(asked.headers["Location"]))
    return client.get(f"{back.path}?{back.query}")


def come_by_saml(client: Client, house: Saml, **facts: Any) -> Any:
    """To the SAML provider, and back with what it says."""
    asked = client.post("/sign-in/saml/company/login/?process=login", headers={"Host": "satu.example"})
    address, answer = house.answer(asked.headers["Location"], **facts)
    posted = client.post(address, {"SAMLResponse": answer, "RelayState": ""}, headers={"Host": "satu.example"})
    return client.get(posted.headers["Location"], headers={"Host": "satu.example"})
