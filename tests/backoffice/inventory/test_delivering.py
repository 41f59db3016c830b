"""Picking and delivering."""

from datetime import date
from decimal import Decimal

import pytest

from backoffice.inventory.events import DeliveredLine, GoodsDelivered, StockValued
from backoffice.inventory.models import DeliveryOrder, Location, StockMove
from backoffice.inventory.operations import deliver, deliver_all, pick_delivery
from backoffice.inventory.operations.delivering import NotReserved
from backoffice.inventory.operations.lines import BadQuantity, NoSuchLine, NothingToMove
from core.docflow.flow import related
from core.errors import IllegalMove
from core.events.models import Record
from tests.factories.ground import make_product
from tests.factories.inventory import on_shelf, order_goods, stock_up, worth

D = Decimal


def test_everything_set_aside_leaves_at_once(desk, customer, by, told):
    stock_up(desk, 10, cost=100)
    delivery = order_goods({desk: 4}, customer=customer, by=by)
    delivered = deliver_all(delivery, by=by, on=date(2026, 3, 2))
    line = delivered.lines.get()
    assert (delivered.status, delivered.delivered_on) == (DeliveryOrder.Status.DELIVERED, date(2026, 3, 2))
    assert (line.reserved_quantity, line.picked_quantity, line.delivered_quantity) == (D(0), D(4), D(4))
    assert on_shelf(desk) == (D(6), D(0))
    assert worth(desk) == (D(6), D(600))
    [event] = told(GoodsDelivered)
    assert event.lines == (DeliveredLine(line.order_line_id, desk.pk, D(4)),)
    assert (event.complete, event.backorder_id, event.delivered_on, event.pieces) == (True, None, date(2026, 3, 2), D(4))


def test_the_move_goes_from_the_shelf_to_the_customer(desk, by):
    stock_up(desk, 10, cost=100)
    delivery = order_goods({desk: 4}, by=by)
    deliver_all(delivery, by=by, on=date(2026, 3, 2))
    move = StockMove.objects.latest("pk")
    assert (move.from_location, move.to_location.kind) == (Location.objects.main(), Location.Kind.CUSTOMER)
    assert (move.quantity, move.unit_cost, move.value) == (D(4), D(100), D(-400))
    assert (move.document_kind, move.document_id, move.document_number) == (
        "inventory.deliveryorder",
        delivery.pk,
        delivery.number,
    )
    assert (move.moved_on, move.moved_by) == (date(2026, 3, 2), by)


def test_the_ledger_hears_last_and_once_what_left(desk, lamp, customer, by, told):
    stock_up(desk, 10, cost=100)
    stock_up(lamp, 10, cost=30)
    delivery = deliver_all(order_goods({desk: 4, lamp: 2}, customer=customer, by=by), by=by, on=date(2026, 3, 2))
    assert Record.objects.latest("pk").type == "inventory.StockValued"
    event = told(StockValued)[-1]
    assert (event.reason, event.amount, event.currency, event.on) == ("delivery", D(-460), "IDR", date(2026, 3, 2))
    assert (event.document_kind, event.document_id, event.document_number, event.party_id) == (
        "inventory.deliveryorder",
        delivery.pk,
        delivery.number,
        customer.pk,
    )
    assert len(event.move_ids) == 2
    assert len(told(StockValued)) == 3


def test_what_is_picked_leaves_and_the_rest_follows_on_a_backorder(desk, lamp, by, told):
    stock_up(desk, 10)
    stock_up(lamp, 10)
    delivery = order_goods({desk: 4, lamp: 3}, by=by)
    desks, lamps = delivery.lines.order_by("pk")
    pick_delivery(delivery, {desks.pk: D(1)}, by=by)
    delivered = deliver(delivery, by=by)
    rest = DeliveryOrder.objects.get(backorder_of=delivered)
    assert (rest.status, rest.number, rest.order_id) == (DeliveryOrder.Status.READY, "DO/2026/00002", delivery.order_id)
    assert [(line.order_line_id, line.quantity, line.reserved_quantity, line.picked_quantity) for line in rest.lines.order_by("pk")] == [
        (desks.order_line_id, D(3), D(3), D(0)),
        (lamps.order_line_id, D(3), D(3), D(0)),
    ]
    assert on_shelf(desk) == (D(9), D(3))
    [event] = told(GoodsDelivered)
    assert (event.complete, event.backorder_id, event.backorder_number) == (False, rest.pk, "DO/2026/00002")
    assert event.lines == (DeliveredLine(desks.order_line_id, desk.pk, D(1)),)
    assert [(each.relation, each.number) for each in related("inventory.deliveryorder", delivery.pk) if each.came_after] == [
        ("rest on", "DO/2026/00002")
    ]


