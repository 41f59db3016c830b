"""The demo: a shorter year, lived through the real operations, leaves a company in which everything holds."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db.models import F
from django.test import Client

from backoffice.finance.models import Invoice
from backoffice.finance.operations import set_credit_terms
from backoffice.inventory.models import DeliveryOrder, Receipt
from core import clock
from core.events.models import Delivery, Record
from core.parties.models import Company, Party
from core.people.roles import Role
from frontoffice.sales.models import Order, OrderLine, PriceList
from frontoffice.sales.operations import NewLine, confirm_order, place_order, price_for
from integration import delivery
from integration.demo.cast import AGREEMENTS, COLLEAGUES, SUPPLIERS, sign_ins
from integration.demo.opening import House
from integration.demo.year import Year
from integration.verification import violations
from tests.factories.ground import make_customer, make_user
from tests.factories.house import make_house, make_stocked


@pytest.mark.slow
@pytest.mark.django_db
def test_a_month_of_the_demo_leaves_a_company_in_which_everything_holds() -> None:
    moments: list[datetime] = []
    Year(days=30).live(after_each=moments.append)
    assert moments == sorted(moments)
    assert str(Company.objects.current()) == "PT Nusantara Maju"
    assert Order.objects.filter(status=Order.Status.CONFIRMED).count() >= 5
    assert Invoice.objects.filter(status=Invoice.Status.PAID).exists()
    assert not Delivery.objects.unfinished().exists()
    assert list(violations()) == []
    assert {receipt.supplier for receipt in Receipt.objects.filter(is_opening=False)} <= set(Party.objects.suppliers())
    assert Receipt.objects.filter(status=Receipt.Status.PLANNED, supplier__isnull=False).exists()
    assert Party.objects.suppliers().count() == len(SUPPLIERS)
    assert PriceList.objects.count() == len(AGREEMENTS)
    priced = OrderLine.objects.filter(product__kind="goods", unit_price__lt=F("product__list_price")).select_related("product", "order")
    assert priced.count() >= 5
    for line in priced:  # at the price of a list, and not at a whim
        assert line.unit_price == price_for(line.product, line.order.customer_id, line.quantity, line.order.order_date)
    for _role, email, password in sign_ins():
        assert Client().login(username=email, password=password), email


@pytest.fixture
def held(db: None) -> Iterator[Order]:
    """An order that waits for credit on the day before it is to be released, far from the end of a year."""
    with clock.at(datetime(2026, 3, 2, 3, tzinfo=UTC)):
        yield held_order()


def held_order() -> Order:
    make_house()
    desk, customer, seller = make_stocked("DESK-140", 20), make_customer(), make_user(Role.SALES)
    set_credit_terms(customer, credit_limit=Decimal(20_000_000), payment_days=30, by=make_user(Role.ACCOUNTANT))
    order = place_order(customer_id=customer.pk, lines=[NewLine(product_id=desk.pk, quantity=Decimal(4))], owner_id=seller.pk, by=seller)
    order = confirm_order(order, by=seller)
    delivery.drain()
    assert order.status == Order.Status.ON_HOLD
    return order


def later(order: Order) -> Order:
    """The order ten days after its release came up."""
    roles = (Role.ACCOUNTANT, Role.SALES, Role.STOREKEEPER)
    year = Year(days=1)
    year.house = House(people={role: [make_user(role)] for role in roles})
    year._release(order.pk)
    year.agenda.live_until(clock.now() + timedelta(days=10), after_each=lambda _moment: None)
    order.refresh_from_db()
    return order


def test_an_order_that_still_waits_is_released_and_carried_out(held: Order) -> None:
    assert later(held).status == Order.Status.CONFIRMED
    assert Record.objects.filter(type="sales.OrderReleased").count() == 1
    assert DeliveryOrder.objects.get().status == DeliveryOrder.Status.DELIVERED


def test_an_order_that_went_ahead_by_itself_is_carried_out_all_the_same(held: Order) -> None:
    set_credit_terms(held.customer, credit_limit=None, payment_days=30, by=make_user(Role.ACCOUNTANT))
    delivery.drain()
    assert later(held).status == Order.Status.CONFIRMED
    assert not Record.objects.filter(type="sales.OrderReleased").exists()
    assert DeliveryOrder.objects.get().status == DeliveryOrder.Status.DELIVERED


def test_there_is_one_sign_in_for_every_role() -> None:
    assert sorted(role for role, _email, _password in sign_ins()) == sorted(str(role.label) for role in Role)
    assert {colleague.role for colleague in COLLEAGUES} == set(Role)
