"""The warehouse through the API, with a token."""

from decimal import Decimal

import pytest
from rest_framework.test import APIClient

from backoffice.inventory.models import DeliveryOrder, Receipt, ReturnReceipt
from backoffice.inventory.operations import ReceivedLine, deliver_all, plan_receipt
from tests.backoffice.inventory.test_returning import announce
from tests.factories.inventory import on_shelf, order_goods, stock_up, worth
from tests.factories.programs import api_of

D = Decimal
ROOT = "/api/v1"


@pytest.fixture
def api(storekeeper):
    """Budi's program."""
    return api_of(storekeeper)


@pytest.fixture
def seller_api(seller):
    """Dewi's program."""
    return api_of(seller)


@pytest.fixture
def delivery(desk, lamp, customer, by):
    """Four desks and three lamps are wanted; four desks and one lamp are set aside."""
    stock_up(desk, 10, cost=100)
    stock_up(lamp, 1, cost=30)
    return order_goods({desk: 4, lamp: 3}, customer=customer, by=by)


READ = [
    "deliveries",
    "receipts",
    "planned-receipts",
    "return-receipts",
    "stock-levels",
    "stock-values",
    "stock-moves",
    "stock-adjustments",
    "stock-locations",
]
CLOSED_TO_SALES = {"receipts", "planned-receipts", "stock-values", "stock-moves", "stock-adjustments"}


@pytest.mark.parametrize("resource", READ)
def test_everything_is_read_by_who_may_see_it(api, seller_api, delivery, resource):
    assert api.get(f"{ROOT}/{resource}/").status_code == 200
    assert seller_api.get(f"{ROOT}/{resource}/").status_code == (403 if resource in CLOSED_TO_SALES else 200)
    assert APIClient().get(f"{ROOT}/{resource}/").status_code == 401


def test_a_delivery_is_read_with_its_lines(api, desk, delivery):
    found = api.get(f"{ROOT}/deliveries/{delivery.pk}/").json()
    assert (found["number"], found["status"], found["order_number"]) == (delivery.number, "waiting", delivery.order_number)
    assert [(line["sku"], line["quantity"], line["reserved_quantity"]) for line in found["lines"]] == [
        ("DESK-140", "4.000000", "4.000000"),
        ("LAMP-LED", "3.000000", "1.000000"),
    ]


def test_a_delivery_is_picked_and_delivered(api, desk, delivery):
    desks = delivery.lines.get(product=desk)
    picked = api.post(f"{ROOT}/deliveries/{delivery.pk}/pick/", {"quantities": [{"line": desks.pk, "quantity": "3"}]})
    assert picked.status_code == 200, picked.json()
    assert picked.json()["lines"][0]["picked_quantity"] == "3.000000"
    delivered = api.post(f"{ROOT}/deliveries/{delivery.pk}/deliver/", {"on": "2026-11-20"})
    assert (delivered.json()["status"], delivered.json()["delivered_on"]) == ("delivered", "2026-11-20")
    rest = api.get(f"{ROOT}/deliveries/", {"backorder_of": delivery.pk}).json()["results"]
    assert [line["quantity"] for line in rest[0]["lines"]] == ["1.000000", "3.000000"]
    assert on_shelf(desk) == (D(7), D(1))


def test_given_quantities_or_everything_are_delivered(api, desk, delivery):
    desks = delivery.lines.get(product=desk)
    first = api.post(f"{ROOT}/deliveries/{delivery.pk}/deliver/", {"quantities": [{"line": desks.pk, "quantity": "1"}]})
    assert first.status_code == 200
    rest = delivery.backorders.get()
    assert api.post(f"{ROOT}/deliveries/{rest.pk}/deliver-all/").json()["status"] == "delivered"
    last = rest.backorders.get()
    gone = api.post(f"{ROOT}/deliveries/{last.pk}/cancel-backorder/", {"reason": "No longer wanted"})
    assert (gone.json()["status"], gone.json()["cancelled_because"]) == ("cancelled", "No longer wanted")


def test_a_refusal_says_what_why_and_what_to_do(api, desk, delivery):
    desks = delivery.lines.get(product=desk)
    refused = api.post(f"{ROOT}/deliveries/{delivery.pk}/deliver/", {"quantities": [{"line": desks.pk, "quantity": "9"}]})
    assert refused.status_code == 409
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["detail"] == "Standing desk 140: 4 set aside, 9 asked for."
    assert refused.json()["fix"]
    assert on_shelf(desk) == (D(10), D(4))


