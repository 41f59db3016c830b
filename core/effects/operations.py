"""What is done with effects: asked for, tried again by hand, called off."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.validators import validate_email
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from core import clock
from core.db import locked
from core.effects.events import MailRequested
from core.effects.models import Effect
from core.errors import Refused
from core.events.cause import acting, current_cause
from core.events.publishing import publish
from core.files.operations import keep_file
from core.parties.models import Party
from core.people.models import User
from core.sealing import seal

HIDDEN = "\N{BULLET}" * 12
"""Stands where a secret of an e-mail stands, for everybody but the one who gets it."""

MOST_RECIPIENTS = 20
"""More than a letter to a customer needs; a mailing is another thing."""

_wakers: list[Callable[[str], None]] = []


class BadRecipient(Refused):
    """An e-mail that nobody would get."""


class BadSubject(Refused):
    """An e-mail needs one line that says what it is about."""


class NotFailed(Refused):
    """Only what was given up is tried again by hand."""


@dataclass(frozen=True)
class Enclosure:
    """A file that goes with an e-mail."""

    name: str
    content: bytes
    media_type: str = "application/pdf"


def wake_with(waker: Callable[[str], None]) -> None:
    """Call ``waker`` with the kind after a commit that asked for an effect. It is a hint to the workers: it may fail, nothing is lost."""
    _wakers.append(waker)


def wake(kind: str) -> None:
    """Have the workers look for effects of this kind after the commit."""
    transaction.on_commit(partial(_wake, kind))


def request_effect(
    kind: str, payload: dict[str, Any], *, key: str, about: models.Model | None = None, party: Party | None = None, by: User
) -> Effect:
    """Ask for something outside to be done, in the caller's transaction. The same key twice is one effect, the first."""
    if not connection.in_atomic_block:
        raise RuntimeError("request_effect() belongs inside the operation's transaction.")
    effect, is_new = Effect.objects.get_or_create(
        idempotency_key=key,
        defaults={
            "kind": kind,
            "payload": payload,
            "about_kind": about._meta.label_lower if about is not None else "",
            "about_id": about.pk if about is not None else None,
            "party": party,
            "requested_by": by,
            "correlation_id": current_cause().correlation_id or uuid4(),
        },
    )
    if is_new:
        wake(kind)
    return effect


def request_mail(
    *,
    to: Sequence[str],
    subject: str,
    body: str,
    cc: Sequence[str] = (),
    enclosures: Sequence[Enclosure] = (),
    secret: str = "",
    key: str,
    about: models.Model | None = None,
    party: Party | None = None,
    by: User,
) -> Effect:
    """Ask for an e-mail to be sent, in the caller's transaction. Answers go to ``by``; the Message-ID follows from the key.

    ``secret`` is a part of the body (a link that opens a door) which only the recipient reads: it is kept sealed.
    """
    subject, recipients, copies = subject.strip(), _addresses(to, "to"), _addresses(cc, "cc")
    if not recipients:
        raise BadRecipient(_("The e-mail goes to nobody."), fix=_("Write at least one address."), field="to")
    if len(recipients) + len(copies) > MOST_RECIPIENTS:
        raise BadRecipient(_("An e-mail goes to at most %(most)s addresses.") % {"most": MOST_RECIPIENTS}, field="cc")
    if not subject or len(subject.splitlines()) > 1 or len(subject) > 200:
        raise BadSubject(_("The subject is one line of at most 200 letters."), field="subject")
    known = Effect.objects.filter(idempotency_key=key).first()
    if known is not None:
        return known
    payload: dict[str, Any] = {
        "to": recipients,
        "cc": [address for address in copies if address not in recipients],
        "subject": subject,
        "body": body.replace(secret, HIDDEN) if secret else body,
        "reply_to": by.email if by.kind == User.Kind.HUMAN else "",
        "message_id": message_id(key),
    }
    if secret:
        payload["sealed"] = seal(secret)
    effect = request_effect(Effect.Kind.MAIL, payload, key=key, about=about, party=party, by=by)
    for enclosure in enclosures:
        keep_file("effects.effect", effect.pk, enclosure.name, ContentFile(enclosure.content), enclosure.media_type, by=by)
    with acting(by=by, correlation_id=effect.correlation_id):
        publish(
            MailRequested(
                effect_id=effect.pk,
                party_id=effect.party_id,
                about_kind=effect.about_kind,
                about_id=effect.about_id,
                to=tuple(effect.recipients),
                subject=subject,
            )
        )
    return effect


def message_id(key: str) -> str:
    """The Message-ID of the e-mail with this key: however often it is sent, it is the same e-mail, and answers find their way."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "satu.invalid"
    return f"<{uuid5(NAMESPACE_URL, f'satu:{domain}:{key}').hex}@{domain}>"


def retry_effect(effect: Effect, *, by: User) -> Effect:
    """Try once more what was given up, from now on as often as a new one."""
    with locked(effect, by=by) as effect:
        if effect.status != Effect.Status.FAILED:
            raise NotFailed(_("It is %(status)s.") % {"status": effect.get_status_display().lower()})
        effect.move_to(Effect.Status.PENDING, attempts=0, due_at=clock.now(), ended_at=None)
        wake(effect.kind)
    return effect


def cancel_effect(effect: Effect, *, by: User) -> Effect:
    """Call off what has not left yet."""
    with locked(effect, by=by) as effect:
        effect.move_to(Effect.Status.CANCELLED, ended_at=clock.now())
    return effect


def _addresses(given: Sequence[str], field: str) -> list[str]:
    found = list(dict.fromkeys(address.strip() for address in given if address.strip()))
    for address in found:
        try:
            validate_email(address)
        except ValidationError as error:
            raise BadRecipient(_("%(address)s is no e-mail address.") % {"address": address}, field=field) from error
    return found


def _wake(kind: str) -> None:
    for waker in _wakers:
        waker(kind)
