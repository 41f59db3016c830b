"""Orders, returns and prices through the API, with a token."""

from decimal import Decimal

from frontoffice.sales.models import Order, Return
from frontoffice.sales.operations import confirm_order
from tests.factories.programs import api_of
from tests.factories.sales import deliver, freight, make_confirmed_order, make_order

ROOT = "/api/v1"


def test_an_order_from_the_first_line_to_the_promise(api, customer, desk, lamp):
    answer = api.post(
        f"{ROOT}/orders/",
        {
            "customer": customer.pk,
            "order_date": "2026-03-02",
            "lines": [{"product": desk.pk, "quantity": "3", "discount": "0.1"}, {"description": "Freight", "unit_price": "150000"}],
        },
        format="json",
    )
    assert answer.status_code == 201
    order = answer.json()
    assert (order["number"], order["status"], order["total"], order["delivery_state"]) == (
        "SO/2026/00001",
        "draft",
        "14402250.0000",
        "none",
    )

    at = f"{ROOT}/orders/{order['id']}"
    assert api.patch(f"{at}/", {"note": "Ring the bell"}).json()["total"] == "14402250.0000"
    order = api.post(f"{at}/add-line/", {"product": lamp.pk, "quantity": "2"}).json()
    assert [line["description"] for line in order["lines"]] == ["Standing desk 140", "Freight", "LED desk lamp"]
    order = api.post(f"{at}/change-line/", {"line": order["lines"][2]["id"], "quantity": "1"}).json()
    assert order["net"] == "13460000.0000"
    order = api.post(f"{at}/remove-line/", {"line": order["lines"][2]["id"]}).json()
    assert order["net"] == "12975000.0000"
    order = api.patch(f"{at}/", {"lines": [{"product": desk.pk}]}, format="json").json()
    assert order["net"] == "4750000.0000"
    assert api.post(f"{at}/confirm/").json()["status"] == "confirmed"

    refused = api.post(f"{at}/add-line/", {"product": lamp.pk})
    assert (refused.status_code, refused["Content-Type"]) == (409, "application/problem+json")
    assert "is confirmed and cannot be changed any more" in refused.json()["detail"]
    assert api.post(f"{at}/cancel/", {"reason": "Changed their mind"}).json()["status"] == "cancelling"


def test_beyond_the_credit_limit_an_order_waits_for_its_release(api, customer, desk, owner, back_office):
    back_office.limit = Decimal(1)
    order = make_order(customer, [(desk, 1)])
    answer = api.post(f"{ROOT}/orders/{order.pk}/confirm/").json()
    assert answer["status"] == "on_hold"
    assert answer["hold_reason"].replace("\N{NO-BREAK SPACE}", " ").startswith("The credit limit of Rp 1 is exceeded")
    assert (answer["hold_limit"], answer["hold_used"]) == ("1.0000", "0.0000")
    assert api.post(f"{ROOT}/orders/{order.pk}/release/").status_code == 403
    assert api_of(owner).post(f"{ROOT}/orders/{order.pk}/release/").json()["status"] == "confirmed"


def test_a_return_is_agreed_and_called_off(api, customer, desk):
    order = make_confirmed_order(customer, [(desk, 2), freight()])
    deliver(order, 2)
    line = order.lines.first()
    at = f"{ROOT}/orders/{order.pk}/request-return/"
    refused = api.post(at, {"reason": "Wrong colour", "lines": [{"order_line": line.pk, "quantity": "3"}]}, format="json")
    assert refused.status_code == 409
    assert not Return.objects.exists()
    answer = api.post(at, {"reason": "Wrong colour", "lines": [{"order_line": line.pk, "quantity": "1"}]}, format="json").json()
    assert (answer["status"], answer["lines"][0]["quantity"]) == ("requested", "1.000000")
    assert len(api.get(f"{ROOT}/returns/?order={order.pk}").json()["results"]) == 1
    assert api.post(f"{ROOT}/returns/{answer['id']}/cancel/", {"reason": "They keep it"}).json()["status"] == "cancelled"


def test_prices_are_kept(api, customer, desk):
    made = api.post(f"{ROOT}/price-lists/", {"name": "Fajar", "customer": customer.pk})
    assert made.status_code == 201
    at = f"{ROOT}/price-lists/{made.json()['id']}"
    answer = api.post(f"{at}/set-price/", {"product": desk.pk, "unit_price": "4500000", "min_quantity": "2"}).json()
    assert answer["rules"][0]["unit_price"] == "4500000.000000"
    order = api.post(f"{ROOT}/orders/", {"customer": customer.pk, "lines": [{"product": desk.pk, "quantity": "2"}]}, format="json").json()
    assert order["net"] == "9000000.0000"
    assert api.post(f"{at}/remove-price/", {"rule": answer["rules"][0]["id"]}).json()["rules"] == []
    assert api.patch(f"{at}/", {"is_active": False}).json()["is_active"] is False


def test_orders_are_found(api, customer, desk):
    order = make_order(customer, [(desk, 1)], deal_id=77)
    for query in (
        "deal_id=77",
        f"customer={customer.pk}",
        "status=draft",
        "search=Fajar",
        f"number={order.number}",
        "order_date__gte=2000-01-01",
    ):
        assert len(api.get(f"{ROOT}/orders/?{query}").json()["results"]) == 1
    assert len(api.get(f"{ROOT}/orders/?status=confirmed").json()["results"]) == 0


def test_the_number_of_queries_does_not_grow_with_the_rows(api, customer, desk, django_assert_max_num_queries):
    for _number in range(10):
        make_order(customer, [(desk, 1), (desk, 2)])
    with django_assert_max_num_queries(10):
        assert len(api.get(f"{ROOT}/orders/").json()["results"]) == 10


def test_an_unknown_field_is_refused_not_ignored(api, customer):
    answer = api.post(f"{ROOT}/orders/", {"customer": customer.pk, "status": "confirmed"})
    assert answer.status_code == 400
    assert not Order.objects.exists()


def test_an_auditor_reads_and_changes_nothing(auditor, by, customer, desk):
    order = make_order(customer, [(desk, 1)])
    program = api_of(auditor)
    assert program.get(f"{ROOT}/orders/{order.pk}/").json()["status"] == "draft"
    assert program.post(f"{ROOT}/orders/{order.pk}/confirm/").status_code == 403
    assert program.post(f"{ROOT}/orders/", {"customer": customer.pk}).status_code == 403
    confirm_order(order, by=by)
    assert program.post(f"{ROOT}/orders/{order.pk}/cancel/", {"reason": "x"}).status_code == 403