def test_bad_input_names_the_field(api, delivery):
    line = delivery.lines.first().pk
    twice = {"quantities": [{"line": line, "quantity": "1"}, {"line": line, "quantity": "1"}]}
    for body in (twice, {"quantities": [{"line": line, "quantity": "-1"}]}, {"quantities": "all"}, {"day": "2026-01-01"}):
        response = api.post(f"{ROOT}/deliveries/{delivery.pk}/deliver/", body)
        assert response.status_code == 400, body
        assert response.json()["errors"]


def test_goods_are_received(api, desk):
    body = {"lines": [{"product": desk.pk, "quantity": "5", "unit_cost": "120"}], "note": "From the fair", "on": "2026-11-02"}
    response = api.post(f"{ROOT}/receipts/", body)
    assert response.status_code == 201, response.json()
    assert (response.json()["status"], response.json()["received_on"]) == ("received", "2026-11-02")
    assert worth(desk) == (D(5), D(600))


def test_goods_are_planned_received_in_part_and_called_off(api, desk):
    body = {"lines": [{"product": desk.pk, "quantity": "5", "unit_cost": "120"}], "expected_on": "2026-12-01"}
    planned = api.post(f"{ROOT}/planned-receipts/", body)
    assert (planned.status_code, planned.json()["status"]) == (201, "planned")
    line = planned.json()["lines"][0]["id"]
    received = api.post(f"{ROOT}/receipts/{planned.json()['id']}/receive/", {"quantities": [{"line": line, "quantity": "2"}]})
    assert received.json()["status"] == "received"
    [rest] = api.get(f"{ROOT}/planned-receipts/").json()["results"]
    assert rest["lines"][0]["quantity"] == "3.000000"
    assert api.post(f"{ROOT}/receipts/{rest['id']}/cancel/", {"reason": "Sold out"}).json()["status"] == "cancelled"
    assert Receipt.objects.planned().count() == 0


def test_a_return_is_received(api, desk, customer, by, delivery):
    receipt = announce(deliver_all(order_goods({desk: 2}, customer=customer, by=by), by=by), 2, by)
    response = api.post(f"{ROOT}/return-receipts/{receipt.pk}/receive/", {})
    assert (response.status_code, response.json()["status"]) == (200, ReturnReceipt.Status.RECEIVED)
    assert on_shelf(desk) == (D(10), D(4))


def test_the_shelf_is_counted(api, desk, delivery):
    response = api.post(f"{ROOT}/stock-adjustments/", {"product": desk.pk, "counted": "8", "reason": "Counted"})
    assert (response.status_code, response.json()["difference"]) == (201, "-2.000000")
    refused = api.post(f"{ROOT}/stock-adjustments/", {"product": desk.pk, "counted": "1", "reason": "Counted"})
    assert refused.status_code == 409
    assert on_shelf(desk) == (D(8), D(4))


def test_what_can_be_promised_is_asked_by_product(seller_api, api, desk, lamp, delivery, by):
    plan_receipt(lines=[ReceivedLine(lamp.pk, D(9), D(30))], by=by)
    answers = seller_api.get(f"{ROOT}/availability/", {"product": [lamp.pk, desk.pk]}).json()
    assert [(row["product_id"], row["available"], row["incoming"]) for row in answers] == [
        (lamp.pk, "0.000000", "9.000000"),
        (desk.pk, "6.000000", "0.000000"),
    ]
    assert seller_api.get(f"{ROOT}/availability/").status_code == 400
    levels = api.get(f"{ROOT}/stock-levels/", {"product": desk.pk}).json()["results"]
    assert [(row["on_hand"], row["reserved"], row["available"]) for row in levels] == [("10.000000", "4.000000", "6.000000")]


def test_a_seller_changes_nothing(seller_api, desk, delivery):
    for verb in ("pick", "deliver", "deliver-all", "cancel-backorder"):
        assert seller_api.post(f"{ROOT}/deliveries/{delivery.pk}/{verb}/", {}).status_code == 403
    for resource in ("receipts", "planned-receipts", "stock-adjustments"):
        assert seller_api.post(f"{ROOT}/{resource}/", {}).status_code == 403
    assert seller_api.delete(f"{ROOT}/deliveries/{delivery.pk}/").status_code in {403, 405}
    assert DeliveryOrder.objects.get(pk=delivery.pk).status == DeliveryOrder.Status.WAITING
