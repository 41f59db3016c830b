"""What the roles may do, in words: for people, not for programs."""

from collections import defaultdict
from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.people.models import User
from core.people.roles import Role
from core.web.registry import Face, face_of

MEANINGS: dict[str, Promise] = {
    Role.OWNER: gettext_lazy("Everything, and who else may do what."),
    Role.SALES: gettext_lazy("Leads, deals, orders, prices and returns."),
    Role.SUPPORT: gettext_lazy("Sees customers and their documents, takes goods back."),
    Role.MARKETING: gettext_lazy("Brings leads in and sees what became of them."),
    Role.STOREKEEPER: gettext_lazy("Receives, counts, picks and delivers."),
    Role.ACCOUNTANT: gettext_lazy("Invoices, payments, credit, the ledger and its periods."),
    Role.HR: gettext_lazy("Sees who works here."),
    Role.LEGAL: gettext_lazy("Sees what contracts are about."),
    Role.IT: gettext_lazy("Keeps events flowing and ends a leaver's access."),
    Role.AUDITOR: gettext_lazy("Sees everything, changes nothing."),
}


@dataclass(frozen=True)
class Rights:
    """What a role may do in one module: what it sees, and what it does."""

    module: Face
    sees: tuple[str, ...]
    does: tuple[str, ...]


@dataclass(frozen=True)
class RoleInWords:
    """A role with its meaning, its people and its rights by module."""

    key: str
    name: str
    meaning: str
    people: tuple[User, ...]
    rights: tuple[Rights, ...]

    @property
    def deeds(self) -> int:
        """How many different things it may do."""
        return sum(len(rights.does) for rights in self.rights)


def roles_in_words(only: str = "") -> list[RoleInWords]:
    """Every role in the order they are declared."""
    groups = Group.objects.prefetch_related("user_set")
    found = {group.name: group for group in (groups.filter(name=only) if only else groups)}
    every = {
        permission.pk: permission
        for permission in Permission.objects.filter(content_type__app_label__in=_labels()).select_related("content_type")
    }
    words = {pk: _seen(one) if one.codename.startswith("view_") else _done(one) for pk, one in every.items()}  # many roles hold the same
    held: dict[int, list[Permission]] = defaultdict(list)
    given = Group.permissions.through._default_manager.filter(group__in=found.values(), permission__in=every)
    for group_id, permission_id in given.values_list("group_id", "permission_id"):
        held[group_id].append(every[permission_id])
    return [
        RoleInWords(role, str(role.label), str(MEANINGS.get(role, "")), _people(found[role]), _rights(held[found[role].pk], words))
        for role in Role
        if role in found
    ]


def _labels() -> list[str]:
    """The modules whose rights are shown, in their order."""
    return [config.label for config in apps.get_app_configs() if config.name.split(".")[0] in {"core", "frontoffice", "backoffice"}]


def right_in_words(needed: str) -> str:
    """A permission in words: ``finance.view_invoice`` is "Finance: invoices"."""
    app_label, _dot, codename = needed.partition(".")
    found = Permission.objects.filter(content_type__app_label=app_label, codename=codename).select_related("content_type").first()
    if found is None:
        return needed
    return f"{face_of(app_label).label}: {_seen(found) if codename.startswith('view_') else _done(found)}"


def _people(group: Group) -> tuple[User, ...]:
    return tuple(sorted((user for user in group.user_set.all() if user.is_active), key=lambda user: user.name))


def _rights(permissions: list[Permission], words: dict[int, str]) -> tuple[Rights, ...]:
    by_module: dict[str, list[Permission]] = defaultdict(list)
    for permission in permissions:
        by_module[permission.content_type.app_label].append(permission)
    return tuple(
        Rights(
            face_of(label),
            tuple(sorted({words[permission.pk] for permission in by_module[label] if permission.codename.startswith("view_")})),
            tuple(sorted(words[permission.pk] for permission in by_module[label] if not permission.codename.startswith("view_"))),
        )
        for label in _labels()
        if label in by_module
    )


def _seen(permission: Permission) -> str:
    model = permission.content_type.model_class()
    name = str(model._meta.verbose_name_plural) if model is not None else permission.codename.removeprefix("view_").replace("_", " ")
    return (
        name
        if permission.codename == f"view_{permission.content_type.model}"
        else permission.codename.removeprefix("view_").replace("_", " ")
    )


def _done(permission: Permission) -> str:
    words = _(permission.name).removeprefix("Can ").strip()
    return words[:1].upper() + words[1:]


def grouped_in_words(names: set[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Permissions by module, each as its name and its words, what is done before what is seen: the choices of a form."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    rows = Permission.objects.select_related("content_type").order_by("content_type__app_label", "codename")
    for permission in rows:
        name = f"{permission.content_type.app_label}.{permission.codename}"
        if name in names and not _is_djangos_own(permission):
            seen = permission.codename.startswith("view_")
            words = _("See %(what)s") % {"what": _seen(permission)} if seen else _done(permission)
            found[permission.content_type.app_label].append((name, words))
    return sorted((str(face_of(label).label), sorted(rights, key=lambda one: ".view_" in one[0])) for label, rights in found.items())


def _is_djangos_own(permission: Permission) -> bool:
    """Whether it is one that Django makes by itself and nothing here asks for: of its own models, or to add, change or delete rows by hand."""
    model = permission.content_type.model_class()
    if model is None or not any(
        config.label == permission.content_type.app_label and _is_ours(config.name) for config in apps.get_app_configs()
    ):
        return True
    action, _underscore, name = permission.codename.partition("_")
    return action != "view" and action in model._meta.default_permissions and name == model._meta.model_name


def _is_ours(package: str) -> bool:
    return package.split(".", maxsplit=1)[0] in {"core", "frontoffice", "backoffice", "integration"}