def test_what_is_short_waits_on_the_backorder_since_the_first_day(desk, by):
    stock_up(desk, 3)
    delivery = order_goods({desk: 5}, by=by)
    deliver_all(delivery, by=by)
    rest = delivery.backorders.get()
    assert (rest.status, rest.wanted_since) == (DeliveryOrder.Status.WAITING, delivery.wanted_since)
    assert rest.lines.get().quantity == D(2)
    assert on_shelf(desk) == (D(0), D(0))
    assert worth(desk) == (D(0), D(0))


def test_the_last_backorder_completes_the_order(desk, by, told):
    stock_up(desk, 5)
    delivery = order_goods({desk: 5}, by=by)
    deliver(delivery, by=by, quantities={delivery.lines.get().pk: D(2)})
    deliver_all(delivery.backorders.get(), by=by)
    assert [event.complete for event in told(GoodsDelivered)] == [False, True]


def test_given_quantities_leave_without_picking_first(desk, lamp, by):
    stock_up(desk, 5)
    stock_up(lamp, 5)
    delivery = order_goods({desk: 5, lamp: 2}, by=by)
    desks, lamps = delivery.lines.order_by("pk")
    deliver(delivery, by=by, quantities={desks.pk: D(5), lamps.pk: D(0)})
    assert delivery.backorders.get().lines.get().product == lamp


def test_picking_everything_takes_no_quantities(desk, by):
    stock_up(desk, 3)
    delivery = order_goods({desk: 5}, by=by)
    pick_delivery(delivery, by=by)
    assert delivery.lines.get().picked_quantity == D(3)
    assert on_shelf(desk) == (D(3), D(3))


@pytest.mark.parametrize("quantity", [D(4), D(-1)])
def test_only_what_is_set_aside_is_picked_or_delivered(desk, by, quantity):
    stock_up(desk, 3)
    delivery = order_goods({desk: 5}, by=by)
    line = delivery.lines.get()
    with pytest.raises(NotReserved, match="3 set aside"):
        pick_delivery(delivery, {line.pk: quantity}, by=by)
    with pytest.raises(NotReserved):
        deliver(delivery, by=by, quantities={line.pk: quantity})
    line.refresh_from_db()
    assert (line.picked_quantity, line.delivered_quantity) == (D(0), D(0))
    assert on_shelf(desk) == (D(3), D(3))


def test_a_quantity_belongs_to_a_line_and_is_countable(desk, by):
    stock_up(desk, 3)
    delivery = order_goods({desk: 3}, by=by)
    with pytest.raises(NoSuchLine):
        deliver(delivery, by=by, quantities={999: D(1)})
    with pytest.raises(BadQuantity):
        deliver(delivery, by=by, quantities={delivery.lines.get().pk: D("0.5")})
    assert on_shelf(desk) == (D(3), D(3))


def test_nothing_picked_nothing_delivered(desk, by, told):
    stock_up(desk, 3)
    delivery = order_goods({desk: 3}, by=by)
    with pytest.raises(NothingToMove, match="Nothing is picked"):
        deliver(delivery, by=by)
    delivery.refresh_from_db()
    assert delivery.status == DeliveryOrder.Status.READY
    assert told(GoodsDelivered) == []


def test_a_delivery_is_delivered_once(desk, by):
    stock_up(desk, 3)
    delivery = order_goods({desk: 2}, by=by)
    deliver_all(delivery, by=by)
    with pytest.raises(IllegalMove, match="delivered already"):
        deliver_all(delivery, by=by)
    with pytest.raises(IllegalMove):
        pick_delivery(delivery, by=by)
    assert on_shelf(desk) == (D(1), D(0))


def test_goods_leave_at_the_average_rounded_half_up_and_the_last_takes_the_rest(desk, by):
    stock_up(desk, 2, cost="0.01")
    stock_up(desk, 1, cost="0.03")
    values = []
    for _piece in range(3):
        deliver_all(order_goods({desk: 1}, by=by), by=by)
        values.append(StockMove.objects.latest("pk").value)
    assert values == [D("-0.02"), D("-0.02"), D("-0.01")]
    assert worth(desk) == (D(0), D(0))


def test_goods_that_cost_nothing_tell_the_ledger_nothing(desk, by, told):
    stock_up(desk, 2, cost=0)
    deliver_all(order_goods({desk: 1}, by=by), by=by)
    assert len(told(GoodsDelivered)) == 1
    assert told(StockValued) == []


@pytest.mark.parametrize("size", [3, 10])
def test_a_long_delivery_takes_no_more_statements_than_a_short_one(warehouse, customer, by, size, django_assert_num_queries):
    products = [make_product(f"ART-{number}") for number in range(size)]
    for product in products:
        stock_up(product, 10)
    delivery = order_goods(dict.fromkeys(products, 4), customer=customer, by=by)
    quantities = dict.fromkeys(delivery.lines.values_list("pk", flat=True), D(3))
    with django_assert_num_queries(STATEMENTS_OF_A_PARTIAL_DELIVERY):
        deliver(delivery, by=by, quantities=quantities)


STATEMENTS_OF_A_PARTIAL_DELIVERY = 14
