"""What is done with roles: made, changed, put back to the standard, retired. Nobody raises their own rights by any of it."""

from collections.abc import Collection, Iterable, Mapping

from django.contrib.auth.models import Group, Permission
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.approvals.held import held
from core.db import locked
from core.errors import Refused
from core.events.publishing import publish
from core.people.events import RoleRetired, RoleUpdated
from core.people.granting import rights_of, standard_rights, write_rights
from core.people.models import CompanyRole, Reach, User
from core.people.roles import permission_modules
from core.people.telling import reset_told, restored_told, role_told
from core.people.visibility import WIDTH, reach_of, scopes


class OwnRole(Refused):
    """Nobody changes a role they work in."""


class FixedRole(Refused):
    """The owner may always do everything, the auditor always see everything."""


class MoreThanOneHas(Refused):
    """Nobody gives what they do not hold themselves."""


class NoSuchRight(Refused):
    """No module knows this permission."""


class NoSuchReach(Refused):
    """Such records are not narrowed, or not so."""


class RoleNameTaken(Refused):
    """Two roles cannot be called the same."""


class RoleInUse(Refused):
    """Somebody works in it."""


class RoleIsRetired(Refused):
    """A retired role does not change."""


def _changes_what_it_may(
    *, role: CompanyRole, rights: Collection[str] | None = None, reaches: Mapping[str, str] | None = None, **_given: object
) -> bool:
    """Whether it is about more than what a role is called."""
    now = rights_of(role, _standard(role)) & choosable()
    other_rights = rights is not None and frozenset(rights) & choosable() != now
    return other_rights or any(reach != role.reaches.get(noun, Reach.ALL) for noun, reach in (reaches or {}).items())


def _is_not_ones_own(*, role: CompanyRole, by: User, **_given: object) -> None:
    if by.groups.filter(pk=role.group_id).exists():
        raise OwnRole(
            _("You work in %(role)s, and nobody decides about their own rights.") % {"role": role.name}, fix=_("Another owner decides.")
        )


def create_role(
    *, name: str, meaning: str = "", rights: Collection[str] = (), reaches: Mapping[str, str] | None = None, by: User
) -> CompanyRole:
    """Make a role of the company's own, with what it may do and how far it sees."""
    wanted = frozenset(rights)
    narrowed = _narrowed(reaches or {}, {}, by)
    key = slugify(name)[:60]
    with locked(CompanyRole.objects.all(), by=by) as roles:
        _check_name(name, key, roles)
        check_holds(by, wanted)
        _check_known(wanted)
        group = Group.objects.create(name=key)
        role = CompanyRole.objects.create(group=group, own_name=name, own_meaning=meaning, given=sorted(wanted), reaches=narrowed)
        write_rights([role])
        publish(RoleUpdated(role_id=role.pk, role=key, name=name, given=tuple(sorted(wanted)), taken=(), narrowed=_said(role)))
    return role


@held(
    "people.update_role",
    title=gettext_lazy("Change what a role may do"),
    needs="people.approve_roles",
    about="role",
    when=_changes_what_it_may,
    tell=role_told,
    against=_is_not_ones_own,
)
def update_role(
    role: CompanyRole,
    *,
    name: str | None = None,
    meaning: str | None = None,
    rights: Collection[str] | None = None,
    reaches: Mapping[str, str] | None = None,
    by: User,
) -> CompanyRole:
    """Decide what a role may do and how far it sees, from everybody's next click on, and what it is called; what is not said stays."""
    with locked(CompanyRole.objects.all(), role, by=by) as (roles, role):
        _check_may_change(role, by)
        if role.is_retired:
            raise RoleIsRetired(_("%(role)s is retired.") % {"role": role.name}, fix=_("Take it up again first."))
        standard = _standard(role)
        before = rights_of(role, standard)
        if name is not None and name != role.name:
            _check_name(name, role.key, [one for one in roles if one.pk != role.pk])
            role.own_name = name
        if meaning is not None and meaning != role.meaning:
            role.own_meaning = meaning
        if rights is not None:
            wanted = frozenset(rights)
            check_holds(by, wanted ^ before)
            _check_known(wanted - before)
            hidden = standard - choosable()
            role.given, role.taken = sorted(wanted - standard), sorted(standard - wanted - hidden)
        if reaches is not None:
            role.reaches = _narrowed(reaches, role.reaches, by)
        role.save(update_fields=["own_name", "own_meaning", "given", "taken", "reaches"])
        _apply(role, before)
    return role


@held(
    "people.reset_role",
    title=gettext_lazy("Put a role back to the standard"),
    needs="people.approve_roles",
    about="role",
    tell=reset_told,
    against=_is_not_ones_own,
)
def reset_role(role: CompanyRole, *, by: User) -> CompanyRole:
    """Let a role be called, and do, what the product says."""
    with locked(role, by=by) as role:
        _check_may_change(role, by)
        if not role.is_standard:
            raise NoSuchRight(_("%(role)s is a role of your own: there is no standard to go back to.") % {"role": role.name})
        before = rights_of(role, _standard(role))
        check_holds(by, before ^ _standard(role))
        role.own_name, role.own_meaning, role.given, role.taken = "", "", [], []
        role.reaches = _narrowed(dict.fromkeys(role.reaches, Reach.ALL), role.reaches, by)
        role.save(update_fields=["own_name", "own_meaning", "given", "taken", "reaches"])
        _apply(role, before)
    return role


