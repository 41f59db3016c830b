"""The clerk screens: to look at, with safe actions."""

from decimal import Decimal

import pytest

from core import clock
from frontoffice.crm.operations import plan_activity
from frontoffice.sales.models import Order
from frontoffice.sales.operations import LineQuantity, create_price_list, request_return, set_price
from tests.factories.crm import make_deal, make_lead
from tests.factories.sales import deliver, make_confirmed_order, make_order


def test_every_list_and_record_opens(client, owner, customer, desk):
    deal, lead = make_deal(customer, [(desk, 1)]), make_lead()
    activity = plan_activity(deal, kind="call", subject="Call", due_at=clock.now(), by=owner)
    order = make_confirmed_order(customer, [(desk, 2)])
    deliver(order, 2)
    goods_return = request_return(order, lines=[LineQuantity(order.lines.get().pk, Decimal(1))], reason="Wrong colour", by=owner)
    price_list = create_price_list(name="Fajar", by=owner)
    set_price(price_list, product=desk, unit_price=Decimal(1), by=owner)
    client.force_login(owner)
    for record in (deal, lead, activity, order, goods_return, price_list, deal.stage.pipeline):
        base = f"/admin/{record._meta.app_label}/{record._meta.model_name}"
        assert client.get(f"{base}/").status_code == 200
        shown = client.get(f"{base}/{record.pk}/change/")
        assert shown.status_code == 200
        assert b'name="_save"' not in shown.content
        assert client.get(f"{base}/add/").status_code == 403
        assert client.post(f"{base}/{record.pk}/delete/").status_code == 403


def test_an_action_calls_the_operation_for_each_row_and_tells_each_refusal(client, owner, customer, desk):
    good, empty = make_order(customer, [(desk, 1)]), make_order(customer)
    client.force_login(owner)
    answer = client.post(
        "/admin/sales/order/", {"action": "confirm_order", "_selected_action": [good.pk, empty.pk]}, follow=True
    ).content.decode()
    assert f"{empty.number} has no lines." in answer
    assert "Confirm orders: 1" in answer
    assert dict(Order.objects.values_list("pk", "status")) == {good.pk: "confirmed", empty.pk: "draft"}


@pytest.mark.parametrize("action", ["confirm_order", "release_order", "delete_selected"])
def test_an_auditor_has_no_actions(client, auditor, customer, desk, action):
    order = make_order(customer, [(desk, 1)])
    client.force_login(auditor)
    assert client.get("/admin/sales/order/").status_code == 200
    client.post("/admin/sales/order/", {"action": action, "_selected_action": [order.pk]})
    order.refresh_from_db()
    assert order.status == "draft"
