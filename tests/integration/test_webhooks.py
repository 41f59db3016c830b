"""Webhooks out: signed, sent with one id however often, tried again, sent to no machine of our own; and an endpoint that fails rests."""

import ipaddress
import json
import socket
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from core.api.models import RememberedRequest
from core.audit.models import Change
from core.catalog.operations import update_product
from core.effects.models import Effect
from core.effects.operations import cancel_effect
from core.events.models import Record
from core.notifications.models import Notification
from core.people.models import User
from core.people.roles import Role
from core.sealing import BrokenSeal, seal, unseal
from integration.effects import send_effects
from integration.webhooks.addresses import NotAllowed, is_public, resolve, target_of
from integration.webhooks.models import Attempt, Endpoint, EndpointSecret
from integration.webhooks.operations import (
    BadSigningSecret,
    BadUrl,
    EndpointOff,
    StillOnItsWay,
    UnknownEventType,
    change_endpoint,
    create_endpoint,
    disable_endpoint,
    enable_endpoint,
    resend_message,
    rotate_secret,
    send_test,
)
from integration.webhooks.sending import FAILURES_TO_REST, OFF_AFTER, rest_after
from integration.webhooks.signing import new_secret, sign
from integration.webhooks.wire import post
from tests.factories.ground import make_product, make_user
from tests.integration.receivers import Receiver, receiving

SECRET, OTHER = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", new_secret()


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOKS_TO_PRIVATE = True
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def keeper(company: object) -> User:
    """Joko, who looks after the system."""
    return make_user(Role.IT)


@pytest.fixture
def endpoint(receiver: Receiver, keeper: User) -> Endpoint:
    return create_endpoint(name="Web shop", url=receiver.url, event_types=["catalog.*"], secret=SECRET, by=keeper)


def send() -> tuple[int, int, int]:
    """What is due now and what waits for another try, sent: how many arrived, wait again, failed."""
    Effect.objects.filter(status="pending").update(due_at=timezone.now())
    done = send_effects(Effect.Kind.WEBHOOK)
    return done.sent, done.retried, done.failed


def signatures(headers: dict[str, str]) -> list[str]:
    return headers["webhook-signature"].split(" ")


def test_the_signature_is_the_one_standard_webhooks_publishes() -> None:
    body = b'{"test": 2432232314}'
    assert sign(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_sealed_secret_is_read_with_the_key_and_only_unchanged(settings: Any) -> None:
    sealed, key = seal("whsec_é"), settings.SECRET_KEY
    assert unseal(sealed) == "whsec_é"
    assert seal("whsec_é") != sealed
    changed = sealed[:30] + ("A" if sealed[30] != "A" else "B") + sealed[31:]
    with pytest.raises(BrokenSeal):
        unseal(changed)
    settings.SECRET_KEY = "another"
    with pytest.raises(BrokenSeal):
        unseal(sealed)
    settings.SECRET_KEY_FALLBACKS = [key]
    assert unseal(sealed) == "whsec_é"


@pytest.mark.django_db
def test_an_event_reaches_who_asked_for_it_signed_and_once(receiver: Receiver, endpoint: Endpoint, keeper: User) -> None:
    more = {"url": receiver.url, "secret": SECRET, "by": keeper}
    create_endpoint(name="Sales only", event_types=["sales.*"], **more)
    create_endpoint(name="Another product", event_types=["*"], conditions={"sku": "NOT-THIS"}, **more)
    create_endpoint(name="This product", event_types=["catalog.ProductCreated", "catalog.*"], conditions={"sku": "DESK-140"}, **more)
    disable_endpoint(create_endpoint(name="Off", event_types=["*"], **more), reason="Not yet.", by=keeper)
    make_product()
    record = Record.objects.get(type="catalog.ProductCreated")
    assert [effect.about_id for effect in Effect.objects.order_by("pk")] == [
        endpoint.pk,
        Endpoint.objects.get(name="This product").pk,
    ]
    assert send() == (2, 0, 0)
    assert send() == (0, 0, 0)
    assert receiver.ids == [f"msg_{record.event_id.hex}"] * 2
    headers, body = receiver.got[0]
    assert headers["content-type"] == "application/json"
    assert signatures(headers) == [sign(SECRET, headers["webhook-id"], int(headers["webhook-timestamp"]), body)]
    assert abs(int(headers["webhook-timestamp"]) - timezone.now().timestamp()) < 300
    assert json.loads(body) == {
        "id": str(record.event_id),
        "type": "catalog.ProductCreated",
        "version": 1,
        "occurred_at": record.occurred_at.isoformat(),
        "key": record.key,
        "sequence": 1,
        "correlation_id": str(record.correlation_id),
        "causation_id": None,
        "data": record.payload,
    }
    assert (
        list(Attempt.objects.order_by("pk").values_list("number", "status_code", "address", "trouble")) == [(1, 204, "127.0.0.1", "")] * 2
    )


@pytest.mark.django_db
def test_a_retry_keeps_id_and_body_and_a_message_is_sent_again_by_hand(receiver: Receiver, endpoint: Endpoint, keeper: User) -> None:
    receiver.answers = [(503, b"busy"), (302, b""), (200, b"thanks" + b"!" * 2000)]
    receiver.headers = {"Location": receiver.url}
    make_product()
    assert [send(), send()] == [(0, 1, 0)] * 2
    message = Effect.objects.get()
    assert (message.status, message.answer) == ("pending", "302")
    with pytest.raises(StillOnItsWay):
        resend_message(message, by=keeper)
    assert send() == (1, 0, 0)
    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.failing_since) == (0, None)
    resend_message(Effect.objects.get(), by=keeper)
    assert send() == (1, 0, 0)
    assert len(set(receiver.ids)) == 1
    assert len({body for _headers, body in receiver.got}) == 1
    rows = list(Attempt.objects.order_by("pk").values_list("number", "status_code", "answer"))
    assert [row[:2] for row in rows] == [(1, 503), (2, 302), (3, 200), (1, 200)]
    assert (rows[0][2], len(rows[2][2])) == ("busy", 1000)


