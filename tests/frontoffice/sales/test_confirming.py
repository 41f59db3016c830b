"""Promising an order, and letting it wait."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from core import clock
from core.errors import IllegalMove
from core.events.models import Record
from core.web import house
from core.web.house import House
from frontoffice.sales.events import BillLine, ConfirmedLine, InvoiceRequested, OrderConfirmed, OrderHeld, OrderReleased
from frontoffice.sales.models import Order
from frontoffice.sales.operations import LineQuantity, NewLine, cancel_order, committed_to, confirm_order, record_invoicing, release_order
from frontoffice.sales.operations.confirming import CreditUsedUp, NotOnHold, OrderEmpty
from integration.customer360.timeline import entry_of
from tests.factories.sales import freight, make_confirmed_order, make_order


def test_confirming_tells_everything_the_warehouse_needs(customer, desk, by, told):
    order = make_order(customer, [(desk, 2), freight()], order_date=date(2026, 3, 2), requested_date=date(2026, 3, 20), by=by)
    confirmed = confirm_order(order, by=by)

    assert confirmed.status == "confirmed"
    first, second = order.lines.all()
    assert told(OrderConfirmed) == [
        OrderConfirmed(
            order_id=order.pk,
            order_number="SO/2026/00001",
            customer_id=customer.pk,
            order_date=date(2026, 3, 2),
            currency="IDR",
            net=Decimal(9_650_000),
            tax=Decimal(1_061_500),
            total=Decimal(10_711_500),
            shipping_address_id=None,
            requested_date=date(2026, 3, 20),
            lines=(
                ConfirmedLine(first.pk, desk.pk, "Standing desk 140", Decimal(2), Decimal(4_750_000), Decimal(0), "standard", True),
                ConfirmedLine(second.pk, None, "Freight", Decimal(1), Decimal(150_000), Decimal(0), "standard", False),
            ),
        )
    ]
    assert told(InvoiceRequested) == []


def test_an_order_without_lines_is_not_confirmed(customer, by, told):
    order = make_order(customer, by=by)
    with pytest.raises(OrderEmpty, match=r"SO/.* has no lines"):
        confirm_order(order, by=by)
    order.refresh_from_db()
    assert order.status == "draft"
    assert told(OrderConfirmed) == []


def test_an_order_is_confirmed_once(customer, desk, by, told):
    order = make_confirmed_order(customer, [(desk, 1)], by=by)
    with pytest.raises(IllegalMove, match="is confirmed and cannot become confirmed"):
        confirm_order(order, by=by)
    assert len(told(OrderConfirmed)) == 1


def test_an_order_beyond_the_credit_limit_waits(customer, desk, by, back_office, told):
    back_office.limit, back_office.used = Decimal(10_000_000), Decimal("4727500.01")
    order = confirm_order(make_order(customer, [(desk, 1)], by=by), by=by)

    assert order.status == "on_hold"
    assert (order.hold_limit, order.hold_used, order.hold_reason) == (Decimal(10_000_000), Decimal("4727500.01"), "")
    [held] = told(OrderHeld)
    assert (held.order_id, held.credit_limit, held.credit_used, held.total, held.reason) == (
        order.pk,
        Decimal(10_000_000),
        Decimal("4727500.01"),
        Decimal(5_272_500),
        "",
    )
    assert told(OrderConfirmed) == []


@pytest.mark.parametrize(
    ("language", "country", "words"),
    [
        ("en", "ID", "The credit limit of Rp 10.000.000 is exceeded: Rp 4.727.500,01 is used, and this order is Rp 5.272.500."),
        ("id", "ID", "Batas kredit Rp 10.000.000 terlampaui: Rp 4.727.500,01 sudah terpakai, dan pesanan ini Rp 5.272.500."),
        ("en", "US", "The credit limit of IDR 10,000,000 is exceeded: IDR 4,727,500.01 is used, and this order is IDR 5,272,500."),
    ],
)
def test_why_an_order_waits_is_said_in_the_words_and_notation_of_who_reads(
    customer, desk, by, back_office, language: str, country: str, words: str
):
    back_office.limit, back_office.used = Decimal(10_000_000), Decimal("4727500.01")
    with translation.override("id" if language == "en" else "en"):
        order = confirm_order(make_order(customer, [(desk, 1)], by=by), by=by)
    house.use(House("Satu", "IDR", country))
    with translation.override(language):
        told = entry_of(Record.objects.get(type="sales.OrderHeld"))
        assert [said.replace("\N{NO-BREAK SPACE}", " ") for said in (order.why_held, told.body)] == [words, words]
    house.use(None)


def test_an_order_held_before_there_were_figures_keeps_the_words_of_then(customer, desk, by, back_office):
    back_office.limit = Decimal(1)
    order = confirm_order(make_order(customer, [(desk, 1)], by=by), by=by)
    Order.objects.filter(pk=order.pk).update(hold_limit=None, hold_used=None, hold_reason="The credit limit of IDR 1 is exceeded.")
    record = Record.objects.get(type="sales.OrderHeld")
    record.schema_version = 1
    record.payload = {name: said for name, said in record.payload.items() if not name.startswith("credit_")}
    record.payload["reason"] = "The credit limit of IDR 1 is exceeded."
    order.refresh_from_db()
    assert (order.why_held, entry_of(record).body) == ("The credit limit of IDR 1 is exceeded.",) * 2


def test_the_database_wants_to_know_why_an_order_waits(customer, desk, by, back_office):
    back_office.limit = Decimal(1)
    order = confirm_order(make_order(customer, [(desk, 1)], by=by), by=by)
    with pytest.raises(IntegrityError, match="an_order_on_hold_says_why"), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(hold_used=None)


def test_an_order_up_to_the_limit_is_confirmed(customer, desk, by, back_office):
    back_office.limit, back_office.used = Decimal(10_000_000), Decimal(4_727_500)
    assert confirm_order(make_order(customer, [(desk, 1)], by=by), by=by).status == "confirmed"


def test_an_order_on_hold_can_be_released_whatever_is_owed(customer, desk, by, owner, back_office, told):
    back_office.limit = Decimal(1)
    order = confirm_order(make_order(customer, [(desk, 1)], by=by), by=by)
    released = release_order(order, by=owner)

    assert released.status == "confirmed"
    assert [type(event) for event in told()][-2:] == [OrderReleased, OrderConfirmed]


def test_an_order_on_hold_can_be_confirmed_once_the_customer_paid(customer, desk, by, back_office, told):
    back_office.limit, back_office.used = Decimal(6_000_000), Decimal(5_000_000)
    order = confirm_order(make_order(customer, [(desk, 1)], by=by), by=by)
    with pytest.raises(CreditUsedUp, match=r"still waits: The credit limit of Rp\s6.000.000 is exceeded"):
        confirm_order(order, by=by)
    assert len(told(OrderHeld)) == 1
    back_office.used = Decimal(0)
    assert confirm_order(order, by=by).status == "confirmed"


def test_only_an_order_on_hold_is_released(customer, desk, by, owner, told):
    order = make_order(customer, [(desk, 1)], by=by)
    with pytest.raises(NotOnHold, match="is draft: there is nothing to release"):
        release_order(order, by=owner)
    order.refresh_from_db()
    assert order.status == "draft"
    assert told(OrderReleased, OrderConfirmed) == []


def test_a_cancelled_order_is_not_confirmed(customer, desk, by):
    order = cancel_order(make_order(customer, [(desk, 1)], by=by), reason="Typed twice", by=by)
    with pytest.raises(IllegalMove):
        confirm_order(order, by=by)


def test_an_order_of_services_only_is_billed_when_it_is_confirmed(customer, assembly, by, told):
    with clock.at(datetime(2026, 3, 4, 9, tzinfo=UTC)):
        order = make_confirmed_order(customer, [(assembly, 2), freight(50_000)], by=by)
    first, second = order.lines.all()
    assert told(InvoiceRequested) == [
        InvoiceRequested(
            order_id=order.pk,
            order_number=order.number,
            customer_id=customer.pk,
            delivery_id=None,
            delivery_number="",
            invoice_on=date(2026, 3, 4),
            currency="IDR",
            lines=(
                BillLine(first.pk, assembly.pk, "ASSEMBLY", Decimal(2), Decimal(350_000), Decimal(0), "standard", False),
                BillLine(second.pk, None, "Freight", Decimal(1), Decimal(50_000), Decimal(0), "standard", False),
            ),
        )
    ]
    assert Order.objects.with_states().get().delivery_state == "nothing"


def test_what_is_promised_and_not_invoiced_is_committed(customer, desk, by):
    make_order(customer, [(desk, 7)], by=by)
    order = make_confirmed_order(customer, [(desk, 3), NewLine(description="Freight", unit_price=Decimal(100))], by=by)
    assert committed_to(customer.pk) == Decimal("15817611.00")
    record_invoicing(order_id=order.pk, invoice_id=1, lines=[LineQuantity(order.lines.first().pk, Decimal(1))], by=by)
    assert committed_to(customer.pk) == Decimal("10545111.00")
    assert committed_to(customer.pk + 1) == 0
