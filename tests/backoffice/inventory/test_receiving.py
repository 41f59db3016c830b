"""Goods coming in."""

from datetime import date
from decimal import Decimal

import pytest

from backoffice.inventory.events import GoodsReceived, ReceiptCancelled, ReceiptPlanned, StockValued
from backoffice.inventory.models import Location, Receipt, StockMove
from backoffice.inventory.operations import (
    ReceivedLine,
    available_to_promise,
    cancel_receipt,
    plan_receipt,
    receive_goods,
    receive_receipt,
)
from backoffice.inventory.operations.cancelling import ReasonMissing
from backoffice.inventory.operations.lines import BadQuantity, NothingToMove, UnknownProduct
from backoffice.inventory.operations.receiving import NegativeCost
from core.catalog.models import Product
from core.catalog.questions import Availability
from core.docflow.flow import related
from core.errors import IllegalMove
from core.parties.models import PartyRole
from core.parties.operations import create_party
from tests.factories.ground import make_product
from tests.factories.inventory import on_shelf, stock_up, worth

D = Decimal


def test_goods_nobody_planned_are_put_on_the_shelf(desk, lamp, by, told):
    supplier = create_party(name="CV Jati", roles=[PartyRole.Role.SUPPLIER], by=by)
    lines = [ReceivedLine(desk.pk, D(5), D(200)), ReceivedLine(lamp.pk, D(2), D("30.5"))]
    receipt = receive_goods(lines=lines, supplier=supplier, on=date(2026, 2, 1), by=by)
    assert (receipt.status, receipt.number, receipt.received_on) == (Receipt.Status.RECEIVED, "GR/2026/00001", date(2026, 2, 1))
    assert on_shelf(desk) == (D(5), D(0))
    assert worth(lamp) == (D(2), D(61))
    [received] = told(GoodsReceived)
    assert (received.product_ids, received.supplier_id, received.pieces) == ((desk.pk, lamp.pk), supplier.pk, D(7))
    [valued] = told(StockValued)
    assert (valued.reason, valued.amount, valued.party_id, valued.document_kind) == (
        "receipt",
        D(1061),
        supplier.pk,
        "inventory.receipt",
    )
    assert StockMove.objects.first().from_location.kind == Location.Kind.SUPPLIER


def test_opening_stock_comes_from_the_opening_place(desk, by, told):
    receipt = stock_up(desk, 5, cost=200, opening=True)
    assert receipt.is_opening
    assert StockMove.objects.get().from_location.kind == Location.Kind.OPENING
    assert [event.reason for event in told(StockValued)] == ["opening"]


def test_the_average_moves_with_every_receipt(desk):
    stock_up(desk, 10, cost=100)
    stock_up(desk, 5, cost=130)
    assert worth(desk) == (D(15), D(1650))
    assert desk.valuation.average == D(110)


def test_planned_goods_are_incoming_until_they_are_here(desk, by, told):
    receipt = plan_receipt(lines=[ReceivedLine(desk.pk, D(8), D(100))], expected_on=date(2026, 12, 1), by=by)
    assert available_to_promise([desk.pk]) == (Availability(desk.pk, D(0), D(0), D(0), D(8)),)
    assert [(event.pieces, event.expected_on) for event in told(ReceiptPlanned)] == [(D(8), date(2026, 12, 1))]
    assert told(StockValued) == []
    receive_receipt(receipt, by=by)
    assert available_to_promise([desk.pk]) == (Availability(desk.pk, D(8), D(0), D(8), D(0)),)


def test_what_did_not_come_stays_planned(desk, lamp, by):
    receipt = plan_receipt(lines=[ReceivedLine(desk.pk, D(8), D(100)), ReceivedLine(lamp.pk, D(3), D(10))], by=by)
    desks = receipt.lines.get(product=desk)
    receipt = receive_receipt(receipt, by=by, quantities={desks.pk: D(5)})
    rest = receipt.rests.get()
    assert (receipt.status, rest.status) == (Receipt.Status.RECEIVED, Receipt.Status.PLANNED)
    assert [(line.product, line.quantity, line.unit_cost) for line in rest.lines.order_by("pk")] == [
        (desk, D(3), D(100)),
        (lamp, D(3), D(10)),
    ]
    assert [answer.incoming for answer in available_to_promise([lamp.pk, desk.pk])] == [D(3), D(3)]
    assert on_shelf(desk) == (D(5), D(0))
    assert [(found.relation, found.number) for found in related("inventory.receipt", receipt.pk)] == [("rest on", rest.number)]


def test_no_more_is_received_than_planned(desk, by):
    receipt = plan_receipt(lines=[ReceivedLine(desk.pk, D(8), D(100))], by=by)
    line = receipt.lines.get()
    with pytest.raises(BadQuantity, match="between 0 and 8"):
        receive_receipt(receipt, by=by, quantities={line.pk: D(9)})
    with pytest.raises(NothingToMove):
        receive_receipt(receipt, by=by, quantities={line.pk: D(0)})
    assert on_shelf(desk) == (D(0), D(0))
    assert Receipt.objects.planned().get() == receipt


def test_a_receipt_is_received_once(desk, by):
    receipt = receive_receipt(plan_receipt(lines=[ReceivedLine(desk.pk, D(8), D(100))], by=by), by=by)
    with pytest.raises(IllegalMove, match="received already"):
        receive_receipt(receipt, by=by)
    assert on_shelf(desk) == (D(8), D(0))


def test_planned_goods_that_will_not_come_are_cancelled_with_a_reason(desk, by, told):
    receipt = plan_receipt(lines=[ReceivedLine(desk.pk, D(8), D(100))], by=by)
    with pytest.raises(ReasonMissing):
        cancel_receipt(receipt, reason=" ", by=by)
    cancel_receipt(receipt, reason="Sold out", by=by)
    assert [event.reason for event in told(ReceiptCancelled)] == ["Sold out"]
    assert available_to_promise([desk.pk])[0].incoming == D(0)


def test_a_receipt_needs_goods_at_a_cost(desk, by):
    service = make_product("PLAN", kind=Product.Kind.SERVICE)
    for lines, refusal in (
        ([], NothingToMove),
        ([ReceivedLine(desk.pk, D(0), D(1))], BadQuantity),
        ([ReceivedLine(desk.pk, D(1), D(-1))], NegativeCost),
        ([ReceivedLine(service.pk, D(1), D(1))], UnknownProduct),
    ):
        with pytest.raises(refusal):
            receive_goods(lines=lines, by=by)
    assert not Receipt.objects.exists()


def test_available_answers_in_the_order_asked_for(desk, lamp, by):
    stock_up(lamp, 4)
    answers = available_to_promise((lamp.pk, desk.pk, 98765))
    assert answers == (
        Availability(lamp.pk, D(4), D(0), D(4), D(0)),
        Availability(desk.pk, D(0), D(0), D(0), D(0)),
        Availability(98765, D(0), D(0), D(0), D(0)),
    )
