"""One id leads from a request through its log line, its SQL and its events to what workers did because of it."""

import json
import logging
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.events.cause import acting
from core.events.models import Delivery, Record
from core.logs import JsonLines, ReadableLines
from core.people.models import User
from core.tracing import marked
from integration import delivery
from tests.factories.ground import make_customer
from tests.factories.house import make_house, make_stocked
from tests.factories.sales import make_confirmed_order

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
