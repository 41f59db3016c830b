"""A request that is sent twice acts once: the ``Idempotency-Key`` header (IETF draft-ietf-httpapi-idempotency-key-header-07).

The operation and the memory of its answer are one commit, so a worker that dies between the two leaves neither. Whoever comes with
the same key while the first is under way waits for it a moment, then gets the same answer. What was refused changed nothing and is
not remembered: the same key may try again.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from psycopg2.errors import LockNotAvailable
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from core import clock
from core.api.models import RememberedRequest
from core.errors import Refused
from core.people.models import User

HEADER = "Idempotency-Key"
KEPT = timedelta(hours=24)
PATIENCE = "5s"
REPLAYED = "Idempotent-Replayed"
LOCATION = "Location"

Handler = Callable[..., HttpResponseBase]


class KeyUsedForAnotherRequest(Refused):
    """The same key came with another address or another body."""

    title = _("This key belongs to another request")
    status = 422


class StillUnderWay(Refused):
    """The first request with this key has not been answered yet."""

    title = _("Still under way")


def acting_once(handler: Handler) -> Handler:
    """``handler``, doing its work at most once per person and key. Without the header it does it each time it is asked."""

    def handle(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        key = request.headers.get(HEADER)
        if key is None:
            return handler(request, *args, **kwargs)
        if not 1 <= len(key) <= 255 or not (key.isascii() and key.isprintable()):
            raise ValidationError({HEADER: [_("Send 1 to 255 printable characters, a UUID for instance.")]})
        user = User.of(request)
        mark = fingerprint(request)
        with transaction.atomic():
            _hold(user, key)
            known = RememberedRequest.objects.filter(user=user, key=key, made_at__gt=clock.now() - KEPT).first()
            if known is not None:
                return _again(known, mark)
            response = handler(request, *args, **kwargs)
            facts = {"fingerprint": mark, "status": response.status_code, "body": _body(response), "made_at": clock.now()}
            facts["location"] = response.get(LOCATION, "")
            RememberedRequest.objects.update_or_create(user=user, key=key, defaults=facts)
        return response

    return handle


def not_twice(handler: Handler) -> Handler:
    """``handler``, whose answer is a secret and so nowhere kept: whoever wants to send it twice is told."""

    def handle(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if HEADER in request.headers:
            raise ValidationError({HEADER: [_("The answer is shown only once: ask for it without a key.")]})
        return handler(request, *args, **kwargs)

    return handle


def forget_old() -> int:
    """Drop what is older than a day: the number of requests forgotten."""
    return RememberedRequest.objects.filter(made_at__lte=clock.now() - KEPT).delete()[0]


def fingerprint(request: Request) -> str:
    """What the request asks for, as SHA-256 in hex: address and body, whatever the order of its fields or its multipart boundary."""
    asked = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    for part in _parts(request.data):
        asked.update(part)
    return asked.hexdigest()


def _parts(data: Any) -> Iterator[bytes]:
    if not hasattr(data, "lists"):
        yield json.dumps(data, sort_keys=True, default=str).encode()
        return
    for name, values in sorted(data.lists()):
        for value in values:
            yield f"{name}=".encode()
            if isinstance(value, UploadedFile):
                yield from value.chunks()
                value.seek(0)
            else:
                yield str(value).encode()
            yield b"\n"


def _hold(user: User, key: str) -> None:
    """Hold the key until this transaction ends; wait a moment for whoever holds it now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout'), set_config('lock_timeout', %s, true)", [PATIENCE])
        before = cursor.fetchone()[0]
        try:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{HEADER} {user.pk} {key}"])
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
            raise StillUnderWay(
                _("The first request with this Idempotency-Key is still being worked on."), fix=_("Send it again in a moment.")
            ) from error
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [before])


def _body(response: HttpResponseBase) -> str:
    return "" if response.status_code == HTTPStatus.NO_CONTENT else JSONRenderer().render(getattr(response, "data", None)).decode()


def _again(known: RememberedRequest, mark: str) -> HttpResponse:
    if known.fingerprint != mark:
        raise KeyUsedForAnotherRequest(
            _("This Idempotency-Key was used for another request within a day."), fix=_("Make a new key for every new request.")
        )
    headers = {REPLAYED: "true", **({LOCATION: known.location} if known.location else {})}
    return HttpResponse(known.body, status=known.status, content_type="application/json", headers=headers)
