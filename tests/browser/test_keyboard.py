"""From a new customer to collected cash with the keyboard alone; wherever the focus stops, it can be seen."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from backoffice.finance.models import Invoice, Payment
from backoffice.inventory.models import DeliveryOrder
from core.people.models import User
from core.people.roles import Role
from frontoffice.sales.models import Order
from integration import delivery
from tests.browser.people import choose, jump, listen, press, reach, sign_in_by_keyboard, window, write
from tests.factories.ground import make_user
from tests.factories.house import make_house, make_stocked

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

CUSTOMER = "PT Cahaya Nusa"


def send(page: Page) -> None:
    """Save the form one is in, and wait for the page it leads to."""
    before = page.url
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url != before)


def heading(page: Page, words: str) -> None:
    """The page about this is open."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def is_now(page: Page, state: str) -> None:
    """The record says that it is in this state."""
    expect(page.locator(".hero .pill", has_text=state)).to_be_visible()


def related(page: Page, number: str) -> Locator:
    """The link to a document this one became."""
    return page.locator(".part", has=page.get_by_role("heading", name="Related documents")).get_by_role("link", name=number)


def sell(page: Page, seller: User) -> None:
    """A customer, a deal with them, what they buy; the deal is won and its order confirmed."""
    sign_in_by_keyboard(page, seller)
    jump(page, "new party", "New party")
    write(page, page.get_by_label("Name", exact=True), CUSTOMER)
    reach(page, page.get_by_role("checkbox", name="Customer"))
    page.keyboard.press("Space")
    send(page)
    heading(page, CUSTOMER)

    page.keyboard.press("c")
    press(page, page.locator("#new").get_by_role("link", name="Deal").first)
    heading(page, "New deal")
    write(page, page.get_by_label("Name", exact=True), "Four desks")
    expect(page.get_by_label("Customer")).to_have_value(CUSTOMER)
    choose(page, page.get_by_label("Product").first, "desk-140", "Standing desk 140")
    write(page, page.get_by_label("Quantity").first, "4")
    expect(page.locator("#lines-0-total")).to_have_text("Rp\N{NO-BREAK SPACE}19.000.000")
    send(page)
    heading(page, "Four desks")

    press(page, page.get_by_role("button", name="Won"))
    press(page, page.get_by_role("dialog").get_by_role("button", name="Won"))
    is_now(page, "Won")
    delivery.drain()
    press(page, related(page, "SO/"))
    heading(page, "SO/")
    press(page, page.get_by_role("button", name="Confirm"))
    is_now(page, "Confirmed")
    delivery.drain()


def hand_over(page: Page, storekeeper: User) -> None:
    """What the order promised is picked and leaves."""
    sign_in_by_keyboard(page, storekeeper)
    page.keyboard.press("g")
    page.keyboard.press("t")
    heading(page, "Deliveries")
    page.keyboard.press("j")
    page.keyboard.press("o")
    heading(page, "DO/")
    press(page, page.get_by_role("button", name="Pick everything"))
    expect(page.get_by_text("Everything that is set aside is picked.")).to_be_visible()
    press(page, page.get_by_role("button", name="Deliver what is picked"))
    press(page, page.get_by_role("dialog").get_by_role("button", name="Deliver what is picked"))
    is_now(page, "Delivered")
    delivery.drain()


def collect(page: Page, accountant: User) -> None:
    """The invoice is there; the customer's payment is entered, and settles it."""
    sign_in_by_keyboard(page, accountant)
    invoice = Invoice.objects.get()
    jump(page, "register payment", "Register payment")
    choose(page, page.get_by_label("Customer"), "cahaya", CUSTOMER)
    write(page, page.get_by_label("Amount"), "21090000")
    expect(page.locator("#preview")).to_contain_text(invoice.number)
    send(page)
    heading(page, "PAY/")
    press(page, related(page, invoice.number))
    heading(page, invoice.number)
    is_now(page, "Paid")


def test_from_a_customer_to_collected_cash_with_the_keyboard_alone(chromium: Browser, live_server: LiveServer) -> None:
    make_house()
    make_stocked("DESK-140", 20)
    seller, storekeeper, accountant = (make_user(role) for role in (Role.SALES, Role.STOREKEEPER, Role.ACCOUNTANT))
    for do, user in ((sell, seller), (hand_over, storekeeper), (collect, accountant)):
        with window(chromium, live_server.url) as page:
            complaints = listen(page)
            do(page, user)
            assert complaints == []
    order, delivered, invoice, payment = Order.objects.get(), DeliveryOrder.objects.get(), Invoice.objects.get(), Payment.objects.get()
    assert (order.status, order.total) == (Order.Status.CONFIRMED, 21_090_000)
    assert (delivered.order_id, delivered.status) == (order.pk, DeliveryOrder.Status.DELIVERED)
    assert (invoice.total, invoice.residual, payment.unallocated) == (21_090_000, 0, 0)
