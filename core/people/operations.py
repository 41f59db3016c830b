"""What is done with users: created, given roles, shut out."""

from collections.abc import Sequence

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.approvals.held import held
from core.db import locked
from core.errors import Refused
from core.events.publishing import publish
from core.people.door.mail import tell_of_change
from core.people.door.sessions import shut_out
from core.people.events import AccessEnded, RolesChanged
from core.people.models import CompanyRole, User
from core.people.passwords import Hashed
from core.people.reshaping import check_holds
from core.people.roles import Role
from core.people.telling import person_told, roles_told
from core.people.zones import known_zones

MOST_HINTS = 200


class EmailTaken(Refused):
    """Two people cannot sign in with one address."""


class WeakPassword(Refused):
    """The password is one that others guess."""


class WrongPassword(Refused):
    """Only who knows the old password makes a new one."""


class UnknownZone(Refused):
    """No clock on earth goes by that name."""


class OwnRights(Refused):
    """Nobody changes their own rights."""


class UnknownRole(Refused):
    """There is no such role, or not any more."""


class LastOwner(Refused):
    """A company without an owner could never be opened again."""


def _is_not_about(*, user: User, by: User, roles: Sequence[str]) -> None:
    if user.pk == by.pk:
        raise OwnRights(_("It is about your own roles."), fix=_("Another owner decides."))


@held(
    "people.create_user",
    title=gettext_lazy("Let somebody in"),
    needs="people.approve_roles",
    when=lambda roles, **_given: bool(roles),
    tell=person_told,
    named=lambda name, **_given: name,
    hashed=("password",),
)
def create_user(*, email: str, name: str, roles: Sequence[str], password: str | None, job_title: str = "", by: User) -> User:
    """Let somebody in, with the roles they work in. Without a password they exist but cannot sign in yet."""
    with locked(by=by):
        if User.objects.filter(email__iexact=email).exists():
            raise EmailTaken(_("Somebody signs in with %(email)s already.") % {"email": email}, field="email")
        user = User(email=email.lower(), name=name, job_title=job_title, is_staff=bool(roles))
        if password is None:
            user.set_unusable_password()
        elif isinstance(password, Hashed):  # it was checked when it was chosen, and has waited since
            user.password = str(password)
        else:
            _check_password(password, user)
            user.set_password(password)
        user.save()
        given = roles_called(roles)
        check_may_give(given, by)
        user.groups.set([role.group for role in given])
    return user


@held(
    "people.change_roles",
    title=gettext_lazy("Change somebody's roles"),
    needs="people.approve_roles",
    about="user",
    tell=roles_told,
    against=_is_not_about,
)
def change_roles(user: User, roles: Sequence[str], *, by: User) -> User:
    """Decide what somebody may do from now on. Nobody decides it for themselves."""
    if user.pk == by.pk:
        raise OwnRights(_("You cannot change your own roles."), fix=_("Ask another owner."))
    with locked(user, User.objects.filter(groups__name=Role.OWNER, is_active=True), by=by) as (user, owners):
        if Role.OWNER not in roles:
            _keep_an_owner(user, owners)
        wanted = {role.key: role for role in roles_called(roles)}
        before = {role.key: role for role in CompanyRole.objects.named().filter(group__user=user)}
        changed = wanted.keys() ^ before.keys()
        check_may_give([(wanted | before)[key] for key in changed], by)
        user.groups.set([role.group for role in wanted.values()])
        user.is_staff = bool(roles)
        user.save(update_fields=["is_staff"])
        if changed:
            given, taken = sorted(wanted.keys() - before.keys()), sorted(before.keys() - wanted.keys())
            publish(RolesChanged(user_id=user.pk, roles=tuple(sorted(wanted)), given=tuple(given), taken=tuple(taken)))
    return user


def deactivate_user(user: User, *, by: User) -> User:
    """End somebody's access: no sign-in, no open session, no API token from now on."""
    if user.pk == by.pk:
        raise OwnRights(_("You cannot end your own access."), fix=_("Ask another owner."))
    with locked(user, User.objects.filter(groups__name=Role.OWNER, is_active=True), by=by) as (user, owners):
        _keep_an_owner(user, owners)
        user.is_active = False
        user.save(update_fields=["is_active"])
        user.auth_token_set.filter(revoked_at=None).update(revoked_at=clock.now())
        shut_out(user)
        publish(AccessEnded(user_id=user.pk, name=user.name, email=user.email))
    return user


def change_password(user: User, *, old: str, password: str, by: User) -> User:
    """A new password, for those who know the old."""
    if not user.check_password(old):
        raise WrongPassword(_("That is not your password."), fix=_("Forgotten? Sign out, and have a new one sent."), field="old")
    return set_password(user, password=password, by=by)


def set_password(user: User, *, password: str, by: User) -> User:
    """A new password; whoever came in with the old one is signed out, everywhere."""
    _check_password(password, user)
    with locked(user, by=by) as user:
        user.set_password(password)
        user.save(update_fields=["password"])
        shut_out(user)
        tell_of_change(user, _("Your password was changed."))
    return user


def change_preferences(
    user: User, *, name: str | None = None, language: str | None = None, theme: str | None = None, time_zone: str | None = None, by: User
) -> User:
    """How somebody wants to be called, and to see their screens; what is not said stays. ``time_zone`` "" is the company's."""
    if time_zone and time_zone not in known_zones():
        raise UnknownZone(_("%(zone)s is no time zone.") % {"zone": time_zone}, fix=_("Write it like Asia/Jakarta."), field="time_zone")
    wanted = {"name": name, "language": language, "theme": theme, "time_zone": time_zone}
    said = {field: value for field, value in wanted.items() if value is not None}
    with locked(user, by=by) as user:
        for field, value in said.items():
            setattr(user, field, value)
        user.save(update_fields=list(said))
    return user


def put_away(user: User, hint: str, *, by: User) -> User:
    """Somebody has understood a hint, or done a first step: it is not shown again."""
    with locked(user, by=by) as user:
        if hint not in user.dismissed:
            user.dismissed = [*user.dismissed, hint][-MOST_HINTS:]
            user.save(update_fields=["dismissed"])
    return user


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WeakPassword(" ".join(error.messages), field="password") from error


def roles_called(keys: Sequence[str]) -> list[CompanyRole]:
    """The roles that go by these names, none of them retired."""
    found = {role.key: role for role in CompanyRole.objects.named().in_use().filter(group__name__in=keys)}
    unknown = next((key for key in keys if key not in found), None)
    if unknown is not None:
        raise UnknownRole(_("There is no role called %(role)s.") % {"role": unknown}, field="roles")
    return list(found.values())


def check_may_give(roles: Sequence[CompanyRole], by: User) -> None:
    """Nobody makes somebody else more, or less, than they are themselves."""
    held = Group.objects.filter(pk__in=[role.group_id for role in roles], permissions__isnull=False)
    check_holds(by, {f"{app}.{code}" for app, code in held.values_list("permissions__content_type__app_label", "permissions__codename")})


def _keep_an_owner(user: User, owners: list[User]) -> None:
    if [owner.pk for owner in owners] == [user.pk]:
        raise LastOwner(_("%(name)s is the only owner.") % {"name": user.name}, fix=_("Make somebody else an owner first."))
