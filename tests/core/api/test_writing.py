"""Two at once, many at once, too many at once, and what is going away."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from redis import Redis
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient, APIRequestFactory, force_authenticate

from backoffice.finance.models import Payment
from config.urls import api as router
from core.api import limits
from core.api.bulk import MOST
from core.api.deprecation import deprecated
from core.api.schema import Schema
from core.api.viewsets import ReportViewSet
from core.events.models import Record
from core.parties.models import Party
from core.people.models import User
from frontoffice.crm.models import Lead
from frontoffice.sales.models import Order
from frontoffice.sales.operations import NewLine, add_line, place_order
from tests.factories.finance import TODAY, make_books, make_invoice
from tests.factories.ground import make_customer, make_product
from tests.factories.programs import api_of

PARTIES = "/api/v1/parties/"


@pytest.fixture
def api(seller: User) -> APIClient:
    """A program that sends no tag by itself."""
    return blind(seller)


def blind(user: User) -> APIClient:
    program = api_of(user)
    program._credentials.pop("HTTP_IF_MATCH")
    return program


# -- ETag and If-Match --------------------------------------------------------------------------------------------------------
def test_a_change_goes_on_only_if_the_record_is_still_the_one_that_was_seen(api: APIClient, seller: User) -> None:
    at = f"{PARTIES}{make_customer().pk}/"
    seen = api.get(at)
    changed = api.patch(at, {"name": "PT Satu"}, headers={"If-Match": seen["ETag"]})
    assert (changed.status_code, changed.json()["version"]) == (200, seen.json()["version"] + 1)
    assert changed["ETag"] != seen["ETag"]
    assert changed["ETag"] == api.get(at)["ETag"]
    stale = api.patch(at, {"name": "PT Dua"}, headers={"If-Match": seen["ETag"]})
    assert (stale.status_code, stale.json()["type"]) == (412, "urn:satu:refused:PreconditionFailed")
    assert api.get(at).json()["name"] == "PT Satu"


def test_the_version_a_list_shows_will_do_and_so_will_one_of_several_tags(api: APIClient, seller: User) -> None:
    party = make_customer()
    at = f"{PARTIES}{party.pk}/"
    assert api.patch(at, {"name": "PT Satu"}, headers={"If-Match": f'"{party.version}"'}).status_code == 200
    tags = f'"99", W/{api.get(at)["ETag"]}'
    assert api.patch(at, {"name": "PT Dua"}, headers={"If-Match": tags}).status_code == 200
    assert api.patch(at, {"name": "PT Tiga"}, headers={"If-Match": '"99"'}).status_code == 412
    assert api.patch(at, {"name": "PT Tiga"}, headers={"If-Match": "*"}).status_code == 200


def test_a_tag_notices_what_changed_in_the_lines(api: APIClient, seller: User) -> None:
    line = NewLine(product_id=make_product("DESK-140").pk)
    order = place_order(customer_id=make_customer().pk, lines=[line], by=seller)
    at = f"/api/v1/orders/{order.pk}/"
    seen = api.get(at)["ETag"]
    add_line(order, description="Freight", quantity=Decimal(1), unit_price=Decimal(100), by=seller)
    assert api.post(f"{at}confirm/", headers={"If-Match": seen}).status_code == 412
    order.refresh_from_db()
    assert order.status == Order.Status.DRAFT


def test_who_has_the_record_already_gets_nothing_again(api: APIClient, seller: User) -> None:
    at = f"{PARTIES}{make_customer().pk}/"
    again = api.get(at, headers={"If-None-Match": api.get(at)["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_money_is_not_moved_blindly(accountant: User, seller: User) -> None:
    make_books()
    invoice = make_invoice(make_customer())
    program, at = blind(accountant), f"/api/v1/invoices/{invoice.pk}/"
    body = {"amount": "10", "received_on": str(TODAY)}
    missing = program.post(f"{at}register-payment/", body)
    assert (missing.status_code, missing.json()["type"]) == (428, "urn:satu:refused:PreconditionRequired")
    assert not Payment.objects.exists()
    tag = program.get(at)["ETag"]
    assert program.post(f"{at}register-payment/", body, headers={"If-Match": tag}).status_code == 200
    assert program.post(f"{at}register-payment/", body, headers={"If-Match": tag}).status_code == 412
    assert Payment.objects.count() == 1


def test_every_verb_of_finance_and_of_the_warehouse_demands_a_version_but_those_of_master_data() -> None:
    demands = {prefix for prefix, viewset, _name in router().registry if getattr(viewset, "moves_money_or_stock", False)}
    with_verbs = {
        prefix
        for prefix, viewset, _name in router().registry
        if viewset.__module__.startswith("backoffice.") and any(getattr(one, "heeds_version", False) for one in vars(viewset).values())
    }
    assert with_verbs - demands == {"accounts", "taxes", "tax-rules"}


# -- Bulk ---------------------------------------------------------------------------------------------------------------------
ROWS: list[dict[str, Any]] = [
    {"kind": "company", "name": "PT Satu"},
    {"kind": "alien", "name": "PT Dua"},
    {"kind": "company", "name": "PT Tiga", "colour": "red"},
    {"kind": "company", "name": "PT Empat"},
]


def test_each_row_is_done_by_itself_and_told_by_itself(api: APIClient) -> None:
    answer = api.post(f"{PARTIES}bulk/", {"rows": ROWS})
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert (told["created"], told["refused"]) == (2, 2)
    assert [(one["row"], one["status"]) for one in told["results"]] == [(0, 201), (1, 400), (2, 400), (3, 201)]
    assert told["results"][1]["problem"]["errors"][0]["pointer"] == "/kind"
    assert told["results"][2]["problem"]["errors"][0]["pointer"] == "/colour"
    assert told["results"][3]["record"]["name"] == "PT Empat"
    assert Party.objects.filter(name__in=["PT Satu", "PT Dua", "PT Tiga", "PT Empat"]).count() == 2


def test_all_or_nothing_is_nothing_when_one_row_is_wrong(api: APIClient) -> None:
    before = Record.objects.count()
    answer = api.post(f"{PARTIES}bulk/", {"rows": ROWS, "all_or_nothing": True})
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:satu:refused:RowsRefused")
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/rows/1/kind", "/rows/2/colour"]
    assert not Party.objects.filter(name="PT Satu").exists()
    assert Record.objects.count() == before
    assert api.post(f"{PARTIES}bulk/", {"rows": [ROWS[0], ROWS[3]], "all_or_nothing": True}).json()["created"] == 2


def test_bulk_has_a_limit_a_permission_and_acts_once_per_key(api: APIClient, storekeeper: User) -> None:
    many = api.post(f"{PARTIES}bulk/", {"rows": [ROWS[0]] * (MOST + 1)})
    assert (many.status_code, many.json()["errors"][0]["pointer"]) == (400, "/rows")
    assert api_of(storekeeper).post("/api/v1/orders/bulk/", {"rows": [{}]}).status_code == 403
    key = {"Idempotency-Key": str(uuid4())}
    first, again = (api.post(f"{PARTIES}bulk/", {"rows": ROWS}, headers=key) for _ in range(2))
    assert first.json() == again.json()
    assert Party.objects.filter(name="PT Satu").count() == 1


# -- Problems -----------------------------------------------------------------------------------------------------------------
def test_a_problem_carries_the_id_of_its_story(api: APIClient, seller: User) -> None:
    story = str(uuid4())
    problem = api.post(PARTIES, {"kind": "alien"}, headers={"X-Request-ID": story})
    assert (problem.json()["request_id"], problem["X-Request-ID"]) == (story, story)
    api.post(PARTIES, ROWS[0], headers={"X-Request-ID": story})
    assert str(Record.objects.latest("pk").correlation_id) == story


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"name": 7}, ["/name"]),
        ({"name": "Rina", "note": 0}, ["/note"]),
        ({"name": "Rina", "owner": True}, ["/owner"]),
        ({"name": "Rina", "owner": 0.5}, ["/owner"]),
        ({"name": "Rina", "owner": "1"}, ["/owner"]),
        ({"name": ["Rina"], "email": 1, "phone": "0812"}, ["/name", "/email"]),
    ],
)
def test_what_is_of_another_kind_than_described_is_named(owner: User, body: dict[str, Any], pointers: list[str]) -> None:
    answer = api_of(owner).post("/api/v1/leads/", body)
    assert answer.status_code == 400
    assert sorted(fault["pointer"] for fault in answer.json()["errors"]) == sorted(pointers)
    assert not Lead.objects.exists()


def test_a_figure_is_text_or_a_whole_number_also_in_lines(owner: User) -> None:
    api, desk = api_of(owner), make_product("DESK-140")
    place = {"customer": make_customer().pk}
    for quantity, status in (("2", 201), (2, 201), (2.0, 201), (2.5, 400), (True, 400), ("", 400), (" ", 400)):
        answer = api.post("/api/v1/orders/", {**place, "lines": [{"product": desk.pk, "quantity": quantity}]})
        assert answer.status_code == status, answer.json()
        if status == 400:
            assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/lines/0/quantity"]
    rows = api.post("/api/v1/orders/bulk/", {"rows": [{**place, "prices_include_tax": 1}, place]}).json()
    assert [row["status"] for row in rows["results"]] == [400, 201]


def test_an_unknown_field_is_told_together_with_what_else_is_wrong(owner: User) -> None:
    answer = api_of(owner).patch(f"/api/v1/products/{make_product('DESK-140').pk}/", {"category": 999_999, "colour": "red"})
    assert (answer.status_code, [fault["pointer"] for fault in answer.json()["errors"]]) == (400, ["/category", "/colour"])


def test_an_unknown_field_is_found_at_any_depth(api: APIClient, seller: User) -> None:
    product = make_product("DESK-140")
    body = {"customer": make_customer().pk, "lines": [{"product": product.pk}, {"product": product.pk, "colour": "red"}]}
    problem = api.post("/api/v1/orders/", body)
    assert [one["pointer"] for one in problem.json()["errors"]] == ["/lines/1/colour"]
    assert not Order.objects.exists()


# -- Limits -------------------------------------------------------------------------------------------------------------------
def test_every_answer_says_where_the_caller_stands_and_too_many_are_told_when_to_come_back(
    seller: User, accountant: User, redis: Redis, settings: Any
) -> None:
    settings.API_REQUESTS_A_MINUTE = 3
    program, other = api_of(seller), api_of(accountant)
    with time_machine.travel(datetime(2026, 11, 30, 10, 0, 18, tzinfo=UTC), tick=False):
        answers = [program.get("/api/v1/me/") for _ in range(4)]
        assert other.get("/api/v1/me/").status_code == 200
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert {answer["RateLimit-Policy"] for answer in answers} == {'"token";q=3;w=60'}
    assert [answer["RateLimit"] for answer in answers] == [f'"token";r={left};t=42' for left in (2, 1, 0, 0)]
    assert answers[3]["Retry-After"] == "42"
    assert answers[3]["Content-Type"] == "application/problem+json"


def test_without_redis_nobody_is_held_back_and_the_answer_does_not_pretend_to_count(
    seller: User, settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settings.API_REQUESTS_A_MINUTE = 1
    nowhere = Redis.from_url("unix:///nowhere/redis.sock?db=0")
    monkeypatch.setattr(limits, "_store", lambda: nowhere)
    monkeypatch.setattr(limits, "_asked_again", {"at": 0.0})
    program = api_of(seller)
    answers = [program.get("/api/v1/me/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert all("RateLimit-Policy" in answer and "RateLimit" not in answer for answer in answers)
    assert [record.message for record in caplog.records if record.name == "core.api.limits"] == [
        "Redis does not answer: calls of the API are not counted, nobody is held back."
    ]


# -- What is going away -------------------------------------------------------------------------------------------------------
def test_what_is_going_away_says_so_in_every_answer(owner: User) -> None:
    @deprecated(since=date(2026, 1, 1), sunset=date(2026, 12, 31), link="https://satu.example/changes")
    class Old(ReportViewSet):
        permission = "parties.view_party"

        def list(self, _request: Request) -> Response:
            return Response([])

    request = APIRequestFactory().get("/")
    force_authenticate(request, owner)
    answer = Old.as_view({"get": "list"})(request)
    assert (answer["Deprecation"], answer["Sunset"]) == ("@1767225600", "Thu, 31 Dec 2026 00:00:00 GMT")
    assert answer["Link"] == '<https://satu.example/changes>; rel="deprecation"'
    described = Old(action="list").schema
    assert isinstance(described, Schema)
    assert described.is_deprecated()


def test_nothing_goes_away_within_half_a_year() -> None:
    with pytest.raises(ValueError, match="180 days"):
        deprecated(since=date(2026, 1, 1), sunset=date(2026, 6, 1))
