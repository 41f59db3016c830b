"""What machines may ask: does the process live (`/healthz`), can it serve (`/readyz`), how do things stand (`/metrics`)."""

import ipaddress
from collections.abc import Callable
from functools import cache
from hmac import compare_digest

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from redis import Redis, RedisError

from integration.metrics import as_text

NOT_KEPT = {"Cache-Control": "no-store"}


class HealthMiddleware:
    """Answers before anything else: a load balancer has no sign-in, does not follow to https, and calls us by a number."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        match request.path:
            case "/healthz":
                return healthz()
            case "/readyz":
                return readyz()
            case "/metrics":
                return metrics(request)
        return self.get_response(request)


def healthz() -> HttpResponse:
    """The process answers. Looks at nothing else, so that a database outage does not make anybody restart the web."""
    return HttpResponse("ok", content_type="text/plain", headers=NOT_KEPT)


def readyz() -> HttpResponse:
    """Requests can be served: the database answers and has every migration of this code.

    Redis is reported but not required: without it work is only picked up a moment later.
    """
    postgres = postgres_answers()
    answers = {"postgres": postgres, "migrations": postgres and is_migrated(), "redis": redis_answers()}
    words = {name: "ok" if ok else "missing" if name == "migrations" else "unreachable" for name, ok in answers.items()}
    return JsonResponse(words, status=200 if answers["migrations"] else 503, headers=NOT_KEPT)


def metrics(request: HttpRequest) -> HttpResponse:
    """How things stand, in Prometheus's text format, for whoever may know."""
    if not may_read_metrics(request):
        status, further = (401, {"WWW-Authenticate": "Bearer"}) if settings.METRICS_TOKEN else (404, {})
        return HttpResponse(status=status, headers=NOT_KEPT | further)
    return HttpResponse(as_text(), content_type="text/plain; version=0.0.4; charset=utf-8", headers=NOT_KEPT)


def may_read_metrics(request: HttpRequest) -> bool:
    """Who brings the token; where there is none, only this machine itself, and only where one tries Satu."""
    if settings.METRICS_TOKEN:
        return compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    caller = request.META.get("REMOTE_ADDR", "")
    return settings.TRYING and "X-Forwarded-For" not in request.headers and bool(caller) and ipaddress.ip_address(caller).is_loopback


def postgres_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def is_migrated() -> bool:
    """Whether the database has every migration this code knows; once it has, it is not asked again."""
    try:
        return _has_every_migration()
    except (NotMigrated, Error):
        return False


class NotMigrated(Exception):
    """Some migrations have not run; the next question looks again."""


@cache
def _has_every_migration() -> bool:
    plan = MigrationExecutor(connection)
    if plan.migration_plan(plan.loader.graph.leaf_nodes()):
        raise NotMigrated
    return True


def redis_answers() -> bool:
    try:
        with Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as redis:
            return bool(redis.ping())
    except RedisError:
        return False
