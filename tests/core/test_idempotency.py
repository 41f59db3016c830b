"""A request that is sent twice acts once (promise 15)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from rest_framework.renderers import JSONRenderer
from rest_framework.test import APIClient

from config.urls import api
from core.api import idempotency
from core.api.models import RememberedRequest
from core.api.viewsets import VerbViewSet
from core.catalog.models import Product
from core.events.models import Record
from core.files.models import Attachment
from core.parties.models import Party
from core.people.models import User
from integration.demo.cast import PASSWORD
from tests.factories.ground import make_customer, make_product
from tests.factories.programs import api_of
from tests.racing import race

PARTIES = "/api/v1/parties/"
BODY: dict[str, Any] = {"kind": "company", "name": "PT Sekali Saja", "roles": ["customer"]}


def post(user: User, body: dict[str, Any] = BODY, *, key: str = "one", at: str = PARTIES, **more: Any) -> Any:
    return api_of(user).post(at, body, headers={"Idempotency-Key": key}, **more)


def test_sent_again_it_acts_no_second_time_and_gets_the_same_answer(seller: User) -> None:
    first, again = post(seller), post(seller)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert ("Idempotent-Replayed" in first, again["Idempotent-Replayed"]) == (False, "true")
    assert Party.objects.filter(name="PT Sekali Saja").count() == 1


def test_the_order_of_the_fields_makes_no_other_request(seller: User) -> None:
    assert post(seller).json() == post(seller, dict(reversed(BODY.items()))).json()


def test_another_body_or_address_under_the_same_key_is_refused(seller: User) -> None:
    post(seller)
    other = post(seller, BODY | {"name": "PT Lain"})
    elsewhere = post(seller, at="/api/v1/leads/")
    assert (other.status_code, other["Content-Type"]) == (422, "application/problem+json")
    assert other.json()["fix"] == "Make a new key for every new request."
    assert elsewhere.status_code == 422
    assert not Party.objects.filter(name="PT Lain").exists()


def test_who_may_not_is_told_so_first(seller: User) -> None:
    post(seller)
    assert post(seller, at="/api/v1/users/").status_code == 403


def test_where_nothing_is_posted_the_method_is_refused(seller: User) -> None:
    assert post(seller, at="/api/v1/availability/").status_code == 405


def test_keys_of_two_people_have_nothing_to_do_with_each_other(seller: User, owner: User) -> None:
    assert post(seller).json()["id"] != post(owner).json()["id"]


def test_without_a_key_every_request_acts(seller: User) -> None:
    client = api_of(seller)
    assert client.post(PARTIES, BODY).json()["id"] != client.post(PARTIES, BODY).json()["id"]
    assert not RememberedRequest.objects.exists()


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\there"])
def test_a_key_that_is_none_is_named(seller: User, key: str) -> None:
    answer = post(seller, key=key)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/Idempotency-Key"
    assert not Party.objects.filter(name="PT Sekali Saja").exists()


def test_what_was_refused_is_not_remembered(owner: User) -> None:
    desk = make_product()
    twin = {"name": "Twin", "kind": "goods", "unit": desk.unit.code, "list_price": "100"}
    assert post(owner, twin | {"sku": desk.sku}, at="/api/v1/products/").status_code in {400, 409}
    right = post(owner, twin | {"sku": "TWIN-1"}, at="/api/v1/products/")
    assert right.status_code == 201, right.json()
    assert Product.objects.filter(name="Twin").count() == 1


def test_an_answer_that_cannot_be_remembered_takes_its_work_with_it(seller: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> bytes:
        raise MemoryError

    records = Record.objects.count()
    with monkeypatch.context() as patched:
        patched.setattr(JSONRenderer, "render", broken)
        with pytest.raises(MemoryError):
            post(seller)
    assert (Party.objects.filter(name="PT Sekali Saja").count(), Record.objects.count()) == (0, records)
    assert post(seller).status_code == 201


def test_after_a_day_the_key_is_free_and_the_answer_forgotten(seller: User) -> None:
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        first = post(seller).json()["id"]
    with time_machine.travel(start + timedelta(hours=23, minutes=59), tick=False):
        assert post(seller).json()["id"] == first
        assert idempotency.forget_old() == 0
    with time_machine.travel(start + timedelta(hours=24, minutes=1), tick=False):
        second = post(seller).json()["id"]
        assert second != first
        assert post(seller).json()["id"] == second
    with time_machine.travel(start + timedelta(days=3), tick=False):
        assert idempotency.forget_old() == 1


def test_a_file_sent_twice_is_one_file(seller: User, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    party = make_customer()

    def send(content: bytes) -> Any:
        facts = {"kind": "parties.party", "object_id": party.pk, "file": SimpleUploadedFile("offer.pdf", content)}
        return post(seller, facts, at="/api/v1/attachments/", format="multipart")

    assert send(b"%PDF-1.7 offer").json() == send(b"%PDF-1.7 offer").json()
    assert send(b"%PDF-1.7 other").status_code == 422
    assert Attachment.objects.count() == 1


def test_an_answer_without_a_body_comes_again_without_one(seller: User) -> None:
    at = "/api/v1/notifications/read-all/"
    first, again = post(seller, {}, at=at), post(seller, {}, at=at)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert again["Idempotent-Replayed"] == "true"


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_are_one(seller: User) -> None:
    key = str(uuid4())
    attempts: list[Callable[[], object]] = [lambda: post(seller, key=key)] * 20
    answers: list[Any] = race(*attempts)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotent-Replayed" not in answer for answer in answers) == 1
    assert Party.objects.filter(name="PT Sekali Saja").count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_comes_while_it_is_under_way_is_told_so(seller: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "PATIENCE", "100ms")

    def hold_and_ask() -> Any:
        with transaction.atomic():
            idempotency._hold(seller, "one")
            return race(lambda: post(seller))[0]

    answer = hold_and_ask()
    assert (answer.status_code, answer.json()["fix"]) == (409, "Send it again in a moment.")
    assert not Party.objects.filter(name="PT Sekali Saja").exists()
    assert post(seller).status_code == 201


def test_the_patience_is_for_the_key_alone(seller: User) -> None:
    with CaptureQueriesContext(connection) as captured, connection.cursor() as cursor:
        post(seller)
        cursor.execute("SELECT current_setting('lock_timeout')")
        assert cursor.fetchone()[0] == "0"
    assert [query["sql"].count("lock_timeout") for query in captured if "lock_timeout" in query["sql"]][:2] == [2, 1]


def test_every_post_of_the_api_acts_once_but_the_one_that_shows_a_secret(client: Any, seller: User) -> None:
    views = {viewset for _prefix, viewset, _name in api().registry}
    assert all(issubclass(view, VerbViewSet) for view in views)
    answer = APIClient().post(
        "/api/v1/tokens/", {"email": seller.email, "password": PASSWORD}, headers={"Idempotency-Key": "one"}, format="json"
    )
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/Idempotency-Key")
    paths = client.get("/api/schema/", {"format": "json"}).json()["paths"]
    takes = {
        at: "Idempotency-Key" in {one["name"] for one in path["post"].get("parameters", [])} for at, path in paths.items() if "post" in path
    }
    secrets = {
        "approvals/{id}/take/",
        "tokens/",
        "issued-tokens/",
        "issued-tokens/{id}/revoke/",
        "me/confirm/",
        "me/factors/prepare-app/",
        "me/factors/renew-codes/",
    }
    assert {at for at, taken in takes.items() if not taken} == {f"/api/v1/{at}" for at in secrets}
