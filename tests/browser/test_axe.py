"""The door under axe, in light and dark, on a desk and on a phone; and a planted fault that it must find."""

import pytest
from playwright.sync_api import Browser, Page

from config.sights import Sight
from tests.browser.axe import COLOURS, faults
from tests.browser.showroom import Showroom

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("books")]

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def faults_of(page: Page, sight: Sight) -> list[str]:
    """A screen as the desk shows it in light and in dark, and as a phone shows it."""
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="light")
    page.goto(sight.address, wait_until="load")
    page.wait_for_timeout(100)
    found = [f"desk: {fault}" for fault in faults(page)]
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(150)  # the colours have to arrive before they are measured
    found += [f"dark: {fault}" for fault in faults(page, COLOURS)]  # the theme changes colours and nothing else
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    return found + [f"phone: {fault}" for fault in faults(page)]


def test_the_door_has_no_accessibility_fault(chromium: Browser, room: Showroom) -> None:
    page = chromium.new_page(base_url=room.address)
    assert faults_of(page, Sight("web:sign-in", "page", "/sign-in/")) == []
    page.close()


def test_a_planted_fault_is_found(chromium: Browser, room: Showroom) -> None:
    page = chromium.new_page(base_url=room.address)
    page.goto("/sign-in/")
    page.evaluate("document.querySelector('label[for=id_username]').remove()")
    page.evaluate("document.querySelector('html').removeAttribute('lang')")
    assert {fault.split(":")[0] for fault in faults(page)} >= {"html-has-lang", "label"}
    page.close()
