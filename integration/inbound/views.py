"""The door for other people's webhooks: who knocks must sign; what is signed is kept at once, and acted on by a worker."""

import json
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core import clock
from integration.inbound.models import Source
from integration.inbound.operations import receive_webhook, secrets_of
from integration.webhooks import signing

MOST_BYTES = 256 * 1024
MINUTE, MOST_REFUSED = 60, 30
"""How many refused messages of one source a process takes in a minute."""
KEPT_HEADERS = ("content-type", "user-agent", "webhook-id", "webhook-timestamp", "webhook-signature")


class NotTaken(Exception):
    """A message that is sent back, with a status and a word why."""

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


@csrf_exempt
@require_POST
def receive(request: HttpRequest, public_id: UUID) -> JsonResponse:
    """Take one message, as Standard Webhooks lays down."""
    throttle = f"hooks:{public_id}"
    try:
        return _take(request, public_id, refused_before=cache.get(throttle, 0))
    except NotTaken as refusal:
        if not cache.add(throttle, 1, MINUTE):
            with suppress(ValueError):  # the minute is over just now
                cache.incr(throttle)
        status = refusal.status
        facts = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": refusal.detail}
        return JsonResponse(facts, status=status, content_type="application/problem+json")


def _take(request: HttpRequest, public_id: UUID, *, refused_before: int) -> JsonResponse:
    if refused_before >= MOST_REFUSED:
        raise NotTaken(HTTPStatus.TOO_MANY_REQUESTS, _("Too many refused messages; wait a minute."))
    body = _body(request)
    rows = Source.objects.select_related("acts_as").prefetch_related("secrets")
    source = rows.filter(public_id=public_id, status=Source.Status.ENABLED).first()
    if source is None:
        raise NotTaken(HTTPStatus.NOT_FOUND, _("Nobody listens here."))
    try:
        webhook_id = signing.verify(secrets_of(source), request.headers, body, now=clock.now().timestamp())
    except signing.Malformed as error:
        raise NotTaken(HTTPStatus.BAD_REQUEST, _("webhook-id, webhook-timestamp and webhook-signature are needed.")) from error
    except signing.TooOld as error:
        raise NotTaken(HTTPStatus.UNAUTHORIZED, _("The timestamp is more than five minutes away from our clock.")) from error
    except signing.NotSigned as error:
        raise NotTaken(HTTPStatus.UNAUTHORIZED, _("The signature is not right.")) from error
    text = _read(body)
    kept = {name: request.headers[name][:500] for name in KEPT_HEADERS if name in request.headers}
    received, new = receive_webhook(source, webhook_id=webhook_id, headers=kept, body=text, by=source.acts_as)
    return JsonResponse({"id": received.pk, "duplicate": not new}, status=HTTPStatus.ACCEPTED if new else HTTPStatus.OK)


def _body(request: HttpRequest) -> bytes:
    """What was sent; no more of it is read than may be."""
    told = request.headers.get("content-length", "")
    body = b"" if told.isdigit() and int(told) > MOST_BYTES else request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES or (told.isdigit() and int(told) > MOST_BYTES):
        raise NotTaken(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("A message has at most %(n)s bytes.") % {"n": MOST_BYTES})
    return body


def _read(body: bytes) -> str:
    """The body as text, when it is a JSON object."""
    try:
        text = body.decode()
        said: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotTaken(HTTPStatus.BAD_REQUEST, _("The body is no JSON object.")) from error
    if not isinstance(said, dict) or "\x00" in text:
        raise NotTaken(HTTPStatus.BAD_REQUEST, _("The body is no JSON object."))
    return text
