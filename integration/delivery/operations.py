"""What an operator does: let a dead delivery run again or give it up, stop a handler and let it go on."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.approvals.declaring import Told
from core.approvals.held import held
from core.db import locked
from core.errors import Refused
from core.events.listening import HANDLERS
from core.events.models import Delivery, HandlerPause
from core.people.models import User
from integration.customer360.timeline import title_of
from integration.delivery import lines
from integration.words import handler_in_words


class NotDead(Refused):
    """Only a dead delivery is retried or skipped by hand."""


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


def skip_told(*, delivery: Delivery, reason: str) -> list[Told]:
    """A delivery that would be given up: what its handler does, because of what, and how it failed."""
    return [
        Told(_("Handler"), after=handler_in_words(delivery.handler)),
        Told(_("Because"), after=title_of(delivery.record)),
        Told(_("State"), str(delivery.get_status_display()), str(Delivery.Status.SKIPPED.label)),
        Told(_("Why"), after=reason),
        Told(_("Last error"), before=delivery.last_error),
    ]


@held(
    "events.skip_delivery",
    title=gettext_lazy("Skip a delivery whose work is in the books"),
    needs="events.approve_skip",
    about="delivery",
    named=lambda delivery, **_given: handler_in_words(delivery.handler),
    when=lambda delivery, **_given: is_in_the_books(delivery),
    tell=skip_told,
    words="reason",
    always=True,
)
def skip_delivery(delivery: Delivery, *, reason: str, by: User) -> Delivery:
    """Give a dead delivery up for good, with a reason, and let its followers go on. Where its work is in the books, two people do it."""
    with locked(delivery, by=by) as delivery:
        _must_be_dead(delivery)
        _skip(delivery, _reason(reason), by)
    return delivery


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


def _must_be_dead(delivery: Delivery) -> None:
    if delivery.status != Delivery.Status.DEAD:
        raise NotDead(_("This delivery is %(status)s.") % {"status": delivery.get_status_display().lower()})
