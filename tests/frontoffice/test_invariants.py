"""What must always hold in the front office, and that a broken rule is named."""

from decimal import Decimal

import pytest

from core.numbering import Counter
from frontoffice.crm.invariants import invariants as of_crm
from frontoffice.crm.models import Deal
from frontoffice.sales.invariants import invariants as of_sales
from frontoffice.sales.models import Order, OrderLine
from frontoffice.sales.operations import LineQuantity, record_return, request_return
from tests.factories.crm import make_deal
from tests.factories.sales import deliver, freight, make_confirmed_order


@pytest.fixture
def order(customer, desk, by):
    """Two desks and freight, delivered; one desk came back."""
    order = make_confirmed_order(customer, [(desk, 2), freight()], order_date=None)
    deliver(order, 2)
    some = [LineQuantity(order.lines.first().pk, Decimal(1))]
    goods_return = request_return(order, lines=some, reason="Wrong colour", by=by)
    record_return(return_id=goods_return.pk, receipt_id=1, lines=some, received_on=goods_return.requested_on, by=by)
    return order


def test_all_is_well_after_ordinary_work(order, customer, desk):
    make_deal(customer, [(desk, 1)])
    make_deal(customer, estimate=Decimal(5))
    assert [*of_sales(), *of_crm()] == []


@pytest.mark.parametrize(
    ("rule", "spoil"),
    [
        ("order total = sum of its lines", lambda: Order.objects.update(net=1, tax=0, total=1)),
        ("line amount = quantity x price x (1 - discount)", lambda: OrderLine.objects.filter(position=1).update(amount=1)),
        ("returned = received by returns", lambda: OrderLine.objects.filter(position=1).update(returned_quantity=2)),
        ("numbers have no gaps", lambda: Counter.objects.filter(sequence="sales.order").update(last=2)),
    ],
)
def test_a_broken_rule_of_sales_is_named(order, rule, spoil):
    spoil()
    assert [violation.rule for violation in of_sales()] == [rule]


def test_a_broken_rule_of_the_pipeline_is_named(customer, desk):
    deal = make_deal(customer, [(desk, 1)])
    Deal.objects.update(amount=1)
    [violation] = of_crm()
    assert (violation.where, violation.message) == (f"crm.deal {deal.pk}", "Meeting room furniture says 1.0000, not 4750000.0000")
