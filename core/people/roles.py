"""Roles: Django groups declared in code. Each module says in its ``permissions.py`` what a role may do with it."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    """What somebody is in the company. The owner may do everything, the auditor see everything."""

    OWNER = "owner", pgettext_lazy("role", "Owner")
    SALES = "sales", _("Sales")
    SUPPORT = "support", _("Support")
    MARKETING = "marketing", _("Marketing")
    STOREKEEPER = "storekeeper", _("Storekeeper")
    ACCOUNTANT = "accountant", _("Accountant")
    HR = "hr", _("HR")
    LEGAL = "legal", _("Legal")
    IT = "it", _("IT")
    AUDITOR = "auditor", _("Auditor")


class UnknownPermission(LookupError):
    """A module's GRANTS names a permission that no model declares."""


def sync_roles() -> None:
    """Make the groups and their permissions equal to what the code declares. Runs at the end of every ``migrate``."""
    permissions = {
        (permission.content_type.app_label, permission.codename): permission
        for permission in Permission.objects.select_related("content_type")
    }
    wanted: dict[str, set[Permission]] = {role: set() for role in Role.values}
    wanted[Role.OWNER] = set(permissions.values())
    wanted[Role.AUDITOR] = {permission for (_app, code), permission in permissions.items() if code.startswith("view_")}
    for app_label, grants in _declared_grants().items():
        for role, codenames in grants.items():
            for codename in codenames:
                if (app_label, codename) not in permissions:
                    raise UnknownPermission(f"{app_label}.permissions grants {codename}, which no model declares.")
                wanted[role].add(permissions[app_label, codename])
    with transaction.atomic():
        for role, granted in wanted.items():
            group, _created = Group.objects.get_or_create(name=role)
            group.permissions.set(granted)


def _declared_grants() -> dict[str, dict[str, tuple[str, ...]]]:
    return {
        config.label: import_module(f"{config.name}.permissions").GRANTS
        for config in apps.get_app_configs()
        if config.name.split(".")[0] in {"core", "frontoffice", "backoffice", "integration"} and find_spec(f"{config.name}.permissions")
    }
