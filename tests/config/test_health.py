"""What a load balancer may ask."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from config import health
from core import clock
from core.events.models import Delivery
from tests.integration.bells import ring


def test_healthz_answers_whatever_the_host_and_without_a_database(client: Client) -> None:
    response = client.get("/healthz", headers={"host": "10.0.0.7:8000"})
    assert (response.status_code, response.content) == (200, b"ok")
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_readyz_names_what_answers(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"postgres": "ok", "migrations": "ok", "redis": "ok"}


@pytest.mark.django_db
def test_without_redis_it_is_still_ready(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock?db=0"
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"postgres": "ok", "migrations": "ok", "redis": "unreachable"}


def test_without_postgres_it_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "postgres_answers", lambda: False)
    assert client.get("/readyz").status_code == 503


@pytest.mark.django_db
def test_a_database_that_lacks_a_migration_is_not_ready(client: Client) -> None:
    health._has_every_migration.cache_clear()
    MigrationRecorder.Migration.objects.filter(app="events").latest("name").delete()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["migrations"]) == (503, "missing")


@pytest.mark.django_db
def test_metrics_are_for_whoever_brings_the_token_and_tell_how_the_queue_stands(client: Client, settings: Settings) -> None:
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "a-long-random-text"
    assert client.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 401
    Delivery.objects.create(record=ring("north"), handler="bells.nobody", key="north", status="dead")
    Delivery.objects.create(record=ring("south"), handler='bells."late"', key="south", available_at=clock.now() - timedelta(minutes=5))
    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/metrics", headers={"Authorization": "Bearer a-long-random-text"})
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    figures = dict(line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#"))
    assert figures['satu_deliveries{state="dead"}'] == figures['satu_handler_dead{handler="bells.nobody"}'] == "1"
    assert figures['satu_handler_waiting{handler="bells.\\"late\\""}'] == "1"
    assert 300 <= float(figures["satu_delivery_oldest_ready_age_seconds"]) < 400
    assert figures['satu_handler_waiting{handler="order_to_cash.reserve_the_goods"}'] == "0"
    assert figures['satu_effects{state="pending"}'] == "0"
    assert len(asked) <= 12


@pytest.mark.parametrize(
    ("caller", "through", "status"), [("127.0.0.1", None, 200), ("127.0.0.1", "10.0.0.7", 404), ("10.0.0.7", None, 404)]
)
@pytest.mark.django_db
def test_where_one_tries_satu_this_machine_itself_reads_metrics(
    client: Client, settings: Settings, caller: str, through: str | None, status: int
) -> None:
    settings.TRYING = True
    answer = client.get("/metrics", REMOTE_ADDR=caller, headers={"X-Forwarded-For": through} if through else {})
    assert answer.status_code == status


def test_all_other_addresses_are_left_to_the_application(rf: RequestFactory) -> None:
    answer = object()
    assert health.HealthMiddleware(lambda request: answer)(rf.get("/healthz/else")) is answer  # type: ignore[arg-type,return-value]
