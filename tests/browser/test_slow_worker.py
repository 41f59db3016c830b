"""While the workers are slow a page says what it waits for, and shows what came of it by itself."""

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from backoffice.inventory.models import DeliveryOrder
from core.catalog.models import Product
from core.jobs.worker import work_jobs
from core.people.models import User
from core.people.roles import Role
from core.web import listexport, lists
from frontoffice.sales.models import Order
from integration import delivery
from tests.browser.people import listen, sign_in, window
from tests.factories.crm import make_deal
from tests.factories.ground import make_customer, make_user
from tests.factories.house import make_house, make_stocked

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def dewi(transactional_db: None) -> User:
    """The seller of a company with desks on the shelf."""
    make_house()
    make_stocked("DESK-140", 20)
    return make_user(Role.SALES)


def awaits(page: Page, words: str) -> None:
    """The page says that it waits for this; and still does after it has asked for news."""
    waiting = page.locator(".awaiting")
    expect(waiting).to_have_text(words)
    with page.expect_response(lambda answer: "fragment" in answer.url and answer.ok):
        pass
    expect(waiting).to_have_text(words)


def test_a_won_deal_and_its_order_say_what_they_wait_for(chromium: Browser, live_server: LiveServer, dewi: User) -> None:
    deal = make_deal(make_customer(), [(Product.objects.get(sku="DESK-140"), 4)], owner=dewi)
    delivery.drain()
    with window(chromium, live_server.url) as page:
        complaints = listen(page)
        sign_in(page, dewi)
        page.goto(f"/crm/deals/{deal.pk}/")
        page.get_by_role("button", name="Won").click()
        page.get_by_role("dialog").get_by_role("button", name="Won").click()
        awaits(page, "The order is being drafted…")
        assert Order.objects.count() == 0
        delivery.drain()
        expect(page.locator(".awaiting")).to_have_text("")
        page.get_by_role("link", name="SO/").first.click()

        page.get_by_role("button", name="Confirm").click()
        awaits(page, "The goods are being set aside…")
        assert DeliveryOrder.objects.count() == 0
        delivery.drain()
        expect(page.locator(".awaiting")).to_have_text("")
        expect(page.get_by_role("link", name="DO/").first).to_be_visible()
        assert complaints == []


def test_a_file_in_the_making_shows_how_far_it_is(
    chromium: Browser, live_server: LiveServer, dewi: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_customer()
    for module in (lists, listexport):
        monkeypatch.setattr(module, "IMMEDIATE", 0)
    with window(chromium, live_server.url) as page:
        sign_in(page, dewi)
        page.goto("/parties/?state=all&export=csv")
        page.get_by_role("button", name="Make the file").click()
        expect(page.get_by_text("Waiting for a worker…")).to_be_visible()
        work_jobs()
        expect(page.get_by_text("The file is ready.")).to_be_visible()
        expect(page.get_by_role("link", name=".csv")).to_be_visible()
