"""Canaries in every text of every table, every page of the staff web and of the clerks opened in Chromium: none comes alive.

`tests/core/test_canary.py` reads what the server says; here is what a browser, and our own scripts in it, make of it.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.admin import site
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Dialog, Page
from pytest_django.live_server_helper import LiveServer

from config.sights import opened
from core.people.models import User
from tests.architecture.code import expect_none
from tests.browser.people import WATCH
from tests.core.test_canary import CANARIES, canary
from tests.factories.full import make_full_house
from tests.planting import plant
from tests.signing import confirmed

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SINGS = "window.sang = []; window.canary = () => window.sang.push(document.currentScript ? 'script' : 'event');"
LIVING = """() => [
    ...window.sang.map(how => `a canary sang: ${how}`),
    ...[...document.querySelectorAll("x-canary, [x-here], [onerror], [onload]")].map(one => `it became ${one.outerHTML.slice(0, 80)}`),
    ...[...document.querySelectorAll("[href], [src], [action], [formaction]")]
        .filter(one => /^\\s*javascript:/i.test(one.getAttribute("href") || one.getAttribute("src") || one.getAttribute("action") || ""))
        .map(one => `it became an address: ${one.outerHTML.slice(0, 80)}`),
]"""
PLANTED = "<p id=planted>{{ words|safe }}</p>"


class Aviary:
    """A window that hears every canary."""

    def __init__(self, browser: Browser, address: str, client: Client) -> None:
        self.context = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        self.context.add_cookies([{"name": name, "value": one.value, "url": address} for name, one in client.cookies.items()])
        self.context.set_default_timeout(15_000)
        self.context.add_init_script(f"{SINGS}\n{WATCH}")
        self.page: Page = self.context.new_page()
        self.heard: list[str] = []
        self.page.on("dialog", self.hear_a_dialog)
        self.page.on("console", lambda said: self.heard.append(said.text) if said.text.startswith("CSP ") else None)
        self.context.route("**/print/**", lambda route: route.abort() if route.request.resource_type == "image" else route.continue_())
        self.page.on("pageerror", lambda error: self.heard.append(f"a script failed: {error}"))

    def hear_a_dialog(self, dialog: Dialog) -> None:
        """A page that asks something by itself is alive."""
        self.heard.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    def listen_at(self, address: str) -> list[str]:
        """What comes alive on a page as it is loaded."""
        self.heard.clear()
        self.page.goto(address, wait_until="load")
        return self.alive()

    def alive(self) -> list[str]:
        """What has come alive on the page up to now."""
        return [*self.heard, *self.page.evaluate(LIVING)]


@pytest.fixture
def boss(transactional_db: None) -> User:
    return make_full_house()


@pytest.fixture
def aviary(chromium: Browser, live_server: LiveServer, boss: User, client: Client) -> Iterator[Aviary]:
    plant(canary)
    User.objects.filter(pk=boss.pk).update(is_staff=True)
    aviary = Aviary(chromium, live_server.url, confirmed(client, boss))
    yield aviary
    aviary.context.close()


def clerks_pages() -> Iterator[str]:
    """Every list of the clerks, and the latest record of each."""
    yield "/admin/"
    for model in site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        latest = model._default_manager.order_by("pk").last()
        if latest is not None:
            yield reverse(f"{name}_change", args=[latest.pk])


def test_no_canary_sings_on_any_page(aviary: Aviary, boss: User) -> None:
    """0 dialogs, 0 reports of the content policy, nothing run, no element and no attribute of theirs; nor in what our scripts bring later."""
    pages = [sight.address for sight in opened(User.objects.get(pk=boss.pk))]
    assert len(pages) > 100
    wrong: list[str] = []
    shown = 0
    for address in (*pages, *clerks_pages(), "/api/docs/", "/nothing/here/"):
        wrong += [f"{address}: {one}" for one in aviary.listen_at(address)]
        shown += "x-canary" in aviary.page.inner_text("body")
    wrong += [f"{where}: {one}" for where, found in moved_about(aviary) for one in found]
    expect_none(wrong)
    assert shown > 100


def moved_about(aviary: Aviary) -> Iterator[tuple[str, list[str]]]:
    """What scripts fetch and put in when somebody moves: the palette, a preview, the bell, the menu behind New, a lookup and its choice."""
    page = aviary.page
    aviary.listen_at("/sales/orders/?state=all")
    page.keyboard.press("Control+k")
    page.keyboard.type("x-canary")
    page.locator("#palette [role=option]", has_text="x-canary").first.wait_for()
    yield "the palette", aviary.alive()
    aviary.listen_at("/sales/orders/?state=all")
    page.keyboard.press("j")
    page.keyboard.press(" ")
    page.locator("#peek", has_text="x-canary").wait_for()
    yield "a preview", aviary.alive()
    aviary.listen_at("/")
    page.locator(".pop-bell").first.click()
    page.locator("#bell", has_text="x-canary").wait_for()
    yield "the bell", aviary.alive()
    aviary.listen_at("/")
    page.locator("[data-new]").click()
    page.locator("#new a").first.wait_for()
    yield "the menu behind New", aviary.alive()
    aviary.listen_at("/sales/orders/new/")
    page.get_by_label("Customer").focus()
    page.keyboard.type("x-canary")
    page.locator(".lookup [role=option]", has_text="x-canary").first.wait_for()
    yield "a lookup", aviary.alive()
    page.keyboard.press("Enter")
    yield "a choice", aviary.alive()


def test_a_canary_that_a_template_lets_out_is_heard(aviary: Aviary) -> None:
    """A page drawn with ``|safe`` is caught, with our content policy (it says so) and without one (it sings)."""
    drawn = Template(PLANTED).render(Context({"words": CANARIES[0]}))
    tame = Template(PLANTED.replace("|safe", "")).render(Context({"words": CANARIES[0]}))

    def bring(html: str, **headers: str) -> list[str]:
        aviary.page.unroute_all()
        aviary.page.route(
            "**/let-out/", lambda route: route.fulfill(body=f"<!doctype html>{html}", content_type="text/html", headers=headers)
        )
        return aviary.listen_at("/let-out/")

    policy: Any = Client().get("/sign-in/").headers["Content-Security-Policy"]
    assert bring(tame) == []
    held = " ".join(bring(drawn, **{"Content-Security-Policy": policy}))
    assert "CSP script-src" in held
    assert "it became <x-canary" in held
    assert "sang" not in held
    free = " ".join(bring(drawn))
    assert "a canary sang: script" in free
    assert "a canary sang: event" in free
