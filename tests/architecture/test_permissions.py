"""Nobody gets in where they do not belong: every address, asked by a visitor and by a colleague without any role."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from core.people.models import User
from core.people.operations import create_user
from tests.architecture.code import expect_none

OPEN = {  # addresses that answer a visitor, and why
    "sign-in/": "where visitors become colleagues",
    "sign-in/ended/": "why one does not get in",
    "sign-in/cancelled/": "likewise",
    "password/forgotten/": "whoever cannot come in has a new password sent",
    "password/forgotten/sent/": "likewise",
    "password/new/1-1/": "asks for the key that was mailed",
    "admin/login/": "leads to the sign-in",
    "admin/password_change/": "leads to one's own page",
    "admin/jsi18n/": "words of Django's own scripts",
    "language/": "a visitor reads in their language too",
    "static/": "style sheets and scripts",
    "api/schema/": "the description of the API holds no data, and a developer reads it before having an account",
    "api/docs/": "likewise",
    "hooks/00000000-0000-0000-0000-000000000001/": "asks for a signature instead",
    "api/v1/tokens/": "gives a token for e-mail and password",
}
PERSONAL = {  # addresses that every colleague may open, whatever their role, because they show only what is one's own
    "": "home: shows what the person may see",
    "sign-out/": "",
    "me/": "",
    "profile/": "",
    "preferences/": "",
    "search/": "finds only what the person may see",
    "palette/": "likewise",
    "new/": "only what the person may make",
    "help/": "how the work flows; leads only where the person may go",
    "put-away/": "one's own hints",
    "counters/": "counts only what the person may see",
    "people/me/": "one's own profile",
    "people/me/security/": "how one signs in oneself",
    "people/me/security/app/": "likewise",
    "people/me/security/passkey/": "likewise",
    "people/me/security/codes/": "likewise",
    "people/me/security/codes/renew/": "likewise",
    "people/me/security/factors/1/remove/": "likewise, whatever the number",
    "people/me/security/devices/1/end/": "likewise",
    "people/me/security/devices/end/": "likewise",
    "people/me/password/": "likewise",
    "people/me/confirm/": "likewise",
    "sign-in/oidc/x/": "the company's own sign-in; there is none of this name",
    "sign-in/oidc/x/back/": "likewise",
    "sign-in/saml/x/login/": "likewise",
    "sign-in/saml/x/acs/": "likewise",
    "sign-in/saml/x/acs/finish/": "likewise",
    "sign-in/saml/x/sls/": "likewise",
    "sign-in/saml/x/metadata/": "likewise",
    "sign-in/passkey/": "who is in is led home",
    "sign-in/restart/": "likewise",
    "sign-in/second-factor/": "likewise",
    "tokens/": "one's own tokens",
    "tokens/new/": "likewise",
    "tokens/1/revoke/": "likewise",
    "api/v1/tokens/1/": "likewise",
    "notifications/": "what was told to oneself",
    "notifications/recent/": "likewise",
    "notifications/read-all/": "likewise",
    "notifications/1/read/": "likewise",
    "api/v1/notifications/": "likewise",
    "api/v1/notifications/1/": "likewise",
    "api/v1/notifications/1/read/": "likewise",
    "api/v1/notifications/read-all/": "likewise",
    "api/v1/": "the list of addresses",
    "api/v1/me/": "oneself",
    "api/v1/me/change-preferences/": "likewise",
    "api/v1/me/factors/": "one's own",
    "api/v1/me/factors/prepare-app/": "likewise",
    "api/v1/me/sessions/": "likewise",
    "api/v1/me/sessions/1/end/": "likewise, whatever the number",
    "api/v1/me/sessions/end-others/": "likewise",
    "api/v1/me/password/": "likewise",
    "api/v1/me/confirm/": "likewise",
    "admin/logout/": "",
    "admin/password_change/done/": "",
}
VALUES = {"int": "1", "slug": "x", "str": "x", "path": "x", "uuid": "00000000-0000-0000-0000-000000000001"}


def addresses(patterns: list[URLPattern | URLResolver] | None = None, prefix: str = "") -> Iterator[str]:
    """Every address of the application with something put in for its parameters."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        whole = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, whole)
        elif "format" not in whole and "(?P<url>" not in whole:
            yield whole


def fill(address: str) -> str:
    """`orders/<int:pk>/` and `^orders/(?P<pk>[^/.]+)/$` with a value in place of the parameter."""
    address = re.sub(r"<(?:(\w+):)?\w+>", lambda found: VALUES.get(found[1] or "str", "x"), re.sub(r"\(\?P<\w+>[^)]*\)+", "1", address))
    return address.replace("^", "").replace("$", "").replace("\\Z", "").replace("\\", "")


ADDRESSES = sorted({fill(address) for address in addresses()})


def is_listed(address: str, lists: dict[str, str]) -> bool:
    return any(address == one or (one and one == "static/" and address.startswith(one)) for one in lists)


def test_there_are_addresses_to_ask() -> None:
    assert len(ADDRESSES) > 20


def answers_to(client: Client, lists: dict[str, str]) -> Iterator[tuple[str, int, str]]:
    """What every address but the listed ones says to reading and to writing: status, and where it sends."""
    client.raise_request_exception = False
    for address in ADDRESSES:
        if not is_listed(address, lists):
            for ask in (client.get, client.post):
                answer = ask(f"/{address}")
                yield f"{ask.__name__.upper()} /{address}", answer.status_code, answer.headers.get("Location", "")


@pytest.mark.django_db
def test_a_visitor_is_sent_to_the_sign_in_or_refused(client: Client) -> None:
    wrong = [
        f"{asked} answered {status} {location}"
        for asked, status, location in answers_to(client, OPEN)
        if status not in {401, 403, 404, 405} and not (status in {301, 302} and re.search(r"sign-in|login|^/admin/$", location))
    ]
    expect_none(wrong)


@pytest.mark.django_db
def test_a_colleague_without_a_role_is_refused(client: Client) -> None:
    """404 is an answer only where even the kind of thing is unknown; a page whose record is missing says 403 first."""
    somebody = create_user(email="nobody@satu.example", name="No Body", roles=[], password="long-enough-2026", by=User.objects.service())
    client.force_login(somebody)
    wrong = [
        f"{asked} answered {status} {location}"
        for asked, status, location in answers_to(client, OPEN | PERSONAL)
        if status not in {403, 405}
        and not (status == 302 and "login" in location)
        and not (status == 404 and re.match(r"\w+ /(admin|files|lookup)/", asked))
    ]
    expect_none(wrong)
