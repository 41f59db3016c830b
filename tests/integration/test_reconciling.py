"""Drift is found within one cycle, written down with its row, told, and never repaired."""

from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from backoffice.finance.models import Invoice
from backoffice.inventory.models import DeliveryOrder, StockLevel
from backoffice.inventory.operations import deliver_all
from core.events.models import Delivery
from core.notifications.models import Notification
from core.parties.models import Company
from core.people.models import User
from core.people.roles import Role
from frontoffice.sales.models import Order, OrderLine
from frontoffice.sales.operations import NewLine, confirm_order, place_order
from integration import delivery
from integration.models import Drift
from integration.reconciling import Reconciled, reconcile
from tests.factories.ground import make_customer, make_user
from tests.factories.house import make_house, make_stocked


@pytest.fixture
def house(db: None) -> Company:
    return make_house()


@pytest.fixture
def operator(house: Company) -> User:
    return make_user(Role.IT)


@pytest.fixture
def invoice(house: Company) -> Invoice:
    """Four desks sold, delivered and billed."""
    seller, desk = make_user(Role.SALES), make_stocked("DESK-140", 20)
    order = place_order(customer_id=make_customer().pk, lines=[NewLine(product_id=desk.pk, quantity=Decimal(4))], by=seller)
    confirm_order(order, by=seller)
    delivery.drain()
    deliver_all(DeliveryOrder.objects.get(), by=make_user(Role.STOREKEEPER))
    delivery.drain()
    return Invoice.objects.get()


def behind_our_back(model: Any, **values: Any) -> None:
    """Change rows as somebody with the database's own tools would: no trigger sees it."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SET LOCAL session_replication_role = replica")
        model.objects.update(**values)
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.mark.django_db
def test_where_nothing_drifted_nothing_is_found(invoice: Invoice, operator: User) -> None:
    assert reconcile() == Reconciled(new=0, standing=0, cleared=0)
    assert not Drift.objects.exists()


@pytest.mark.django_db
def test_drift_in_stock_receivables_and_orders_is_found_in_one_cycle_and_not_repaired(invoice: Invoice, operator: User) -> None:
    open_before = invoice.residual
    level, line, order = StockLevel.objects.get(), OrderLine.objects.get(), Order.objects.get()
    behind_our_back(StockLevel, on_hand=17)
    behind_our_back(Invoice, residual=open_before - 1)
    behind_our_back(OrderLine, delivered_quantity=3)
    behind_our_back(Order, net=order.net + 5, total=order.total + 5)
    reconcile()
    found = {drift.row: (Decimal(drift.expected), Decimal(drift.actual)) for drift in Drift.objects.standing() if "+" not in drift.expected}
    assert found[f"inventory.stocklevel {level.pk}"] == (16, 17)
    assert found[f"finance.invoice {invoice.number}"] == (open_before, open_before - 1)
    assert found[f"parties.party {invoice.customer_id}"] == (open_before - 1, open_before)
    assert found[f"sales.orderline {line.pk}"] == (4, 3)
    assert Drift.objects.filter(row=f"sales.order {order.pk}", rule="order total = sum of its lines").exists()
    for row in (level, invoice, line, order):
        row.refresh_from_db()
    assert (level.on_hand, invoice.residual, line.delivered_quantity) == (17, open_before - 1, 3)

    (told,) = Notification.objects.filter(user=operator, icon="scale")
    assert (told.url, "figures do not follow from their source" in told.text) == ("/console/drift/", True)


@pytest.mark.django_db
def test_drift_is_told_once_and_marked_when_it_is_gone(invoice: Invoice, operator: User) -> None:
    behind_our_back(StockLevel, reserved=2)
    first, second = reconcile(), reconcile()
    assert (first, second) == (Reconciled(new=1, standing=0, cleared=0), Reconciled(new=0, standing=1, cleared=0))
    assert Notification.objects.filter(user=operator, icon="scale").count() == 1
    told = StringIO()
    behind_our_back(StockLevel, reserved=0)
    call_command("reconcile", stdout=told)
    assert told.getvalue() == "0 new, 0 standing, 1 gone.\n"
    drift = Drift.objects.get()
    assert (Decimal(drift.expected), Decimal(drift.actual), drift.cleared_at is not None) == (0, 2, True)
    behind_our_back(StockLevel, reserved=2)
    assert reconcile().new == 1
    assert Drift.objects.count() == 2


@pytest.mark.django_db
def test_the_operator_sees_the_drift_in_the_console(client: Client, invoice: Invoice, operator: User) -> None:
    behind_our_back(StockLevel, on_hand=17)
    reconcile()
    client.force_login(operator)
    page = client.get("/console/drift/")
    assert page.status_code == 200
    assert "stock = sum of its moves" in page.text


@pytest.mark.django_db
def test_somebody_left_standing_in_a_line_is_drift(invoice: Invoice) -> None:
    row = Delivery.objects.order_by("pk").first()
    Delivery.objects.filter(pk=row.pk).update(status="queued")
    reconcile()
    assert Drift.objects.filter(row=f"events.delivery {row.pk}", rule="a queued delivery stands behind another").exists()
