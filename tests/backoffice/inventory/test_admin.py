"""The warehouse in the clerk screens."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from backoffice.inventory.models import DeliveryOrder
from tests.factories.inventory import on_shelf, order_goods, stock_up

D = Decimal
MODELS = ["deliveryorder", "receipt", "returnreceipt", "stocklevel", "valuation", "stockmove", "adjustment", "warehouse", "location"]


@pytest.fixture
def clerk(storekeeper):
    """Budi in the admin."""
    client = Client()
    client.force_login(storekeeper)
    return client


@pytest.mark.parametrize("model", MODELS)
def test_a_clerk_looks_at_everything_and_adds_nothing(clerk, desk, by, model):
    stock_up(desk, 5)
    order_goods({desk: 2}, by=by)
    assert clerk.get(reverse(f"admin:inventory_{model}_changelist")).status_code == 200
    assert clerk.get(reverse(f"admin:inventory_{model}_add")).status_code == 403


def test_many_deliveries_are_picked_and_handed_over_at_once(clerk, desk, by):
    stock_up(desk, 5)
    deliveries = [order_goods({desk: 2}, by=by), order_goods({desk: 2}, by=by), order_goods({desk: 2}, by=by)]
    url = reverse("admin:inventory_deliveryorder_changelist")
    chosen = [delivery.pk for delivery in deliveries]
    for act in ("pick_delivery", "deliver"):
        clerk.post(url, {"action": act, "_selected_action": chosen})
    assert DeliveryOrder.objects.filter(pk__in=chosen, status=DeliveryOrder.Status.DELIVERED).count() == 3
    assert on_shelf(desk) == (D(0), D(0))
    assert clerk.get(reverse("admin:inventory_deliveryorder_change", args=[chosen[0]])).status_code == 200
