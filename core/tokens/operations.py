"""What is done with tokens: issued, used, revoked; and with the services that have no password."""

from collections.abc import Sequence
from datetime import timedelta

from django.contrib.auth.models import Permission
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.approvals.declaring import Told
from core.approvals.held import held
from core.db import locked
from core.errors import Refused
from core.people.holding import named
from core.people.models import User
from core.people.operations import check_may_give, roles_called
from core.people.reshaping import check_holds
from core.people.telling import roles_given
from core.tokens.models import Token, TokenUse

LONGEST = 366
TRUE_TO = timedelta(minutes=1)


class UnknownScope(Refused):
    """No permission goes by that name, or the owner does not hold it."""


class NotYours(Refused):
    """The token belongs to somebody else."""

    title = _("Not yours")
    status = 403


class NoService(Refused):
    """Only services get tokens from others; people make their own."""


class ServiceExists(Refused):
    """Two services of one name could not be told apart."""


def issue_token(*, name: str, days: int = 90, scopes: Sequence[str] = (), by: User) -> tuple[Token, str]:
    """Let a program act for oneself, for so many days, with these permissions (all of one's own when none is named). The secret is shown once."""
    return _issue(by, name=name, days=days, scopes=scopes, by=by)


def service_told(*, name: str, roles: Sequence[str]) -> list[Told]:
    """A service that would act."""
    return [Told(_("Service"), after=name), *roles_given(roles)]


def token_told(*, service: User, name: str, days: int = 90, scopes: Sequence[str] = ()) -> list[Told]:
    """A token that would let a program act as a service."""
    may = ", ".join(scopes) or _("Everything its owner may")
    return [
        Told(_("Service"), after=service.name),
        Told(_("Program"), after=name),
        Told(_("Ends after"), after=_("%(count)s days") % {"count": min(days, LONGEST)}),
        Told(_("May do"), after=may),
    ]


@held(
    "tokens.issue_service_token",
    title=gettext_lazy("Let a program act as a service"),
    needs="tokens.approve_service",
    about="service",
    tell=token_told,
    collected=True,
)
def issue_service_token(service: User, *, name: str, days: int = 90, scopes: Sequence[str] = (), by: User) -> tuple[Token, str]:
    """Let a program act as a service. Nobody lets a program do what they may not do themselves."""
    if service.kind != User.Kind.SERVICE:
        raise NoService(_("%(name)s is a person.") % {"name": service.name}, fix=_("People make their own tokens."), field="service")
    check_holds(by, scopes or held_by(service))
    return _issue(service, name=name, days=days, scopes=scopes, by=by)


def revoke_token(token: Token, *, by: User) -> Token:
    """End a token now: one's own, or as somebody who may end everybody's."""
    if token.user_id != by.pk and not by.has_perm("tokens.revoke_token"):
        raise NotYours(_("This is somebody else's token."), fix=_("Ask whoever looks after the system."))
    with locked(token, by=by) as token:
        if token.revoked_at is None:
            token.revoked_at = clock.now()
            token.save(update_fields=["revoked_at"])
    return token


@held(
    "tokens.create_service",
    title=gettext_lazy("Create a service"),
    needs="tokens.approve_service",
    when=lambda roles, **_given: bool(roles),
    tell=service_told,
    named=lambda name, **_given: name,
)
def create_service(*, name: str, roles: Sequence[str], by: User) -> User:
    """Let something act that is nobody: it has roles and tokens, and never signs in."""
    email = f"{slugify(name)[:60] or 'service'}@service.invalid"
    with locked(by=by):
        if User.objects.filter(email=email).exists():
            raise ServiceExists(_("There is a service of that name."), fix=_("Choose another name."), field="name")
        service = User(email=email, name=name, kind=User.Kind.SERVICE)
        service.set_unusable_password()
        service.save()
        given = roles_called(roles)
        check_may_give(given, by)
        service.groups.set([role.group for role in given])
    return service


def note_use(token: Token, *, address: str, program: str) -> None:
    """Remember that a token was used, to the minute."""
    now, known = clock.now(), getattr(token, "use", None)
    if known is not None and now - known.used_at < TRUE_TO:
        return
    use = TokenUse(token=token, used_at=now, address=address or None, program=program[:200])
    TokenUse.objects.bulk_create([use], update_conflicts=True, unique_fields=["token"], update_fields=["used_at", "address", "program"])


def _issue(owner: User, *, name: str, days: int, scopes: Sequence[str], by: User) -> tuple[Token, str]:
    missing = sorted(set(scopes) - held_by(owner))
    if missing:
        raise UnknownScope(
            _("%(owner)s has no permission %(scope)s.") % {"owner": owner.name, "scope": missing[0]},
            fix=_("Name permissions the owner holds."),
            field="scopes",
        )
    with locked(by=by):
        return Token.objects.issue(owner, name, days=min(days, LONGEST), scopes=sorted(set(scopes)), made_by=by)


def held_by(owner: User) -> set[str]:
    """The permissions somebody holds by their roles, as ``sales.confirm_order``."""
    rows = Permission.objects.all()
    if not owner.is_superuser:
        rows = rows.filter(group__user=owner)
    return set(named(rows).values_list("full", flat=True))
