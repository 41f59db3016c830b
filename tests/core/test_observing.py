"""One id leads from a request through its log line, its SQL and its events to what workers did because of it."""

import json
import logging
import re
import sys
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.db import DataError, IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.errors import Refused
from core.events.cause import acting
from core.events.models import Delivery, Record
from core.logs import JsonLines, ReadableLines
from core.people.models import User
from core.tracing import marked
from integration import delivery
from integration.demo.cast import PASSWORD
from integration.effects import send_effects
from tests.factories.ground import make_customer
from tests.factories.house import make_house, make_stocked
from tests.factories.sales import make_confirmed_order
from tests.signing import sign_in

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def line(**extra: object) -> logging.LogRecord:
    record = logging.makeLogRecord(
        {"name": "integration.x", "levelname": "INFO", "levelno": logging.INFO, "msg": "done %s", "args": ("a\nb",)}
    )
    vars(record).update(extra)
    return record


def test_a_line_for_machines_is_one_json_object_with_the_cause_and_plain_facts_only() -> None:
    story = uuid4()
    with acting(by=None, correlation_id=story):
        text = JsonLines().format(line(handler="sales.x", request=object()))
    found = json.loads(text)
    assert "\n" not in text
    assert (found["message"], found["correlation"], found["handler"], found["level"]) == ("done a\nb", str(story), "sales.x", "info")
    assert "request" not in found
    assert ReadableLines().format(line(handler="sales.x")).endswith("done a\nb handler=sales.x")


def trace_of(error: Exception) -> str:
    """What a log says of an error that was raised."""
    try:
        raise error
    except type(error):
        record = line()
        record.exc_info = sys.exc_info()
    return str(json.loads(JsonLines().format(record))["trace"])


@pytest.mark.parametrize(
    "secret",
    [
        "http://testserver/password/new/5-cu2x9-a8f0bc/", "redis://:hunter2@redis:6379/0", "postgresql://satu:hunter2@postgres/satu",
        "Authorization: Bearer abcdefghij1234567890", "satu_0123456789abcdef", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "zulkifli.anwar@rumah.example", "<zulkifli@rumah.example>: 550 unknown",
    ],
)  # fmt: skip
def test_no_line_holds_a_secret_or_an_address(secret: str) -> None:
    kept = ("cu2x9", "hunter2", "abcdefghij", "0123456789", "MfKQ9r8", "zulkifli")
    record = line(path=secret, handler="sales.x")
    record.msg, record.args = "sent to %s", (secret,)
    for formatter in (JsonLines(), ReadableLines()):
        told = formatter.format(record)
        assert [word for word in kept if word in told] == [], told
        assert "sales.x" in told
    assert [word for word in kept if word in trace_of(ValueError(secret))] == []


@pytest.mark.django_db
def test_what_a_database_refuses_is_told_without_the_row(seller: User) -> None:
    with pytest.raises(IntegrityError) as twice, transaction.atomic():
        User.objects.create(email=seller.email.upper(), name="Zulkifli")
    told = trace_of(twice.value)
    assert "one_user_per_email" in told
    assert seller.email.partition("@")[0] not in told.lower().replace("tests/", "")
    assert "DETAIL" not in told
    with pytest.raises(DataError) as wrong, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT %s::int", [seller.name])
    assert "invalid input syntax" in trace_of(wrong.value)
    assert seller.name not in trace_of(wrong.value)


def test_the_words_of_a_refusal_are_for_the_person_and_not_for_the_log() -> None:
    told = trace_of(Refused("Zulkifli owes too much.", fix="Ask Zulkifli."))
    assert "Zulkifli" not in told
    assert "Refused" in told
    assert "trace_of" in told


