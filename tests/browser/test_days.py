"""Days in their fields: typed as they are written here, or chosen in the browser's own calendar without a mouse."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import OWNER
from tests.browser.people import listen
from tests.browser.showroom import Showroom, window_of

pytestmark = pytest.mark.usefixtures("books")
CHOOSE = "one => { one.value = '2026-12-05'; for (const said of ['input', 'change']) one.dispatchEvent(new Event(said, {bubbles: true})); }"


def test_a_day_is_chosen_in_the_calendar_and_stands_there_as_it_is_written_here(chromium: Browser, room: Showroom) -> None:
    context = window_of(chromium, room, OWNER)
    page = context.new_page()
    complaints = listen(page)
    page.goto("/sales/orders/new/")
    wanted = page.get_by_label("Wanted by")
    wanted.fill("31/12/2026")
    wanted.press("Alt+ArrowDown")
    calendar = page.locator(".day-calendar")
    expect(calendar).to_have_value("2026-12-31")
    calendar.evaluate(CHOOSE)
    expect(wanted).to_have_value("05/12/2026")
    expect(wanted).to_be_focused()
    context.close()
    assert complaints == []
