"""The warehouse and the ledger together: stock and the stock account change in one commit, or not at all."""

from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from django.db.models import Sum

from backoffice.finance.models import Purpose
from backoffice.finance.reports import balance_of
from backoffice.inventory.models import DeliveryOrder, StockMove, Valuation
from backoffice.inventory.operations import adjust_stock, deliver_all, receive_return
from core.errors import Refused
from tests.backoffice.inventory.test_returning import announce
from tests.factories.finance import make_books
from tests.factories.ground import make_product
from tests.factories.inventory import on_shelf, order_goods, stock_up
from tests.racing import all_at_once

D = Decimal


@pytest.fixture(autouse=True)
def _nobody_listens() -> None:
    """Here the ledger does."""


@pytest.fixture
def books(warehouse):
    """The general chart, and 2026 open."""
    make_books()


def value_of_all_stock() -> Decimal:
    """What the warehouse says."""
    return Valuation.objects.aggregate(all=Sum("value"))["all"]


def test_the_stock_account_is_the_value_of_the_stock(books, desk, customer, by):
    stock_up(desk, 10, cost=100, opening=True)
    stock_up(desk, 3, cost="133.37")
    delivered = deliver_all(order_goods({desk: 7}, customer=customer, by=by), by=by)
    receive_return(announce(delivered, 2, by), by=by)
    adjust_stock(desk, difference=D(-1), reason="Broken", by=by)
    assert balance_of(Purpose.STOCK) == value_of_all_stock() == D("753.90")
    assert balance_of(Purpose.COST_OF_GOODS) == D("538.51")
    assert balance_of(Purpose.GOODS_RECEIVED) == D("-400.11")
    assert balance_of(Purpose.OPENING_BALANCE) == D(-1000)
    assert balance_of(Purpose.STOCK_ADJUSTMENT) == D("107.70")


def test_what_the_ledger_refuses_never_left(books, desk, by):
    stock_up(desk, 10, cost=100)
    delivery = order_goods({desk: 4}, by=by)
    moves = StockMove.objects.count()
    with pytest.raises(Refused):
        deliver_all(delivery, by=by, on=date(1999, 1, 4))
    delivery.refresh_from_db()
    assert delivery.status == DeliveryOrder.Status.READY
    assert on_shelf(desk) == (D(10), D(4))
    assert StockMove.objects.count() == moves
    assert balance_of(Purpose.STOCK) == D(1000)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_keep_both_in_step(books, customer, by):
    products = [make_product(f"ART-{number}") for number in range(4)]
    for product in products:
        stock_up(product, 60, cost=33)
    attempts = []
    for number in range(1, 41):
        goods = dict.fromkeys((products[number % 4], products[(number * 3 + 1) % 4]), 1)
        attempts.append(partial(_order_and_deliver, goods, customer, number, by))
        attempts.append(partial(stock_up, products[number % 4], 1, cost=number))
    assert not [result for result in all_at_once(attempts) if isinstance(result, Refused)]
    assert balance_of(Purpose.STOCK) == value_of_all_stock()


def _order_and_deliver(goods, customer, number, by):
    return deliver_all(order_goods(goods, customer=customer, order_id=number, by=by), by=by)
