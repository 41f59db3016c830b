"""Who holds duties that do not go together: by person and by role, and whether a second person takes the harm out of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.contrib.auth.models import Permission

from core.approvals.declaring import every
from core.approvals.duties import Conflict, Duty
from core.approvals.models import SecondPerson
from core.people.holding import named
from core.people.models import CompanyRole, RoleGiven, User
from core.people.roles import permission_modules


@dataclass(frozen=True)
class Found:
    """Somebody, or a role, that holds both duties. ``roles`` are those by which; ``eased`` says that a second person is demanded."""

    conflict: Conflict
    holder: User | CompanyRole
    roles: tuple[CompanyRole, ...]
    eased: bool


@cache
def conflicts() -> tuple[Conflict, ...]:
    """Every pair of duties that a module declares as not going together."""
    found: list[Conflict] = []
    for package in permission_modules().values():
        if find_spec(f"{package}.permissions"):
            found += getattr(import_module(f"{package}.permissions"), "CONFLICTS", ())
    return tuple(found)


def eased() -> frozenset[str]:
    """The operations for which a second person is demanded, or always asked."""
    demanded = SecondPerson.objects.filter(demanded=True).values_list("operation", flat=True)
    return frozenset(demanded) | {one.name for one in every().values() if one.always}


def is_eased(conflict: Conflict, demanded: frozenset[str]) -> bool:
    """Whether a second person takes the harm out of it."""
    return bool(conflict.eased_by) and demanded.issuperset(conflict.eased_by)


def by_role() -> list[Found]:
    """The roles that hold both duties of a pair, in the order of roles."""
    rights, demanded = _rights_by("group"), eased()
    roles = CompanyRole.objects.named().in_use().order_by("pk")
    return [
        Found(conflict, role, (role,), is_eased(conflict, demanded))
        for role in roles
        for conflict in conflicts()
        if _holds(conflict.one, rights[role.group_id]) and _holds(conflict.other, rights[role.group_id])
    ]


def by_person() -> list[Found]:
    """The people and services that hold both duties of a pair by their roles together, by name."""
    rights, demanded = _rights_by("group"), eased()
    roles = {role.group_id: role for role in CompanyRole.objects.named().in_use().order_by("pk")}
    groups: dict[int, list[int]] = defaultdict(list)
    for user_id, group_id in RoleGiven.objects.order_by("group_id").values_list("user_id", "group_id"):
        groups[user_id].append(group_id)
    own = _rights_by("user")
    found = []
    for user in User.objects.filter(is_active=True).order_by("name", "pk"):
        mine = [group for group in groups[user.pk] if group in roles]
        held = own[user.pk].union(*(rights[group] for group in mine))
        for conflict in conflicts():
            if user.is_superuser or (_holds(conflict.one, held) and _holds(conflict.other, held)):
                through = tuple(
                    roles[group] for group in mine if _holds(conflict.one, rights[group]) or _holds(conflict.other, rights[group])
                )
                found.append(Found(conflict, user, through, is_eased(conflict, demanded)))
    return found


def _holds(duty: Duty, rights: Iterable[str]) -> bool:
    return not set(duty.permissions).isdisjoint(rights)


def _rights_by(holder: str) -> Mapping[int, frozenset[str]]:
    """The permissions of every ``group``, or those given to every ``user`` directly: none by Satu, some perhaps by hand."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = named(Permission.objects.filter(**{f"{holder}__isnull": False}))
    for pk, right in rows.values_list(f"{holder}__pk", "full"):
        found[pk].add(right)
    return defaultdict(frozenset, {pk: frozenset(some) for pk, some in found.items()})
