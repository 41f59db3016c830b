"""What people decide about dead deliveries is written down, and nobody gives up alone what is in the books."""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from core.approvals.models import Approval
from core.audit.history import history
from core.events.models import Delivery, Replay
from core.notifications.models import Notification
from core.parties.models import Company
from core.people.models import User
from core.people.roles import Role
from integration import delivery
from tests.factories.approvals import make_dead, make_dead_invoicing
from tests.factories.ground import make_customer, make_user
from tests.factories.house import make_house, make_stocked
from tests.factories.programs import api_of, confirmed_api_of
from tests.factories.sales import make_confirmed_order
from tests.signing import confirmed


@pytest.fixture
def company(db: None) -> Company:
    """The company, founded in every module."""
    return make_house()


@pytest.fixture
def operator(company: Company) -> User:
    return make_user(Role.IT)


def decisions(row: Delivery) -> list[tuple[str, str, int | None]]:
    return [((change.before or {})["status"], (change.after or {})["status"], change.actor_id) for change in history(row)]


def test_retrying_and_skipping_are_written_down(client: Client, operator: User) -> None:
    make_confirmed_order(make_customer(), [(make_stocked(), 1)])
    row = make_dead("reserve_the_goods")
    assert decisions(row) == []
    delivery.retry_delivery(row, by=operator)
    assert decisions(row) == [("dead", "pending", operator.pk)]
    row = make_dead("reserve_the_goods")
    delivery.skip_delivery(row, reason="By hand.", by=operator)
    assert decisions(row) == [("dead", "skipped", operator.pk), ("dead", "pending", operator.pk)]
    client.force_login(operator)
    assert operator.name in client.get(f"/console/deliveries/{row.pk}/").content.decode()


def test_the_past_is_carried_to_a_handler_after_a_dry_run_has_said_how_much(client: Client, operator: User, seller: User) -> None:
    make_confirmed_order(make_customer(), [(make_stocked(), 1)])
    Delivery.objects.filter(handler="order_to_cash.reserve_the_goods").delete()
    facts = {"handler": "order_to_cash.reserve_the_goods"}
    api = APIClient()
    api.force_authenticate(operator)
    dry = api.post("/api/v1/replays/", {**facts, "dry_run": True})
    assert (dry.status_code, dry.json()["made"], dry.json()["id"]) == (201, 1, None)
    assert api.post("/api/v1/replays/", {**facts, "dry_run": True, "to_date": "2020-01-01"}).json()["made"] == 0
    assert not Replay.objects.exists()
    client.force_login(operator)
    shown = client.post("/console/replays/new/?preview", facts)
    assert "1 delivery would be made." in shown.content.decode()
    assert not Replay.objects.exists()
    client.post("/console/replays/new/", facts)
    replay = Replay.objects.get()
    assert (replay.made, replay.asked_by, replay.handler) == (1, operator, facts["handler"])
    assert Delivery.objects.filter(**facts, status="pending").count() == 1
    assert [change.actor_id for change in history(replay)] == [operator.pk]
    client.force_login(seller)
    assert client.post("/console/replays/new/", facts).status_code == 403


def test_what_is_in_the_books_is_given_up_by_two(client: Client, operator: User, accountant: User, owner: User) -> None:
    """By page and by API it waits; declined and asked for again; approved by another, in the clerk screens."""
    row = make_dead_invoicing()
    page, api = f"/console/deliveries/{row.pk}/", f"/api/v1/event-deliveries/{row.pk}/"
    client.force_login(operator)
    assert client.post(f"{page}skip/", {"reason": ""}).status_code == 422
    asked = client.post(f"{page}skip/", {"reason": "Twice."})
    request = Approval.objects.get()
    assert asked["Location"] == f"/approvals/{request.pk}/"
    assert (request.asked_by, request.words) == (operator, "Twice.")
    program = api_of(operator)
    again = program.post(f"{api}skip/", {"reason": "Twice."}, format="json")
    assert (again.status_code, again.json()["type"]) == (409, "urn:satu:refused:AskedAlready")
    assert confirmed_api_of(operator).post(f"/api/v1/approvals/{request.pk}/approve/").status_code == 403
    assert Notification.objects.filter(user=accountant, url=f"/approvals/{request.pk}/").exists()
    confirmed(client, accountant)
    told = client.get(f"/approvals/{request.pk}/").content.decode()
    assert "The disk was full." in told
    assert f"/console/deliveries/{row.pk}/" not in told  # who keeps the books may not open the console
    client.post(f"/approvals/{request.pk}/decline/", {"reason": "Bill it first."})
    row.refresh_from_db()
    request.refresh_from_db()
    assert (request.status, request.decided_by, row.status) == ("declined", accountant, "dead")

    waits = program.post(f"{api}skip/", {"reason": "Billed by hand."}, format="json")
    assert waits.status_code == 202
    confirmed(client, owner)
    client.post("/admin/approvals/approval/", {"action": "approve_request", "_selected_action": [waits.json()["id"]]})
    row.refresh_from_db()
    done = Approval.objects.get(pk=waits.json()["id"])
    assert (done.status, done.decided_by) == ("approved", owner)
    assert (row.status, row.skipped_by, row.skipped_because) == ("skipped", operator, "Billed by hand.")
    assert decisions(row) == [("dead", "skipped", operator.pk)]
