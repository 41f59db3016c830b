"""What the roles may do, in words: for people, not for programs."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.contrib.auth.models import Permission
from django.db.models import Count, Prefetch, Q
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core.once import once
from core.people.models import CompanyRole, Reach, RightGiven, User
from core.people.reshaping import choosable_permissions, is_djangos_own
from core.people.roles import permission_modules
from core.people.visibility import REACHES, Scope, scopes
from core.web.registry import Face, face_of

SEEN = {
    "view_bank_details": gettext_lazy("bank details"),
    "view_conflicts": gettext_lazy("who holds duties that do not go together"),
    "view_cost": gettext_lazy("what goods cost"),
    "view_reports": gettext_lazy("financial reports"),
}
"""What may be seen that is no kind of record."""


@dataclass(frozen=True)
class Right:
    """One permission in words, and how it came to the role: "" as declared, "given" or "taken" by the owner."""

    code: str
    words: str
    sees: bool
    changed: str = ""


@dataclass(frozen=True)
class Rights:
    """What a role may do in one module: what it sees, and what it does."""

    module: Face
    every: tuple[Right, ...]

    @property
    def sees(self) -> tuple[Right, ...]:
        """What it shows."""
        return tuple(right for right in self.every if right.sees)

    @property
    def does(self) -> tuple[Right, ...]:
        """What it lets somebody do."""
        return tuple(right for right in self.every if not right.sees)


@dataclass(frozen=True)
class RoleInWords:
    """A role with its people, the modules it has to do with, and how many different things it may do."""

    role: CompanyRole
    people: tuple[User, ...]
    modules: tuple[Face, ...]
    deeds: int


def roles_in_words() -> list[RoleInWords]:
    """Every role: the standard ones in their order, then the company's own."""
    known = permission_modules()
    held: dict[int, dict[str, int]] = defaultdict(dict)
    rows = RightGiven.objects.values_list("group", "permission__content_type__app_label")
    deeds = Count("pk", filter=~Q(permission__codename__startswith="view_"))
    for group, label, count in rows.annotate(deeds=deeds).order_by():
        if label in known:
            held[group][label] = count
    people = User.objects.active().order_by("name", "pk")
    found = CompanyRole.objects.named().prefetch_related(Prefetch("group__user_set", people)).order_by("retired_at", "pk")
    faces = {label: face_of(label) for label in known}
    return [
        RoleInWords(
            role,
            tuple(role.group.user_set.all()),
            tuple(face for label, face in faces.items() if label in held[role.group_id]),
            sum(held[role.group_id].values()),
        )
        for role in found
    ]


def rights_in_words(role: CompanyRole) -> tuple[Rights, ...]:
    """What a role may do, with what the owner changed, by module."""
    every = {code_of(one): one for one in Permission.objects.filter(group=role.group_id).select_related("content_type")}
    taken = [(code, one) for code, one in choosable_permissions() if code in set(role.taken)] if role.taken else []
    changed = dict.fromkeys(role.given, "given") | dict.fromkeys(role.taken, "taken")
    return by_module([*every.items(), *taken], changed)


def rights_to_choose() -> tuple[Rights, ...]:
    """Every permission a role may be given, by module."""
    return once(("rights to choose", get_language()), lambda: by_module(choosable_permissions()))


def reaches_in_words(role: CompanyRole) -> list[tuple[Scope, str]]:
    """The kinds of record of which a role sees a part only, and which part."""
    names = dict(REACHES)
    return [(scope, str(names[Reach(role.reaches[scope.noun])])) for scope in scopes() if scope.noun in role.reaches]


def right_in_words(needed: str) -> str:
    """A permission in words: ``finance.view_invoice`` is "Finance: invoices"."""
    return named_in_words([needed])[needed]


def named_in_words(needed: Iterable[str]) -> dict[str, str]:
    """Permissions in words, asked for at once; one that does not exist keeps its name."""
    wanted = dict.fromkeys(needed)
    found = called(wanted)
    return {code: _in_words(found[code]) if code in found else code for code in wanted}


def called(codes: Collection[str]) -> dict[str, Permission]:
    """The permissions with these names, as far as there are any."""
    rows = Permission.objects.filter(codename__in={code.partition(".")[2] for code in codes}).select_related("content_type")
    return {code_of(one): one for one in rows if code_of(one) in codes}


def _in_words(permission: Permission) -> str:
    words = _seen(permission) if permission.codename.startswith("view_") else _done(permission)
    return f"{face_of(permission.content_type.app_label).label}: {words}"


def code_of(permission: Permission) -> str:
    """A permission as programs call it."""
    return f"{permission.content_type.app_label}.{permission.codename}"


def by_module(permissions: Iterable[tuple[str, Permission]], changed: dict[str, str] | None = None) -> tuple[Rights, ...]:
    """Permissions in words, the modules from the ground floor up, what is seen before what is done."""
    found: dict[str, dict[str, Right]] = defaultdict(dict)
    for code, one in permissions:
        sees = one.codename.startswith("view_")
        words = _seen(one) if sees else _done(one)
        found[one.content_type.app_label][code] = Right(code, words, sees, (changed or {}).get(code, ""))
    return tuple(
        Rights(face_of(label), tuple(sorted(found[label].values(), key=lambda right: (not right.sees, right.words.casefold(), right.code))))
        for label in permission_modules()
        if label in found
    )


def _seen(permission: Permission) -> str:
    model = permission.content_type.model_class()
    if model is not None and permission.codename == f"view_{permission.content_type.model}":
        return str(model._meta.verbose_name_plural)
    return str(SEEN.get(permission.codename) or permission.codename.removeprefix("view_").replace("_", " "))


def _done(permission: Permission) -> str:
    words = _(permission.name).removeprefix("Can ").strip()
    return words[:1].upper() + words[1:]


def grouped_in_words(names: set[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Permissions by module, each as its name and its words, what is done before what is seen: the choices of a form."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    ours = permission_modules()
    rows = Permission.objects.select_related("content_type").order_by("content_type__app_label", "codename")
    for permission in rows:
        name = code_of(permission)
        if name in names and not is_djangos_own(permission) and permission.content_type.app_label in ours:
            seen = permission.codename.startswith("view_")
            words = _("See %(what)s") % {"what": _seen(permission)} if seen else _done(permission)
            found[permission.content_type.app_label].append((name, words))
    return sorted((str(face_of(label).label), sorted(rights, key=lambda one: ".view_" in one[0])) for label, rights in found.items())
