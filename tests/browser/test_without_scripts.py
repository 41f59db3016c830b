"""The main actions without JavaScript: plain forms and links carry a customer, an order, its goods and its payment."""

import re

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from backoffice.finance.models import Invoice
from backoffice.inventory.models import DeliveryOrder
from core.parties.models import Party
from core.people.roles import Role
from frontoffice.sales.models import Order
from integration import delivery
from tests.browser.people import sign_in, window
from tests.factories.ground import make_user
from tests.factories.house import make_house, make_stocked

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_an_order_is_made_delivered_and_paid_without_scripts(chromium: Browser, live_server: LiveServer) -> None:
    make_house()
    make_stocked("DESK-140", 20)
    seller, storekeeper, accountant = (make_user(role) for role in (Role.SALES, Role.STOREKEEPER, Role.ACCOUNTANT))

    with window(chromium, live_server.url, scripts=False) as page:
        sign_in(page, seller)
        page.goto("/parties/new/")
        page.get_by_label("Name", exact=True).fill("PT Cahaya Nusa")
        page.get_by_label("Customer").check()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("PT Cahaya Nusa")
        assert Party.objects.filter(name="PT Cahaya Nusa").count() == 1

        page.goto("/sales/orders/new/")
        page.get_by_label("Customer").fill("PT Cahaya Nusa")
        page.get_by_label("Product").first.fill("DESK-140")
        page.get_by_label("Quantity").first.fill("4")
        page.locator("#main").get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("SO/")
        page.get_by_role("button", name="Confirm").click()
        expect(page.locator(".pill", has_text="Confirmed").first).to_be_visible()
        assert Order.objects.get().status == Order.Status.CONFIRMED
        delivery.drain()

    with window(chromium, live_server.url, scripts=False) as page:
        sign_in(page, storekeeper)
        goods = DeliveryOrder.objects.get()
        page.goto(f"/inventory/deliveries/{goods.pk}/")
        page.get_by_role("button", name="Deliver everything").click()  # a link to a page that asks
        page.locator("form").get_by_role("button", name="Deliver everything").click()
        expect(page.locator(".pill", has_text="Delivered").first).to_be_visible()
        delivery.drain()

    with window(chromium, live_server.url, scripts=False) as page:
        sign_in(page, accountant)
        invoice = Invoice.objects.get()
        page.goto(f"/finance/invoices/{invoice.pk}/")
        page.get_by_role("button", name="Register payment").first.click()
        page.wait_for_url(re.compile("register-payment"))
        page.locator("form").get_by_role("button", name="Register payment").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("PAY")

    invoice.refresh_from_db()
    assert (invoice.total, invoice.residual) == (21_090_000, 0)
