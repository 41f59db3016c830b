"""What is done with what waits: approved, declined, withdrawn, explained; and where the owner demands a second person."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.approvals.declaring import Arguments, Held, Told, held_called
from core.approvals.events import RequestApproved, RequestDeclined, RequestWithdrawn
from core.approvals.held import done, held, told_of, tried
from core.approvals.models import Approval, SecondPerson
from core.db import locked
from core.errors import Refused
from core.events.publishing import publish
from core.notifications.operations import notify_each
from core.people.models import User
from core.people.visibility import seen_of
from core.tokens.models import Token
from core.web.registry import url_of

TAKEN_WITHIN = timedelta(days=7)
"""So long something that only its maker may see can be taken once it was approved."""


class NotYours(Refused):
    """Somebody else decides."""

    title = gettext_lazy("Not yours to decide")
    status = 403


class AlreadyDecided(Refused):
    """What was decided stays decided."""


class NotAnyMore(Refused):
    """Who asked for it may not do it any more."""


class UnknownOperation(Refused):
    """This release does not know what was asked for."""


class ReasonMissing(Refused):
    """Who asked for it is told why not."""


class NothingToTake(Refused):
    """Nothing came of it that its maker has to take."""


class NobodyElse(Refused):
    """A second person cannot be demanded where there is none."""


class NotSwitched(Refused):
    """The rule is so already."""


def approve_request(approval: Approval, *, by: User) -> Approval:
    """Let it happen, now, in the name of who asked for it. What is refused now leaves it undecided."""
    with transaction.atomic():
        with locked(approval, by=by) as approval:
            one, given = _known(approval)
            _must_be_a_second_person(approval, one, by)
            if one.against is not None:
                one.against(by=by, **given)
            maker, told = _maker_of(approval, one), told_of(one, given)
        result = None
        if one.collected:  # its maker takes it: what comes of it is for no other eyes
            tried(one, given, maker)
        else:
            result = done(one, given, maker, by)
        with locked(approval, by=by) as approval:
            kind, pk = _named(result)
            _decide(approval, one, Approval.Status.APPROVED, told, by, result_kind=kind, result_id=pk)
            publish(RequestApproved(approval_id=approval.pk, operation=one.name, result_kind=kind, result_id=pk))
            words = (
                gettext_lazy("%(who)s approved: %(what)s. Take it within a week.")
                if one.collected
                else gettext_lazy("%(who)s approved: %(what)s")
            )
            _tell_the_maker(approval, words, by)
    return approval


def decline_request(approval: Approval, *, reason: str, by: User) -> Approval:
    """Let it not happen, and say why."""
    if not reason.strip():
        raise ReasonMissing(_("Say why, so that who asked knows what to do."), field="reason")
    with locked(approval, by=by) as approval:
        one = _operation_of(approval)
        _must_be_a_second_person(approval, one, by)
        _decide(approval, one, Approval.Status.DECLINED, _still_told(approval, one), by, declined_because=reason.strip())
        publish(RequestDeclined(approval_id=approval.pk, operation=approval.operation, reason=approval.declined_because))
        _tell_the_maker(approval, gettext_lazy("%(who)s declined: %(what)s"), by)
    return approval


def withdraw_request(approval: Approval, *, by: User) -> Approval:
    """Want it no longer: only who asked for it."""
    with locked(approval, by=by) as approval:
        _must_be_the_maker(approval, by)
        one = held_called(approval.operation)
        _decide(approval, one, Approval.Status.WITHDRAWN, _still_told(approval, one), by)
        publish(RequestWithdrawn(approval_id=approval.pk, operation=approval.operation))
    return approval


def explain_request(approval: Approval, *, words: str, by: User) -> Approval:
    """Say why it is wanted, to whoever checks it."""
    with locked(approval, by=by) as approval:
        _must_be_the_maker(approval, by)
        _must_be_open(approval)
        approval.words = words.strip()
        approval.save(update_fields=["words"])
    return approval


def take_result(approval: Approval, *, by: User) -> tuple[Approval, str]:
    """Have what was approved, for who asked for it alone: it is made now, and what is secret about it is given this once."""
    with transaction.atomic():
        with locked(approval, by=by) as approval:
            _must_be_the_maker(approval, by)
            one, given = _known(approval)
            if not may_be_taken(approval):
                raise NothingToTake(_("There is nothing to take, or not any more."), fix=_("Ask for it again."))
            maker = _maker_of(approval, one)
        made, secret = done(one, given, maker, approval.decided_by or by)
        with locked(approval, by=by) as approval:
            approval.result_kind, approval.result_id = _named(made)
            approval.save(update_fields=["result_kind", "result_id"])
    return approval, secret


def may_be_taken(approval: Approval) -> bool:
    """Whether its maker still has to take what was approved."""
    one = held_called(approval.operation)
    return bool(
        one is not None
        and one.collected
        and approval.status == Approval.Status.APPROVED
        and approval.result_id is None
        and approval.decided_at is not None
        and approval.decided_at > clock.now() - TAKEN_WITHIN
    )


def what_would_change(approval: Approval) -> list[dict[str, str]]:
    """What it would change as things are now; once it is decided, what was told to who decided. Raises Gone and Outdated."""
    if not approval.is_open:
        return list(approval.told)
    one, given = _known(approval)
    return told_of(one, given)


def as_seen(lines: Iterable[dict[str, str]], user: Any) -> list[dict[str, str]]:
    """The lines of what would change that somebody may see."""
    return [line for line in lines if not line["permission"] or (isinstance(user, User) and user.has_perm(line["permission"]))]


def may_decide(approval: Approval, user: User) -> bool:
    """Whether somebody may approve or decline it."""
    one = held_called(approval.operation)
    return bool(
        one is not None
        and approval.is_open
        and approval.asked_by_id != user.pk
        and user.kind == User.Kind.HUMAN
        and user.has_perm(one.needs)
    )


# -- Where a second person is demanded ---------------------------------------------------------------------------------
def _rule_told(rule: SecondPerson) -> list[Told]:
    return [Told(_("Second person"), _("Demanded"), _("Not demanded"))]


def _there_are_two(by: User, **_given: Any) -> bool:
    """Whether there is somebody else who could say yes: an owner alone decides alone."""
    return User.objects.who_may("approvals.approve_waiver").exclude(pk=by.pk).exists()


def demand_second(rule: SecondPerson, *, by: User) -> SecondPerson:
    """Let nobody do this alone any more. Refused while there is nobody who could check it."""
    with locked(rule, by=by) as rule:
        one = held_called(rule.operation)
        if one is None or one.always:
            raise UnknownOperation(_("This release does not know the operation %(name)s.") % {"name": rule.operation})
        if rule.demanded:
            raise NotSwitched(_("A second person is demanded already."))
        _must_have_two(one)
        rule.demanded = True
        rule.save(update_fields=["demanded"])
    return rule


@held(
    "approvals.waive_second",
    title=gettext_lazy("Do without a second person"),
    needs="approvals.approve_waiver",
    about="rule",
    tell=_rule_told,
    when=_there_are_two,
    always=True,
)
def waive_second(rule: SecondPerson, *, by: User) -> SecondPerson:
    """Let people do this alone again. Where there is another owner, they have to agree."""
    with locked(rule, by=by) as rule:
        if not rule.demanded:
            raise NotSwitched(_("No second person is demanded."))
        rule.demanded = False
        rule.save(update_fields=["demanded"])
    return rule


def _must_have_two(one: Held) -> None:
    makers = set(User.objects.who_may(one.permission).values_list("pk", flat=True))
    checkers = set(User.objects.who_may(one.needs).values_list("pk", flat=True))
    if not any(makers - {person} for person in checkers):
        raise NobodyElse(
            _("There are no two people of whom one does this and the other checks it: %(what)s.") % {"what": one.title},
            fix=_("Let somebody else in, in a role that may “%(right)s”.") % {"right": one.right},
        )


# -- Deciding ----------------------------------------------------------------------------------------------------------
def _operation_of(approval: Approval) -> Held:
    one = held_called(approval.operation)
    if one is None:
        raise UnknownOperation(
            _("This release does not know the operation %(name)s.") % {"name": approval.operation}, fix=_("Have it withdrawn.")
        )
    return one


def _known(approval: Approval) -> tuple[Held, Arguments]:
    one = _operation_of(approval)
    return one, one.given(approval.arguments)


def _still_told(approval: Approval, one: Held | None) -> list[dict[str, str]]:
    """What it would have changed; as it was told when it was asked for, where nobody can say any more."""
    try:
        return told_of(one, one.given(approval.arguments)) if one is not None else list(approval.told)
    except Refused:
        return list(approval.told)


def _decide(approval: Approval, one: Held | None, status: str, told: list[dict[str, str]], by: User, **together: object) -> None:
    _must_be_open(approval)
    arguments = one.without_hashes(approval.arguments) if one is not None else approval.arguments
    approval.move_to(status, decided_by=by, decided_at=clock.now(), told=told, arguments=arguments, **together)


def _tell_the_maker(approval: Approval, words: Any, by: User) -> None:
    notify_each(
        [approval.asked_by],
        lambda: str(words) % {"who": by.name, "what": approval},
        url=url_of(approval),
        icon="stamp",
        key=f"decided:{approval.pk}",
        but=by,
    )


def _named(result: Any) -> tuple[str, int | None]:
    """The record that came of it."""
    return (result._meta.label_lower, result.pk) if isinstance(result, Model) else ("", None)


def _maker_of(approval: Approval, one: Held) -> User:
    """Who asked for it, with the rights they have now."""
    maker = User.objects.get(pk=approval.asked_by_id)
    seen = approval.object_id is None or bool(seen_of(approval.kind, [approval.object_id], maker))
    if not (maker.is_active and maker.has_perm(one.permission) and seen):
        raise NotAnyMore(
            _("%(who)s asked for this and may not do it any more.") % {"who": maker.name}, fix=_("Decline it; who may do it asks again.")
        )
    return maker


def _must_be_open(approval: Approval) -> None:
    if not approval.is_open:
        raise AlreadyDecided(_("%(what)s: that is %(state)s.") % {"what": approval, "state": approval.get_status_display().lower()})


def _must_be_the_maker(approval: Approval, by: User) -> None:
    if approval.asked_by_id != by.pk:
        raise NotYours(_("Only who asked for it may do this."), fix=_("Decline it, if you may check it."))


def _must_be_a_second_person(approval: Approval, one: Held, by: User) -> None:
    _must_be_open(approval)
    if approval.asked_by_id == by.pk:
        raise NotYours(_("You asked for this yourself."), fix=_("Somebody else decides."))
    if by.kind != User.Kind.HUMAN or not by.has_perm(one.needs):
        raise NotYours(_("You may not decide about this."), fix=_("It needs somebody who may “%(right)s”.") % {"right": one.right})
    if Token.objects.filter(user=approval.asked_by_id, made_by=by).exists():
        raise NotYours(_("%(who)s speaks with a token of yours.") % {"who": approval.asked_by.name}, fix=_("Somebody else decides."))