@pytest.mark.django_db
def test_coming_in_leaves_no_secret_in_the_log(client: Client, seller: User, caplog: pytest.LogCaptureFixture) -> None:
    """Wrong and right passwords, a forgotten one, a code, a token: what somebody shows is in no line."""
    link = ""
    with caplog.at_level(logging.INFO, "core"), caplog.at_level(logging.INFO, "django"):
        sign_in(client, seller, "wrong-secret-77")
        client.post("/password/forgotten/", {"email": seller.email})
        send_effects()
        found = re.search(r"/password/new/(\S+)", mail.outbox[0].body)
        assert found is not None
        link = found[1]
        client.get(f"/password/new/{link}")
        client.get(f"/password/new/{link.rstrip('/')}")
        sign_in(client, seller)
        body = json.dumps({"email": seller.email, "password": PASSWORD, "name": "x"})
        secret = client.post("/api/v1/tokens/", body, content_type="application/json").json()["token"]
        client.get("/api/v1/me/", headers={"Authorization": f"Bearer {secret}"})
        client.get(f"/search/?q={seller.email}")
        client.raise_request_exception = False
        client.get("/api/v1/me/", headers={"Authorization": f"Bearer {secret}x"})
    told = "\n".join(JsonLines().format(record) for record in caplog.records)
    assert "/password/new/" in told
    for word in ("wrong-secret-77", PASSWORD, link.strip("/"), link.partition("-")[2].strip("/"), secret, seller.email):
        assert word not in told, word


def test_a_statement_outside_any_story_stays_as_it_is() -> None:
    assert marked("SELECT 1") == "SELECT 1"


@pytest.mark.parametrize(
    ("headers", "story"),
    [
        ({"X-Request-ID": "0b0e7b0a-5c9e-4a57-9d5e-0a3c6f3f2a11"}, "0b0e7b0a-5c9e-4a57-9d5e-0a3c6f3f2a11"),
        ({"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}, str(UUID(TRACE))),
        ({"X-Request-ID": "*/ DROP TABLE x; /*", "traceparent": "00-" + "0" * 32 + "-00f067aa0ba902b7-01"}, None),
    ],
)
@pytest.mark.django_db
def test_a_request_is_answered_with_its_id_and_its_statements_carry_it(
    client: Client, owner: User, headers: dict[str, str], story: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    client.force_login(owner)
    with CaptureQueriesContext(connection) as asked, caplog.at_level(logging.INFO, "core.events.middleware"):
        answer = client.get("/parties/", headers=headers)
    told = answer["X-Request-ID"]
    assert str(UUID(told)) == told
    assert story in {None, told}
    assert asked.captured_queries
    assert {query["sql"].partition(" */ ")[0] for query in asked.captured_queries} == {f"/* correlation={told}"}
    (request,) = [record for record in caplog.records if record.msg == "request"]
    assert (vars(request)["status"], vars(request)["route"], vars(request)["actor"]) == (answer.status_code, "parties/", owner.pk)


@pytest.mark.django_db
def test_a_worker_works_and_logs_in_the_story_of_the_event(caplog: pytest.LogCaptureFixture) -> None:
    make_house()
    story, customer, desk = uuid4(), make_customer(), make_stocked()
    with acting(by=User.objects.service(), correlation_id=story):
        make_confirmed_order(customer, [(desk, 1)])
    caplog.handler.setFormatter(JsonLines())
    with CaptureQueriesContext(connection) as asked, caplog.at_level(logging.INFO, "integration.delivery.running"):
        delivery.drain()
    told = [json.loads(text) for text in caplog.text.splitlines()]
    ours = [one for one in told if one.get("correlation") == str(story)]
    assert {one["outcome"] for one in ours} == {"done"}
    assert "order_to_cash.reserve_the_goods" in {one["handler"] for one in ours}
    assert all({"causation", "actor", "key", "attempt", "milliseconds"} <= one.keys() for one in ours)
    assert len(ours) == Delivery.objects.filter(record__correlation_id=story, handler__in={one["handler"] for one in ours}).count()
    assert Record.objects.filter(correlation_id=story).exclude(causation_id=None).exists()
    inserts = [query["sql"] for query in asked.captured_queries if "INSERT INTO" in query["sql"]]
    assert inserts
    assert [sql for sql in inserts if not sql.startswith("/* correlation=")] == []
