"""Chromium for tests: the system's, else Playwright's own download, else the tests are skipped with the reason in the summary."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright
    from pytest_django.live_server_helper import LiveServer

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Who uses the browser is marked `browser`, so that `-m "not browser"` leaves them out."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """One browser for all tests of a worker; a test opens a context of its own in it (see `page`)."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = launch(playwright)
        # Playwright's synchronous interface keeps an event loop in this thread, and Django takes a thread with a loop for asynchronous code.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        yield browser
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        browser.close()


def launch(playwright: "Playwright") -> "Browser":
    """The system's Chromium, or the one Playwright brings; pytest.skip with the reason when there is neither."""
    from playwright.sync_api import Error

    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program:
        return playwright.chromium.launch(executable_path=program, args=FLAGS)
    try:
        return playwright.chromium.launch(args=FLAGS)
    except Error:
        download = subprocess.run(
            [sys.executable, "-m", "playwright", "install", "chromium"], capture_output=True, text=True, timeout=600, check=False
        )
    try:
        return playwright.chromium.launch(args=FLAGS)
    except Error:
        words = (download.stderr or download.stdout).strip().splitlines()
        pytest.skip(f"no Chromium: none of {', '.join(NAMES)} is installed and Playwright could not download one ({words[-1:]})")


@pytest.fixture
def page(chromium: "Browser", live_server: "LiveServer") -> "Iterator[Page]":
    """An empty browser window on the running application; `page.goto("/")` opens the home page."""
    context = chromium.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()
