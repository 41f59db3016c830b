"""The journey in a browser, with a real Celery worker between the offices: nothing is reloaded by hand."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.db import connection

from core.people.roles import Role
from frontoffice.sales.models import Order
from frontoffice.sales.operations import NewLine, place_order
from integration.demo.cast import PASSWORD
from tests.factories.ground import make_customer, make_user
from tests.factories.house import make_house, make_stocked

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer
    from redis import Redis

pytestmark = pytest.mark.journey


@pytest.fixture
def worker(transactional_db: None, redis: "Redis") -> Iterator[None]:
    """A Celery worker on this test's database and queue, and the clock that drains every second."""
    address = os.environ["DATABASE_URL"]
    database = str(connection.settings_dict["NAME"])
    environment = {**os.environ, "DATABASE_URL": re.sub(r"/[^/?]+(\?|$)", rf"/{database}\1", address), "C_FORCE_ROOT": "1"}
    words = ["--quiet", "--app", "config.celery", "worker", "--beat", "--schedule", f"/tmp/{database}-beat", "--loglevel", "ERROR"]
    command = [sys.executable, "-m", "celery", *words, "--concurrency", "1", "--without-gossip", "--without-mingle"]
    process = subprocess.Popen(command, cwd=settings.ROOT, env=environment)
    yield
    process.terminate()
    process.wait(30)


@pytest.fixture
def window_of(chromium: "Browser", live_server: "LiveServer") -> "Iterator[Callable[[Role], Page]]":
    """A browser window in which the colleague of a role is signed in. All are closed in the end: open pages go on asking for news."""
    contexts = []

    def open_window(role: Role) -> "Page":
        person = make_user(role)
        context = chromium.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.goto("/sign-in/")
        page.get_by_label("E-mail").fill(person.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "sign-in" not in url)
        return page

    yield open_window
    for context in contexts:
        context.close()


def test_an_order_is_confirmed_delivered_invoiced_and_paid_in_the_browser(worker: None, window_of: "Callable[[Role], Page]") -> None:
    make_house()
    seller = make_user(Role.SALES)
    customer, desk = make_customer(), make_stocked("DESK-140", 20)
    order = place_order(customer_id=customer.pk, lines=[NewLine(product_id=desk.pk, quantity=Decimal(4))], by=seller)

    selling = window_of(Role.SALES)
    selling.goto(f"/sales/orders/{order.pk}/")
    selling.get_by_role("button", name="Confirm").click()
    selling.get_by_text("Goods set aside").first.wait_for()

    storing = window_of(Role.STOREKEEPER)
    storing.goto("/inventory/deliveries/")
    storing.get_by_role("link", name=re.compile("^DO")).first.click()
    storing.get_by_role("button", name="Deliver everything").click()
    storing.get_by_role("dialog").get_by_role("button", name="Deliver everything").click()
    storing.get_by_text("Delivered: DO").first.wait_for()

    selling.get_by_text(re.compile("^Invoice INV")).first.wait_for()

    booking = window_of(Role.ACCOUNTANT)
    booking.goto("/finance/invoices/")
    booking.get_by_role("link", name=re.compile("^INV")).first.click()
    booking.get_by_role("button", name="Register payment").first.click()
    booking.get_by_role("dialog").get_by_role("button", name="Register payment").click()
    booking.get_by_role("heading", name=re.compile("^PAY")).wait_for()

    selling.get_by_text(re.compile("is paid")).first.wait_for()
    assert Order.objects.get().total == 21_090_000
