"""What giving roles, and changing them, comes to: in words for the second person who checks it."""

from collections.abc import Collection, Mapping, Sequence

from django.utils.translation import gettext as _

from core.approvals.declaring import Told
from core.people.granting import rights_of, standard_rights
from core.people.models import CompanyRole, Reach, User
from core.people.visibility import scopes


def person_told(*, email: str, name: str, roles: Sequence[str], password: str | None = None, job_title: str = "") -> list[Told]:
    """Somebody who would be let in."""
    facts = [Told(_("Name"), after=name), Told(_("E-mail"), after=email), Told(_("Job title"), after=job_title)]
    signs_in = Told(_("First password"), after=_("Chosen") if password else _("None yet"))
    return [*(fact for fact in facts if fact.after), signs_in, *roles_given(roles)]


def roles_told(*, user: User, roles: Sequence[str]) -> list[Told]:
    """The roles somebody has, and those they would have."""
    before = [role.key for role in CompanyRole.objects.named().filter(group__user=user).order_by("pk")]
    names = _names([*before, *roles])
    now, then = (", ".join(names.get(key, key) for key in keys) for keys in (before, roles))
    return [Told(_("Roles"), now, then), *roles_given([key for key in roles if key not in before])]


def roles_given(keys: Sequence[str]) -> list[Told]:
    """Roles that would be given, each with what it is for."""
    found = {role.key: role for role in CompanyRole.objects.named().filter(group__name__in=keys)}
    return [
        Told(_("Given: %(role)s") % {"role": found[key].name}, after=found[key].meaning or found[key].name) for key in keys if key in found
    ]


def role_told(
    *,
    role: CompanyRole,
    name: str | None = None,
    meaning: str | None = None,
    rights: Collection[str] | None = None,
    reaches: Mapping[str, str] | None = None,
) -> list[Told]:
    """A role as it is, and as it would be: its name, every right that comes or goes, and how far it sees."""
    told = [Told(_("Name"), role.name, name)] if name is not None and name != role.name else []
    if meaning is not None and meaning != role.meaning:
        told.append(Told(_("What it is for"), role.meaning, meaning))
    if rights is not None:
        told += rights_told(rights_of(role, standard_rights(role, ())), frozenset(rights))
    names = dict(Reach.choices)
    labels = {scope.noun: str(scope.label) for scope in scopes()}
    for noun, reach in (reaches or {}).items():
        now = role.reaches.get(noun, Reach.ALL)
        if reach != now:
            told.append(
                Told(_("Sees: %(what)s") % {"what": labels.get(noun, noun)}, str(names.get(now, now)), str(names.get(reach, reach)))
            )
    return told


def reset_told(*, role: CompanyRole) -> list[Told]:
    """A role that would be again what the product says."""
    standard = standard_rights(role, ())
    return [*rights_told(rights_of(role, standard), standard), *role_told(role=role, reaches=dict.fromkeys(role.reaches, Reach.ALL))]


def restored_told(*, role: CompanyRole) -> list[Told]:
    """A retired role that would be taken up again."""
    standard = standard_rights(role, ())
    return rights_told(frozenset(), (standard | frozenset(role.given)) - frozenset(role.taken))


def rights_told(before: frozenset[str], after: frozenset[str]) -> list[Told]:
    """Every right that comes or goes, module by module."""
    from core.people.rights import by_module, called  # noqa: PLC0415 - it stands above the operations that tell this

    no, yes = _("No"), _("Yes")
    return [
        Told(f"{module.module.label}: {right.words}", yes if right.code in before else no, yes if right.code in after else no)
        for module in by_module(called(before ^ after).items())
        for right in module.every
    ]


def _names(keys: Sequence[str]) -> dict[str, str]:
    return {role.key: role.name for role in CompanyRole.objects.named().filter(group__name__in=keys)}
