"""What every answer tells a browser: nothing is guessed, framed, run or sent on that we did not mean; whatever was asked, and whatever came of it."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as told
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import path

from config import urls as ours
from core.files.operations import attach
from core.people.models import User
from tests.addresses import addresses
from tests.architecture.code import expect_none
from tests.everywhere import content_of
from tests.factories.ground import make_customer
from tests.signing import confirmed

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = "Content-Security-Policy"
DIRECTIVES = {"default-src 'self'", "object-src 'none'", "base-uri 'self'", "form-action 'self'", "frame-ancestors 'none'"}


def lacks(answer: Any, at: str) -> list[str]:
    """Which headers an answer should have and has not."""
    found = [f"{at}: {name} is {answer.headers.get(name)}" for name, value in ALWAYS.items() if answer.headers.get(name) != value]
    policy = {one.strip() for one in answer.headers.get(POLICY, "").split(";")}
    scripts = next((one for one in policy if one.startswith("script-src")), "")
    styles = next((one for one in policy if one.startswith("style-src")), "")
    clerks = at.removeprefix("post ").startswith("/admin/")
    if not policy >= DIRECTIVES:
        found.append(f"{at}: the policy lacks {DIRECTIVES - policy}")
    if "'unsafe-inline'" in scripts or "*" in scripts or ("'unsafe-eval'" in scripts) != clerks:
        found.append(f"{at}: {scripts}")
    if not clerks and styles != "style-src 'self'":
        found.append(f"{at}: {styles}")
    return found


def broken(_request: object) -> None:
    raise ZeroDivisionError("the secret is 4711")


urlpatterns = [*ours.urlpatterns, path("broken/", broken), path("api/v1/broken/", broken)]
handler400, handler403, handler404, handler500 = ours.handler400, ours.handler403, ours.handler404, ours.handler500


@pytest.mark.slow
@pytest.mark.django_db
def test_every_address_answers_with_them_a_visitor_and_the_owner(owner: User) -> None:
    wrong, asked = [], 0
    for client in (Client(raise_request_exception=False), confirmed(Client(raise_request_exception=False), owner)):
        for address in addresses():
            at = address.filled()
            if at.startswith("/sign-out"):
                continue
            for ask in (client.get, client.post):
                answer = ask(at)
                asked += 1
                wrong += lacks(answer, at if ask == client.get else f"post {at}")
                content_of(answer)
    assert asked > 2_000
    expect_none(wrong)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("at", "status", "more"),
    [
        ("/healthz", 200, {}),
        ("/readyz", 200, {}),
        ("/metrics", 404, {}),
        ("/nothing/here/", 404, {}),
        ("/api/v1/nothing/", 404, {}),
        ("/static/web/mark.svg", 200, {}),
        ("/static/nothing.js", 404, {}),
        ("/sign-in/", 400, {"headers": {"Host": "evil.example"}}),
        ("/broken/", 500, {}),
        ("/api/v1/broken/", 500, {}),
        ("/sales/orders", 301, {}),
        ("/sign-in/oidc/nobody/", 404, {}),
        ("/api/v1/orders/?nonsense=1", 401, {}),
        ("/api/docs/", 200, {}),
        ("/api/schema/", 200, {}),
    ],
)
def test_so_do_errors_files_and_what_machines_ask(client: Client, settings: Any, at: str, status: int, more: dict[str, Any]) -> None:
    settings.ROOT_URLCONF = __name__
    settings.DEBUG = False
    client.raise_request_exception = False
    answer = client.get(at, **more)
    assert (answer.status_code, lacks(answer, at)) == (status, [])


@pytest.mark.django_db
def test_a_form_without_its_token_and_one_sent_to_http_are_answered_so_too(seller: User, settings: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    refused = strict.post("/sign-in/", {"login": seller.email, "password": "x"})
    assert (refused.status_code, lacks(refused, "/sign-in/")) == (403, [])
    settings.SECURE_SSL_REDIRECT = True
    moved = Client().get("/sign-in/")
    assert (moved.status_code, lacks(moved, "/sign-in/")) == (301, [])


def test_a_file_of_whatever_kind_is_taken_away_and_never_shown(seller: User, client: Client, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    client.force_login(seller)
    for name, content in (("a.txt", b"<script>alert(1)</script>"), ("a.csv", b"<svg onload=alert(1)>"), ("a.pdf", b"%PDF-1.7 <script>")):
        file = attach("parties.party", make_customer(f"PT {name}").pk, SimpleUploadedFile(name, content, "text/html"), by=seller)
        for at in (f"/files/{file.pk}/", f"/api/v1/attachments/{file.pk}/download/"):
            answer = client.get(at)
            assert answer.headers["Content-Disposition"].startswith("attachment;")
            assert "html" not in answer.headers["Content-Type"]
            assert lacks(answer, at) == []


def test_the_nonce_of_a_page_is_its_own_and_stands_on_what_it_allows(seller: User, client: Client) -> None:
    client.force_login(seller)
    nonces = set()
    for _ in range(3):
        answer = client.get("/api/docs/")
        page = answer.content.decode()
        used = set(re.findall(r'nonce="([^"]+)"', page))
        assert not re.findall(r"<script(?![^>]*(?:src=|nonce=|application/json))", page)
        allowed = set(re.findall(r"'nonce-([^']+)'", answer.headers[POLICY]))
        assert used <= allowed
        nonces |= allowed
    assert len(nonces) in {0, 3}


def test_an_error_nobody_foresaw_says_nothing_of_itself(client: Client, settings: Any) -> None:
    settings.ROOT_URLCONF, settings.DEBUG = __name__, False
    client.raise_request_exception = False
    for at in ("/broken/", "/api/v1/broken/"):
        said = client.get(at).content.decode()
        assert "Something" in said
        assert not re.search("4711|ZeroDivision|Traceback|tests/core|settings", said), said
    assert told.DEBUG is False
