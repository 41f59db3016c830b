"""THE list of modules. Installed apps, URLs, API routes and navigation derive from it: add a module here and nowhere else."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Module:
    """One module of an office: its package, the office it belongs to, its address and its place in the side bar."""

    package: str
    office: str
    slug: str

    @property
    def label(self) -> str:
        """The Django app label, e.g. ``sales``."""
        return self.package.rpartition(".")[2]


GROUND_FLOOR = (
    "core",
    "core.people",
    "core.tokens",
    "core.parties",
    "core.catalog",
    "core.events",
    "core.docflow",
    "core.audit",
    "core.files",
    "core.notifications",
    "core.notes",
    "core.approvals",
    "core.jobs",
    "core.effects",
    "core.printing",
    "core.imports",
    "core.privacy",
    "core.web",
    "core.api",
)

MODULES = (
    Module("frontoffice.crm", "front", "crm"),
    Module("frontoffice.sales", "front", "sales"),
    Module("backoffice.inventory", "back", "inventory"),
    Module("backoffice.finance", "back", "finance"),
)

INSTALLED = (*GROUND_FLOOR, *(module.package for module in MODULES), "integration", "config")
