"""Changing a draft."""

from datetime import date
from decimal import Decimal

import pytest

from core.parties.operations import add_address, create_party
from frontoffice.sales.operations import NewLine, add_line, cancel_order, change_line, confirm_order, remove_line, update_order
from frontoffice.sales.operations.editing import NotADraft, NotOnThisOrder
from frontoffice.sales.operations.lines import BadLine
from frontoffice.sales.operations.placing import WrongAddress
from tests.factories.sales import freight, make_order


def figures(order):
    order.refresh_from_db()
    return order.net, order.tax, order.total


def test_lines_come_change_and_go_and_the_total_follows(customer, desk, lamp, by):
    order = make_order(customer, [(desk, 1)], by=by)
    assert figures(order) == (Decimal(4_750_000), Decimal(522_500), Decimal(5_272_500))

    line = add_line(order, product_id=lamp.pk, quantity=Decimal(2), by=by)
    assert (line.position, line.unit_price, line.total) == (2, Decimal(485_000), Decimal(1_076_700))
    assert figures(order) == (Decimal(5_720_000), Decimal(629_200), Decimal(6_349_200))

    line = change_line(line, quantity=Decimal(4), discount=Decimal("0.25"), by=by)
    assert (line.net, line.tax) == (Decimal(1_455_000), Decimal(160_050))
    assert figures(order) == (Decimal(6_205_000), Decimal(682_550), Decimal(6_887_550))

    remove_line(line, by=by)
    assert figures(order) == (Decimal(4_750_000), Decimal(522_500), Decimal(5_272_500))


def test_the_head_of_a_draft_can_be_changed(customer, desk, by):
    order = make_order(customer, [(desk, 1)], by=by)
    order = update_order(order, requested_date=date(2026, 4, 1), prices_include_tax=True, note="Ring the bell", by=by)
    assert (order.requested_date, order.note) == (date(2026, 4, 1), "Ring the bell")
    assert figures(order) == (Decimal("4279279.28"), Decimal("470720.72"), Decimal(4_750_000))


def test_all_lines_of_a_draft_can_be_replaced_at_once(customer, desk, lamp, by):
    order = make_order(customer, [(desk, 1), (lamp, 1)], by=by)
    order = update_order(order, lines=[NewLine(product_id=lamp.pk, quantity=Decimal(2)), freight()], note="As phoned", by=by)
    assert [(line.position, line.description) for line in order.lines.all()] == [(1, "LED desk lamp"), (2, "Freight")]
    assert figures(order) == (Decimal(1_120_000), Decimal(123_200), Decimal(1_243_200))
    with pytest.raises(BadLine):
        update_order(order, lines=[NewLine(description="Freight")], note="Wrong", by=by)
    order.refresh_from_db()
    assert (order.note, order.lines.count()) == ("As phoned", 2)


def test_an_address_of_somebody_else_is_refused(customer, desk, by):
    order = make_order(customer, [(desk, 1)], by=by)
    other = add_address(create_party(name="PT Lain", by=by), street="Jl. Lain 1", city="Bandung", country="Indonesia", by=by)
    with pytest.raises(WrongAddress):
        update_order(order, shipping_address=other, by=by)
    order.refresh_from_db()
    assert order.shipping_address is None


def test_a_confirmed_order_is_not_changed(customer, desk, by):
    order = confirm_order(make_order(customer, [(desk, 1)], by=by), by=by)
    line = order.lines.get()
    for change in (
        lambda: update_order(order, note="x", by=by),
        lambda: add_line(order, product_id=desk.pk, by=by),
        lambda: change_line(line, quantity=Decimal(2), by=by),
        lambda: remove_line(line, by=by),
    ):
        with pytest.raises(NotADraft, match=r"SO/.* is confirmed and cannot be changed any more"):
            change()
    line.refresh_from_db()
    assert (line.quantity, order.lines.count()) == (1, 1)


def test_a_cancelled_order_is_not_changed(customer, desk, by):
    order = cancel_order(make_order(customer, [(desk, 1)], by=by), reason="Typed twice", by=by)
    with pytest.raises(NotADraft, match="is cancelled"):
        add_line(order, product_id=desk.pk, by=by)


def test_a_bad_change_leaves_the_line_as_it_was(customer, desk, by):
    order = make_order(customer, [(desk, 1)], by=by)
    line = order.lines.get()
    with pytest.raises(BadLine, match="whole steps"):
        change_line(line, quantity=Decimal("1.5"), by=by)
    line.refresh_from_db()
    assert (line.quantity, line.total) == (1, Decimal(5_272_500))


def test_a_line_removed_meanwhile_is_not_changed(customer, desk, by):
    order = make_order(customer, [(desk, 1)], by=by)
    line = order.lines.get()
    remove_line(line, by=by)
    with pytest.raises(NotOnThisOrder, match="not on the order any more"):
        change_line(line, quantity=Decimal(2), by=by)


def test_only_known_fields_are_written(customer, desk, by):
    order = make_order(customer, [(desk, 1)], by=by)
    with pytest.raises(TypeError, match="no status to write"):
        update_order(order, status="confirmed", by=by)
    with pytest.raises(TypeError, match="no delivered_quantity to write"):
        change_line(order.lines.get(), delivered_quantity=1, by=by)
