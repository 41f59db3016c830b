"""Rows changed behind the application's back are found and named."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from backoffice.inventory.invariants import invariants
from backoffice.inventory.models import DeliveryLine, DeliveryOrder, Location, StockLevel, StockMove, Valuation
from backoffice.inventory.operations import deliver_all
from core.numbering import Counter
from tests.factories.inventory import order_goods, stock_up

D = Decimal


@pytest.fixture
def busy(desk, by):
    """Ten desks came, four left, three are set aside."""
    stock_up(desk, 10, cost=100)
    deliver_all(order_goods({desk: 4}, by=by), by=by)
    order_goods({desk: 3}, by=by)


def test_a_warehouse_left_alone_is_in_order(busy):
    assert list(invariants()) == []


SPOILED: list[tuple[Callable[[], object], list[str]]] = [
    (lambda: StockLevel.objects.update(on_hand=D(7)), ["stock = sum of its moves", "valued quantity = stock on hand"]),
    (lambda: StockLevel.objects.update(reserved=D(2)), ["reserved = what open deliveries hold"]),
    (lambda: Valuation.objects.update(value=D(1)), ["stock value = sum of the moves' values"]),
    (lambda: Valuation.objects.update(quantity=D(7)), ["valued quantity = stock on hand"]),
    (
        lambda: DeliveryLine.objects.filter(delivery__status="delivered").update(delivered_quantity=D(3), reserved_quantity=D(1)),
        ["closed deliveries hold nothing"],
    ),
    (lambda: Counter.objects.filter(sequence="inventory.receipt").update(last=3), ["numbers have no gaps"]),
    (
        lambda: StockLevel.objects.update(location=Location.objects.outside("customer"), on_hand=D(4), reserved=0),
        [
            "stock = sum of its moves",
            "reserved = what open deliveries hold",
            "valued quantity = stock on hand",
            "stock lies in the warehouse",
        ],
    ),
]


@pytest.mark.parametrize(("spoil", "rules"), SPOILED)
def test_what_was_changed_by_hand_is_named(busy, spoil, rules):
    spoil()
    assert [violation.rule for violation in invariants()] == rules


@pytest.mark.parametrize(
    "spoil",
    [
        lambda: StockLevel.objects.update(reserved=D(7)),
        lambda: StockLevel.objects.update(on_hand=D(-1), reserved=D(-1)),
        lambda: Valuation.objects.update(quantity=0),
        lambda: Valuation.objects.update(value=D(-1)),
        lambda: DeliveryLine.objects.update(reserved_quantity=D(9)),
        lambda: DeliveryLine.objects.update(delivered_quantity=D(1), picked_quantity=D(0)),
        lambda: DeliveryOrder.objects.update(status="gone"),
        lambda: DeliveryOrder.objects.update(delivered_on=None),
    ],
)
def test_the_database_refuses_what_cannot_be(busy, spoil):
    with pytest.raises(IntegrityError), transaction.atomic():
        spoil()


@pytest.mark.parametrize(
    "statement",
    ["UPDATE inventory_stockmove SET quantity = 1", "DELETE FROM inventory_stockmove", "TRUNCATE inventory_stockmove"],
)
def test_a_move_stays_as_it_was_written(busy, statement):
    before = StockMove.objects.count()
    with pytest.raises(Exception, match=r"(Posted rows|never removed)"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; " + statement)
    assert StockMove.objects.count() == before
