"""Passkeys in a real browser with a virtual authenticator; the door by keyboard, without scripts, and open to all."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from core.people.door.factors import factors_of, require_second_factor
from core.people.models import User
from core.people.roles import Role
from integration.demo.cast import PASSWORD
from tests.browser.axe import faults
from tests.browser.people import press, sign_in, window, write
from tests.factories.ground import make_company, make_user
from tests.signing import code_of, with_app

pytestmark = [pytest.mark.django_db(transaction=True)]
KEY: dict[str, Any] = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def dewi() -> User:
    make_company()
    return make_user(Role.SALES)


@pytest.fixture
def finger(page: Page) -> Iterator[Any]:
    """A device that keeps passkeys and always finds the right finger; gives back its session and its name."""
    talk = page.context.new_cdp_session(page)
    talk.send("WebAuthn.enable")
    name = talk.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]
    yield talk, name
    talk.detach()


def make_passkey(page: Page) -> None:
    """On the security page."""
    page.goto("/people/me/security/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("What you call it").fill("My laptop")
    page.get_by_role("button", name="Make a passkey").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()


def test_a_passkey_is_made_signs_in_and_confirms(page: Page, dewi: User, finger: Any, complaints: list[str]) -> None:
    sign_in(page, dewi)
    make_passkey(page)
    assert [str(factor) for factor in factors_of(dewi)] == ["My laptop"]
    page.get_by_role("link", name="I have them").click()
    expect(page.get_by_text("My laptop").first).to_be_visible()
    assert faults(page) == []

    page.context.clear_cookies()
    page.goto("/sign-in/?next=/people/me/")
    page.get_by_role("button", name="Use a passkey").click()
    arrive(page, "/people/me/")  # in, without a password, and where one wanted to go

    page.context.clear_cookies()
    sign_in_half(page, dewi)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(lambda url: "sign-in" not in url)

    page.goto("/people/me/confirm/?next=/people/me/security/codes/")
    page.get_by_role("button", name="Confirm by passkey").click()
    arrive(page, "/people/me/security/codes/")


def arrive(page: Page, path: str) -> None:
    """Wait until the page itself has this address; others carry it as where to go on."""
    page.wait_for_url(lambda url: urlsplit(url).path == path)


def sign_in_half(page: Page, user: User) -> None:
    """As far as the password."""
    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/sign-in/second-factor/")


def test_a_device_without_the_finger_and_somebody_elses_passkey_open_nothing(page: Page, dewi: User, finger: Any) -> None:
    sign_in(page, dewi)
    make_passkey(page)
    talk, name = finger
    page.context.clear_cookies()
    talk.send("WebAuthn.setUserVerified", {"authenticatorId": name, "isUserVerified": False})
    page.goto("/sign-in/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("The passkey was not used.")).to_be_visible()
    talk.send("WebAuthn.setUserVerified", {"authenticatorId": name, "isUserVerified": True})
    factors_of(dewi)[0].delete()
    with page.expect_navigation():
        page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_load_state()
    page.goto("/people/me/")
    assert "/sign-in/" in page.url


def test_what_a_role_asks_for_is_set_up_by_keyboard_and_open_to_all(page: Page, dewi: User, complaints: list[str]) -> None:
    require_second_factor([Role.SALES], by=make_user(Role.OWNER))
    page.goto("/sign-in/")
    write(page, page.get_by_label("E-mail"), dewi.email)
    write(page, page.get_by_label("Password"), PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/me/security/")
    assert faults(page) == []
    press(page, page.get_by_role("link", name="Add an authenticator app"))
    secret = page.locator(".security-secret").inner_text().replace(" ", "")
    write(page, page.get_by_label("Code"), code_of(secret))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Recovery codes").wait_for()
    assert faults(page) == []
    page.goto("/sales/orders/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Orders")

    page.context.clear_cookies()
    sign_in_half(page, dewi)
    assert faults(page) == []
    write(page, page.get_by_label("Code"), code_of(secret, ahead=1))
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


def test_the_code_works_without_scripts_and_the_passkey_is_not_offered(chromium: Browser, live_server: LiveServer, dewi: User) -> None:
    secret, codes = with_app(dewi)
    with window(chromium, live_server.url, scripts=False) as page:
        page.goto("/sign-in/")
        assert not page.get_by_role("button", name="Use a passkey").is_visible()
        sign_in_half(page, dewi)
        page.get_by_label("Code").fill(codes[0])
        page.get_by_role("button", name="Go on").click()
        page.wait_for_url(lambda url: "sign-in" not in url)
        page.goto("/people/me/security/")
        page.get_by_role("button", name="Remove").click()
        page.get_by_role("link", name="Add an authenticator app").wait_for()
    assert factors_of(dewi) == []
    assert secret
