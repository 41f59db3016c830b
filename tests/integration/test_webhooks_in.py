"""Webhooks in: only what is signed gets in, once; it is kept as it came and done as the source's own user, or waits with its reason."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from backoffice.finance.models import Payment
from core.audit.models import Change
from core.events.models import Delivery
from core.people.models import User
from core.people.roles import Role
from frontoffice.crm.models import Lead
from integration.delivery import drain
from integration.inbound.models import ReceivedWebhook, Source
from integration.inbound.operations import change_source_secret, create_source, disable_source
from integration.inbound.views import MOST_BYTES, MOST_REFUSED
from integration.webhooks.signing import new_secret, sign
from tests.factories.finance import make_books, make_invoice
from tests.factories.ground import make_customer, make_user

SECRET, OTHER = new_secret(), new_secret()
FORM = {"type": "form.filled", "data": {"name": "Rina Wijaya", "email": "rina@fajar.example", "company_name": "PT Fajar Teknologi"}}


@pytest.fixture
def source(owner: User) -> Source:
    return create_source(name="Web form", action="lead", secret=SECRET, by=owner)


def tell(source: Source, said: object = FORM, *, message_id: str = "msg_1", secret: str = SECRET, age: int = 0, **changed: object) -> Any:
    """What the other system posts, signed; ``changed`` replaces a header or the body after it was signed."""
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    stamp = int(timezone.now().timestamp()) - age
    headers = {"webhook-id": message_id, "webhook-timestamp": str(stamp), "webhook-signature": sign(secret, message_id, stamp, body)}
    headers |= changed.pop("headers", {})  # type: ignore[call-overload]
    client = Client(enforce_csrf_checks=True)
    return client.post(source.path, changed.get("body", body), content_type="application/json", headers=headers)


@pytest.mark.django_db
def test_a_signed_message_is_kept_as_it_came_and_becomes_one_lead_of_the_sources_own_user(source: Source) -> None:
    first, again = tell(source), tell(source)
    received = ReceivedWebhook.objects.get()
    assert (first.status_code, first.json()) == (202, {"id": received.pk, "duplicate": False})
    assert (again.status_code, again.json()) == (200, {"id": received.pk, "duplicate": True})
    assert (received.webhook_id, json.loads(received.body), received.handled_at) == ("msg_1", FORM, None)
    assert (drain().done, drain().done) == (1, 0)
    lead = Lead.objects.get()
    assert (lead.name, lead.email, lead.source) == ("Rina Wijaya", "rina@fajar.example", "web")
    received.refresh_from_db()
    assert (received.result_kind, received.result_id) == ("crm.lead", lead.pk)
    assert received.handled_at is not None
    assert Change.objects.get(table="crm_lead", row_id=lead.pk).actor_id == source.acts_as_id
    assert source.acts_as.get_all_permissions() == {"crm.create_lead"}
    assert not source.acts_as.has_usable_password()


@pytest.mark.django_db
def test_what_is_not_signed_changed_old_or_too_large_is_refused(source: Source, owner: User) -> None:
    answers = {
        "tampered": (tell(source, body=json.dumps(FORM | {"data": {"name": "Mallory"}}).encode()), 401),
        "another secret": (tell(source, secret=OTHER), 401),
        "another id": (tell(source, headers={"webhook-id": "msg_2"}), 401),
        "old": (tell(source, age=301), 401),
        "of the future": (tell(source, age=-301), 401),
        "no signature": (tell(source, headers={"webhook-signature": ""}), 400),
        "no time": (tell(source, headers={"webhook-timestamp": "now"}), 400),
        "no object": (tell(source, b"[1]"), 400),
        "no text": (tell(source, b"\xff"), 400),
        "too large": (tell(source, b"{" + b" " * MOST_BYTES + b"}"), 413),
    }
    assert {name: answer.status_code for name, (answer, _wanted) in answers.items()} == {
        name: wanted for name, (_a, wanted) in answers.items()
    }
    assert answers["tampered"][0].json()["detail"] == "The signature is not right."
    assert Client().get(source.path).status_code == 405
    change_source_secret(source, secret=OTHER, by=owner)
    assert tell(source, secret=SECRET, message_id="msg_3").status_code == 202
    assert tell(source, secret=OTHER, message_id="msg_4").status_code == 202
    change_source_secret(source, secret=new_secret(), at_once=True, by=owner)
    assert tell(source, secret=OTHER, message_id="msg_5").status_code == 401
    disable_source(source, by=owner)
    assert tell(source).status_code == 404
    for _time in range(MOST_REFUSED):
        last = tell(source)
    assert last.status_code == 429
    assert list(ReceivedWebhook.objects.values_list("webhook_id", flat=True).order_by("pk")) == ["msg_3", "msg_4"]


@pytest.mark.django_db
def test_a_bank_says_that_an_invoice_was_paid_and_it_is_paid_once(owner: User) -> None:
    make_books()
    invoice = make_invoice(make_customer(), 1000)
    bank = create_source(name="Bank", action="payment", secret=SECRET, by=owner)
    said = {"data": {"invoice": invoice.number, "amount": "400.00", "currency": invoice.currency, "reference": "TRX-7"}}
    assert [tell(bank, said).status_code, tell(bank, said).status_code] == [202, 200]
    assert tell(bank, {"data": said["data"] | {"currency": "EUR"}}, message_id="msg_2").status_code == 202
    done = drain()
    assert done.dead == 1
    payment = Payment.objects.get()
    invoice.refresh_from_db()
    assert (payment.amount, payment.reference, payment.currency) == (Decimal(400), "TRX-7", invoice.currency)
    assert ReceivedWebhook.objects.get(webhook_id="msg_1").result_id == payment.pk
    assert ReceivedWebhook.objects.get(webhook_id="msg_2").handled_at is None


@pytest.mark.django_db
def test_what_is_refused_waits_with_its_reason_and_is_tried_again_in_the_console(client: Client, owner: User, seller: User) -> None:
    client.force_login(owner)
    made = client.post("/console/sources/new/", {"name": "Bank", "action": "payment", "secret": SECRET})
    source = Source.objects.get()
    assert made.headers["Location"] == f"/console/sources/{source.pk}/"
    assert tell(source, {"invoice": "INV/2026/00001", "amount": "1000", "currency": "IDR"}).status_code == 202
    assert drain().dead == 1
    received = ReceivedWebhook.objects.get()
    page = client.get(f"/console/received/{received.pk}/").text
    assert "There is no invoice INV/2026/00001." in page
    assert "webhook-id: msg_1" in page
    client.post(f"/console/received/{received.pk}/retry/")
    assert Delivery.objects.get(record=received.record).status == "pending"
    source.acts_as.user_permissions.clear()
    assert drain().dead == 1
    assert "Bank may not do that any more." in client.get(f"/console/received/{received.pk}/").text
    assert "Refused" in client.get(f"/console/sources/{source.pk}/").text
    assert client.get("/console/sources/").status_code == client.get("/console/received/?segment=stuck").status_code == 200
    api = APIClient()
    api.force_authenticate(make_user(Role.IT))
    assert api.get("/api/v1/received-webhooks/").json()["results"][0]["webhook_id"] == "msg_1"
    assert api.post(f"/api/v1/received-webhooks/{received.pk}/retry/").status_code == 200
    assert api.post("/api/v1/webhook-sources/", {"name": "X", "action": "lead", "secret": SECRET}).status_code == 403
    assert api.post(f"/api/v1/webhook-sources/{source.pk}/disable/").json()["status"] == "disabled"
    client.force_login(seller)
    assert client.get("/console/sources/").status_code == 403
    assert (Source.objects.count(), Payment.objects.count(), received.handled_at) == (1, 0, None)
