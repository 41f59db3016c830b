"""Roles: jobs, not people. Each module says in its ``permissions.py`` what a standard role may do with it; the owner changes it."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

OURS = ("core", "frontoffice", "backoffice", "integration")


class Role(models.TextChoices):
    """The roles that come with the product. The owner may do everything, the auditor see everything."""

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


FIXED = frozenset({Role.OWNER, Role.AUDITOR})
"""Roles nobody changes: somebody may always do everything, and somebody may always look."""

MEANINGS: dict[str, Promise] = {
    Role.OWNER: _("Everything, and who else may do what."),
    Role.SALES: _("Leads, deals, orders, prices and returns."),
    Role.SUPPORT: _("Sees customers and their documents, takes goods back."),
    Role.MARKETING: _("Brings leads in and sees what became of them."),
    Role.STOREKEEPER: _("Receives, counts, picks and delivers."),
    Role.ACCOUNTANT: _("Invoices, payments, credit, the ledger and its periods."),
    Role.HR: _("Sees who works here."),
    Role.LEGAL: _("Sees what contracts are about."),
    Role.IT: _("Keeps events flowing and ends a leaver's access."),
    Role.AUDITOR: _("Sees everything, changes nothing."),
}


class UnknownPermission(LookupError):
    """A module's GRANTS names a permission that no model declares."""


def permission_modules() -> dict[str, str]:
    """The package of every app of ours that declares permissions or could, by its label, from the ground floor up."""
    return {config.label: config.name for config in apps.get_app_configs() if config.name.split(".")[0] in OURS}


@cache
def declared() -> dict[str, frozenset[str]]:
    """What each standard role but the fixed ones may do by declaration, as ``sales.confirm_order``."""
    found: dict[str, set[str]] = {role: set() for role in Role.values}
    for label, package in permission_modules().items():
        grants: dict[str, tuple[str, ...]] = import_module(f"{package}.permissions").GRANTS if find_spec(f"{package}.permissions") else {}
        for role, codenames in grants.items():
            found[role] |= {f"{label}.{codename}" for codename in codenames}
    return {role: frozenset(rights) for role, rights in found.items()}
