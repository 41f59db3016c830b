"""The kill switch as the operator meets it: page and API."""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from core.events.models import HandlerPause
from core.people.models import User
from core.people.roles import Role
from tests.factories.ground import make_user

HANDLER = "order_to_cash.reserve_the_goods"


@pytest.fixture
def operator(company: object) -> User:
    return make_user(Role.IT)


@pytest.mark.django_db
def test_the_operator_stops_a_handler_and_lets_it_go_on_in_the_console(client: Client, operator: User) -> None:
    client.force_login(operator)
    answer = client.post("/console/pauses/new/", {"handler": HANDLER, "reason": "The warehouse moves."})
    pause = HandlerPause.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/console/pauses/{pause.pk}/")
    assert (pause.handler, pause.reason, pause.paused_by) == (HANDLER, "The warehouse moves.", operator)
    page = client.get(f"/console/pauses/{pause.pk}/")
    assert page.status_code == 200
    assert "The warehouse moves." in page.text
    assert "Reserve the goods" in client.get("/console/pauses/").text
    again = client.post("/console/pauses/new/", {"handler": HANDLER, "reason": "Again."})
    assert (again.status_code, "is paused already" in again.text) == (422, True)
    client.post(f"/console/pauses/{pause.pk}/resume/", {"version": pause.version})
    pause.refresh_from_db()
    assert pause.ended_by == operator


@pytest.mark.django_db
def test_the_same_through_the_api(operator: User) -> None:
    api = APIClient()
    api.force_authenticate(operator)
    assert api.post("/api/v1/handler-pauses/", {"handler": HANDLER}).status_code == 400
    made = api.post("/api/v1/handler-pauses/", {"handler": HANDLER, "reason": "The warehouse moves."})
    assert (made.status_code, made.json()["handler"], made.json()["ended_at"]) == (201, HANDLER, None)
    ended = api.post(f"/api/v1/handler-pauses/{made.json()['id']}/resume/")
    assert (ended.status_code, ended.json()["ended_by"]) == (200, operator.pk)
    assert api.post(f"/api/v1/handler-pauses/{made.json()['id']}/resume/").status_code == 409


@pytest.mark.django_db
def test_nobody_else_stops_a_handler(client: Client, seller: User) -> None:
    client.force_login(seller)
    assert client.post("/console/pauses/new/", {"handler": HANDLER, "reason": "Why not."}).status_code == 403
    assert not HandlerPause.objects.exists()
