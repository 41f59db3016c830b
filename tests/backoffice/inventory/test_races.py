"""The warehouse when many act at once: promises 10 and 12."""

from decimal import Decimal
from functools import partial

import pytest
from django.db.models import Sum

from backoffice.inventory.invariants import invariants
from backoffice.inventory.models import DeliveryLine, DeliveryOrder
from backoffice.inventory.operations import (
    adjust_stock,
    cancel_deliveries,
    deliver,
    deliver_all,
    reserve_waiting,
)
from core.errors import Refused
from tests.factories.ground import make_product
from tests.factories.inventory import on_shelf, order_goods, stock_up
from tests.racing import all_at_once

D = Decimal
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.slow
def test_a_hundred_pieces_are_promised_a_hundred_times_to_320_buyers(desk, customer, by):
    stock_up(desk, 100)
    all_at_once([partial(order_goods, {desk: 1}, customer=customer, order_id=number, by=by) for number in range(1, 321)])
    assert DeliveryOrder.objects.count() == 320
    assert DeliveryOrder.objects.filter(status=DeliveryOrder.Status.READY).count() == 100
    assert DeliveryLine.objects.aggregate(taken=Sum("reserved_quantity"))["taken"] == D(100)
    assert on_shelf(desk) == (D(100), D(100))
    assert list(invariants()) == []


@pytest.mark.slow
def test_480_transactions_over_four_shared_products_never_deadlock(warehouse, customer, by):
    products = [make_product(f"ART-{number}") for number in range(6)]
    for product in products:
        stock_up(product, 150)
    attempts = []
    for number in range(1, 161):
        chosen = [products[(number * step) % 6] for step in (1, 2, 3)]
        goods = dict.fromkeys(reversed([*chosen, products[number % 5]]), 1)
        attempts.append(partial(_order_and_deliver, goods, customer, number, by))
        attempts.append(partial(stock_up, products[(number * 5) % 6], 1))
        attempts.append(partial(reserve_waiting, [product.pk for product in products], by=by))
    results = all_at_once(attempts)
    assert [result for result in results if isinstance(result, Refused)] == []
    assert DeliveryOrder.objects.filter(status=DeliveryOrder.Status.DELIVERED).count() == 160
    assert list(invariants()) == []


def _order_and_deliver(goods, customer, number, by):
    return deliver_all(order_goods(goods, customer=customer, order_id=number, by=by), by=by)


def test_the_first_receipts_of_a_product_meet(warehouse, by):
    product = make_product("NEW")
    all_at_once([partial(stock_up, product, 1, cost=number) for number in range(1, 9)])
    assert on_shelf(product) == (D(8), D(0))
    assert list(invariants()) == []


def test_a_delivery_leaves_once_however_many_send_it(desk, by):
    stock_up(desk, 10)
    delivery = order_goods({desk: 4}, by=by)
    results = all_at_once([partial(deliver_all, delivery, by=by)] * 6)
    assert sum(isinstance(result, Refused) for result in results) == 5
    assert on_shelf(desk) == (D(6), D(0))


def test_an_order_is_cancelled_or_partly_delivered_never_both(desk, customer, by):
    stock_up(desk, 200)
    deliveries = [order_goods({desk: 4}, customer=customer, by=by) for _number in range(12)]
    attempts = []
    for delivery in deliveries:
        attempts.append(partial(deliver, delivery, by=by, quantities={delivery.lines.get().pk: D(1)}))
        order = {"order_number": delivery.order_number, "customer_id": customer.pk}
        attempts.append(partial(cancel_deliveries, delivery.order_id, by=by, **order))
    all_at_once(attempts)
    for delivery in deliveries:
        states = sorted(DeliveryOrder.objects.of_order(delivery.order_id).values_list("status", flat=True))
        assert states in (["cancelled"], ["delivered", "ready"])
    assert list(invariants()) == []


def test_news_of_an_order_and_of_its_cancellation_may_cross(desk, customer, by):
    stock_up(desk, 500)
    attempts = []
    for number in range(1, 17):
        order = {"order_number": f"SO/2026/{number:05d}", "customer_id": customer.pk}
        attempts.append(partial(order_goods, {desk: 2}, customer=customer, order_id=number, by=by))
        attempts.append(partial(cancel_deliveries, number, by=by, **order))
    assert not any(isinstance(result, Refused) for result in all_at_once(attempts))
    assert set(DeliveryOrder.objects.values_list("status", flat=True)) == {"cancelled"}
    assert on_shelf(desk) == (D(500), D(0))


def test_counting_and_selling_at_once_never_leaves_less_than_nothing(desk, customer, by):
    stock_up(desk, 10)
    attempts = [partial(order_goods, {desk: 2}, customer=customer, order_id=number, by=by) for number in range(1, 5)]
    attempts += [partial(adjust_stock, desk, difference=D(-3), reason="Broken", by=by)] * 3
    all_at_once(attempts)
    on_hand, reserved = on_shelf(desk)
    assert 0 <= reserved <= on_hand
    assert list(invariants()) == []
