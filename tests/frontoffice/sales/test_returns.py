"""Goods that come back."""

from datetime import date
from decimal import Decimal

import pytest

from core.docflow.flow import related
from core.errors import IllegalMove
from frontoffice.sales.events import BillLine, CreditRequested, ReturnCancelled, ReturnLine, ReturnRequested
from frontoffice.sales.models import Return
from frontoffice.sales.operations import LineQuantity, NewLine, cancel_return, record_return, request_return
from frontoffice.sales.operations.cancelling import ReasonMissing
from frontoffice.sales.operations.returns import MoreThanDelivered, NotAgreed, NothingToReturn
from tests.factories.sales import deliver, freight, make_confirmed_order


@pytest.fixture
def order(customer, desk, by):
    """Three desks at 10 % off and freight; two desks were delivered."""
    order = make_confirmed_order(customer, [NewLine(product_id=desk.pk, quantity=Decimal(3), discount=Decimal("0.1")), freight()], by=by)
    return deliver(order, 2)


@pytest.fixture
def desks(order):
    """The line with the desks."""
    return order.lines.first()


def some(line, quantity):
    return [LineQuantity(line.pk, Decimal(quantity))]


def test_a_return_is_agreed_and_numbered(order, desks, desk, customer, by, told):
    goods_return = request_return(order, lines=some(desks, 2), reason="Wrong colour", by=by)

    assert goods_return.status == "requested"
    assert goods_return.number.startswith("RMA/")
    assert told(ReturnRequested) == [
        ReturnRequested(
            return_id=goods_return.pk,
            return_number=goods_return.number,
            order_id=order.pk,
            order_number=order.number,
            customer_id=customer.pk,
            reason="Wrong colour",
            lines=(ReturnLine(desks.pk, desk.pk, Decimal(2)),),
        )
    ]
    [document] = related("sales.order", order.pk)
    assert (document.kind, document.number, document.came_after) == ("sales.return", goods_return.number, True)


def test_what_comes_back_is_credited_at_the_price_it_was_sold_at(order, desks, desk, customer, by, told):
    goods_return = request_return(order, lines=some(desks, 2), reason="Wrong colour", by=by)
    goods_return = record_return(return_id=goods_return.pk, receipt_id=1, lines=some(desks, 1), received_on=date(2026, 3, 20), by=by)

    assert (goods_return.status, goods_return.received_on) == ("received", date(2026, 3, 20))
    desks.refresh_from_db()
    assert (desks.returned_quantity, desks.returnable) == (1, 1)
    assert told(CreditRequested) == [
        CreditRequested(
            return_id=goods_return.pk,
            return_number=goods_return.number,
            order_id=order.pk,
            order_number=order.number,
            customer_id=customer.pk,
            credit_on=date(2026, 3, 20),
            currency="IDR",
            reason="Wrong colour",
            lines=(BillLine(desks.pk, desk.pk, "Standing desk 140", Decimal(1), Decimal(4_750_000), Decimal("0.1"), "standard", False),),
        )
    ]


def test_the_rest_of_a_return_may_come_later(order, desks, by, told):
    goods_return = request_return(order, lines=some(desks, 2), reason="Wrong colour", by=by)
    for day in (20, 21):
        record_return(return_id=goods_return.pk, receipt_id=day, lines=some(desks, 1), received_on=date(2026, 3, day), by=by)
    goods_return.refresh_from_db()
    assert (goods_return.received_on, goods_return.lines.get().still_expected) == (date(2026, 3, 20), 0)
    assert len(told(CreditRequested)) == 2


def test_more_than_was_agreed_is_not_taken(order, desks, by, told):
    goods_return = request_return(order, lines=some(desks, 1), reason="Wrong colour", by=by)
    with pytest.raises(NotAgreed, match="expects 1 of Standing desk 140, not 2"):
        record_return(return_id=goods_return.pk, receipt_id=3, lines=some(desks, 2), received_on=date(2026, 3, 20), by=by)
    goods_return.refresh_from_db()
    desks.refresh_from_db()
    assert (goods_return.status, desks.returned_quantity) == ("requested", 0)
    assert told(CreditRequested) == []


def test_more_than_was_delivered_cannot_come_back(order, desks, by, told):
    with pytest.raises(MoreThanDelivered, match=r"3 cannot come back, because the customer has 2"):
        request_return(order, lines=some(desks, 3), reason="Wrong colour", by=by)
    with pytest.raises(MoreThanDelivered):
        request_return(order, lines=some(desks, 1) + some(desks, 2), reason="Wrong colour", by=by)
    assert not Return.objects.exists()
    assert told(ReturnRequested) == []


def test_returns_under_way_are_counted(order, desks, by):
    request_return(order, lines=some(desks, 1), reason="Wrong colour", by=by)
    with pytest.raises(MoreThanDelivered, match="the customer has 1 "):
        request_return(order, lines=some(desks, 2), reason="Wrong colour", by=by)
    assert Return.objects.count() == 1


def test_a_cancelled_return_frees_its_goods(order, desks, by, told):
    goods_return = request_return(order, lines=some(desks, 2), reason="Wrong colour", by=by)
    goods_return = cancel_return(goods_return, reason="They keep them", by=by)
    assert goods_return.status == "cancelled"
    assert [event.reason for event in told(ReturnCancelled)] == ["They keep them"]
    assert request_return(order, lines=some(desks, 2), reason="Too high", by=by).status == "requested"


def test_goods_of_a_cancelled_return_that_arrive_all_the_same_are_credited(order, desks, by, told):
    goods_return = request_return(order, lines=some(desks, 1), reason="Wrong colour", by=by)
    cancel_return(goods_return, reason="They keep them", by=by)
    goods_return = record_return(return_id=goods_return.pk, receipt_id=4, lines=some(desks, 1), received_on=date(2026, 3, 20), by=by)
    assert goods_return.status == "received"
    assert len(told(CreditRequested)) == 1


def test_a_received_return_is_not_cancelled(order, desks, by, told):
    goods_return = request_return(order, lines=some(desks, 1), reason="Wrong colour", by=by)
    goods_return = record_return(return_id=goods_return.pk, receipt_id=5, lines=some(desks, 1), received_on=date(2026, 3, 20), by=by)
    with pytest.raises(IllegalMove):
        cancel_return(goods_return, reason="They keep them", by=by)
    assert told(ReturnCancelled) == []


def test_a_charge_does_not_come_back(order, by):
    charge = order.lines.last()
    with pytest.raises(NothingToReturn, match="Freight is not goods"):
        request_return(order, lines=some(charge, 1), reason="Late", by=by)
    with pytest.raises(NothingToReturn, match=r"No line of SO/.* was chosen"):
        request_return(order, lines=[], reason="Late", by=by)
    assert not Return.objects.exists()


def test_a_return_needs_a_reason(order, desks, by):
    with pytest.raises(ReasonMissing):
        request_return(order, lines=some(desks, 1), reason="", by=by)
    assert not Return.objects.exists()
