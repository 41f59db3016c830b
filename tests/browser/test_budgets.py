"""What a page may cost: requests, bytes, statements, layout shift, complaints and time. Counted on every screen of the product."""

import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Browser, CDPSession, ConsoleMessage, Page

from config.sights import Sight
from core.people.models import User
from core.web.screen import Screen
from tests.browser.conftest import OWNER
from tests.browser.showroom import Showroom, window_of

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("books")]

REQUESTS = 8
BYTES = 150 * 1024
STATEMENTS = 12
RATIO = 3.0
PARTS = 2
QUICK, SURE = 3, 11  # how often a page is timed; again and more often when it seems too slow

WATCH = """
addEventListener("securitypolicyviolation", event => console.error("CSP " + event.violatedDirective + " " + event.blockedURI));
window.shifted = [];
new PerformanceObserver(list => {
    for (const entry of list.getEntries())
        if (!entry.hadRecentInput)
            shifted.push(entry.value.toFixed(4) + " " + entry.sources.map(one => one.node?.nodeName + "." + one.node?.className).join(" "));
}).observe({type: "layout-shift", buffered: true});
"""


class Load:
    """A cold load as the browser's own network log tells it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.line: CDPSession = page.context.new_cdp_session(page)
        self.requested: list[str] = []
        self.bytes = 0.0
        self.complaints: list[str] = []
        self.line.send("Network.enable")
        self.line.on("Network.requestWillBeSent", self.sent)
        self.line.on("Network.loadingFinished", self.finished)
        page.on("console", self.said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def sent(self, event: dict[str, Any]) -> None:
        """One more request, unless the page carried the answer in itself, or only asks whether there is news by now."""
        address = event["request"]["url"]
        if not address.startswith("data:") and "fragment" not in address and "X-News" not in event["request"]["headers"]:
            self.requested.append(event["request"]["url"])

    def finished(self, event: dict[str, Any]) -> None:
        """What came over the line, headers included."""
        self.bytes += event["encodedDataLength"]

    def said(self, message: ConsoleMessage) -> None:
        """What the console complains about."""
        if message.type == "error":
            self.complaints.append(message.text)

    def overspent(self, address: str) -> list[str]:
        """Load the page as somebody does who never came before, and say what was too much."""
        self.line.send("Network.clearBrowserCache")
        self.requested, self.bytes, self.complaints = [], 0.0, []
        answer = self.page.goto(address, wait_until="load")
        assert answer is not None
        assert (answer.status, answer.url.endswith(address)) == (200, True), f"{answer.status} {answer.url}"
        self.page.wait_for_timeout(300)
        asked, kilobytes, shifted = [*self.requested], self.bytes / 1024, self.page.evaluate("window.shifted")
        found = [*self.complaints, *(f"shifts by {one}" for one in shifted)]
        if len(asked) > REQUESTS:
            found.append(f"{len(asked)} requests: {' '.join(one.rpartition('/')[2] or one for one in asked)}")
        if self.bytes > BYTES:
            found.append(f"{kilobytes:.0f} KB")
        return found


@pytest.mark.parametrize("part", range(PARTS))
def test_a_cold_load_keeps_to_its_budget(chromium: Browser, room: Showroom, seen: list[Sight], part: int) -> None:
    context = window_of(chromium, room, OWNER)
    context.add_init_script(WATCH)
    page = context.new_page()
    load = Load(page)
    found = {sight.address: load.overspent(sight.address) for sight in seen[part::PARTS]}
    context.close()
    assert {address: some for address, some in found.items() if some} == {}


@pytest.fixture
def owner_client(room: Showroom, books: None) -> Client:
    """A browser without a screen, with the owner at it."""
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(email=OWNER))
    return client


def test_no_page_asks_more_than_a_dozen_statements(owner_client: Client, seen: list[Sight]) -> None:
    over = {}
    for sight in seen:
        with CaptureQueriesContext(connection) as captured:
            owner_client.get(sight.address)
        if len(captured) > STATEMENTS:
            over[sight.address] = len(captured)
    assert over == {}


def empty(self: Screen, template: str = "", *, status: int = 200, **extra: object) -> HttpResponse:
    """`Screen.show` without a body: the shell, the heading and the way here, rendered by the same view."""
    return SHOW(self, "web/page.html", status=status)


SHOW: Callable[..., HttpResponse] = Screen.show


def seconds(client: Client, address: str) -> float:
    """How long the processor works for a page. Waiting for the database is not counted: it depends on who else is busy."""
    start = time.process_time()
    client.get(address)
    return time.process_time() - start


def ratio(client: Client, sight: Sight, monkeypatch: pytest.MonkeyPatch, rounds: int) -> float:
    """How many times as long as its own empty shell a page takes: medians of interleaved rounds."""
    whole, bare = [], []
    for _round in range(rounds):
        whole.append(seconds(client, sight.address))
        with monkeypatch.context() as patch:
            patch.setattr(Screen, "show", empty)
            patch.setattr(Screen, "context", lambda _self: {})
            for screen in _all_screens(Screen):
                if "context" in vars(screen):
                    patch.setattr(screen, "context", lambda _self: {})
            bare.append(seconds(client, sight.address))
    return statistics.median(whole) / statistics.median(bare)


def _all_screens(screen: type[Screen]) -> list[type[Screen]]:
    return [below for one in screen.__subclasses__() for below in (one, *_all_screens(one))]


def test_no_page_takes_three_times_as_long_as_its_empty_shell(
    owner_client: Client, seen: list[Sight], monkeypatch: pytest.MonkeyPatch
) -> None:
    for sight in seen[:10]:
        owner_client.get(sight.address)
    slow = [sight for sight in seen if ratio(owner_client, sight, monkeypatch, QUICK) > RATIO]
    sure = {sight.address: round(ratio(owner_client, sight, monkeypatch, SURE), 1) for sight in slow}
    assert {address: times for address, times in sure.items() if times > RATIO} == {}