@pytest.mark.django_db
def test_both_secrets_sign_for_a_day_and_neither_can_be_read_in_the_database(receiver: Receiver, endpoint: Endpoint, keeper: User) -> None:
    def signed_by() -> set[str]:
        send_test(endpoint, by=keeper)
        assert send() == (1, 0, 0)
        headers, body = receiver.got[-1]
        stamp = int(headers["webhook-timestamp"])
        known = {sign(secret, headers["webhook-id"], stamp, body): secret for secret in (SECRET, OTHER)}
        return {known[one] for one in signatures(headers)}

    assert signed_by() == {SECRET}
    with pytest.raises(BadSigningSecret):
        rotate_secret(endpoint, secret="whsec_" + b64encode(b"short").decode(), by=keeper)
    rotate_secret(endpoint, secret=OTHER, by=keeper)
    assert signed_by() == {SECRET, OTHER}
    EndpointSecret.objects.exclude(expires_at=None).update(expires_at=timezone.now())
    assert signed_by() == {OTHER}
    rotate_secret(endpoint, secret=SECRET, at_once=True, by=keeper)
    assert signed_by() == {SECRET}
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM integration_endpointsecret")
        kept = str(cursor.fetchall())
    trail = str(list(Change.objects.values_list("before", "after")))
    for secret in (SECRET, OTHER):
        assert secret.removeprefix("whsec_") not in kept + trail


@pytest.mark.django_db
def test_who_fails_rests_is_tried_with_one_message_and_is_switched_off_in_the_end(
    receiver: Receiver, endpoint: Endpoint, keeper: User
) -> None:
    receiver.answers = [(500, b"")]
    products = [make_product(f"P-{number}") for number in range(FAILURES_TO_REST + 3)]
    assert send() == (0, FAILURES_TO_REST, 0)
    assert send() == (0, 0, 0), "it rests"
    endpoint.refresh_from_db()
    assert endpoint.rests_until is not None
    assert timedelta(seconds=40) < endpoint.rests_until - timezone.now() < timedelta(seconds=76)

    def after_the_rest() -> tuple[int, int, int]:
        Endpoint.objects.update(rests_until=timezone.now())
        return send()

    assert after_the_rest() == (0, 1, 0), "one message is tried, then it rests again"
    receiver.answers = [(200, b"")]
    assert after_the_rest() == (len(products), 0, 0)
    receiver.answers = [(500, b"")]
    update_product(products[0], name="Another", by=keeper)
    send()
    Endpoint.objects.update(failing_since=timezone.now() - OFF_AFTER)
    assert send() == (0, 1, 0)
    endpoint.refresh_from_db()
    assert (endpoint.status, endpoint.disabled_because) == ("disabled", "It has failed for three days.")
    told = Notification.objects.get(user=keeper)
    assert told.text == "The webhook endpoint Web shop was switched off. It has failed for three days."
    assert send() == (0, 0, 0)
    with pytest.raises(EndpointOff):
        send_test(endpoint, by=keeper)
    receiver.answers = [(410, b"")]
    enable_endpoint(endpoint, by=keeper)
    assert send() == (0, 0, 1)
    endpoint.refresh_from_db()
    assert (endpoint.status, endpoint.disabled_because) == ("disabled", "It answered 410: gone for good.")


