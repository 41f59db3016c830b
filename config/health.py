"""Two questions a machine may ask: does the process live (`/healthz`), and can it serve (`/readyz`)."""

from collections.abc import Callable

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from redis import Redis, RedisError


class HealthMiddleware:
    """Answers before anything else: a load balancer has no sign-in, does not follow to https, and calls us by a number."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return healthz()
        if request.path == "/readyz":
            return readyz()
        return self.get_response(request)


def healthz() -> HttpResponse:
    """The process answers. Looks at nothing else, so that a database outage does not make anybody restart the web."""
    return HttpResponse("ok", content_type="text/plain", headers={"Cache-Control": "no-store"})


def readyz() -> HttpResponse:
    """Requests can be served. Redis is reported but not required: without it work is only picked up a moment later."""
    answers = {"postgres": postgres_answers(), "redis": redis_answers()}
    words = {name: "ok" if ok else "unreachable" for name, ok in answers.items()}
    return JsonResponse(words, status=200 if answers["postgres"] else 503, headers={"Cache-Control": "no-store"})


def postgres_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def redis_answers() -> bool:
    try:
        with Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as redis:
            return bool(redis.ping())
    except RedisError:
        return False
