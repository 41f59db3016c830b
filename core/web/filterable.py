"""Which fields of a list may be asked about: what its columns show, and no more unless the screen says so."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db import models
from django.db.models import Model, QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from core.db import AmountField, PriceField, Tracked
from core.web.cells import Cell, Money, Percent, Status
from core.web.conditions import Where
from core.web.lookups import has_lookup
from core.web.registry import Text

NAMES = ("name", "number", "code", "title", "email")
SHORT = 60


def cell_name(cell: Cell) -> str:
    """What a column is called in addresses: its key, or its label when the key is a function."""
    if isinstance(cell.key, str):
        return cell.key.replace(".", "-")
    with override("en"):
        return slugify(str(cell.label)) or getattr(cell.key, "__name__", "column")


def cell_path(cell: Cell) -> str:
    """The database path behind a column; empty when there is none to be seen."""
    if isinstance(cell.key, str):
        key = cell.key
        owner, _dot, last = key.rpartition(".")
        if last.startswith("get_") and last.endswith("_display"):
            last = last.removeprefix("get_").removesuffix("_display")
        return f"{owner}.{last}".strip(".").replace(".", "__")
    return cell.sort


def field_at(model: type[Model], path: str) -> tuple[Any, bool]:
    """The model field a path leads to (None when it is not one), and whether the way leads to several rows."""
    found: Any = None
    at: Any = model
    many = False
    for part in path.split("__"):
        if at is None:
            return None, False
        try:
            found = at._meta.get_field("id" if part == "pk" else part)
        except FieldDoesNotExist:
            return None, False
        many = many or bool(found.one_to_many or found.many_to_many)
        at = found.related_model if found.is_relation else None
    return found, many


def fields_for(model: type[Model], cells: Iterable[Cell], extra: Sequence["Where | str"], rows: QuerySet[Any]) -> list[Where]:
    """The fields the filter builder offers, in the order of the columns."""
    found: dict[str, Where] = {}
    paths: set[str] = set()
    for cell in cells:
        where = _of_cell(model, cell, rows)
        if where is not None and where.path not in paths:
            found.setdefault(where.name, where)
            paths.add(where.path)
    for one in extra:
        known = one if isinstance(one, Where) else where_of(model, one.replace("__", "-"), one)
        if known is not None:
            found[known.name] = known
            paths.add(known.path)
    if issubclass(model, Tracked):
        for name, label in (("created_at", _("Created")), ("updated_at", _("Changed"))):
            if name not in paths:
                found.setdefault(name, Where(name, name, label, "moment"))
    return list(found.values())


def _of_cell(model: type[Model], cell: Cell, rows: QuerySet[Any]) -> Where | None:
    path = cell_path(cell)
    if not path or not cell.label:
        return None
    where = where_of(model, cell_name(cell), path, cell.label) or where_of(model, cell_name(cell), cell.sort, cell.label)
    if where is None and path in rows.query.annotations and not isinstance(cell, Status):
        where = _of_field(cell_name(cell), path, cell.label, _output(rows, path))
        where = None if where is None or where.kind in {"text", "one"} else replace(where, nullable=True)
    if where is not None and isinstance(cell, Money) and where.kind == "number":
        return replace(where, kind="money")
    return replace(where, kind="percent") if where is not None and isinstance(cell, Percent) else where


def _output(rows: QuerySet[Any], name: str) -> Any:
    try:
        return rows.query.annotations[name].output_field
    except FieldError:
        return None


def where_of(model: type[Model], name: str, path: str, label: Text = "") -> Where | None:
    """How a path of the model may be asked about; the name of a related record stands for the record itself."""
    if not path:
        return None
    owner, _gap, last = path.rpartition("__")
    field, many = field_at(model, path)
    if field is None:
        return None
    if owner and last in NAMES:
        parent, _many = field_at(model, owner)
        if isinstance(parent, models.ForeignKey) and chosen_by(parent):
            path, field = owner, parent
    return _of_field(name, path, label or str(field.verbose_name).capitalize(), field, many=many)


def _of_field(name: str, path: str, label: Text, field: Any, *, many: bool = False) -> Where | None:
    empty = bool(
        getattr(field, "null", False) or (getattr(field, "blank", False) and isinstance(field, (models.CharField, models.TextField)))
    )
    plain = Where(name, path, label, nullable=empty, many=many)
    if isinstance(field, models.ForeignKey):
        return _of_relation(plain, field)
    if getattr(field, "choices", None):
        return replace(plain, kind="choice", choices=lambda: field.choices)
    kinds: tuple[tuple[Any, str], ...] = (
        (models.BooleanField, "yesno"),
        (models.DateTimeField, "moment"),
        (models.DateField, "date"),
        ((AmountField, PriceField), "money"),
        ((models.IntegerField, models.DecimalField, models.FloatField), "number"),
        ((models.CharField, models.TextField), "text"),
    )
    kind = next((kind for types, kind in kinds if isinstance(field, types)), "")
    return replace(plain, kind=kind) if kind else None


def chosen_by(field: Any) -> str:
    """How a related record is chosen: its lookup's kind, ``*`` for a short table of names, empty when it cannot be."""
    target = field.related_model
    kind = target._meta.label_lower
    if has_lookup(kind):
        return str(kind)
    return "*" if any(one.name in NAMES for one in target._meta.local_fields) else ""


def _of_relation(plain: Where, field: Any) -> Where | None:
    target = field.related_model
    person = target is get_user_model()
    way = chosen_by(field)
    if not way:
        return None
    if way != "*":
        return replace(plain, kind="one", lookup=way, person=person)
    name = next(name for name in NAMES if any(one.name == name for one in target._meta.local_fields))
    return replace(
        plain, kind="choice", choices=cache(lambda: list(target._default_manager.order_by(name, "pk").values_list("pk", name)[:SHORT]))
    )


@lru_cache(maxsize=256)
def relations_of(model: type[Model], path: str) -> str:
    """The part of a path that ``select_related`` takes along; empty when the path stays in the row."""
    taken: list[str] = []
    at: Any = model
    for part in path.split("__"):
        try:
            field = at._meta.get_field(part)
        except FieldDoesNotExist:
            break
        if not (field.many_to_one or field.one_to_one):
            break
        taken.append(part)
        at = field.related_model
    return "__".join(taken)
