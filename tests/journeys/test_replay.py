"""Replay is safe: every delivery of a year's kinds of business is run again, and not a byte changes."""

from decimal import Decimal

import pytest
from django.apps import apps
from django.db import connection

from backoffice.finance.operations import register_payment
from backoffice.inventory.models import DeliveryOrder, ReturnReceipt
from backoffice.inventory.operations import cancel_backorder, deliver, deliver_all, pick_delivery, receive_return
from core import clock
from core.events.models import Delivery
from core.parties.models import Company
from core.people.models import User
from frontoffice.crm.operations import add_line, convert_lead, create_lead, win_deal
from frontoffice.sales.models import Order
from frontoffice.sales.operations import LineQuantity, NewLine, cancel_order, confirm_order, place_order, request_return
from integration import delivery
from integration.verification import violations
from tests.factories.ground import make_customer
from tests.factories.house import make_stocked, receive

pytestmark = pytest.mark.journey

THE_ENGINES_OWN = {"events.Delivery", "events.ArchivedDelivery"}


def everything() -> dict[str, list[str]]:
    """Every row of every table as the database writes it, except the engine's own account of its work."""
    tables = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label not in THE_ENGINES_OWN
    }
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t ORDER BY 1')
            found[table] = [text for (text,) in cursor.fetchall()]
    return found


def drain() -> None:
    delivery.drain()
    assert [(row.handler, row.last_error) for row in Delivery.objects.unfinished()] == []


def order_to_cash(seller: User, storekeeper: User, accountant: User) -> None:
    """A lead becomes cash in two deliveries, another order waits for goods, one is cancelled, one cannot be.

    Something comes back, somebody overpays.
    """
    desk = make_stocked("DESK-140", 10)
    lead = create_lead(name="Siti Aminah", company_name="PT Fajar Teknologi", email="siti@fajar.example", owner=seller, by=seller)
    deal = convert_lead(lead, deal_name="New office", by=seller)
    add_line(deal, product=desk, quantity=Decimal(4), by=seller)
    win_deal(deal, by=seller)
    drain()
    order = confirm_order(Order.objects.get(deal_id=deal.pk), by=seller)
    drain()
    goods = DeliveryOrder.objects.get(order_id=order.pk)
    pick_delivery(goods, {line.pk: Decimal(3) for line in goods.lines.all()}, by=storekeeper)
    deliver(goods, by=storekeeper)
    drain()
    deliver_all(DeliveryOrder.objects.get(order_id=order.pk, status="ready"), by=storekeeper)
    drain()
    customer = make_customer("PT Hasta Karya")
    short = place_order(customer_id=customer.pk, lines=[NewLine(product_id=desk.pk, quantity=Decimal(8))], by=seller)
    confirm_order(short, by=seller)
    off = place_order(customer_id=customer.pk, lines=[NewLine(product_id=desk.pk, quantity=Decimal(1))], by=seller)
    off = confirm_order(off, by=seller)
    drain()
    cancel_order(off, reason="The project is off.", by=seller)
    drain()
    receive(desk, 10)
    drain()
    part = place_order(customer_id=customer.pk, lines=[NewLine(product_id=desk.pk, quantity=Decimal(5))], by=seller)
    part = confirm_order(part, by=seller)
    drain()
    goods = DeliveryOrder.objects.get(order_id=part.pk)
    pick_delivery(goods, {line.pk: Decimal(2) for line in goods.lines.all()}, by=storekeeper)
    deliver(goods, by=storekeeper)
    cancel_order(part, reason="Too late.", by=seller)
    drain()
    cancel_backorder(DeliveryOrder.objects.get(backorder_of=goods), reason="Two are enough.", by=storekeeper)
    drain()
    back = request_return(order, lines=[LineQuantity(order.lines.get().pk, Decimal(1))], reason="Scratched.", by=seller)
    drain()
    receive_return(ReturnReceipt.objects.get(return_id=back.pk), by=storekeeper)
    drain()
    register_payment(order.customer, order.total + 1_000_000, received_on=clock.today(), by=accountant)
    drain()


def test_running_every_delivery_again_changes_nothing(company: Company, seller: User, storekeeper: User, accountant: User) -> None:
    """Reset every delivery to pending, those of the publisher's commit too: every table stays as it is, byte for byte."""
    order_to_cash(seller, storekeeper, accountant)
    before, how_many = everything(), Delivery.objects.count()
    assert how_many > 40
    Delivery.objects.update(status=Delivery.Status.PENDING, done_at=None, attempts=0)
    drained = delivery.drain()
    assert list(Delivery.objects.dead().values_list("handler", "last_error")) == []
    assert drained.done == how_many
    assert list(Delivery.objects.exclude(status="done").values_list("handler", "last_error")) == []
    after = everything()
    changed = {table: sorted(set(before[table]) ^ set(after[table])) for table in before if before[table] != after[table]}
    assert changed == {}
    assert list(violations()) == []
