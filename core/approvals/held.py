"""Operations that wait for a second person where the owner demands one: ``held`` is put on them, everything else follows."""

import inspect
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import asdict
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.approvals.declaring import HELD, Arguments, Held, Told
from core.approvals.events import RequestAsked
from core.approvals.models import Approval, SecondPerson
from core.db import locked, undone_together
from core.errors import Refused, Text, WaitsForSecond
from core.events.cause import current_cause
from core.events.publishing import publish
from core.notifications.operations import notify_each
from core.people.models import User
from core.people.visibility import seen_of
from core.web.registry import url_of

LONGEST_WORDS = 500

P = ParamSpec("P")
Result = TypeVar("Result")


class NobodyToCheck(Refused):
    """A second person is demanded, and there is none."""


class AskedAlready(Refused):
    """One thing is asked for once at a time."""


_checker: ContextVar[User | None] = ContextVar("satu_checker", default=None)


def held(
    name: str,
    *,
    title: Text,
    needs: str,
    tell: Callable[..., Sequence[Told]],
    permission: str = "",
    about: str = "",
    named: Callable[..., str] | None = None,
    when: Callable[..., bool] | None = None,
    words: str = "",
    against: Callable[..., None] | None = None,
    always: bool = False,
    hashed: tuple[str, ...] = (),
    collected: bool = False,
) -> Callable[[Callable[P, Result]], Callable[P, Result]]:
    """Let an operation wait for a second person where one is demanded (``core.approvals`` says what each word means)."""

    def decorate(operation: Callable[P, Result]) -> Callable[P, Result]:
        one = Held(
            name=name,
            title=title,
            operation=operation,
            permission=permission or name,
            needs=needs,
            tell=tell,
            about=about,
            named=named,
            when=when,
            words=words,
            against=against,
            always=always,
            hashed=hashed,
            collected=collected,
        )
        HELD[name] = one
        signature = inspect.signature(operation)

        @wraps(operation)
        def call(*args: P.args, **kwargs: P.kwargs) -> Result:
            given: Arguments = dict(signature.bind(*args, **kwargs).arguments)
            by: User = given.pop("by")
            if _goes_ahead(one, given, by):
                return operation(*args, **kwargs)
            approval = _ask(one, given, by)
            raise WaitsForSecond(
                _("This waits for a second person now: %(what)s.") % {"what": approval},
                fix=_("Who may check it has been told."),
                link=url_of(approval),
                approval=approval,
            )

        call.held = one  # type: ignore[attr-defined]
        return call

    return decorate


def checker() -> User | None:
    """Who checked what is done now; None where nobody had to."""
    return _checker.get()


def done(one: Held, given: Arguments, maker: User, checked_by: User) -> Any:
    """Make a call in the name of who asked for it, now that somebody else has checked it; gives back what comes of it."""
    token = _checker.set(checked_by)
    try:
        return one.operation(**given, by=maker)
    finally:
        _checker.reset(token)


def tried(one: Held, given: Arguments, by: User) -> None:
    """Make a call and take all of it back: raises what it would be refused for."""
    with transaction.atomic(), undone_together(None):  # what is told to the database inside is taken back, too
        one.operation(**given, by=by)
        transaction.set_rollback(True)


def is_demanded(name: str) -> bool:
    """Whether the owner demands a second person for an operation."""
    return SecondPerson.objects.filter(operation=name, demanded=True).exists()


def may_check(one: Held, given: Arguments, person: User) -> bool:
    """Whether somebody with the permission may check this call: it is about a record they see, and not about themselves."""
    record = one.record(given)
    if record is not None and not seen_of(record._meta.label_lower, [record.pk], person):
        return False
    try:
        if one.against is not None:
            one.against(by=person, **given)
    except Refused:
        return False
    return True


def checkers_of(one: Held, given: Arguments, maker: User) -> list[User]:
    """Who may check a call of somebody's."""
    people = User.objects.who_may(one.needs).exclude(pk=maker.pk).order_by("pk")
    return [person for person in people if may_check(one, given, person)]


def told_of(one: Held, given: Arguments) -> list[dict[str, str]]:
    """What a call would change, in words, as it is kept."""
    return [{name: str(value) for name, value in asdict(line).items()} for line in one.tell(**given)]


def _goes_ahead(one: Held, given: Arguments, by: User) -> bool:
    return by.is_the_house or not (one.always or is_demanded(one.name)) or not one.concerns(given, by)


def _ask(one: Held, given: Arguments, by: User) -> Approval:
    """Write down what somebody wants to do, once it is known that it could be done, and tell whoever may check it."""
    facts = one.kept(given)
    with transaction.atomic():
        tried(one, given, by)
        people = checkers_of(one, given, by)
        if not people:
            raise NobodyToCheck(
                _("A second person has to check this, and there is nobody but you: %(what)s.") % {"what": one.title},
                fix=_("Give somebody a role that may “%(right)s”, or have the owner do without a second person.") % {"right": one.right},
            )
        record = one.record(given)
        with locked(by=by):
            approval = _written_down(
                Approval(
                    operation=one.name,
                    arguments=facts,
                    kind=record._meta.label_lower if record is not None else "",
                    object_id=record.pk if record is not None else None,
                    subject=one.subject(given),
                    told=told_of(one, given),
                    words=str(given.get(one.words) or "")[:LONGEST_WORDS] if one.words else "",
                    asked_by=by,
                )
            )
            notify_each(
                people,
                lambda: _("%(who)s asks you to check: %(what)s") % {"who": by.name, "what": approval},
                url=url_of(approval),
                icon="stamp",
                key=f"asked:{one.name}:{current_cause().correlation_id}",  # who asks for many things at once is heard once
            )
            publish(RequestAsked(approval_id=approval.pk, operation=one.name))
    return approval


def _written_down(approval: Approval) -> Approval:
    try:
        with transaction.atomic():
            approval.save()
    except IntegrityError as error:
        if "a_deed_is_asked_for_once" not in str(error):
            raise
        known = Approval.objects.undecided().filter(operation=approval.operation, kind=approval.kind, object_id=approval.object_id).first()
        raise AskedAlready(
            _("That waits for a second person already: %(what)s.") % {"what": approval},
            fix=_("Ask somebody to look at it."),
            link=url_of(known),
        ) from error
    return approval
