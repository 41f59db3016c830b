"""What a load balancer may ask."""

import pytest
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from config import health


def test_healthz_answers_whatever_the_host_and_without_a_database(client: Client) -> None:
    response = client.get("/healthz", headers={"host": "10.0.0.7:8000"})
    assert (response.status_code, response.content) == (200, b"ok")
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_readyz_names_what_answers(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"postgres": "ok", "redis": "ok"}


@pytest.mark.django_db
def test_without_redis_it_is_still_ready(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock?db=0"
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"postgres": "ok", "redis": "unreachable"}


def test_without_postgres_it_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "postgres_answers", lambda: False)
    assert client.get("/readyz").status_code == 503


def test_all_other_addresses_are_left_to_the_application(rf: RequestFactory) -> None:
    answer = object()
    assert health.HealthMiddleware(lambda request: answer)(rf.get("/healthz/else")) is answer  # type: ignore[arg-type,return-value]
