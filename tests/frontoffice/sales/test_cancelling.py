"""Cancelling an order."""

from decimal import Decimal

import pytest

from core.errors import IllegalMove
from frontoffice.sales.events import OrderCancellationRequested, OrderCancelled, OrderKept
from frontoffice.sales.operations import cancel_order, confirm_order, finish_cancellation
from frontoffice.sales.operations.cancelling import DeliveredAlready, ReasonMissing
from tests.factories.sales import deliver, freight, make_confirmed_order, make_order


def test_a_draft_is_cancelled_at_once(customer, desk, by, told):
    order = cancel_order(make_order(customer, [(desk, 1)], by=by), reason=" Typed twice ", by=by)
    assert (order.status, order.cancel_reason) == ("cancelled", "Typed twice")
    assert told(OrderCancelled) == [
        OrderCancelled(order_id=order.pk, order_number=order.number, customer_id=customer.pk, reason="Typed twice")
    ]


def test_an_order_on_hold_is_cancelled_at_once(customer, desk, by, back_office):
    back_office.limit = Decimal(0)
    order = confirm_order(make_order(customer, [(desk, 1)], by=by), by=by)
    assert cancel_order(order, reason="No credit", by=by).status == "cancelled"


def test_a_confirmed_order_waits_for_the_warehouse_to_let_go(customer, desk, by, told):
    order = cancel_order(make_confirmed_order(customer, [(desk, 1)], by=by), reason="Changed their mind", by=by)
    assert order.status == "cancelling"
    assert told(OrderCancellationRequested) == [
        OrderCancellationRequested(order_id=order.pk, order_number=order.number, customer_id=customer.pk, reason="Changed their mind")
    ]
    assert told(OrderCancelled) == []

    order = finish_cancellation(order_id=order.pk, delivered_anything=False, by=by)
    assert order.status == "cancelled"
    assert told(OrderCancelled) == [
        OrderCancelled(order_id=order.pk, order_number=order.number, customer_id=customer.pk, reason="Changed their mind")
    ]


def test_an_order_that_left_meanwhile_stands(customer, desk, by, told):
    order = cancel_order(make_confirmed_order(customer, [(desk, 1)], by=by), reason="Changed their mind", by=by)
    deliver(order, 1)
    assert finish_cancellation(order_id=order.pk, delivered_anything=True, by=by).status == "confirmed"
    assert told(OrderKept) == [OrderKept(order_id=order.pk, order_number=order.number, customer_id=customer.pk)]
    assert told(OrderCancelled) == []


def test_what_was_delivered_is_not_cancelled_but_returned(customer, desk, by, told):
    order = make_confirmed_order(customer, [(desk, 2)], by=by)
    deliver(order, 1)
    with pytest.raises(DeliveredAlready, match=r"Part of SO/.* was delivered") as refusal:
        cancel_order(order, reason="Changed their mind", by=by)
    assert refusal.value.fix == "Create a return for what the customer gives back."
    order.refresh_from_db()
    assert (order.status, order.cancel_reason) == ("confirmed", "")
    assert told(OrderCancellationRequested) == []


def test_a_service_that_was_billed_is_not_cancelled(customer, by):
    order = make_confirmed_order(customer, [freight()], by=by)
    with pytest.raises(DeliveredAlready, match="was billed already"):
        cancel_order(order, reason="Changed their mind", by=by)


def test_nothing_is_cancelled_without_a_reason(customer, desk, by, told):
    order = make_order(customer, [(desk, 1)], by=by)
    with pytest.raises(ReasonMissing):
        cancel_order(order, reason=" ", by=by)
    order.refresh_from_db()
    assert order.status == "draft"
    assert told(OrderCancelled) == []


def test_an_order_is_cancelled_once(customer, desk, by, told):
    order = cancel_order(make_order(customer, [(desk, 1)], by=by), reason="Typed twice", by=by)
    with pytest.raises(IllegalMove, match="is cancelled and cannot become being cancelled"):
        cancel_order(order, reason="Again", by=by)
    assert len(told(OrderCancelled)) == 1
