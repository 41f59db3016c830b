"""Goods coming back from customers."""

from datetime import date
from decimal import Decimal

import pytest

from backoffice.inventory.events import DeliveredLine, ReturnReceived, StockValued
from backoffice.inventory.models import ReturnReceipt
from backoffice.inventory.operations import WantedLine, call_off_return, deliver_all, expect_return, receive_return
from backoffice.inventory.operations.lines import BadQuantity, NothingToMove
from backoffice.inventory.operations.returning import MoreThanDelivered
from core.docflow.flow import related
from core.errors import IllegalMove, TooSoon
from tests.factories.inventory import on_shelf, order_goods, stock_up, worth

D = Decimal


@pytest.fixture
def delivered(desk, customer, by):
    """Three desks that cost 100 together have left; what is on the shelf now costs more."""
    stock_up(desk, 3, cost="33.3333")
    delivery = deliver_all(order_goods({desk: 3}, customer=customer, by=by), by=by)
    stock_up(desk, 1, cost=500)
    return delivery


def announce(delivery, quantity, by, return_id=1):
    """The customer says so many come back."""
    line = delivery.lines.get()
    return expect_return(
        return_id=return_id,
        return_number=f"RT/2026/{return_id:05d}",
        order_id=delivery.order_id,
        order_number=delivery.order_number,
        customer_id=delivery.customer_id,
        lines=[WantedLine(line.order_line_id, line.product_id, D(quantity))],
        by=by,
    )


def test_goods_come_back_at_what_they_cost_when_they_left(desk, delivered, by, told):
    receipt = receive_return(announce(delivered, 1, by), by=by, on=date(2026, 5, 4))
    assert (receipt.status, receipt.received_on, receipt.number) == (ReturnReceipt.Status.RECEIVED, date(2026, 5, 4), "RR/2026/00001")
    assert worth(desk) == (D(2), D("533.33"))
    valued = told(StockValued)[-1]
    assert (valued.reason, valued.amount, valued.party_id) == ("return", D("33.33"), delivered.customer_id)
    [event] = told(ReturnReceived)
    assert event.lines == (DeliveredLine(delivered.lines.get().order_line_id, desk.pk, D(1)),)
    assert (event.return_id, event.order_id, event.received_on) == (1, delivered.order_id, date(2026, 5, 4))


def test_the_last_piece_back_brings_all_the_value_that_is_left(desk, delivered, by):
    for number in (1, 2, 3):
        receive_return(announce(delivered, 1, by, return_id=number), by=by)
    assert worth(desk) == (D(4), D(600))
    assert on_shelf(desk) == (D(4), D(0))


def test_no_more_comes_back_than_was_delivered(desk, delivered, by):
    receive_return(announce(delivered, 2, by), by=by)
    second = announce(delivered, 2, by, return_id=2)
    with pytest.raises(MoreThanDelivered, match="has only 1 of it"):
        receive_return(second, by=by)
    assert on_shelf(desk) == (D(3), D(0))
    second.refresh_from_db()
    assert second.status == ReturnReceipt.Status.EXPECTED


def test_a_part_of_what_was_announced_may_come_back(desk, delivered, by, told):
    receipt = announce(delivered, 3, by)
    line = receipt.lines.get()
    with pytest.raises(BadQuantity):
        receive_return(receipt, by=by, quantities={line.pk: D(4)})
    with pytest.raises(NothingToMove):
        receive_return(receipt, by=by, quantities={line.pk: D(0)})
    receive_return(receipt, by=by, quantities={line.pk: D(2)})
    line.refresh_from_db()
    assert (line.quantity, line.received_quantity) == (D(3), D(2))
    assert told(ReturnReceived)[0].pieces == D(2)


def test_a_return_is_expected_and_received_once(desk, delivered, by):
    receipt = announce(delivered, 1, by)
    assert announce(delivered, 1, by) == receipt
    receive_return(receipt, by=by)
    with pytest.raises(IllegalMove):
        receive_return(receipt, by=by)
    assert on_shelf(desk) == (D(2), D(0))


def test_the_return_leads_to_its_receipt(delivered, by):
    receipt = announce(delivered, 1, by, return_id=5)
    [found] = related("sales.return", 5)
    assert (found.kind, found.number, found.relation) == ("inventory.returnreceipt", receipt.number, "received by")


def test_a_return_that_is_called_off_is_not_waited_for_and_still_taken_when_it_comes(delivered, by):
    receipt = announce(delivered, 1, by)
    assert call_off_return(1, by=by).status == ReturnReceipt.Status.CANCELLED
    assert receive_return(receipt, by=by).status == ReturnReceipt.Status.RECEIVED
    assert call_off_return(1, by=by).status == ReturnReceipt.Status.RECEIVED


def test_a_return_is_called_off_only_once_it_is_known(by, delivered):
    with pytest.raises(TooSoon):
        call_off_return(99, by=by)
    assert not ReturnReceipt.objects.exists()
