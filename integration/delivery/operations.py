"""What an operator does: let a dead delivery run again or give it up, stop a handler and let it go on."""

from django.utils import timezone
from django.utils.translation import gettext as _

from core import clock
from core.db import locked
from core.errors import Refused
from core.events.listening import HANDLERS
from core.events.models import Delivery, HandlerPause, SkipRequest
from core.notifications.operations import notify_each
from core.people.models import User
from core.web.registry import url_for
from integration.delivery import lines
from integration.words import handler_in_words


class NotDead(Refused):
    """Only a dead delivery is retried or skipped by hand."""


class SecondPersonNeeded(Refused):
    """What is in the books is not given up by one person alone."""


class AskedAlready(Refused):
    """A skip is asked for once at a time."""


class ReasonMissing(Refused):
    """Whoever skips a delivery or stops a handler says why, for those who come after."""


class UnknownHandler(Refused):
    """No handler has this name."""


class AlreadyPaused(Refused):
    """A handler is paused once."""


class NotPaused(Refused):
    """Only a pause that still holds is ended."""


def retry_delivery(delivery: Delivery, *, by: User) -> Delivery:
    """Let a dead delivery run again, and its followers after it."""
    with locked(delivery, by=by) as delivery:
        _must_be_dead(delivery)
        delivery.status, delivery.attempts, delivery.available_at = Delivery.Status.PENDING, 0, timezone.now()
        delivery.save(update_fields=["status", "attempts", "available_at"])
    return delivery


def skip_delivery(delivery: Delivery, *, reason: str, by: User) -> Delivery:
    """Give a dead delivery up for good, with a reason, and let its followers go on. Not where its work is in the books: see ``ask_to_skip``."""
    with locked(delivery, by=by) as delivery:
        _must_be_dead(delivery)
        if is_in_the_books(delivery):
            raise SecondPersonNeeded(
                _("Its work is in the books: nobody skips it alone."), fix=_("Ask to skip it; somebody else approves.")
            )
        _skip(delivery, _reason(reason), by)
    return delivery


def ask_to_skip(delivery: Delivery, *, reason: str, by: User) -> SkipRequest:
    """Ask a second person to give a dead delivery up whose work is in the books."""
    with locked(delivery, by=by) as delivery:
        _must_be_dead(delivery)
        if delivery.skip_requests.undecided().exists():
            raise AskedAlready(_("That is asked for already."), fix=_("Ask somebody to look at it."))
        request = SkipRequest.objects.create(delivery=delivery, reason=_reason(reason), asked_by=by)
        notify_each(
            User.objects.who_may("events.approve_skip"),
            lambda: (
                _("%(who)s wants to skip “%(handler)s”: %(reason)s")
                % {"who": by.name, "handler": handler_in_words(delivery.handler), "reason": reason}
            ),
            url=url_for("events.skiprequest", request.pk),
            icon="skip-forward",
            key=f"skip:{request.pk}",
            but=by,
        )
    return request


def approve_skip(request: SkipRequest, *, by: User) -> SkipRequest:
    """Give the delivery up, on the word of two people, and let its followers go on."""
    with locked(request, Delivery.objects.filter(pk=request.delivery_id), by=by) as (request, deliveries):
        _must_be_a_second_person(request, by)
        _must_be_dead(deliveries[0])
        request.move_to(SkipRequest.Status.APPROVED, decided_by=by, decided_at=clock.now())
        _skip(deliveries[0], request.reason, request.asked_by)
    return request


def decline_skip(request: SkipRequest, *, by: User) -> SkipRequest:
    """The delivery stays as it is."""
    with locked(request, by=by) as request:
        _must_be_a_second_person(request, by)
        request.move_to(SkipRequest.Status.DECLINED, decided_by=by, decided_at=clock.now())
    return request


def is_in_the_books(delivery: Delivery) -> bool:
    """Whether its handler acts in finance; of one this release does not know, nobody can tell."""
    handler = HANDLERS.get(delivery.handler)
    return handler is None or "finance" in handler.acts_in


def pause_handler(*, handler: str, reason: str, by: User) -> HandlerPause:
    """Stop a handler: what it has begun ends, everything else waits as it is until somebody lets it go on."""
    if handler not in HANDLERS or HANDLERS[handler].same_commit:
        raise UnknownHandler(_("No handler is called %(name)s.") % {"name": handler}, field="handler")
    if not reason.strip():
        raise ReasonMissing(_("Say why this handler is stopped."), field="reason")
    with locked(by=by):
        lines.lock_handler(handler)
        if HandlerPause.objects.active().filter(handler=handler).exists():
            raise AlreadyPaused(_("%(name)s is paused already.") % {"name": handler}, field="handler")
        return HandlerPause.objects.create(handler=handler, reason=reason.strip(), paused_by=by)


def resume_handler(pause: HandlerPause, *, by: User) -> HandlerPause:
    """End a pause: everything that waited for the handler goes on, in order."""
    with locked(pause, by=by) as pause:
        if pause.ended_at is not None:
            raise NotPaused(_("%(name)s goes on already.") % {"name": pause.handler})
        lines.lock_handler(pause.handler)
        pause.ended_at, pause.ended_by = clock.now(), by
        pause.save(update_fields=["ended_at", "ended_by"])
        lines.let_on(pause.handler)
    return pause


def _skip(delivery: Delivery, reason: str, by: User) -> None:
    delivery.status, delivery.skipped_by, delivery.skipped_because = Delivery.Status.SKIPPED, by, reason
    delivery.save(update_fields=["status", "skipped_by", "skipped_because"])
    lines.leave(delivery)


def _reason(text: str) -> str:
    if not text.strip():
        raise ReasonMissing(_("Say why this delivery is skipped."), field="reason")
    return text.strip()


def _must_be_a_second_person(request: SkipRequest, by: User) -> None:
    if request.asked_by_id == by.pk:
        raise SecondPersonNeeded(_("You asked for it yourself."), fix=_("Somebody else decides."))


def _must_be_dead(delivery: Delivery) -> None:
    if delivery.status != Delivery.Status.DEAD:
        raise NotDead(_("This delivery is %(status)s.") % {"status": delivery.get_status_display().lower()})