def test_the_rest_grows_up_to_an_hour() -> None:
    assert rest_after(FAILURES_TO_REST - 1) == timedelta()
    assert timedelta(seconds=44) < rest_after(FAILURES_TO_REST) < timedelta(seconds=76)
    assert timedelta(minutes=44) < rest_after(10_000) < timedelta(minutes=76)


@pytest.mark.django_db
def test_an_endpoint_asks_for_known_events_at_a_possible_address(keeper: User, settings: Any) -> None:
    settings.WEBHOOKS_TO_PRIVATE = False
    good = {"name": "Shop", "url": "https://shop.example/hooks", "event_types": ["*"], "secret": SECRET}
    with pytest.raises(UnknownEventType, match=r"There is no event sales.OrderConfirmd. Did you mean sales.OrderConfirmed\?"):
        create_endpoint(**good | {"event_types": ["sales.OrderConfirmd"]}, by=keeper)
    for url in (
        "http://shop.example/",
        "https://u:p@shop.example/",
        "https://127.0.0.1/",
        "https://[::ffff:10.0.0.1]/",
        "ftp://x",
        "https://",
        "https://a/\nb",
    ):
        with pytest.raises(BadUrl):
            create_endpoint(**good | {"url": url}, by=keeper)
    assert not Endpoint.objects.exists()
    endpoint = create_endpoint(**good, by=keeper)
    with pytest.raises(BadUrl):
        change_endpoint(endpoint, url="https://169.254.169.254/latest/", by=keeper)
    assert Endpoint.objects.get().url == "https://shop.example/hooks"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "0.0.0.0", "10.0.0.7", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1",
        "224.0.0.1", "255.255.255.255", "240.0.0.1", "::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::10.0.0.1", "2002:7f00:1::", "2002:a00:1::1",
        "2001:0:7f00:1::", "fec0::1",
    ],
)  # fmt: skip
def test_no_webhook_goes_to_a_machine_that_is_not_of_the_internet(address: str, settings: Any) -> None:
    settings.WEBHOOKS_TO_PRIVATE = False
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(NotAllowed):
        target_of(f"https://{host}/")


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f000001"])
def test_nor_to_a_name_behind_which_one_stands(host: str, settings: Any) -> None:
    settings.WEBHOOKS_TO_PRIVATE = False
    with pytest.raises(NotAllowed):
        resolve(target_of(f"https://{host}/"))


