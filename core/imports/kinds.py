"""What can be imported. A module declares its kinds in its ``imports.py``::

    provide(ImportKind(
        "catalog.product", _("Products"), Product, permission="catalog.create_product", lists=("catalog:products",), icon="package",
        columns=(Column("sku", _("SKU"), required=True, synonyms=("kode barang",), example="DESK-140"), ...),
        keys=("sku",),                                   # what names a row: the first of these that is filled
        find=lambda facts: ...,                          # the record a row is about, or None
        create=lambda facts, by: create_product(by=by, **facts),
        update=lambda product, facts, by: update_product(product, by=by, **facts),
        cells=lambda product: {"sku": product.sku, ...}, # a record as a row of the file: what a revert goes back to
        remove=lambda product, by: remove_product(product, by=by),
    ))

A record may take several rows: those that say the same in the column ``group`` make one, whole or not at all. Columns named in ``lines``
say something in each of its rows, the others once: ``create`` gets those beside ``lines``, a list of the facts of each row. A reference that
was imported before is not imported again. What is wrong with one row is told as ``RowRefused``.

With ``by_cells``, whether a record was changed since is told by its ``cells`` alone, not by its version: for records that change by
themselves, too, as an invoice does that is paid and a task that somebody is reminded of. What else speaks against it, ``remove`` says.

Facts hold the columns the file has; an empty cell is left out when a record is changed, so that it leaves what is there.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from core.errors import Refused, Text
from core.imports.mapping import Column, Facts
from core.imports.notation import up_to
from core.people.hiding import asked_for, needed_for
from core.people.models import User

FLOORS = frozenset({"core", "frontoffice", "backoffice", "integration"})
EXTERNAL_ID = Column(
    "external_id",
    _("ID in your old system"),
    up_to(80),
    synonyms=("id", "external id", "legacy id", "old id", "id lama", "kode lama", "record id"),
    help=_("Importing the same ID again changes the record instead of doubling it."),
)


class RowRefused(Refused):
    """What one of the rows of a record says cannot be; ``place`` counts them from 0."""

    def __init__(self, place: int, refusal: Refused, *, field: str = "") -> None:
        super().__init__(refusal.message, fix=refusal.fix, link=refusal.link, field=field or refusal.field)
        self.place = place


@dataclass(frozen=True)
class ImportKind:
    """One kind of record that can be imported, and the operations it goes through."""

    kind: str
    title: Text
    model: type[Model]
    permission: str
    columns: tuple[Column, ...]
    create: Callable[[Facts, User], Model]
    find: Callable[[Facts], Any] = lambda _facts: None
    update: Callable[[Any, Facts, User], Any] | None = None
    cells: Callable[[Any], Mapping[str, str]] | None = None
    remove: Callable[[Any, User], Any] | None = None
    kept_as: Text = ""
    by_cells: bool = False
    group: str = ""
    lines: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    together: bool = False
    change_permission: str = ""
    lists: tuple[str, ...] = ()
    icon: str = "upload"
    hint: Text = ""
    examples: tuple[Mapping[str, str], ...] = ()
    kept: tuple[Column, ...] = ()
    sensitive: bool = False  # brought in only by who confirmed a moment ago that it is them

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """Its own columns, and the id rows had elsewhere."""
        return (*self.columns, EXTERNAL_ID)

    def column(self, field: str) -> Column:
        """One of its columns, or of what a file does not hold and a revert still restores (``kept``)."""
        return next(column for column in (*self.all_columns, *self.kept) if column.field == field)

    def may(self, user: User) -> bool:
        """Whether somebody may import such records: and see every column that cannot be left out."""
        hidden = self.hidden_from(user)
        return (
            user.is_active
            and user.has_perm(self.permission)
            and not any(column.field in hidden for column in self.columns if column.required)
        )

    def hidden_from(self, user: User) -> frozenset[str]:
        """The columns somebody may neither see nor write."""
        return frozenset(field for field, needed in self.guarded.items() if not user.has_perm(needed))

    @cached_property
    def guarded(self) -> Mapping[str, str]:
        """The columns that are not for everybody, each with the permission to see it."""
        needed = {column.field: needed_for(self.model, column.field) or asked_for(self.create, column.field) for column in self.columns}
        return {field: permission for field, permission in needed.items() if permission}

    def may_change(self, user: User) -> bool:
        """Whether somebody may also change those that exist."""
        return self.update is not None and user.has_perm(self.change_permission or self.permission)

    def key_of(self, cells: Mapping[str, str]) -> str:
        """What names a row: the first filled of its keys, or all of them together."""
        said = [(key, cells.get(key, "").strip().casefold()) for key in self.keys]
        if self.together:
            return "\x1f".join(value for _key, value in said) if any(value for _key, value in said) else ""
        return next((f"{key}\x1f{value}" for key, value in said if value), "")


KINDS: dict[str, ImportKind] = {}


def provide(kind: ImportKind) -> ImportKind:
    """Let records of a kind be imported."""
    KINDS[kind.kind] = kind
    return kind


def loaded() -> Mapping[str, ImportKind]:
    """Every kind, once each module's ``imports.py`` was read."""
    _read_all()
    return KINDS


@cache
def _read_all() -> None:
    for config in apps.get_app_configs():
        if config.name.partition(".")[0] in FLOORS and config.name != "core" and find_spec(f"{config.name}.imports"):
            import_module(f"{config.name}.imports")


def kinds_of(user: User) -> list[ImportKind]:
    """What somebody may import."""
    return [kind for kind in loaded().values() if kind.may(user)]


def guess(kind: ImportKind, header: Sequence[str], remembered: Mapping[str, str]) -> list[str]:
    """Which field each column of a file fills ("" none): as last time, else by name or synonym, else by a name within it."""
    names = {column.field: _names_of(column) for column in kind.all_columns}
    plain = [normal(cell) for cell in header]
    fields = [remembered.get(name, "") for name in plain]
    fields = [field if field in names and field not in fields[:position] else "" for position, field in enumerate(fields)]
    for fits in (lambda name, known: name in known, _holds):
        for position, name in enumerate(plain):
            if not fields[position] and name and name not in remembered:
                fields[position] = next((field for field, known in names.items() if field not in fields and fits(name, known)), "")
    return fields


def normal(name: str) -> str:
    """A column's name without case, accents, marks and what stands in brackets."""
    bare = unicodedata.normalize("NFKD", re.sub(r"[\(\[].*?[\)\]]", " ", name)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", " ", bare.lower()).strip()


def _names_of(column: Column) -> frozenset[str]:
    said: set[str] = {column.field.replace("_", " "), *column.synonyms}
    for language in ("en", "id"):
        with override(language):
            said.add(str(column.name))
    return frozenset(filter(None, map(normal, said)))


def _holds(name: str, known: Iterable[str]) -> bool:
    words = f" {name} "
    return any(len(one) > 3 and f" {one} " in words for one in known)
