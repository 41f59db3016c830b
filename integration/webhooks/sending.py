"""A webhook sent: signed anew at each attempt, under the same id; the attempt is kept, and the circuit breaker learns from it.

After five failures in a row an endpoint rests, a minute at first, then ever longer, up to an hour; then one message is tried. What it
answers decides: everything goes on, or it rests again. Who fails for three days, or says 410 Gone, is switched off, and its keepers hear of it.
"""

import json
import random
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.db import locked
from core.effects.models import Effect
from core.errors import Text
from core.events.models import Record
from core.notifications.operations import notify_each
from core.people.models import User
from core.sealing import unseal
from core.web.registry import url_for
from integration.mailing import Answer, RefusedForGood, TryLater
from integration.webhooks import signing
from integration.webhooks.models import Attempt, Endpoint
from integration.webhooks.subscribing import envelope
from integration.webhooks.wire import Reply, post

FAILURES_TO_REST = 5
FIRST_REST, LONGEST_REST = timedelta(minutes=1), timedelta(hours=1)
OFF_AFTER = timedelta(days=3)
GONE = 410
LONGEST_WORDS = 200


def next_webhook(now: datetime) -> Effect | None:
    """The message that is due longest at an endpoint that may be told something now, locked; None while enough are under way."""
    webhooks = Effect.objects.filter(kind=Effect.Kind.WEBHOOK)
    under_way = webhooks.filter(status=Effect.Status.SENDING)
    if under_way.filter(lease_until__gte=now).count() >= settings.WEBHOOKS_AT_ONCE:
        return None
    abandoned = under_way.filter(lease_until__lt=now).order_by("due_at", "pk").select_for_update(skip_locked=True, of=("self",)).first()
    if abandoned is not None:
        return abandoned
    due = webhooks.filter(status=Effect.Status.PENDING, due_at__lte=now).order_by("due_at", "pk")
    first = Subquery(due.filter(about_id=OuterRef("pk")).values("due_at")[:1])
    waiting = Endpoint.objects.free(now).annotate(first_due=first).filter(first_due__isnull=False).order_by("first_due", "pk")
    endpoint = waiting.select_for_update(skip_locked=True, of=("self",)).first()
    if endpoint is None:
        return None
    return due.filter(about_id=endpoint.pk).select_for_update(skip_locked=True, of=("self",)).first()


def send_webhook(effect: Effect) -> Answer:
    """Tell one endpoint of one event."""
    endpoint = Endpoint.objects.select_related("created_by").prefetch_related("secrets").get(pk=effect.about_id or 0)
    body = body_of(effect, endpoint)
    now = clock.now()
    kept = [unseal(one.sealed) for one in endpoint.secrets.all() if one.expires_at is None or one.expires_at > now]
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Satu-Webhooks/1",
        **signing.headers(kept, effect.payload["id"], int(now.timestamp()), body),
    }
    reply = post(endpoint.url, body, headers)
    note_attempt(endpoint, effect, reply, by=User.objects.service())
    words = " ".join(f"{reply.status or ''} {reply.trouble or reply.words}".split())[:LONGEST_WORDS]
    if reply.status == GONE:
        raise RefusedForGood(words)
    if not reply.taken:
        raise TryLater(words)
    return Answer(words)


def body_of(effect: Effect, endpoint: Endpoint) -> bytes:
    """What is said, byte for byte the same in every attempt, unless whoever set the endpoint up may see less by then."""
    said = effect.payload.get("envelope") or envelope(Record.objects.get(pk=effect.payload["record"]), endpoint.created_by)
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def note_attempt(endpoint: Endpoint, effect: Effect, reply: Reply, *, by: User) -> Attempt:
    """Keep what was answered, and let the endpoint rest, go on, or be switched off."""
    with locked(endpoint, by=by) as endpoint:
        attempt = Attempt.objects.create(
            endpoint=endpoint,
            effect=effect,
            number=effect.attempts,
            took_ms=reply.took_ms,
            address=reply.address,
            status_code=reply.status,
            trouble=reply.trouble,
            answer=reply.words,
        )
        if not reply.taken:
            _failed(endpoint, reply)
        elif endpoint.failures:
            endpoint.failures, endpoint.failing_since, endpoint.rests_until = 0, None, None
            endpoint.save(update_fields=["failures", "failing_since", "rests_until"])
    return attempt


def rest_after(failures: int) -> timedelta:
    """How long an endpoint rests after so many failures in a row."""
    if failures < FAILURES_TO_REST:
        return timedelta()
    rest: timedelta = min(LONGEST_REST, FIRST_REST * 2 ** min(failures - FAILURES_TO_REST, 10))
    return rest * random.uniform(0.75, 1.25)  # noqa: S311 - spreading, not secrecy


def _failed(endpoint: Endpoint, reply: Reply) -> None:
    now = clock.now()
    rest = rest_after(endpoint.failures + 1)
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or now
    endpoint.rests_until = now + rest if rest else None
    endpoint.save(update_fields=["failures", "failing_since", "rests_until"])
    if endpoint.status != Endpoint.Status.ENABLED:
        return
    if reply.status == GONE:
        _switch_off(endpoint, gettext_lazy("It answered 410: gone for good."))
    elif now - endpoint.failing_since >= OFF_AFTER:
        _switch_off(endpoint, gettext_lazy("It has failed for three days."))


def _switch_off(endpoint: Endpoint, why: Text) -> None:
    with translation.override("en"):  # kept in one language, shown in the reader's
        endpoint.move_to(Endpoint.Status.DISABLED, disabled_because=str(why))
    notify_each(
        User.objects.who_may("integration.enable_endpoint"),
        lambda: _("The webhook endpoint %(name)s was switched off. %(why)s") % {"name": endpoint.name, "why": why},
        url=url_for("integration.endpoint", endpoint.pk),
        icon="webhook",
        key=f"endpoint-off:{endpoint.pk}:{endpoint.version}",
    )