def names(answers: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A name server that gives these answers, one after the other, for shop.example; which names it was asked for."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def answer(host: str, port: int, *more: Any, **words: Any) -> Any:
        if host != "shop.example":
            return real(host, port, *more, **words)
        asked.append(host)
        return [entry for address in answers.pop(0) for entry in real(address, port, *more, **words)]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return asked


def test_a_name_is_asked_for_once_and_the_address_that_was_checked_is_the_one_that_is_called(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server that gives an address of ours the second time is not asked a second time; nobody is followed elsewhere."""
    asked = names([["127.0.0.1"], ["10.0.0.7"]], monkeypatch)
    port = urlsplit(receiver.url).port
    receiver.answers, receiver.headers = [(302, b"")], {"Location": receiver.url}
    reply = post(f"http://shop.example:{port}/hooks", b"{}", {"webhook-id": "x"})
    assert (reply.status, reply.address, asked, len(receiver.got)) == (302, "127.0.0.1", ["shop.example"], 1)
    assert receiver.got[0][0]["host"] == f"shop.example:{port}"


def test_a_name_with_one_address_of_ours_among_others_is_refused(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.WEBHOOKS_TO_PRIVATE = False
    for ours in ("10.0.0.7", "::ffff:10.0.0.7", "169.254.169.254"):
        names([["1.1.1.1", ours]], monkeypatch)
        with pytest.raises(NotAllowed):
            resolve(target_of("https://shop.example/"))
        monkeypatch.undo()


def test_machines_of_the_internet_are_fine() -> None:
    assert all(is_public(ipaddress.ip_address(one)) for one in ("1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"))


@pytest.mark.django_db
def test_what_may_not_be_reached_is_an_attempt_with_its_trouble(
    receiver: Receiver, endpoint: Endpoint, keeper: User, settings: Any
) -> None:
    settings.WEBHOOKS_TO_PRIVATE = False
    Endpoint.objects.update(url="https://localhost:1/")
    cancel_effect(send_test(endpoint, by=keeper), by=keeper)
    send_test(endpoint, by=keeper)
    assert send() == (0, 1, 0)
    attempt = Attempt.objects.get()
    assert (attempt.status_code, attempt.trouble.endswith("is not an address of the internet.")) == (None, True)
    assert receiver.got == []


@pytest.mark.django_db
def test_the_keeper_does_all_of_it_in_the_console(client: Client, receiver: Receiver, keeper: User, seller: User) -> None:
    client.force_login(keeper)
    form = client.get("/console/endpoints/new/")
    assert form.context["form"]["secret"].value().startswith("whsec_")
    entries = {"name": "Web shop", "url": receiver.url, "event_types": "sales.*\ncatalog.ProductCreated", "secret": SECRET}
    assert client.post("/console/endpoints/new/", entries | {"event_types": "sales.Nothing"}).status_code == 422
    made = client.post("/console/endpoints/new/", entries)
    endpoint = Endpoint.objects.get()
    assert (made.status_code, made.headers["Location"]) == (302, f"/console/endpoints/{endpoint.pk}/")
    assert (endpoint.event_types, endpoint.conditions) == (["sales.*", "catalog.ProductCreated"], {})
    home = f"/console/endpoints/{endpoint.pk}/"
    sent = client.post(f"{home}send-test/")
    message = Effect.objects.get()
    assert sent.headers["Location"] == f"/console/outgoing/{message.pk}/"
    assert send() == (1, 0, 0)
    page = client.get(f"/console/outgoing/{message.pk}/").text
    assert "webhooks.Test" in page
    assert receiver.ids[0] in page
    client.post(f"/console/outgoing/{message.pk}/resend/")
    assert send() == (1, 0, 0)
    assert receiver.ids[0] == receiver.ids[1]
    edited = client.post(f"{home}edit/", entries | {"event_types": "*", "conditions": '{"currency": "IDR"}'})
    endpoint.refresh_from_db()
    assert (edited.status_code, endpoint.event_types, endpoint.conditions) == (302, ["*"], {"currency": "IDR"})
    client.post(f"{home}rotate-secret/", {"secret": OTHER})
    assert endpoint.secrets.count() == 2
    client.post(f"{home}disable/", {"reason": "The shop is closed."})
    page = client.get(home).text
    assert "The shop is closed." in page
    assert SECRET.removeprefix("whsec_") not in page
    client.post(f"{home}enable/")
    endpoint.refresh_from_db()
    assert endpoint.status == "enabled"
    client.force_login(seller)
    assert client.get("/console/endpoints/").status_code == 403
    assert client.post("/console/endpoints/new/", entries).status_code == 403
    assert Endpoint.objects.count() == 1


@pytest.mark.django_db
def test_the_same_through_the_api_with_the_schema_of_every_event(receiver: Receiver, keeper: User) -> None:
    api = APIClient()
    api.force_authenticate(keeper)
    facts = {"name": "Web shop", "url": receiver.url, "event_types": ["catalog.*"], "secret": SECRET}
    made = api.post("/api/v1/webhook-endpoints/", facts, headers={"Idempotency-Key": "one"})
    assert (made.status_code, "secret" in made.json()) == (201, False)
    assert not RememberedRequest.objects.filter(body__contains=SECRET).exists()
    home = f"/api/v1/webhook-endpoints/{made.json()['id']}/"
    assert api.patch(home, {"name": "Shop"}).json()["name"] == "Shop"
    assert api.post(f"{home}rotate-secret/", {"secret": OTHER, "at_once": True}).status_code == 200
    message = api.post(f"{home}send-test/").json()
    assert send() == (1, 0, 0)
    assert message["webhook_id"] == receiver.ids[0]
    assert api.post(f"/api/v1/webhook-messages/{message['id']}/resend/").json()["status"] == "pending"
    [attempt] = api.get(f"/api/v1/webhook-attempts/?effect={message['id']}").json()["results"]
    assert (attempt["status_code"], attempt["number"]) == (204, 1)
    assert api.post(f"{home}disable/", {"reason": "Closed."}).json()["disabled_because"] == "Closed."
    assert api.post(f"{home}enable/").json()["status"] == "enabled"
    kinds = {kind["type"]: kind for kind in api.get("/api/v1/event-types/").json()}
    schema = api.get("/api/v1/event-types/catalog.ProductCreated/").json()
    assert schema == kinds["catalog.ProductCreated"]["schema"]
    assert schema["properties"]["data"]["properties"]["list_price"]["format"] == "decimal"
    assert set(schema["required"]) == set(schema["properties"])
    assert api.get("/api/v1/event-types/catalog.Nothing/").status_code == 404
