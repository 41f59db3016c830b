"""Every screen of the product in a real browser: what a first visit costs, what the browser complains about, and what axe finds.

Each is loaded once, cold. Axe reads it as a desk shows it in the light theme, then as a phone shows it in the dark one; the first screen
of each kind is measured on a dark desk, too. The shell around the page is the same everywhere: it is read with the first screen of a walk.
"""

from typing import Any

import pytest
from playwright.sync_api import Browser

from config.sights import Sight
from tests.browser.axe import COLOURS, faults
from tests.browser.conftest import OWNER
from tests.browser.showroom import Showroom, window_of
from tests.browser.walking import Walk

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("books")]

DESK: Any = {"width": 1440, "height": 900}
PHONE: Any = {"width": 390, "height": 1600}
PARTS = 6  # so that the workers share the screens
DOOR = Sight("web:sign-in", "door", "/sign-in/")
DOORS = (DOOR, Sight("account_reset_password", "door", "/password/forgotten/"), Sight("account_inactive", "door", "/sign-in/ended/"))


def as_phone(walk: Walk) -> None:
    """Shows the page as a phone, as high as the page is long: the bars at its edges cover nothing that is measured."""
    walk.page.set_viewport_size(PHONE)
    long = walk.page.evaluate("document.documentElement.scrollHeight")
    if long > PHONE["height"]:
        walk.page.set_viewport_size({"width": PHONE["width"], "height": long})


def found_on(walk: Walk, sight: Sight, *, shell: bool, dark_desk: bool) -> list[str]:
    """What is wrong with a screen."""
    walk.page.emulate_media(color_scheme="light")
    walk.page.set_viewport_size(DESK)
    walk.open(sight)
    found = [f"desk: {fault}" for fault in faults(walk.page, shell=shell)]
    found += walk.overspent()
    walk.page.emulate_media(color_scheme="dark")
    if dark_desk:
        found += [f"dark desk: {fault}" for fault in faults(walk.page, COLOURS)]
    as_phone(walk)
    found += [f"dark phone: {fault}" for fault in faults(walk.page, shell=shell)]
    return list(dict.fromkeys([*found, *walk.complaints]))


@pytest.mark.parametrize("part", range(PARTS))
def test_every_screen_is_light_quiet_and_open_to_all(chromium: Browser, room: Showroom, seen: list[Sight], part: int) -> None:
    """At most 8 requests and 150 KB, nothing moves, nothing is complained about, axe finds nothing."""
    context = window_of(chromium, room, OWNER)
    walk, found = Walk(context), {}
    for number, sight in list(enumerate(seen))[part::PARTS]:
        first_of_kind = sight.kind not in {before.kind for before in seen[:number]}
        found[sight.address] = found_on(walk, sight, shell=number < PARTS, dark_desk=first_of_kind)
    context.close()
    assert {address: some for address, some in found.items() if some} == {}


def test_the_door_is_light_quiet_and_open_to_all(chromium: Browser, room: Showroom) -> None:
    context = chromium.new_context(base_url=room.address, reduced_motion="reduce")
    walk = Walk(context)
    found = {door.address: found_on(walk, door, shell=True, dark_desk=True) for door in DOORS}
    context.close()
    assert {address: some for address, some in found.items() if some} == {}


def test_planted_faults_are_found(chromium: Browser, room: Showroom) -> None:
    context = chromium.new_context(base_url=room.address, reduced_motion="reduce")
    walk = Walk(context)
    walk.open(DOOR)
    assert walk.overspent() == []
    walk.page.evaluate("document.querySelector('label[for=id_login]').remove()")
    walk.page.evaluate("document.querySelector('html').removeAttribute('lang')")
    assert {fault.split(":")[0] for fault in faults(walk.page)} >= {"html-has-lang", "label"}
    walk.page.evaluate("document.querySelector('h1').setAttribute('style', 'color: red')")
    walk.page.evaluate("document.body.prepend(Object.assign(document.createElement('h2'), {textContent: 'New'}))")
    walk.page.evaluate("Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(number => fetch(`/healthz?${number}`)))")
    said = "\n".join(walk.overspent())
    context.close()
    assert "CSP style-src" in said
    assert "shifts by 0." in said
    assert " requests: " in said
