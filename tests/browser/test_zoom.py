"""At 200 % zoom nothing is cut off and nothing scrolls sideways; who asks for less motion gets none."""

import pytest
from playwright.sync_api import Browser, Page

from config.sights import Sight
from tests.browser.conftest import OWNER
from tests.browser.showroom import Showroom, window_of

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("books")]

# 1440x900 at 200 %: half as many CSS pixels, each twice as large.
ZOOMED = {"width": 720, "height": 450}
KINDS = {"list", "board", "record", "create", "report"}
CUT = """() => [...document.querySelectorAll("h1, button, .btn, .pill, label, nav a")].filter(one => {
    const box = one.getBoundingClientRect();
    if (!box.width || !one.checkVisibility({visibilityProperty: true})) return false;
    let holder = one.parentElement;
    while (holder && !/auto|scroll|hidden|clip/.test(getComputedStyle(holder).overflowX)) holder = holder.parentElement;
    return !holder && (box.right > innerWidth + 1 || box.left < -1);
}).map(one => one.outerHTML.slice(0, 100))"""
MOVING = """() => [...document.querySelectorAll("*")].filter(one => {
    const style = getComputedStyle(one);
    const long = (times) => times.split(",").some(time => parseFloat(time) * (time.trim().endsWith("ms") ? 1 : 1000) > 1);
    return long(style.transitionDuration) || (style.animationName !== "none" && long(style.animationDuration));
}).slice(0, 5).map(one => one.outerHTML.slice(0, 100))"""


def one_of_each(seen: list[Sight]) -> list[Sight]:
    """Home and the main screens: for each module one of each kind."""
    chosen: dict[tuple[str, str], Sight] = {("home", "page"): Sight("web:home", "page", "/")}
    for sight in seen:
        if sight.kind in KINDS:
            chosen.setdefault((sight.name.partition(":")[0], sight.kind), sight)
    return list(chosen.values())


def cut_off(page: Page) -> list[str]:
    """What stands beyond the window's edge."""
    found: list[str] = page.evaluate(CUT)
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [*found, f"{wide} wide"] if wide > ZOOMED["width"] else found


def test_nothing_is_cut_off_at_twice_the_size(chromium: Browser, room: Showroom, seen: list[Sight]) -> None:
    context = window_of(chromium, room, OWNER, device_scale_factor=2)
    page = context.new_page()
    page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
    found = {}
    for sight in one_of_each(seen):
        page.goto(sight.address, wait_until="load")
        found[sight.address] = cut_off(page)
    context.close()
    assert {address: some for address, some in found.items() if some} == {}


def test_who_asks_for_less_motion_gets_none(chromium: Browser, room: Showroom) -> None:
    context = window_of(chromium, room, OWNER)
    page = context.new_page()
    for address in ("/", "/crm/deals/board/", "/sales/orders/"):
        page.goto(address, wait_until="load")
        assert page.evaluate(MOVING) == [], address
    context.close()
