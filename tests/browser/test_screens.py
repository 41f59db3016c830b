"""The screens in a real browser: no accessibility fault, no policy broken, and everything by keyboard."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from core.catalog.models import Product
from core.people.models import User
from tests.browser.axe import faults
from tests.browser.people import sign_in
from tests.factories.ground import make_customer, make_product

pytestmark = [pytest.mark.usefixtures("trial"), pytest.mark.django_db(transaction=True)]

SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture
def desk(transactional_db: None, company: object) -> Product:
    """Some products and a customer."""
    make_customer()
    for sku in ("CHAIR-ERG", "INSTALL", "MON-27"):
        make_product(sku)
    return make_product("DESK-140")


@pytest.fixture
def window(page: Page, live_server: LiveServer, desk: Product, seller: User, complaints: list[str]) -> Page:
    """Dewi's browser."""
    return sign_in(page, seller)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_no_screen_has_an_accessibility_fault(window: Page, desk: Product, size: str, scheme: Any) -> None:
    window.set_viewport_size(SIZES[size])  # type: ignore[arg-type]
    window.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    places = (
        "/",
        "/trial/things/",
        f"/trial/things/{desk.pk}/",
        "/trial/things/board/",
        "/trial/wishes/new/",
        "/trial/reports/sums/",
        "/people/me/",
    )
    for place in places:
        window.goto(place)
        window.wait_for_load_state("networkidle")
        assert faults(window) == [], place


def test_an_accessibility_fault_would_be_found(window: Page) -> None:
    window.goto("/trial/things/")
    window.evaluate("document.querySelector('#q').closest('label').replaceWith(document.querySelector('#q'))")
    window.evaluate("document.querySelector('#q').removeAttribute('placeholder')")
    assert any(fault.startswith("label:") for fault in faults(window))


def test_the_search_narrows_while_typing_and_keys_walk_and_open(window: Page, desk: Product) -> None:
    window.goto("/trial/things/")
    window.keyboard.press("/")
    window.keyboard.type("standing")
    expect(window.locator("tbody tr")).to_have_count(1)
    window.keyboard.press("Escape")
    window.locator("h1").click()
    window.keyboard.press("j")
    window.keyboard.press("Enter")
    expect(window.get_by_role("heading", level=1)).to_have_text("Standing desk 140")


def test_the_palette_finds_a_record_by_keyboard_alone(window: Page) -> None:
    window.keyboard.press("Control+k")
    window.keyboard.type("ergonomic")
    expect(window.get_by_role("option", name="Ergonomic chair").first).to_be_visible()
    window.keyboard.press("Enter")
    expect(window.get_by_role("heading", level=1)).to_have_text("Ergonomic chair")


def test_g_and_a_letter_go_places(window: Page) -> None:
    window.keyboard.press("g")
    window.keyboard.press("p")
    expect(window.get_by_role("heading", level=1)).to_have_text("Companies and people")


def test_a_verb_asks_in_a_dialog_and_keeps_what_was_typed(window: Page, desk: Product) -> None:
    window.goto(f"/trial/things/{desk.pk}/")
    window.get_by_role("button", name="Rename").click()
    dialog = window.get_by_role("dialog")
    expect(dialog.get_by_label("Name")).to_be_focused()
    window.keyboard.type("bad")
    window.keyboard.press("Enter")
    expect(dialog.get_by_text("That is no name.")).to_be_visible()
    assert faults(window) == []
    dialog.get_by_label("Name").fill("Sitting desk")
    window.keyboard.press("Enter")
    expect(window.get_by_role("heading", level=1)).to_have_text("Sitting desk")


def test_what_somebody_else_changes_shows_without_reloading(window: Page, desk: Product) -> None:
    window.goto(f"/trial/things/{desk.pk}/")
    window.wait_for_timeout(1200)
    Product.objects.filter(pk=desk.pk).update(name="Changed by a worker")
    expect(window.get_by_role("heading", level=1)).to_have_text("Changed by a worker", timeout=3000)


def test_a_line_is_entered_by_keyboard_and_adds_up_while_typing(window: Page, desk: Product) -> None:
    window.goto("/trial/wishes/new/")
    window.get_by_label("Customer").focus()
    window.keyboard.type("fajar")
    expect(window.get_by_role("option", name="PT Fajar Teknologi")).to_be_visible()
    window.keyboard.press("Enter")
    window.get_by_label("Product").focus()
    window.keyboard.type("desk-140")
    expect(window.get_by_role("option", name="Standing desk 140")).to_be_visible()
    window.keyboard.press("Enter")
    expect(window.get_by_label("Price")).to_have_value("4.750.000")
    window.get_by_label("Quantity").fill("2")
    expect(window.locator("#lines-0-total")).to_have_text("Rp\N{NO-BREAK SPACE}9.500.000")
    window.keyboard.press("Enter")
    expect(window.get_by_label("Product")).to_have_count(2)
    window.keyboard.press("Control+Backspace")
    expect(window.get_by_label("Product").nth(1)).to_be_hidden()
    window.keyboard.press("Control+Enter")
    expect(window.get_by_role("heading", level=1)).to_have_text("PT Fajar Teknologi")
    expect(window.get_by_text("2 wished")).to_be_visible()


def lane_of(window: Page, name: str) -> str:
    """The lane a card is in."""
    return str(window.locator("[data-lane]", has=window.get_by_role("link", name=name)).get_attribute("data-lane"))


def test_a_card_moves_by_its_menu_and_by_dragging(window: Page, desk: Product) -> None:
    window.goto("/trial/things/board/")
    window.get_by_role("button", name="Move Standing desk 140").click()
    window.keyboard.press("Tab")
    window.get_by_role("button", name="Reduced").click()
    expect(window.locator("[data-lane=reduced] [data-card]")).to_have_count(1)  # at once: the answer may come while the card is dragged on
    window.drag_and_drop(f"[data-card='{desk.pk}'] h3", "[data-lane=zero]")
    expect(window.locator("#announce")).to_contain_text("is in Zero rate")
    assert Product.objects.get(pk=desk.pk).tax_category == "zero"


def test_a_refused_move_goes_back_and_says_why(window: Page, desk: Product) -> None:
    window.goto("/trial/things/board/")
    window.drag_and_drop(f"[data-card='{desk.pk}'] h3", "[data-lane=exempt]")
    expect(window.get_by_text("Nothing here is exempt. Choose another lane.")).to_be_visible()
    expect(window.locator("[data-lane=exempt] [data-card]")).to_have_count(0)
    assert lane_of(window, "Standing desk 140") == "standard"


def test_the_theme_is_switched_at_once_and_kept(window: Page, seller: User) -> None:
    window.get_by_role("button", name="Switch light or dark").click()
    expect(window.locator("html")).to_have_attribute("data-theme", "dark")
    window.wait_for_load_state("networkidle")
    window.goto("/trial/things/")
    expect(window.locator("html")).to_have_attribute("data-theme", "dark")


def test_on_a_phone_the_side_bar_is_a_sheet_and_nothing_overflows(window: Page, desk: Product) -> None:
    window.set_viewport_size({"width": 390, "height": 844})
    for place in ("/", "/trial/things/", f"/trial/things/{desk.pk}/", "/trial/wishes/new/", "/parties/new/"):
        window.goto(place)
        assert window.evaluate("document.documentElement.scrollWidth") <= 390, place
    window.get_by_role("button", name="Open menu").click()
    window.get_by_role("link", name="Parties").click()
    expect(window.get_by_role("heading", level=1)).to_have_text("Companies and people")
