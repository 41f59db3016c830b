"""Not delivering after all."""

from decimal import Decimal

import pytest

from backoffice.inventory.events import BackorderCancelled, DeliveredLine, DeliveryCancelled, StockReserved
from backoffice.inventory.models import DeliveryOrder
from backoffice.inventory.operations import cancel_backorder, cancel_deliveries, deliver, deliver_all, pick_delivery
from backoffice.inventory.operations.cancelling import OnlyDelivery, ReasonMissing
from core.errors import IllegalMove
from tests.factories.inventory import on_shelf, order_goods, stock_up

D = Decimal


def cancel(delivery, by):
    """The order's cancellation as the warehouse hears of it."""
    return cancel_deliveries(delivery.order_id, order_number=delivery.order_number, customer_id=delivery.customer_id, by=by)


def test_a_cancelled_order_frees_its_goods(desk, by, told):
    stock_up(desk, 5)
    delivery = order_goods({desk: 4}, by=by)
    pick_delivery(delivery, by=by)
    assert cancel(delivery, by) == [delivery]
    delivery.refresh_from_db()
    assert delivery.status == DeliveryOrder.Status.CANCELLED
    assert on_shelf(desk) == (D(5), D(0))
    [event] = told(DeliveryCancelled)
    assert (event.delivery_ids, event.delivered_anything, event.product_ids) == ((delivery.pk,), False, (desk.pk,))


def test_an_order_of_which_something_left_stands(desk, by, told):
    stock_up(desk, 5)
    delivery = order_goods({desk: 4}, by=by)
    deliver(delivery, by=by, quantities={delivery.lines.get().pk: D(1)})
    assert cancel(delivery, by) == []
    [event] = told(DeliveryCancelled)
    assert (event.delivery_ids, event.delivered_anything, event.product_ids) == ((), True, ())
    assert on_shelf(desk) == (D(4), D(3))
    assert delivery.backorders.get().status == DeliveryOrder.Status.READY


def test_an_order_without_goods_is_cancelled_all_the_same(warehouse, customer, by, told):
    assert cancel_deliveries(77, order_number="SO/77", customer_id=customer.pk, by=by) == []
    [event] = told(DeliveryCancelled)
    assert (event.order_id, event.order_number, event.customer_id, event.delivered_anything) == (77, "SO/77", customer.pk, False)


def test_a_cancellation_that_overtakes_its_order_still_holds(desk, customer, by, told):
    stock_up(desk, 5)
    cancel_deliveries(77, order_number="SO/77", customer_id=customer.pk, by=by)
    delivery = order_goods({desk: 4}, order_id=77, customer=customer, by=by)
    assert delivery.status == DeliveryOrder.Status.CANCELLED
    assert on_shelf(desk) == (D(5), D(0))
    assert told(StockReserved) == []


def test_cancelling_twice_cancels_once(desk, by, told):
    stock_up(desk, 5)
    delivery = order_goods({desk: 4}, by=by)
    cancel(delivery, by)
    assert cancel(delivery, by) == []
    assert [event.delivery_ids for event in told(DeliveryCancelled)] == [(delivery.pk,), ()]


def test_the_rest_of_an_order_need_not_follow(desk, by, told):
    stock_up(desk, 5)
    delivery = order_goods({desk: 4}, by=by)
    line = delivery.lines.get()
    deliver(delivery, by=by, quantities={line.pk: D(1)})
    rest = cancel_backorder(delivery.backorders.get(), reason="Changed their mind", by=by)
    assert (rest.status, rest.cancelled_because) == (DeliveryOrder.Status.CANCELLED, "Changed their mind")
    assert on_shelf(desk) == (D(4), D(0))
    [event] = told(BackorderCancelled)
    assert event.lines == (DeliveredLine(line.order_line_id, desk.pk, D(3)),)
    assert event.product_ids == (desk.pk,)


def test_the_first_delivery_goes_only_with_its_order(desk, by):
    stock_up(desk, 5)
    delivery = order_goods({desk: 4}, by=by)
    with pytest.raises(OnlyDelivery):
        cancel_backorder(delivery, reason="Why not", by=by)
    assert on_shelf(desk) == (D(5), D(4))


def test_a_closed_backorder_stays_as_it_is(desk, by):
    stock_up(desk, 5)
    delivery = order_goods({desk: 4}, by=by)
    deliver(delivery, by=by, quantities={delivery.lines.get().pk: D(1)})
    rest = deliver_all(delivery.backorders.get(), by=by)
    with pytest.raises(IllegalMove):
        cancel_backorder(rest, reason="Too late", by=by)
    with pytest.raises(ReasonMissing):
        cancel_backorder(rest, reason="", by=by)
