"""Counting the shelf."""

from decimal import Decimal

import pytest

from backoffice.inventory.events import StockAdjusted, StockValued
from backoffice.inventory.models import Adjustment
from backoffice.inventory.operations import adjust_stock, deliver_all
from backoffice.inventory.operations.adjusting import NothingToAdjust, SetAside, WorthUnknown
from backoffice.inventory.operations.cancelling import ReasonMissing
from backoffice.inventory.operations.lines import BadQuantity
from tests.factories.inventory import on_shelf, order_goods, stock_up, worth

D = Decimal


def test_what_is_lost_leaves_at_the_average(desk, by, told):
    stock_up(desk, 4, cost=100)
    adjustment = adjust_stock(desk, counted=D(3), reason="Broken in the rain", by=by)
    assert (adjustment.number, adjustment.difference, adjustment.on_hand) == ("SA/2026/00001", D(-1), D(3))
    assert on_shelf(desk) == (D(3), D(0))
    [event] = told(StockAdjusted)
    assert (event.difference, event.on_hand, event.reason) == (D(-1), D(3), "Broken in the rain")
    valued = told(StockValued)[-1]
    assert (valued.reason, valued.amount, valued.document_kind) == ("adjustment", D(-100), "inventory.adjustment")


def test_what_is_found_comes_in_at_the_average(desk, by):
    stock_up(desk, 3, cost=100)
    stock_up(desk, 1, cost=200)
    adjust_stock(desk, difference=D(2), reason="Behind the shelf", by=by)
    assert worth(desk) == (D(6), D(750))


def test_what_is_found_when_there_is_none_costs_what_the_last_one_did(desk, by):
    stock_up(desk, 1, cost=70)
    deliver_all(order_goods({desk: 1}, by=by), by=by)
    adjust_stock(desk, counted=D(2), reason="Behind the shelf", by=by)
    assert worth(desk) == (D(2), D(140))


def test_what_nobody_ever_paid_for_needs_a_cost(desk, by):
    with pytest.raises(WorthUnknown):
        adjust_stock(desk, counted=D(2), reason="A gift", by=by)
    assert not Adjustment.objects.exists()
    adjust_stock(desk, counted=D(2), reason="A gift", unit_cost=D(50), by=by)
    assert worth(desk) == (D(2), D(100))


def test_what_is_set_aside_cannot_be_written_off(desk, by):
    stock_up(desk, 5)
    order_goods({desk: 4}, by=by)
    with pytest.raises(SetAside, match="4 of them are set aside"):
        adjust_stock(desk, counted=D(3), reason="Stolen", by=by)
    assert on_shelf(desk) == (D(5), D(4))


def test_an_adjustment_says_something_and_why(desk, by):
    stock_up(desk, 5)
    for arguments, refusal in (
        ({"counted": D(5), "reason": "Counted"}, NothingToAdjust),
        ({"counted": D(4), "reason": " "}, ReasonMissing),
        ({"counted": D("4.5"), "reason": "Counted"}, BadQuantity),
        ({"counted": D(-1), "reason": "Counted"}, BadQuantity),
        ({"reason": "Counted"}, BadQuantity),
        ({"counted": D(4), "difference": D(1), "reason": "Counted"}, BadQuantity),
        ({"difference": D(1), "unit_cost": D(-1), "reason": "Counted"}, BadQuantity),
    ):
        with pytest.raises(refusal):
            adjust_stock(desk, by=by, **arguments)
    assert on_shelf(desk) == (D(5), D(0))
    assert not Adjustment.objects.exists()