def retire_role(role: CompanyRole, *, by: User) -> CompanyRole:
    """Let nobody be given a role any more. It is kept, and may be taken up again."""
    with locked(role, by=by) as role:
        _check_may_change(role, by)
        people = User.objects.active().filter(groups=role.group).order_by("name")
        if people:
            raise RoleInUse(
                _("%(people)s work in %(role)s.") % {"people": ", ".join(user.name for user in people[:5]), "role": role.name},
                fix=_("Give them another role first."),
            )
        role.retired_at = clock.now()
        role.save(update_fields=["retired_at"])
        write_rights([role])
        publish(RoleRetired(role_id=role.pk, role=role.key, name=role.name))
    return role


@held(
    "people.restore_role",
    title=gettext_lazy("Take a retired role up again"),
    needs="people.approve_roles",
    about="role",
    tell=restored_told,
    against=_is_not_ones_own,
)
def restore_role(role: CompanyRole, *, by: User) -> CompanyRole:
    """Take a retired role up again, with what it may do."""
    with locked(role, by=by) as role:
        _check_may_change(role, by)
        before = rights_of(role, _standard(role))
        role.retired_at = None
        check_holds(by, rights_of(role, _standard(role)))
        role.save(update_fields=["retired_at"])
        _apply(role, before)
    return role


def choosable() -> frozenset[str]:
    """The permissions a role may be given: what one sees, and what one does; not what Django makes and nothing asks for."""
    return frozenset(right for right, _permission in choosable_permissions())


def choosable_permissions() -> list[tuple[str, Permission]]:
    """The same with the rows behind them, by module."""
    modules = permission_modules()
    found = Permission.objects.filter(content_type__app_label__in=modules).select_related("content_type").order_by("pk")
    return [(f"{one.content_type.app_label}.{one.codename}", one) for one in found if not is_djangos_own(one)]


def is_djangos_own(permission: Permission) -> bool:
    """Whether it is one that Django makes by itself and nothing here asks for: to add, change or delete rows by hand."""
    model = permission.content_type.model_class()
    action, _underscore, name = permission.codename.partition("_")
    return model is None or (action != "view" and action in model._meta.default_permissions and name == model._meta.model_name)


def check_holds(by: User, rights: Iterable[str]) -> None:
    """Nobody gives or takes what they do not hold themselves; the house itself, which founds companies, may."""
    beyond = sorted(set(rights) - by.get_all_permissions()) if not by.is_the_house else []
    if beyond:
        raise MoreThanOneHas(
            _("You cannot decide about what you may not do yourself: %(rights)s.") % {"rights": ", ".join(beyond[:5])},
            fix=_("Ask an owner."),
        )


def _standard(role: CompanyRole) -> frozenset[str]:
    return standard_rights(role, ())


def _narrowed(reaches: Mapping[str, str], before: Mapping[str, str], by: User) -> dict[str, str]:
    """How far a role sees from now on. Nobody lets a role see further than they do themselves."""
    known = {scope.noun: scope for scope in scopes()}
    now = dict(before)
    for noun, reach in reaches.items():
        if noun not in known or reach not in Reach.values:
            raise NoSuchReach(_("%(noun)s cannot be narrowed to %(reach)s.") % {"noun": noun, "reach": reach}, field="reaches")
        if (
            not by.is_the_house
            and WIDTH[Reach(reach)] > WIDTH[Reach(before.get(noun, Reach.ALL))]
            and WIDTH[Reach(reach)] > WIDTH[reach_of(by, noun)]
        ):
            raise MoreThanOneHas(_("You do not see so far yourself: %(what)s.") % {"what": known[noun].label}, fix=_("Ask an owner."))
        now[noun] = reach
    return {noun: reach for noun, reach in sorted(now.items()) if reach != Reach.ALL}


def _apply(role: CompanyRole, before: frozenset[str]) -> None:
    write_rights([role])
    now = rights_of(role, _standard(role))
    publish(
        RoleUpdated(
            role_id=role.pk,
            role=role.key,
            name=role.name,
            given=tuple(sorted(now - before)),
            taken=tuple(sorted(before - now)),
            narrowed=_said(role),
        )
    )


def _said(role: CompanyRole) -> tuple[str, ...]:
    return tuple(f"{noun}:{reach}" for noun, reach in sorted(role.reaches.items()))


def _check_may_change(role: CompanyRole, by: User) -> None:
    if role.is_fixed:
        raise FixedRole(_("%(role)s stays as it is.") % {"role": role.name}, fix=_("Make a role of your own instead."))
    if by.groups.filter(pk=role.group_id).exists():
        raise OwnRole(_("You work in %(role)s, and nobody changes their own rights.") % {"role": role.name}, fix=_("Ask another owner."))


def _check_known(rights: frozenset[str]) -> None:
    unknown = sorted(rights - choosable())
    if unknown:
        raise NoSuchRight(_("There is no permission called %(right)s.") % {"right": unknown[0]}, field="rights")


def _check_name(name: str, key: str, others: Iterable[CompanyRole]) -> None:
    if not key:
        raise RoleNameTaken(_("Name the role in letters."), field="name")
    if any(name.casefold() in {one.name.casefold(), one.key} or key == one.key for one in others):
        raise RoleNameTaken(_("There is a role called %(name)s already.") % {"name": name}, field="name")
