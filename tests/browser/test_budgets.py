"""What a page may cost the server: statements, and processor time against its own empty shell. Counted on every screen of the product."""

import gc
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.sights import Sight
from core.people.door import sessions
from core.people.models import User
from core.web.screen import Screen
from tests.browser.conftest import OWNER
from tests.browser.showroom import Showroom

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("books")]

STATEMENTS = 12
RATIO = 3.0
QUICK, SURE, TRIES = 1, 15, 4  # how often a page is timed; more often when it may be too slow, and again when it seems so
MAYBE = 2.2
SHOW: Callable[..., HttpResponse] = Screen.show


@pytest.fixture
def owner_client(room: Showroom, books: None, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A browser without a screen, with the owner at it. Where they are seen, which is noted once a minute, is noted already."""
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(email=OWNER))
    client.get("/help/")
    monkeypatch.setattr(sessions, "NOTED_EVERY", 24 * 3600)
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


def screens(screen: type[Screen] = Screen) -> Iterator[type[Screen]]:
    """Every kind of screen."""
    yield screen
    for below in screen.__subclasses__():
        yield from screens(below)


def seconds(client: Client, address: str) -> float:
    """How long the processor works for a page; waiting for the database or for other programs does not count."""
    gc.collect(0)
    gc.disable()  # whoever happens to cross the threshold would pay for all
    start = time.thread_time()
    client.get(address)
    passed = time.thread_time() - start
    gc.enable()
    return passed


def times_its_shell(client: Client, sight: Sight, monkeypatch: pytest.MonkeyPatch, rounds: int) -> float:
    """How many times as long as its own empty shell a page takes: the quickest of interleaved rounds, for whatever else runs only adds."""
    whole, bare = [], []
    for _round in range(rounds):
        whole.append(seconds(client, sight.address))
        with monkeypatch.context() as patch:
            patch.setattr(Screen, "show", empty)
            for screen in screens():
                if "context" in vars(screen):
                    patch.setattr(screen, "context", lambda _self: {})
            bare.append(seconds(client, sight.address))
    return min(whole) / min(bare)


def test_no_page_takes_three_times_as_long_as_its_empty_shell(
    owner_client: Client, seen: list[Sight], monkeypatch: pytest.MonkeyPatch
) -> None:
    for sight in seen:
        owner_client.get(sight.address)  # templates are compiled once
    slow = [sight for sight in seen if times_its_shell(owner_client, sight, monkeypatch, QUICK) > MAYBE]
    over = {}
    for sight in slow:  # what a page really costs shows every time, what a neighbour on the machine costs does not
        times = [times_its_shell(owner_client, sight, monkeypatch, SURE)]
        while times[-1] > RATIO and len(times) < TRIES:
            times.append(times_its_shell(owner_client, sight, monkeypatch, SURE))
        if min(times) > RATIO:
            over[sight.address] = round(min(times), 1)
    assert over == {}
