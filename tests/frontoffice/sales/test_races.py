"""Orders and returns when two people act at once."""

from decimal import Decimal

import pytest

from frontoffice.sales.events import OrderConfirmed, OrderPlaced
from frontoffice.sales.models import Order, Return
from frontoffice.sales.operations import LineQuantity, NewLine, confirm_order, place_order, request_return
from frontoffice.sales.operations.returns import MoreThanDelivered
from tests.factories.sales import deliver, make_confirmed_order, make_order
from tests.racing import race, refusals

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_order_is_confirmed_once_however_many_try(customer, desk, by, told):
    order = make_order(customer, [(desk, 1)], by=by)
    results = race(*[lambda: confirm_order(order, by=by)] * 4)
    assert len(refusals(results)) == 3
    assert len(told(OrderConfirmed)) == 1


def test_two_returns_never_exceed_what_was_delivered(customer, desk, by):
    order = make_confirmed_order(customer, [(desk, 3)], by=by)
    deliver(order, 3)
    lines = [LineQuantity(order.lines.get().pk, Decimal(2))]
    results = race(*[lambda: request_return(order, lines=lines, reason="Wrong colour", by=by)] * 3)
    assert [type(refusal) for refusal in refusals(results)] == [MoreThanDelivered] * 2
    assert Return.objects.count() == 1


def test_one_deal_becomes_one_order_however_often_it_is_told(customer, desk, by, told):
    lines = [NewLine(product_id=desk.pk)]
    results = race(*[lambda: place_order(customer_id=customer.pk, lines=lines, deal_id=7, by=by)] * 3)
    assert results == [Order.objects.get()] * 3
    assert len(told(OrderPlaced)) == 1


def test_numbers_have_no_gap_and_no_double(customer, desk, by):
    race(*[lambda: make_order(customer, [(desk, 1)], by=by)] * 5)
    numbers = sorted(Order.objects.values_list("number", flat=True))
    assert [number[-5:] for number in numbers] == ["00001", "00002", "00003", "00004", "00005"]
