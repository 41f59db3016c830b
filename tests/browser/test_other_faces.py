"""The faces beside the staff pages: clerk screens, the API's documentation, and the page for what is not there."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from core.people.models import User
from tests.browser.axe import COLOURS, RULES, faults
from tests.browser.people import listen, sign_in
from tests.factories.ground import make_customer

THEIRS = {"landmark-one-main", "landmark-unique", "region", "nested-interactive", "target-size"}  # what the packages draw, we only dress
LOOKS: Any = (("light", 1440, 900), ("dark", 390, 1600))


def looked_at(page: Page, rules: dict[str, Any] = RULES) -> set[str]:
    """What axe finds on a desk in the light theme and on a phone in the dark one."""
    found: set[str] = set()
    for theme, width, height in LOOKS:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": height})
        found |= {f"{theme} {width}: {fault}" for fault in faults(page, rules)}
    return found


@pytest.mark.django_db(transaction=True)
def test_the_other_faces_are_open_to_all_and_quiet(chromium: Browser, live_server: LiveServer, owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(is_staff=True)
    customer = make_customer()
    context = chromium.new_context(base_url=live_server.url)
    page = sign_in(context.new_page(), owner)
    complaints, found = listen(page), {}
    for address in ("/admin/", "/admin/parties/party/", f"/admin/parties/party/{customer.pk}/change/"):
        page.goto(address)
        found[address] = {fault for fault in looked_at(page) if fault.split(": ")[1] not in THEIRS}
    page.goto("/api/docs/")
    page.locator(".opblock-tag").first.click()
    page.locator(".opblock-summary-control").first.click()
    expect(page.locator(".opblock-body").first).to_be_visible()
    found["/api/docs/"] = looked_at(page, COLOURS)
    expect(page.locator("#side .brand[href='/']")).to_have_count(1)
    assert complaints == []
    page.goto("/nothing/here/")
    found["404"] = looked_at(page)
    context.close()
    assert {address: some for address, some in found.items() if some} == {}
