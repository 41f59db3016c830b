"""The shell in a real browser: palette, New, bell, the sheet on a phone, the notice without a connection, the first steps."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from core.notifications.models import Notification
from core.notifications.operations import notify
from core.parties.models import Party
from core.people.models import User
from tests.browser.people import sign_in
from tests.factories.crm import make_pipeline
from tests.factories.ground import make_customer

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def customer(transactional_db: None, company: object) -> Party:
    """PT Fajar Teknologi."""
    make_pipeline()
    return make_customer()


@pytest.fixture
def window(page: Page, live_server: LiveServer, customer: Party, seller: User, complaints: list[str]) -> Page:
    """Dewi's browser."""
    return sign_in(page, seller)


def test_the_palette_goes_to_a_record_and_remembers_it(window: Page, customer: Party) -> None:
    window.goto("/")
    window.keyboard.press("Control+k")
    window.keyboard.type("fajar")
    window.keyboard.press("Enter")
    window.wait_for_url(f"**/parties/{customer.pk}/")
    window.goto("/")
    window.keyboard.press("Control+k")
    window.get_by_role("group", name="Recent").get_by_role("option", name=re.compile("Fajar")).wait_for()
    window.keyboard.press("Escape")
    assert not window.locator("#palette").evaluate("(palette) => palette.open")


def test_the_palette_switches_the_theme(window: Page, customer: Party) -> None:
    window.goto("/")
    window.keyboard.press("Control+k")
    window.keyboard.type("dark theme")
    window.keyboard.press("Enter")
    expect(window.locator("html")).to_have_attribute("data-theme", "dark")


def test_c_opens_new_and_puts_what_goes_with_the_record_first(window: Page, customer: Party) -> None:
    window.goto(f"/parties/{customer.pk}/")
    window.keyboard.press("c")
    first = window.locator("#new a").first
    first.wait_for()
    assert first.evaluate("(link) => link === document.activeElement")
    assert f"={customer.pk}" in (first.get_attribute("href") or "")
    window.keyboard.press("ArrowDown")
    assert not first.evaluate("(link) => link === document.activeElement")
    window.keyboard.press("Escape")
    assert window.locator("[data-new]").evaluate("(opener) => opener === document.activeElement")


def test_the_bell_counts_shows_and_marks_what_is_new(window: Page, seller: User, customer: Party) -> None:
    notify(seller, "PT Fajar Teknologi has paid.", url=f"/parties/{customer.pk}/")
    window.goto("/")
    window.locator(".bell-count:not([hidden])", has_text="1").wait_for()
    window.get_by_role("link", name="Notifications").last.click()
    window.locator("#bell").get_by_role("link", name="PT Fajar Teknologi has paid.").click()
    window.wait_for_url(f"**/parties/{customer.pk}/")
    window.locator(".bell-count[hidden]").wait_for(state="attached")
    assert Notification.objects.unread().count() == 0


def test_on_a_phone_the_sheet_holds_the_focus_and_escape_closes_it(window: Page, customer: Party) -> None:
    window.set_viewport_size({"width": 390, "height": 844})
    window.goto("/")
    window.get_by_role("button", name="Open menu").click()
    window.locator("#side:popover-open").wait_for()
    for _press in range(40):
        window.keyboard.press("Tab")
        assert window.evaluate(
            "document.activeElement === document.body || document.getElementById('side').contains(document.activeElement)"
        )
    window.keyboard.press("Escape")
    window.locator("#side:not(:popover-open)").wait_for(state="attached")
    expect(window.get_by_role("button", name="Open menu")).to_be_focused()


def test_modules_stay_folded_as_they_were_left(window: Page, customer: Party) -> None:
    window.goto("/")
    fold = window.locator("[data-fold]").first
    was = fold.evaluate("(one) => one.open")
    fold.locator("> summary").click()
    window.reload()
    assert window.locator("[data-fold]").first.evaluate("(one) => one.open") is not was


def test_without_a_connection_nothing_typed_is_lost(window: Page, customer: Party) -> None:
    window.goto("/parties/new/")
    window.get_by_label("Name", exact=True).fill("PT Tanpa Jaringan")
    window.context.set_offline(True)
    window.get_by_text("No connection.").wait_for()
    window.get_by_role("button", name="Save").first.click()
    assert window.get_by_label("Name", exact=True).input_value() == "PT Tanpa Jaringan"
    assert not Party.objects.filter(name="PT Tanpa Jaringan").exists()
    window.context.set_offline(False)
    window.locator("#offline[hidden]").wait_for(state="attached")


def test_the_key_map_shows_what_the_page_offers(window: Page, customer: Party) -> None:
    window.goto("/parties/")
    window.keyboard.press("?")
    keys = window.get_by_role("dialog", name="Keyboard shortcuts")
    keys.get_by_text("Next and previous row").wait_for()
    window.keyboard.type("pipel")
    expect(keys.get_by_text("Next and previous row")).to_be_hidden()
    expect(keys.get_by_text("Pipeline")).to_be_visible()
    window.keyboard.press("Escape")


def test_a_first_step_is_ticked_off_and_the_list_put_away(window: Page, seller: User, customer: Party) -> None:
    window.goto("/help/")
    window.get_by_role("button", name="Tick off: Find anything with Ctrl K").click()
    expect(window.get_by_role("button", name="Tick off: Find anything with Ctrl K")).to_be_hidden()
    seller.refresh_from_db()
    assert seller.dismissed == ["step:palette"]


def test_everything_in_the_shell_works_without_scripts(chromium: Any, live_server: Any, client: Any, seller: User, customer: Party) -> None:
    client.force_login(seller)
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"/parties/{customer.pk}/")
    page.locator("[data-new]").click()
    expect(page.get_by_role("heading", name="New", exact=True)).to_be_visible()
    page.goto("/")
    page.locator(".pop-bell").click()
    expect(page.get_by_role("heading", name="Notifications", exact=True)).to_be_visible()
    page.locator("[popovertarget=me]").click()
    page.get_by_role("button", name="Dark", exact=True).click()
    expect(page.locator("html[data-theme=dark]")).to_be_visible()
    seller.refresh_from_db()
    assert seller.theme == "dark"
    context.close()
