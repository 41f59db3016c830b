"""The same journey by other systems: every step through ``/api/v1/`` with tokens, each person with their own rights."""

from decimal import Decimal
from typing import Any

import pytest
from rest_framework.test import APIClient

from core.parties.models import Company
from core.people.models import User
from integration import delivery
from integration.demo.cast import PASSWORD
from tests.factories.ground import make_product
from tests.factories.house import COST

pytestmark = pytest.mark.journey

ROOT = "/api/v1"


class Caller:
    """Somebody's system: signed in for a token, then calling with it. Everything not expected is shown whole."""

    def __init__(self, user: User) -> None:
        self.client = APIClient()
        answer = self.client.post(f"{ROOT}/tokens/", {"email": user.email, "password": PASSWORD})
        assert answer.status_code == 201, answer.json()
        self.client.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()['token']}", HTTP_IF_MATCH="*")

    def post(self, path: str, facts: dict[str, object] | None = None, *, status: int | None = None) -> dict:  # type: ignore[type-arg]
        answer = self.client.post(f"{ROOT}/{path}/", facts or {}, format="json")
        assert answer.status_code == status if status else answer.status_code in {200, 201}, answer.json()
        return answer.json()  # type: ignore[no-any-return]

    def get(self, path: str, **query: object) -> dict:  # type: ignore[type-arg]
        answer = self.client.get(f"{ROOT}/{path}/", query)
        assert answer.status_code == 200, answer.json()
        return answer.json()  # type: ignore[no-any-return]

    def one(self, path: str, **query: object) -> dict:  # type: ignore[type-arg]
        (row,) = self.get(path, **query)["results"]
        return row  # type: ignore[no-any-return]


def test_a_lead_becomes_collected_cash_through_the_api(company: Company, seller: User, storekeeper: User, accountant: User) -> None:
    desk, planning = make_product("DESK-140"), make_product("PLAN")
    sales, store, books = Caller(seller), Caller(storekeeper), Caller(accountant)
    store.post("receipts", {"lines": [{"product": desk.pk, "quantity": "20", "unit_cost": str(COST["DESK-140"])}]})
    delivery.drain()

    lead = sales.post("leads", {"name": "Siti Aminah", "company_name": "PT Fajar Teknologi", "email": "siti@fajar.example"})
    sales.post(f"leads/{lead['id']}/convert", {"deal_name": "New office"})
    deal = sales.one("deals", search="New office")
    sales.post(f"deals/{deal['id']}/add-line", {"product": desk.pk, "quantity": "4", "discount": "0.05"})
    sales.post(f"deals/{deal['id']}/add-line", {"product": planning.pk})
    stages = sales.get("pipelines")["results"][0]["stages"]
    sales.post(f"deals/{deal['id']}/move", {"stage": stages[-1]["id"]})
    sales.post(f"deals/{deal['id']}/win")
    delivery.drain()

    order = sales.one("orders")
    assert (order["deal_id"], order["status"], Decimal(order["total"])) == (deal["id"], "draft", Decimal(25_363_500))
    sales.post(f"orders/{order['id']}/confirm")
    delivery.drain()
    goods = store.one("deliveries", order_id=order["id"])
    (line,) = goods["lines"]
    assert (goods["status"], Decimal(line["reserved_quantity"])) == ("ready", 4)
    sales.post(f"deliveries/{goods['id']}/deliver-all", status=403)
    store.post(f"deliveries/{goods['id']}/pick", {"quantities": [{"line": line["id"], "quantity": "3"}]})
    store.post(f"deliveries/{goods['id']}/deliver")
    delivery.drain()
    rest = store.one("deliveries", status="ready")
    store.post(f"deliveries/{rest['id']}/deliver-all")
    delivery.drain()

    invoices = sorted(books.get("invoices")["results"], key=lambda row: row["id"])
    assert [Decimal(row["total"]) for row in invoices] == [Decimal(20_354_625), Decimal(5_008_875)]
    payment = books.post(
        "payments", {"customer": order["customer"], "amount": "26000000", "received_on": invoices[0]["issued_on"], "reference": "BCA 1"}
    )
    assert Decimal(payment["unallocated"]) == Decimal(636_500)
    assert [row["status"] for row in books.get("invoices")["results"]] == ["paid", "paid"]
    order = sales.get(f"orders/{order['id']}")
    assert (order["delivery_state"], order["invoice_state"]) == ("full", "full")

    back = sales.post(
        f"orders/{order['id']}/request-return",
        {"reason": "Scratched.", "lines": [{"order_line": order["lines"][0]["id"], "quantity": "1"}]},
    )
    delivery.drain()
    expected = store.one("return-receipts", return_id=back["id"])
    store.post(f"return-receipts/{expected['id']}/receive")
    delivery.drain()
    note = books.one("credit-notes")
    assert Decimal(note["total"]) == Decimal(5008875)

    refused = sales.post(f"orders/{order['id']}/cancel", {"reason": "Too late."}, status=409)
    assert "return" in refused["fix"]
    assert refused["request_id"]
    balances = books.get("reports/trial-balance", end=invoices[0]["issued_on"])
    assert Decimal(balances["closing"]) == 0
    story = [entry["title"] for entry in sales.get(f"timelines/{order['customer']}")]  # type: ignore[call-overload]
    assert any("Credit note" in title for title in story)
    assert any("Deal won" in title for title in story)


def test_bad_input_names_every_wrong_field_and_changes_nothing(company: Company, seller: User) -> None:
    sales = Caller(seller)
    problem = sales.post("parties", {"kind": "alien", "email": "not an address", "colour": "red"}, status=400)
    assert {error["pointer"] for error in problem["errors"]} == {"/kind", "/email", "/name", "/colour"}
    problem = sales.post("parties", {"name": "PT Baru", "colour": "red"}, status=400)
    assert [error["pointer"] for error in problem["errors"]] == ["/colour"]
    assert sales.get("parties", search="PT Baru")["results"] == []


def test_a_wrong_password_gives_no_token_and_guessing_is_slowed_down(company: Company, seller: User, settings: Any) -> None:
    settings.API_SIGN_INS_A_MINUTE = 10
    client = APIClient()
    answers = [
        client.post(f"{ROOT}/tokens/", {"email": seller.email, "password": f"wrong-{n}"}, REMOTE_ADDR="10.1.2.3").status_code
        for n in range(12)
    ]
    assert answers == [401] * 5 + [429] * 7


def test_a_revoked_token_opens_nothing(company: Company, seller: User) -> None:
    caller = Caller(seller)
    (token,) = caller.client.get(f"{ROOT}/tokens/").json()
    assert caller.client.delete(f"{ROOT}/tokens/{token['token_key']}/").status_code == 204
    assert caller.client.get(f"{ROOT}/parties/").status_code == 401
