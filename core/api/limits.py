"""How often a program may call: a window of a minute for each token, counted in Redis, so that all processes count together.

Every answer says where the caller stands (``RateLimit``, ``RateLimit-Policy``: draft-ietf-httpapi-ratelimit-headers-10); beyond it is 429 with
``Retry-After``. Redis is disposable: while it is gone nobody is held back, ``RateLimit`` is left out, and the log says so.
"""

import logging
import math
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

WINDOW = 60
PAUSE = 5.0
"""For so many seconds Redis is not asked again after it failed."""

log = logging.getLogger(__name__)
_asked_again: dict[str, float] = {"at": 0.0}


@dataclass(frozen=True)
class Standing:
    """Where a caller stands: the quota of the window, what is left of it, when it is full again. None left when nobody could count."""

    policy: str
    quota: int
    left: int | None
    seconds: int

    def put_on(self, response: Response) -> None:
        """Say it in the headers."""
        response["RateLimit-Policy"] = f'"{self.policy}";q={self.quota};w={WINDOW}'
        if self.left is not None:
            response["RateLimit"] = f'"{self.policy}";r={max(self.left, 0)};t={self.seconds}'


class PerCaller(BaseThrottle):
    """So many requests a minute for each token; for each person where a session calls."""

    policy = "token"
    seconds = WINDOW

    def quota(self) -> int:
        """How many requests a minute."""
        return int(settings.API_REQUESTS_A_MINUTE)

    def caller(self, request: Request) -> str:
        """Whose requests are counted together."""
        token = getattr(request.auth, "pk", None)
        return (
            f"token:{token}" if token is not None else f"user:{request.user.pk}" if request.user.is_authenticated else address_of(request)
        )

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count this request."""
        now = time.time()
        window = int(now // WINDOW)
        self.seconds = max(1, math.ceil((window + 1) * WINDOW - now))
        counted = count(f"satu:rate:{self.policy}:{self.caller(request)}:{window}")
        left = None if counted is None else self.quota() - counted
        view.standing = Standing(self.policy, self.quota(), left, self.seconds)
        return left is None or left >= 0

    def wait(self) -> float:
        """When the window is over."""
        return float(self.seconds)


class PerAddress(PerCaller):
    """Signing in for a token: so many tries a minute from each address."""

    policy = "sign-in"

    def quota(self) -> int:
        """How many tries."""
        return int(settings.API_SIGN_INS_A_MINUTE)

    def caller(self, request: Request) -> str:
        """The address they come from."""
        return address_of(request)


def address_of(request: Request) -> str:
    """The address a request comes from."""
    return f"address:{request.META.get('REMOTE_ADDR', '')}"


def count(key: str) -> int | None:
    """One more under this key in this window, and how many that makes; None when nobody can say."""
    if time.monotonic() < _asked_again["at"]:
        return None
    try:
        with _store().pipeline() as together:
            together.incr(key)
            together.expire(key, 2 * WINDOW)
            counted, _kept = together.execute()
        return int(counted)
    except RedisError:
        _asked_again["at"] = time.monotonic() + PAUSE
        log.warning("Redis does not answer: calls of the API are not counted, nobody is held back.")
        return None


@lru_cache(maxsize=1)
def _store() -> Redis:
    return Redis.from_url(settings.REDIS_URL, socket_connect_timeout=0.3, socket_timeout=0.3)
