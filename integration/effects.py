"""Effects carried out: claimed in one short transaction, done outside of any, their answer written down in another.

A worker that is killed between sending and writing the answer leaves a lease that runs out; the effect is then done once more with
the same key (an e-mail with the same Message-ID): at least once, and recognisable. What the other side refuses for good has failed at
once; what may pass (no connection, "try later") is tried again, ever more slowly, and given up after a day or so.
"""

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.db import tell_the_database
from core.effects.events import MailFailed, MailSent
from core.effects.models import Effect
from core.events.cause import acting
from core.events.publishing import publish
from integration.mailing import Answer, RefusedForGood, TryLater, send_mail
from integration.webhooks.sending import next_webhook, send_webhook

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=3)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(hours=2)
MAX_ATTEMPTS = 20

SENDERS: dict[str, Callable[[Effect], Answer]] = {Effect.Kind.MAIL: send_mail, Effect.Kind.WEBHOOK: send_webhook}
"""Who carries out which kind."""


@dataclass
class Done:
    """What one round did, in effects."""

    sent: int = 0
    retried: int = 0
    failed: int = 0


def send_effects(kind: str = Effect.Kind.MAIL, *, seconds: float | None = None) -> Done:
    """Carry out what is due of one kind; take up nothing new after ``seconds``."""
    total = Done()
    until = None if seconds is None else monotonic() + seconds
    while until is None or monotonic() < until:
        claimed = claim(kind)
        if claimed is None:
            break
        match carry_out(*claimed):
            case Effect.Status.SENT:
                total.sent += 1
            case Effect.Status.PENDING:
                total.retried += 1
            case Effect.Status.FAILED:
                total.failed += 1
    return total


def claim(kind: str = Effect.Kind.MAIL) -> tuple[int, UUID] | None:
    """Lease the effect of this kind that is due longest, or whose worker died: (id, lease token). The attempt counts before it is made."""
    with transaction.atomic():
        now = timezone.now()
        effect = next_webhook(now) if kind == Effect.Kind.WEBHOOK else _next(kind, now)
        if effect is None:
            return None
        token = uuid4()
        lease = {"lease_token": token, "lease_until": now + LEASE, "attempts": effect.attempts + 1}
        if effect.status == Effect.Status.PENDING:
            effect.move_to(Effect.Status.SENDING, **lease)
        else:
            Effect.objects.filter(pk=effect.pk).update(**lease)
    return effect.pk, token


def _next(kind: str, now: datetime) -> Effect | None:
    due = Q(status=Effect.Status.PENDING, due_at__lte=now)
    abandoned = Q(status=Effect.Status.SENDING, lease_until__lt=now)
    rows = Effect.objects.filter(due | abandoned, kind=kind).order_by("due_at", "pk")
    return rows.select_for_update(skip_locked=True, of=("self",)).first()


def carry_out(pk: int, token: UUID) -> str:
    """Do it, in no transaction of ours, and write down what came of it; gives back the status, empty when it was no longer ours."""
    effect = Effect.objects.select_related("requested_by", "party").filter(pk=pk, lease_token=token, status=Effect.Status.SENDING).first()
    if effect is None:
        return ""
    with acting(by=effect.requested_by, correlation_id=effect.correlation_id):
        status = _try(effect, token)
        log.info("effect", extra={"effect": pk, "kind": effect.kind, "outcome": status, "attempt": effect.attempts})
    return status


def _try(effect: Effect, token: UUID) -> str:
    try:
        answer = SENDERS[effect.kind](effect)
    except RefusedForGood as refusal:
        return _end(effect.pk, token, Effect.Status.FAILED, Answer(str(refusal)))
    except TryLater as trouble:
        return _later(effect, token, str(trouble))
    except Exception as error:  # whatever a sender raises must not stop the others
        log.exception("Effect %s failed", effect.pk)
        return _later(effect, token, f"{type(error).__name__}: {error}")
    return _end(effect.pk, token, Effect.Status.SENT, answer)


def waiting_time(attempts: int) -> timedelta:
    """How long to wait after this many tries: doubling from a quarter of a minute to two hours, spread so that retries do not meet."""
    seconds = min(LONGEST_WAIT.total_seconds(), FIRST_WAIT.total_seconds() * 2.0 ** (attempts - 1))
    return timedelta(seconds=seconds * random.uniform(0.75, 1.25))  # noqa: S311 - spreading, not secrecy


def _later(effect: Effect, token: UUID, trouble: str) -> str:
    if effect.attempts >= MAX_ATTEMPTS:
        return _end(
            effect.pk,
            token,
            Effect.Status.FAILED,
            Answer(_("Given up after %(n)s tries: %(why)s") % {"n": effect.attempts, "why": trouble}),
        )
    return _end(effect.pk, token, Effect.Status.PENDING, Answer(trouble), due_at=timezone.now() + waiting_time(effect.attempts))


def _end(pk: int, token: UUID, status: str, answer: Answer, *, due_at: datetime | None = None) -> str:
    """One commit: the answer, the status, and the news for the timeline. Nothing when another worker took over meanwhile."""
    with transaction.atomic():
        effect = (
            Effect.objects.select_related("requested_by")
            .select_for_update(of=("self",))
            .filter(pk=pk, lease_token=token, status=Effect.Status.SENDING)
            .first()
        )
        if effect is None:
            return ""
        with acting(by=effect.requested_by, correlation_id=effect.correlation_id):
            tell_the_database()
            ended = {"ended_at": timezone.now()} if due_at is None else {"due_at": due_at}
            effect.move_to(status, lease_token=None, lease_until=None, answer=answer.words, **ended)
            _tell(effect, answer)
    return status


def _tell(effect: Effect, answer: Answer) -> None:
    if effect.kind != Effect.Kind.MAIL or effect.status == Effect.Status.PENDING:
        return
    facts = {
        "effect_id": effect.pk,
        "party_id": effect.party_id,
        "about_kind": effect.about_kind,
        "about_id": effect.about_id,
        "to": tuple(effect.recipients),
        "subject": effect.subject,
    }
    sent = effect.status == Effect.Status.SENT
    publish(MailSent(**facts, refused=answer.refused) if sent else MailFailed(**facts, reason=answer.words))  # type: ignore[arg-type]
