"""Drift is found within one cycle, written down with its row, told, and never repaired."""

import ast
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils.html import strip_tags

from backoffice.finance.models import Invoice
from backoffice.inventory.models import DeliveryOrder, StockLevel
from backoffice.inventory.operations import deliver_all
from core.events.models import Delivery
from core.notifications.models import Notification
from core.parties.models import Company
from core.people.models import User
from core.people.roles import Role
from core.web import figures
from frontoffice.sales.models import Order, OrderLine
from frontoffice.sales.operations import NewLine, confirm_order, place_order
from integration import delivery
from integration.models import Drift
from integration.reconciling import Reconciled, reconcile
from integration.words import RULES
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
    page = client.get("/console/drift/").text
    level = StockLevel.objects.get()
    assert [
        words for words in (f"Stock level {level.pk}", "Stock on hand is the sum of its moves", ">16<", ">17<") if words not in page
    ] == []


@pytest.mark.django_db
def test_a_finding_says_whose_figure_it_is_what_it_should_be_and_what_happened_around_it(client: Client, invoice: Invoice) -> None:
    order = Order.objects.get()
    Order.objects.update(net=order.net + Decimal("1250.5"), total=order.total + Decimal("1250.5"))  # by hand, as the audit trail sees
    reconcile()
    drift = Drift.objects.get(row=f"sales.order {order.pk}")
    client.force_login(make_user(Role.OWNER))
    page = client.get(f"/console/drift/{drift.pk}/")
    told = strip_tags(page.text)
    for words in (
        f"Order {order.number}",
        "An order's total is the sum of its lines".replace("'", "&#x27;"),
        f"{figures.quantity(order.net)} + {figures.quantity(order.tax)}",
        f"{figures.quantity(order.net + Decimal('1250.5'))} + {figures.quantity(order.tax)}",
        f"+{figures.quantity(Decimal('1250.5'))}",
        f"Order {order.number} confirmed",
        figures.quantity(order.total + Decimal("1250.5")),  # what was changed, from the audit trail
    ):
        assert words in told, words
    assert f'href="/sales/orders/{order.pk}/"' in page.text
    assert "The same figure, other times" not in told


@pytest.mark.django_db
def test_a_finding_that_comes_back_tells_of_the_other_times(client: Client, invoice: Invoice, operator: User) -> None:
    for reserved in (2, 0, 2):
        behind_our_back(StockLevel, reserved=reserved)
        reconcile()
    client.force_login(operator)
    first, second = Drift.objects.order_by("pk")
    page = client.get(f"/console/drift/{second.pk}/").text
    assert ("The same figure, other times" in page, f'href="/console/drift/{first.pk}/"' in page) == (True, True)
    assert ("Standing" in page, "Gone" in client.get(f"/console/drift/{first.pk}/").text) == (True, True)


@pytest.mark.django_db
def test_an_order_line_is_told_by_its_order_to_those_who_may_see_it(client: Client, invoice: Invoice, operator: User) -> None:
    behind_our_back(OrderLine, delivered_quantity=3)
    reconcile()
    drift = Drift.objects.get(rule="an order line's delivered_quantity is what happened")
    order = Order.objects.get()
    client.force_login(make_user(Role.OWNER))
    assert f'href="/sales/orders/{order.pk}/"' in client.get(f"/console/drift/{drift.pk}/").text
    client.force_login(operator)
    assert order.number not in client.get(f"/console/drift/{drift.pk}/").text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "row", ["core.counter finance.invoice 2026", "sales.order 2026", "inventory.stocklevel of product 5", "gone.model 5"]
)
def test_what_belongs_to_no_record_is_told_all_the_same(client: Client, house: Company, operator: User, row: str) -> None:
    drift = Drift.objects.create(rule="numbers have no gaps", row=row, message="7 given out, 6 used")
    client.force_login(operator)
    page = client.get(f"/console/drift/{drift.pk}/").text
    assert ("It belongs to no single record" in page, "7 given out, 6 used" in page) == (True, True)


def test_every_rule_has_words() -> None:
    rules = {
        rule for path in ("backoffice", "frontoffice", "integration") for file in Path(path).rglob("invariants.py") for rule in named(file)
    }
    assert len(rules) > 20
    assert rules == set(RULES)


def named(file: Path) -> set[str]:
    """The rules an invariants.py names: what it calls a violation, and what it hands on to be called so."""
    tree = ast.parse(file.read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Violation", "_kept"}]
    listed = [node.elts for node in ast.walk(tree) if isinstance(node, ast.Tuple) and len(node.elts) == 3]
    first = [call.args[0] for call in calls] + [elements[0] for elements in listed if isinstance(elements[1], ast.Constant)]
    return {node.value for node in first if isinstance(node, ast.Constant) and " " in str(node.value)}


@pytest.mark.django_db
def test_somebody_left_standing_in_a_line_is_drift(invoice: Invoice) -> None:
    row = Delivery.objects.order_by("pk").first()
    Delivery.objects.filter(pk=row.pk).update(status="queued")
    reconcile()
    assert Drift.objects.filter(row=f"events.delivery {row.pk}", rule="a queued delivery stands behind another").exists()
