"""What leaves for the customer, and what is invoiced."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from core.errors import Gone
from frontoffice.sales.events import BillLine, DroppedLine, InvoiceRequested, OrderShortened
from frontoffice.sales.models import Order, OrderLine
from frontoffice.sales.operations import LineQuantity, NewLine, cancel_order, committed_to, drop_rest, record_delivery, record_invoicing
from frontoffice.sales.operations.fulfilling import MoreThanOrdered, NotOrdered, NotPromised
from tests.factories.sales import deliver, freight, make_confirmed_order, make_order


def states(order):
    found = Order.objects.with_states().get(pk=order.pk)
    return found.delivery_state, found.invoice_state


def test_the_first_delivery_bills_the_goods_that_left_and_all_charges(customer, desk, lamp, assembly, by, told):
    order = make_confirmed_order(
        customer,
        [NewLine(product_id=desk.pk, quantity=Decimal(3), discount=Decimal("0.1")), (lamp, 5), (assembly, 3), freight()],
        by=by,
    )
    desks, _lamps, work, charge = order.lines.all()
    deliver(order, 2, 0, on=date(2026, 3, 16), delivery_id=41)

    assert told(InvoiceRequested) == [
        InvoiceRequested(
            order_id=order.pk,
            order_number=order.number,
            customer_id=customer.pk,
            delivery_id=41,
            delivery_number="DO/2026/00041",
            invoice_on=date(2026, 3, 16),
            currency="IDR",
            lines=(
                BillLine(desks.pk, desk.pk, "Standing desk 140", Decimal(2), Decimal(4_750_000), Decimal("0.1"), "standard", False),
                BillLine(work.pk, assembly.pk, "ASSEMBLY", Decimal(3), Decimal(350_000), Decimal(0), "standard", False),
                BillLine(charge.pk, None, "Freight", Decimal(1), Decimal(150_000), Decimal(0), "standard", False),
            ),
        )
    ]
    assert list(order.lines.values_list("delivered_quantity", flat=True)) == [2, 0, 3, 1]


def test_a_later_delivery_bills_only_the_goods_that_left(customer, desk, by, told):
    order = make_confirmed_order(customer, [(desk, 3), freight()], by=by)
    deliver(order, 2, delivery_id=1)
    deliver(order, 1, delivery_id=2)
    first, second = told(InvoiceRequested)
    assert [line.description for line in first.lines] == ["Standing desk 140", "Freight"]
    assert [(line.description, line.quantity) for line in second.lines] == [("Standing desk 140", Decimal(1))]
    assert second.delivery_number == "DO/2026/00002"


def test_delivery_and_invoice_states_follow_the_facts(customer, desk, lamp, by):
    order = make_confirmed_order(customer, [(desk, 2), (lamp, 1), freight()], by=by)
    desks, lamps, charge = order.lines.all()
    assert states(order) == ("none", "none")
    assert list(Order.objects.to_deliver()) == [order]
    assert list(Order.objects.to_invoice()) == []

    deliver(order, 2, 0)
    assert states(order) == ("partial", "none")
    assert list(Order.objects.to_invoice()) == [order]

    record_invoicing(
        order_id=order.pk,
        invoice_id=1,
        lines=[LineQuantity(desks.pk, Decimal(2)), LineQuantity(charge.pk, Decimal(1)), LineQuantity(None, Decimal(1))],
        by=by,
    )
    assert states(order) == ("partial", "partial")
    assert list(Order.objects.to_invoice()) == []

    deliver(order, 0, 1, delivery_id=2)
    record_invoicing(order_id=order.pk, invoice_id=2, lines=[LineQuantity(lamps.pk, Decimal(1))], by=by)
    assert states(order) == ("full", "full")
    assert list(Order.objects.to_deliver()) == []


def test_more_than_ordered_never_leaves(customer, desk, lamp, by, told):
    order = make_confirmed_order(customer, [(lamp, 1), (desk, 2)], by=by)
    with pytest.raises(MoreThanOrdered, match=r"SO/.* has 2 of Standing desk 140, not 3"):
        deliver(order, 1, 3)
    assert list(order.lines.values_list("delivered_quantity", flat=True)) == [0, 0]
    assert told(InvoiceRequested) == []


def test_more_than_ordered_is_never_invoiced(customer, desk, by):
    order = make_confirmed_order(customer, [(desk, 2)], by=by)
    line = order.lines.get()
    record_invoicing(order_id=order.pk, invoice_id=3, lines=[LineQuantity(line.pk, Decimal(2))], by=by)
    with pytest.raises(MoreThanOrdered, match="has 2 of Standing desk 140, not 3"):
        record_invoicing(order_id=order.pk, invoice_id=4, lines=[LineQuantity(line.pk, Decimal(1))], by=by)
    line.refresh_from_db()
    assert line.invoiced_quantity == 2


def test_what_will_not_follow_is_neither_delivered_nor_invoiced_any_more(customer, desk, by, told):
    order = make_confirmed_order(customer, [(desk, 5), freight()], by=by)
    desks, charge = order.lines.all()
    deliver(order, 3)
    record_invoicing(
        order_id=order.pk, invoice_id=5, lines=[LineQuantity(desks.pk, Decimal(3)), LineQuantity(charge.pk, Decimal(1))], by=by
    )
    assert (states(order), committed_to(customer.pk)) == (("partial", "partial"), Decimal("10545000.00"))

    drop_rest(order_id=order.pk, delivery_id=1, lines=[LineQuantity(desks.pk, Decimal(2))], reason="Out of production", by=by)
    assert (states(order), committed_to(customer.pk)) == (("full", "full"), Decimal(0))
    assert list(Order.objects.to_deliver()) == []
    assert told(OrderShortened) == [
        OrderShortened(
            order_id=order.pk,
            order_number=order.number,
            customer_id=customer.pk,
            reason="Out of production",
            lines=(DroppedLine(order_line_id=desks.pk, description="Standing desk 140", quantity=Decimal(2)),),
        )
    ]
    with pytest.raises(MoreThanOrdered, match=r"SO/.* has 3 of Standing desk 140, not 4"):
        deliver(order, 1, delivery_id=2)


def test_no_more_is_dropped_than_is_still_to_leave(customer, desk, by, told):
    order = make_confirmed_order(customer, [(desk, 5)], by=by)
    deliver(order, 3)
    with pytest.raises(MoreThanOrdered, match="only 2 are still to leave"):
        drop_rest(order_id=order.pk, delivery_id=2, lines=[LineQuantity(order.lines.get().pk, Decimal(3))], reason="x", by=by)
    assert order.lines.get().dropped_quantity == 0
    assert told(OrderShortened) == []


def test_nothing_leaves_for_a_draft(customer, desk, by, told):
    order = make_order(customer, [(desk, 2)], by=by)
    with pytest.raises(NotPromised, match="is draft: nothing should leave for it"):
        deliver(order, 1)
    assert order.lines.get().delivered_quantity == 0
    assert told(InvoiceRequested) == []


def test_what_leaves_while_an_order_is_being_cancelled_is_still_billed(customer, desk, by, told):
    order = cancel_order(make_confirmed_order(customer, [(desk, 2)], by=by), reason="Changed their mind", by=by)
    assert deliver(order, 2).status == "cancelling"
    assert len(told(InvoiceRequested)) == 1


def test_a_line_of_another_order_is_refused(customer, desk, by):
    order = make_confirmed_order(customer, [(desk, 2)], by=by)
    other = make_confirmed_order(customer, [(desk, 2)], by=by)
    with pytest.raises(NotOrdered, match=f"is not on {order.number}"):
        record_invoicing(order_id=order.pk, invoice_id=6, lines=[LineQuantity(other.lines.get().pk, Decimal(1))], by=by)
    with pytest.raises(NotOrdered, match="more than zero"):
        record_invoicing(order_id=order.pk, invoice_id=7, lines=[LineQuantity(order.lines.get().pk, Decimal(0))], by=by)
    assert set(OrderLine.objects.values_list("invoiced_quantity", flat=True)) == {0}


def test_a_delivery_for_no_order_is_refused(by):
    with pytest.raises(Gone):
        record_delivery(order_id=404, delivery_id=1, delivery_number="x", delivered_on=date(2026, 1, 1), lines=[], by=by)


@pytest.mark.parametrize(
    ("field", "value", "constraint"),
    [
        ("dropped_quantity", 3, "returned_within_delivered_within_ordered"),
        ("delivered_quantity", 3, "returned_within_delivered_within_ordered"),
        ("returned_quantity", 1, "returned_within_delivered_within_ordered"),
        ("invoiced_quantity", 3, "invoiced_within_ordered"),
        ("discount", Decimal("1.5"), "an_order_discount_is_a_fraction"),
        ("quantity", 0, "an_order_line_wants_something"),
        ("total", 1, "an_order_line_total_is_net_and_tax"),
    ],
)
def test_the_database_refuses_impossible_lines(customer, desk, by, field, value, constraint):
    order = make_order(customer, [(desk, 2)], by=by)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        OrderLine.objects.filter(order=order).update(**{field: value})
