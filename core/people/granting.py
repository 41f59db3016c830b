"""What a role's group holds: what is declared, and what the owner changed about it."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from core.people.models import CompanyRole
from core.people.roles import Role, UnknownPermission, declared


def sync_roles() -> None:
    """Bring the groups up to date with the code, and keep what the owner changed. Runs at the end of every ``migrate``."""
    with transaction.atomic():
        for role in Role.values:
            group, _created = Group.objects.get_or_create(name=role)
            CompanyRole.objects.get_or_create(group=group)
        write_rights(CompanyRole.objects.named())


def write_rights(roles: Iterable[CompanyRole]) -> None:
    """Let the groups of these roles hold what the roles may do."""
    known = {f"{one.content_type.app_label}.{one.codename}": one for one in Permission.objects.select_related("content_type")}
    for role in roles:
        standard = standard_rights(role, known)
        unknown = standard - known.keys()
        if unknown:
            raise UnknownPermission(f"{role.key} is granted {', '.join(sorted(unknown))}, which no model declares.")
        role.group.permissions.set([known[right] for right in sorted(rights_of(role, standard) & known.keys())])


def standard_rights(role: CompanyRole, known: Iterable[str]) -> frozenset[str]:
    """What a role may do by declaration; one of the company's own, nothing."""
    if role.key == Role.OWNER:
        return frozenset(known)
    if role.key == Role.AUDITOR:
        return frozenset(right for right in known if right.partition(".")[2].startswith("view_"))
    return declared().get(role.key, frozenset())


def rights_of(role: CompanyRole, standard: frozenset[str]) -> frozenset[str]:
    """What a role may do: the standard, with what the owner gave and took. A retired role may do nothing."""
    if role.is_retired:
        return frozenset()
    return (standard | frozenset(role.given)) - frozenset(role.taken)
