"""What people decide about dead deliveries is written down, and nobody gives up alone what is in the books."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from rest_framework.test import APIClient

from backoffice.inventory.models import DeliveryOrder
from backoffice.inventory.operations import deliver_all
from core.audit.history import history
from core.events.models import Delivery, Replay, SkipRequest
from core.notifications.models import Notification
from core.parties.models import Company
from core.people.models import User
from core.people.roles import Role
from integration import delivery
from tests.factories.ground import make_customer, make_user
from tests.factories.house import make_house, make_stocked
from tests.factories.sales import make_confirmed_order


@pytest.fixture
def company(db: None) -> Company:
    """The company, founded in every module."""
    return make_house()


@pytest.fixture
def operator(company: Company) -> User:
    return make_user(Role.IT)


def dead(handler: str) -> Delivery:
    """A delivery that was given up on."""
    row = Delivery.objects.get(handler=f"order_to_cash.{handler}")
    Delivery.objects.filter(pk=row.pk).update(status=Delivery.Status.DEAD, last_error="The disk was full.")
    row.refresh_from_db()
    return row


def decisions(row: Delivery) -> list[tuple[str, str, int | None]]:
    return [((change.before or {})["status"], (change.after or {})["status"], change.actor_id) for change in history(row)]


def test_retrying_and_skipping_are_written_down(client: Client, operator: User) -> None:
    make_confirmed_order(make_customer(), [(make_stocked(), 1)])
    row = dead("reserve_the_goods")
    assert decisions(row) == []
    delivery.retry_delivery(row, by=operator)
    assert decisions(row) == [("dead", "pending", operator.pk)]
    row = dead("reserve_the_goods")
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


def test_what_is_in_the_books_is_given_up_by_two(client: Client, operator: User, storekeeper: User, accountant: User, owner: User) -> None:
    """Refused to one alone on the page and in the API; asked for, declined and asked again; approved by another, in the admin."""
    order = make_confirmed_order(make_customer(), [(make_stocked(), 1)])
    delivery.drain()
    deliver_all(DeliveryOrder.objects.get(order_id=order.pk), by=storekeeper)
    Delivery.objects.filter(handler="order_to_cash.note_what_left").update(available_at="2020-01-01T00:00Z")
    while not Delivery.objects.filter(handler="order_to_cash.invoice_what_left").exists():
        [(pk, token)] = delivery.claim(limit=1)
        delivery.run(pk, token)
    row = dead("invoice_what_left")
    page, api = f"/console/deliveries/{row.pk}/", f"/api/v1/event-deliveries/{row.pk}/"
    client.force_login(operator)
    assert "Ask to skip" in client.get(page).content.decode()
    client.post(f"{page}skip/", {"reason": "Twice."})
    theirs = APIClient()
    theirs.force_authenticate(operator)
    refused = theirs.post(f"{api}skip/", {"reason": "Twice."})
    assert (refused.status_code, refused.json()["fix"]) == (409, "Ask to skip it; somebody else approves.")
    assert not SkipRequest.objects.exists()

    asked = theirs.post(f"{api}ask-to-skip/", {"reason": "Twice."})
    assert (asked.status_code, asked.json()["status"]) == (200, "asked")
    request = SkipRequest.objects.get()
    assert theirs.post(f"/api/v1/skip-requests/{request.pk}/approve/").status_code == 409
    assert Notification.objects.filter(user=accountant, url=f"/console/skips/{request.pk}/").exists()
    with pytest.raises(delivery.AskedAlready):
        delivery.ask_to_skip(row, reason="Twice.", by=owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        SkipRequest.objects.update(status="approved", decided_by=operator, decided_at=request.asked_at)
    client.force_login(accountant)
    client.post(f"/console/skips/{request.pk}/decline/", {"version": request.version})
    row.refresh_from_db()
    request.refresh_from_db()
    assert (request.status, request.decided_by, row.status) == ("declined", accountant, "dead")

    client.force_login(operator)
    client.post(f"{page}ask-to-skip/", {"reason": "Billed by hand."})
    again = SkipRequest.objects.get(status="asked")
    client.force_login(owner)
    assert "Billed by hand." in client.get(f"/console/skips/{again.pk}/").content.decode()
    client.post("/admin/events/skiprequest/", {"action": "approve_skip", "_selected_action": [again.pk]})
    row.refresh_from_db()
    again.refresh_from_db()
    assert (again.status, again.decided_by) == ("approved", owner)
    assert (row.status, row.skipped_by, row.skipped_because) == ("skipped", operator, "Billed by hand.")
    assert decisions(row) == [("dead", "skipped", owner.pk)]
