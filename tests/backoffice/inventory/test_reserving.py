"""Setting goods aside for orders."""

from datetime import timedelta
from decimal import Decimal

import pytest

from backoffice.inventory.events import ShortLine, StockReserved
from backoffice.inventory.models import DeliveryOrder
from backoffice.inventory.operations import WantedLine, reserve_stock, reserve_waiting
from backoffice.inventory.operations.lines import BadQuantity, NothingToMove
from core import clock
from core.catalog.models import Product
from core.docflow.flow import related
from core.parties.models import Address
from core.parties.operations import add_address
from tests.factories.ground import make_product
from tests.factories.inventory import on_shelf, order_goods, stock_up, wanted

D = Decimal


def test_what_is_there_is_set_aside_for_the_order(desk, customer, by, told):
    stock_up(desk, 10)
    delivery = order_goods({desk: 4}, customer=customer, by=by)
    assert delivery.status == DeliveryOrder.Status.READY
    assert delivery.number == "DO/2026/00001"
    assert on_shelf(desk) == (D(10), D(4))
    [event] = told(StockReserved)
    assert (event.delivery_id, event.customer_id, event.pieces, event.short) == (delivery.pk, customer.pk, D(4), ())


def test_what_is_short_waits_and_is_named(desk, lamp, by, told):
    stock_up(desk, 3)
    delivery = order_goods({desk: 5, lamp: 2}, by=by)
    lines = list(delivery.lines.order_by("pk"))
    assert delivery.status == DeliveryOrder.Status.WAITING
    assert [(line.quantity, line.reserved_quantity) for line in lines] == [(D(5), D(3)), (D(2), D(0))]
    [event] = told(StockReserved)
    assert event.short == (ShortLine(lines[0].order_line_id, desk.pk, D(2)), ShortLine(lines[1].order_line_id, lamp.pk, D(2)))
    assert on_shelf(desk) == (D(3), D(3))


def test_two_lines_of_one_product_share_what_is_there(desk, by):
    stock_up(desk, 5)
    lines = wanted({desk: 4}) + wanted({desk: 4})
    delivery = reserve_stock(order_id=1, order_number="SO/1", customer_id=order_goods({desk: 1}).customer_id, lines=lines, by=by)
    assert [line.reserved_quantity for line in delivery.lines.order_by("pk")] == [D(4), D(0)]
    assert on_shelf(desk) == (D(5), D(5))


def test_an_order_is_reserved_once_however_often_it_is_told(desk, customer, by, told):
    stock_up(desk, 10)
    first = order_goods({desk: 4}, customer=customer, order_id=7, by=by)
    again = order_goods({desk: 4}, customer=customer, order_id=7, by=by)
    assert again == first
    assert on_shelf(desk) == (D(10), D(4))
    assert len(told(StockReserved)) == 1


def test_services_need_no_shelf(desk, customer, by):
    stock_up(desk, 1)
    service = make_product("PLAN", kind=Product.Kind.SERVICE)
    delivery = order_goods({desk: 1, service: 3}, customer=customer, by=by)
    assert [line.product for line in delivery.lines.all()] == [desk]


def test_an_order_without_goods_has_nothing_to_deliver(warehouse, customer, by):
    service = make_product("PLAN", kind=Product.Kind.SERVICE)
    with pytest.raises(NothingToMove):
        order_goods({service: 3}, customer=customer, by=by)
    assert not DeliveryOrder.objects.exists()


def test_half_a_desk_cannot_be_delivered(desk, customer, by):
    stock_up(desk, 10)
    with pytest.raises(BadQuantity, match="counted in piece"):
        order_goods({desk: "1.5"}, customer=customer, by=by)
    with pytest.raises(BadQuantity, match="more than zero"):
        order_goods({desk: 0}, customer=customer, by=by)
    assert on_shelf(desk) == (D(10), D(0))


def test_the_delivery_knows_where_to_and_when(desk, customer, by):
    address = add_address(customer, street="Jl. Braga 9", city="Bandung", country="Indonesia", kind=Address.Kind.SHIPPING, by=by)
    day = clock.today() + timedelta(days=9)
    delivery = reserve_stock(
        order_id=1,
        order_number="SO/1",
        customer_id=customer.pk,
        lines=wanted({desk: 1}),
        by=by,
        ship_to_address_id=address.pk,
        requested_date=day,
    )
    assert (delivery.ship_to_address, delivery.ship_to, delivery.scheduled_on) == (address, "Jl. Braga 9, Bandung, Indonesia", day)


def test_the_order_leads_to_its_delivery(desk, by):
    delivery = order_goods({desk: 1}, order_id=12, by=by)
    [found] = related("sales.order", 12)
    assert (found.kind, found.id, found.number, found.relation) == (
        "inventory.deliveryorder",
        delivery.pk,
        delivery.number,
        "delivered by",
    )


def test_who_asked_first_is_served_first(desk, by, told):
    first = order_goods({desk: 4}, by=by)
    second = order_goods({desk: 4}, by=by)
    stock_up(desk, 6)
    helped = reserve_waiting([desk.pk], by=by)
    assert helped == [first, second]
    assert [delivery.status for delivery in helped] == [DeliveryOrder.Status.READY, DeliveryOrder.Status.WAITING]
    assert second.lines.get().reserved_quantity == D(2)
    assert on_shelf(desk) == (D(6), D(6))
    events = told(StockReserved)[2:]
    assert [(event.order_id, event.pieces, len(event.short)) for event in events] == [
        (first.order_id, D(4), 0),
        (second.order_id, D(2), 1),
    ]


def test_a_delivery_that_still_misses_something_else_keeps_waiting(desk, lamp, by):
    delivery = order_goods({desk: 2, lamp: 1}, by=by)
    stock_up(desk, 9)
    [helped] = reserve_waiting([desk.pk, lamp.pk], by=by)
    assert (helped, helped.status) == (delivery, DeliveryOrder.Status.WAITING)
    assert on_shelf(desk) == (D(9), D(2))


def test_nobody_waits_nobody_is_helped(desk, by, told):
    stock_up(desk, 9)
    order_goods({desk: 2}, by=by)
    assert reserve_waiting([desk.pk], by=by) == []
    assert len(told(StockReserved)) == 1


def test_unknown_lines_are_left_out(desk, customer, by):
    lines = [*wanted({desk: 1}), WantedLine(99, 987654, D(1))]
    delivery = reserve_stock(order_id=1, order_number="SO/1", customer_id=customer.pk, lines=lines, by=by)
    assert delivery.lines.count() == 1
