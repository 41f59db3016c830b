"""Placing an order."""

from datetime import date
from decimal import Decimal

import pytest

from core.docflow.flow import related
from core.parties.models import Address, Party, PartyRole
from core.parties.operations import add_address, create_party, update_party
from frontoffice.sales.events import OrderPlaced
from frontoffice.sales.models import Order
from frontoffice.sales.operations import NewLine, figures_for, place_order
from frontoffice.sales.operations.lines import BadLine
from frontoffice.sales.operations.placing import NotSoldTo, WrongAddress
from tests.factories.sales import freight, make_order


def test_an_order_is_a_numbered_draft_with_taxed_lines(customer, desk, by, told):
    order = place_order(
        customer_id=customer.pk,
        lines=[NewLine(product_id=desk.pk, quantity=Decimal(3), discount=Decimal("0.1")), freight()],
        order_date=date(2026, 3, 2),
        by=by,
    )

    assert (order.number, order.status, order.owner, order.currency) == ("SO/2026/00001", "draft", by, "IDR")
    assert [
        (line.position, line.description, line.is_goods, line.unit_price, line.net, line.tax, line.total) for line in order.lines.all()
    ] == [
        (1, "Standing desk 140", True, Decimal(4_750_000), Decimal(12_825_000), Decimal(1_410_750), Decimal(14_235_750)),
        (2, "Freight", False, Decimal(150_000), Decimal(150_000), Decimal(16_500), Decimal(166_500)),
    ]
    order.refresh_from_db()
    assert (order.net, order.tax, order.total) == (Decimal(12_975_000), Decimal(1_427_250), Decimal(14_402_250))
    assert told() == [
        OrderPlaced(
            order_id=order.pk,
            order_number="SO/2026/00001",
            customer_id=customer.pk,
            deal_id=None,
            total=Decimal("14402250.00"),
            currency="IDR",
        )
    ]


def test_prices_may_include_tax(customer, by):
    line = NewLine(description="Workshop", unit_price=Decimal(111_000), quantity=Decimal(2))
    order = make_order(customer, [line], prices_include_tax=True, by=by)
    assert (order.net, order.tax, order.total) == (Decimal(200_000), Decimal(22_000), Decimal(222_000))


def test_one_deal_becomes_one_order(customer, desk, by, told):
    lines = [NewLine(product_id=desk.pk)]
    first = place_order(customer_id=customer.pk, lines=lines, deal_id=77, deal_name="Meeting room", by=by)
    again = place_order(customer_id=customer.pk, lines=lines, deal_id=77, deal_name="Meeting room", by=by)

    assert again == first
    assert Order.objects.count() == 1
    assert len(told(OrderPlaced)) == 1
    [deal] = related("sales.order", first.pk)
    assert (deal.kind, deal.id, deal.number, deal.relation, deal.came_after) == ("crm.deal", 77, "Meeting room", "becomes", False)


def test_whoever_orders_is_a_customer_from_now_on(company, desk, by):
    party = create_party(name="PT Baru Saja", by=by)
    make_order(party, [(desk, 1)], by=by)
    assert Party.objects.customers().get() == party
    make_order(party, [(desk, 1)], by=by)
    assert PartyRole.objects.filter(party=party).count() == 1


def test_goods_go_to_the_shipping_address_unless_said_otherwise(customer, desk, by):
    office = add_address(customer, street="Jl. Sudirman 1", city="Jakarta", country="Indonesia", by=by)
    assert make_order(customer, [(desk, 1)], by=by).shipping_address == office
    dock = add_address(customer, street="Jl. Dock 9", city="Jakarta", country="Indonesia", kind=Address.Kind.SHIPPING, by=by)
    assert make_order(customer, [(desk, 1)], by=by).shipping_address == dock
    assert make_order(customer, [(desk, 1)], shipping_address_id=office.pk, by=by).shipping_address == office


def test_goods_never_go_to_somebody_elses_address(customer, desk, by, told):
    other = create_party(name="PT Lain", by=by)
    address = add_address(other, street="Jl. Lain 1", city="Bandung", country="Indonesia", by=by)
    with pytest.raises(WrongAddress, match="does not belong to PT Fajar Teknologi"):
        make_order(customer, [(desk, 1)], shipping_address_id=address.pk, by=by)
    assert not Order.objects.exists()
    assert told() == []


def test_nothing_is_sold_to_a_party_we_left(customer, desk, by):
    update_party(customer, is_active=False, by=by)
    with pytest.raises(NotSoldTo, match="We do not deal with PT Fajar Teknologi"):
        make_order(customer, [(desk, 1)], by=by)
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("line", "sentence", "field"),
    [
        (NewLine(), "has no price", "unit_price"),
        (NewLine(unit_price=Decimal(1)), "needs a product or a description", "description"),
        (NewLine(description="Freight"), "Freight has no price", "unit_price"),
        (NewLine(description="Freight", unit_price=Decimal(-1)), "a price cannot be below zero", "unit_price"),
        (NewLine(description="Freight", unit_price=Decimal(1), quantity=Decimal(0)), "quantity of 0 cannot be ordered", "quantity"),
        (NewLine(description="Freight", unit_price=Decimal(1), discount=Decimal("1.01")), "between 0 % and 100 %", "discount"),
        (NewLine(product_id=999_999), "There is no product 999999", "product"),
    ],
)
def test_a_line_nobody_could_deliver_or_bill_is_refused(customer, by, line, sentence, field):
    with pytest.raises(BadLine, match=sentence) as refusal:
        make_order(customer, [line], by=by)
    assert refusal.value.field == field
    assert not Order.objects.exists()


def test_half_a_desk_cannot_be_ordered(customer, desk, by):
    with pytest.raises(BadLine, match="Standing desk 140 is sold in whole steps of its unit, Piece"):
        make_order(customer, [NewLine(product_id=desk.pk, quantity=Decimal("0.5"))], by=by)


def test_a_refused_order_takes_no_number(customer, desk, by):
    with pytest.raises(BadLine):
        make_order(customer, [NewLine(product_id=desk.pk, quantity=Decimal(-1))], by=by)
    assert make_order(customer, [(desk, 1)], order_date=date(2026, 1, 5), by=by).number == "SO/2026/00001"


def test_figures_are_known_before_anything_is_written(customer, desk):
    figures = figures_for(
        [NewLine(product_id=desk.pk, quantity=Decimal(2)), freight()], customer=customer, currency="IDR", on=date(2026, 3, 2)
    )
    assert figures.unit_prices == (Decimal(4_750_000), Decimal(150_000))
    assert figures.amounts == (Decimal(9_500_000), Decimal(150_000))
    assert (figures.net, figures.tax, figures.total) == (Decimal(9_650_000), Decimal(1_061_500), Decimal(10_711_500))
    assert not Order.objects.exists()
