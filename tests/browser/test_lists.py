"""Lists in a real browser: choosing rows, the filter builder, columns, preview, cells; by keyboard, on a phone, without scripts."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from core.catalog.models import Product
from core.people.models import User
from core.web.models import ListHabit, SavedView
from tests.browser.axe import faults
from tests.browser.people import sign_in
from tests.browser.test_screens import desk, window

pytestmark = [pytest.mark.usefixtures("trial"), pytest.mark.django_db(transaction=True)]
URL = "/trial/things/"

__all__ = ["desk", "window"]


def boxes(window: Page) -> Any:
    """The boxes of the rows."""
    return window.locator("input[name=pk]")


def test_rows_are_chosen_in_ranges_worked_on_and_taken_back(window: Page) -> None:
    window.goto(URL)
    expect(window.locator(".bulk-bar")).to_be_hidden()
    boxes(window).nth(0).click()
    boxes(window).nth(2).click(modifiers=["Shift"])
    expect(window.locator("[data-chosen]")).to_have_text("3 chosen")
    window.get_by_role("button", name="Change tax").click()
    dialog = window.get_by_role("dialog")
    dialog.get_by_label("Tax").select_option("zero")
    dialog.get_by_role("button", name="Change tax").click()
    expect(dialog.get_by_text("Change tax: 3 done.")).to_be_visible()
    assert Product.objects.filter(tax_category="zero").count() == 3
    assert faults(window) == []
    dialog.get_by_role("button", name="Undo").click()
    expect(dialog.get_by_text("3 rows as they were before.")).to_be_visible()
    assert Product.objects.filter(tax_category="zero").count() == 0
    dialog.get_by_role("link", name="Back to the list").click()
    expect(window.locator(".bulk-bar")).to_be_hidden()


def test_what_is_refused_is_reported_with_its_reason(window: Page, desk: Product) -> None:
    Product.objects.filter(pk=desk.pk).update(is_active=False)
    window.goto(URL)
    window.locator("[data-check-page]").check()
    window.locator(".bulk-bar").get_by_role("button", name="Retire").click()
    dialog = window.get_by_role("dialog")
    expect(dialog.get_by_text("Retire: 3 done, 1 refused.")).to_be_visible()
    expect(dialog.get_by_text("It is retired already.")).to_be_visible()
    window.keyboard.press("Escape")
    expect(window.locator("tr:has(:checked)")).to_have_count(0)


def test_the_list_is_worked_by_keyboard_alone(window: Page, desk: Product) -> None:
    window.goto(f"{URL}?sort=-list_price&q=desk")
    window.keyboard.press("j")
    window.keyboard.press("x")
    expect(window.locator("[data-chosen]")).to_have_text("1 chosen")
    window.keyboard.press("x")
    expect(window.locator(".bulk-bar")).to_be_hidden()
    window.keyboard.press("e")
    field = window.locator("[data-cell-form] input[name=list_price]")
    expect(field).to_be_focused()
    field.fill("5000000")
    window.keyboard.press("Enter")
    expect(window.locator("tr.row-here")).to_contain_text("Rp\N{NO-BREAK SPACE}5\N{NO-BREAK SPACE}jt")
    desk.refresh_from_db()
    assert desk.list_price == 5_000_000


def test_a_cell_is_changed_by_a_double_click_or_refused_in_place(window: Page, desk: Product) -> None:
    window.goto(f"{URL}?q=desk&sort=-list_price")
    price = window.locator("tbody tr").first.locator(".cell-edit")
    price.dblclick()
    field = window.locator("[data-cell-form] input[name=list_price]")
    field.fill("0")
    window.keyboard.press("Enter")
    expect(window.get_by_role("alert")).to_contain_text("Nothing is given away.")
    assert faults(window) == []
    window.locator("[data-cell-form] input[name=list_price]").press("Escape")
    expect(price).to_contain_text("Rp\N{NO-BREAK SPACE}4,75\N{NO-BREAK SPACE}jt")
    assert window.url.endswith("sort=-list_price")


def test_space_previews_and_j_goes_on(window: Page) -> None:
    window.goto(URL)
    window.keyboard.press("j")
    window.keyboard.press(" ")
    panel = window.locator("#peek")
    expect(panel.get_by_role("heading", name="Ergonomic chair")).to_be_visible()
    assert faults(window) == []
    window.keyboard.press("j")
    expect(panel.get_by_role("heading", name="Installation")).to_be_visible()
    window.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    window.keyboard.press("o")
    expect(window.get_by_role("heading", level=1)).to_contain_text("Installation")


def test_conditions_are_built_counted_and_removed(window: Page) -> None:
    window.goto(URL)
    window.get_by_role("button", name="Filter").click()
    dialog = window.get_by_role("dialog")
    dialog.get_by_label("Add a condition on").select_option("list_price")
    dialog.get_by_label("How Price is compared").select_option("gte")
    dialog.get_by_label("Price: Value").fill("4.000.000")
    expect(dialog.get_by_label("Price: And")).to_be_hidden()
    expect(dialog.get_by_text("2 products fit")).to_be_visible()
    assert faults(window) == []
    dialog.get_by_role("button", name="Apply").click()
    expect(window.locator("tbody tr")).to_have_count(2)
    expect(window.locator(".chip")).to_contain_text("Price is at least 4.000.000")
    assert "where=list_price~gte~4000000" in window.url
    window.get_by_role("link", name="Remove the condition on Price").click()
    expect(window.locator("tbody tr")).to_have_count(4)


def test_a_bad_value_is_named_in_the_builder(window: Page) -> None:
    window.goto(f"{URL}?where=list_price~gte~5")
    window.get_by_role("button", name="Filter").click()
    dialog = window.get_by_role("dialog")
    dialog.get_by_label("Price: Value").fill("cheap")
    dialog.get_by_role("button", name="Apply").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Write a number")
    expect(dialog.get_by_label("Price: Value")).to_have_value("cheap")


def test_columns_are_put_in_order_by_keyboard(window: Page, seller: User) -> None:
    window.goto(URL)
    window.get_by_role("button", name="Columns").click()
    dialog = window.get_by_role("dialog")
    dialog.get_by_label("Tax", exact=True).uncheck()
    dialog.get_by_label("Kind", exact=True).check()
    button = dialog.get_by_role("button", name="Move SKU up")
    button.press("Enter")
    button.press("Enter")
    assert faults(window) == []
    dialog.get_by_role("button", name="Show these").click()
    expect(window.locator("thead th").nth(1)).to_have_text("SKU")
    assert ListHabit.objects.get(person=seller).columns[:2] == ["sku", "name"]
    assert "tax_category" not in ListHabit.objects.get(person=seller).columns


def test_a_view_is_saved_and_opened_again(window: Page) -> None:
    window.goto(f"{URL}?where=kind~any~service")
    window.get_by_role("button", name="Save view").click()
    dialog = window.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Services we sell")
    dialog.get_by_label("Share with everybody who may open this list").check()
    dialog.get_by_role("button", name="Save").click()
    tab = window.get_by_role("navigation", name="Views").get_by_role("link", name="Services we sell")
    expect(tab).to_have_attribute("aria-current", "page")
    assert SavedView.objects.get().is_shared
    assert faults(window) == []
    window.get_by_role("navigation", name="Views").get_by_role("link", name="All").click()
    expect(window.locator("tbody tr")).to_have_count(4)
    tab.click()
    expect(window.locator("tbody tr")).to_have_count(1)


def test_searching_keeps_conditions_and_groups(window: Page) -> None:
    window.goto(f"{URL}?where=kind~any~goods&group=kind")
    expect(window.locator("tr.group-row")).to_have_count(1)
    window.locator("#q").fill("chair")
    expect(window.locator("tr[data-href]")).to_have_count(1)
    expect(window.locator(".chip")).to_have_count(1)
    expect(window.locator("tr.group-row")).to_have_count(1)
    assert faults(window) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_filters_are_a_sheet_and_rows_are_cards(window: Page, scheme: Any) -> None:
    window.set_viewport_size({"width": 390, "height": 844})
    window.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    window.goto(f"{URL}?where=kind~any~goods&group=kind")
    assert window.evaluate("document.documentElement.scrollWidth") <= 390
    window.get_by_role("button", name="State and filters").click()
    window.get_by_text("Services", exact=True).click()
    expect(window.get_by_text("Nothing fits these filters.")).to_be_visible()
    window.wait_for_timeout(300)
    assert faults(window) == []


def test_without_scripts_the_list_still_works(chromium: Browser, live_server: LiveServer, desk: Product, seller: User) -> None:
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, seller)
    page.goto(URL)
    page.get_by_role("button", name="Filter").click()
    page.get_by_label("Add a condition on").select_option("name")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_label("Thing: Value").fill("desk")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("input[name=pk]").check()
    page.locator(".bulk-bar").get_by_role("button", name="Retire").click()
    expect(page.get_by_text("Retire: 1 done.")).to_be_visible()
    desk.refresh_from_db()
    assert not desk.is_active
    context.close()
