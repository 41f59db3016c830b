"""A document and its parts written in one statement, with the next number of its sequence when it takes one.

Django would need one statement for the number, one for the document and one for each kind of part, and builds each anew. What is
written is the same: every field as the model says, every trigger and constraint of the database.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection, models
from django.db.models import Field
from django.db.models.expressions import DatabaseDefault

from core.numbering import NUMBER, NextNumber, no_company


@dataclass(frozen=True)
class Part:
    """Rows that belong to a document: ``owner`` is the field by which they know it, ``named`` the one that repeats its number, if any."""

    rows: Sequence[models.Model]
    owner: str
    named: str = ""


HEAD = "INSERT INTO {table} ({columns}) SELECT {values} {source} RETURNING *"
PART = """
    INSERT INTO {table} ({columns}) SELECT {values} FROM head, unnest({arrays}) WITH ORDINALITY AS part ({names}, place) ORDER BY place
"""
ROWS = "INSERT INTO {table} ({columns}) SELECT {values} FROM unnest({arrays}) WITH ORDINALITY AS part ({names}, place) ORDER BY place RETURNING id"
EACH = "UPDATE {table} AS written SET {changes} FROM unnest({arrays}) AS told ({names}) WHERE written.id = told.id"
TOGETHER = "WITH first AS ({first}) {then}"
PLACE = "%s || '/' || year || '/' || lpad(last::text, greatest(5, length(last::text)), '0')"
"""How a number is written: as ``next_number`` writes it."""


@dataclass(frozen=True)
class _Table:
    """How rows of a model are written: its fields, and the column and the type of each by name."""

    name: str
    fields: "tuple[Field[Any, Any], ...]"
    columns: dict[str, str]
    types: dict[str, str]
    fields_by_name: "dict[str, Field[Any, Any]]"


def write_whole(document: models.Model, *parts: Part, number: NextNumber | None = None) -> None:
    """Save a new document with its parts. With ``number`` it gets the next one, gapless, held until the commit.

    The document knows its id and number afterwards; the parts know their document, not their own ids.
    """
    values: list[Any] = []
    steps: list[str] = []
    if number is not None:
        steps.append(f"numbered AS ({NUMBER})")
        values += [number.sequence, number.on]
    steps.append(f"head AS ({_head(document, number, values)})")
    steps += [f"part{place} AS ({_part(part, values)})" for place, part in enumerate(parts) if part.rows]
    with connection.cursor() as cursor:
        cursor.execute(" ".join(("WITH", ",".join(steps), "SELECT id, number FROM head" if number else "SELECT id FROM head")), values)
        row = cursor.fetchone()
    if row is None:
        raise no_company()
    document.pk = row[0]
    if number is not None:
        document.number = row[1]  # type: ignore[attr-defined]
    document._state.adding, document._state.db = False, connection.alias
    for part in parts:
        for one in part.rows:
            _belongs(one, part, document)


def write_each(rows: Collection[models.Model], *fields: str) -> None:
    """Save what these fields of each row say, in one UPDATE: the caller has locked the rows."""
    if rows:
        values: list[Any] = []
        statement = _each(rows, fields, values)
        with connection.cursor() as cursor:
            cursor.execute(statement, values)


def write_with(document: models.Model, changed: Sequence[str], rows: Collection[models.Model], *fields: str) -> None:
    """Save what these fields of a document and of its rows say, in one statement: the caller has locked them."""
    values: list[Any] = []
    first = _each([document], tuple(changed), values)
    with connection.cursor() as cursor:
        cursor.execute(TOGETHER.format(first=first, then=_each(rows, fields, values)) if rows else first, values)


def _each(rows: Collection[models.Model], fields: tuple[str, ...], values: list[Any]) -> str:
    model = type(next(iter(rows)))
    table = _table(model)
    values.append([row.pk for row in rows])
    for name in fields:
        field = table.fields_by_name[name]
        values.append([field.get_db_prep_save(field.pre_save(row, add=False), connection) for row in rows])
    return _each_statement(model, fields)


def rows_statement(rows: Sequence[models.Model], values: list[Any]) -> str:
    """How these rows are inserted in their order, giving back their ids; a list of values for each column is added to ``values``."""
    return _rows_statement(type(rows[0]), _listed(rows, (), values))


def _belongs(one: models.Model, part: Part, document: models.Model) -> None:
    relation = one._meta.get_field(part.owner).is_relation
    setattr(one, part.owner, document if relation else document.pk)
    if part.named:
        setattr(one, part.named, document.number)  # type: ignore[attr-defined]


def _head(document: models.Model, number: NextNumber | None, values: list[Any]) -> str:
    """How the document is written; its values are added to ``values``."""
    written = []
    for field in _table(type(document)).fields:
        if number is not None and field.name == "number":
            written.append(field.name)
            values.append(number.prefix)
            continue
        value = field.pre_save(document, add=True)
        if not isinstance(value, DatabaseDefault):
            written.append(field.name)
            values.append(field.get_db_prep_save(value, connection))
    return _head_statement(type(document), tuple(written), numbered=number is not None)


def _part(part: Part, values: list[Any]) -> str:
    """How these rows are written; a list of values for each column is added to ``values``."""
    return _part_statement(type(part.rows[0]), _listed(part.rows, (part.owner, part.named), values), part.owner, part.named)


def _listed(rows: Sequence[models.Model], without: tuple[str, ...], values: list[Any]) -> tuple[str, ...]:
    written = []
    for field in _table(type(rows[0])).fields:
        if field.name in without:
            continue
        given = [field.pre_save(row, add=True) for row in rows]
        if not isinstance(given[0], DatabaseDefault):
            written.append(field.name)
            values.append([field.get_db_prep_save(value, connection) for value in given])
    return tuple(written)


@cache
def _head_statement(model: type[models.Model], written: tuple[str, ...], *, numbered: bool) -> str:
    table = _table(model)
    return HEAD.format(
        table=table.name,
        columns=", ".join(table.columns[name] for name in written),
        values=", ".join(PLACE if numbered and name == "number" else f"%s::{table.types[name]}" for name in written),
        source="FROM numbered" if numbered else "",
    )


@cache
def _part_statement(model: type[models.Model], written: tuple[str, ...], owner: str, named: str) -> str:
    table = _table(model)
    taken = {owner: "head.id"} | ({named: "head.number"} if named else {})
    return PART.format(
        table=table.name,
        columns=", ".join(table.columns[name] for name in (*taken, *written)),
        values=", ".join((*taken.values(), *(f"part.{table.columns[name]}" for name in written))),
        arrays=", ".join(f"%s::{table.types[name]}[]" for name in written),
        names=", ".join(table.columns[name] for name in written),
    )


@cache
def _rows_statement(model: type[models.Model], written: tuple[str, ...]) -> str:
    table = _table(model)
    return ROWS.format(
        table=table.name,
        columns=", ".join(table.columns[name] for name in written),
        values=", ".join(f"part.{table.columns[name]}" for name in written),
        arrays=", ".join(f"%s::{table.types[name]}[]" for name in written),
        names=", ".join(table.columns[name] for name in written),
    )


@cache
def _each_statement(model: type[models.Model], fields: tuple[str, ...]) -> str:
    table = _table(model)
    return EACH.format(
        table=table.name,
        changes=", ".join(f"{table.columns[name]} = told.{table.columns[name]}" for name in fields),
        arrays=", ".join(("%s::bigint[]", *(f"%s::{table.types[name]}[]" for name in fields))),
        names=", ".join(("id", *(table.columns[name] for name in fields))),
    )


@cache
def _table(model: type[models.Model]) -> _Table:
    fields = tuple(field for field in model._meta.concrete_fields if not field.primary_key)
    quoted = connection.ops.quote_name
    return _Table(
        name=quoted(model._meta.db_table),
        fields=fields,
        columns={field.name: quoted(str(field.column)) for field in fields},
        types={field.name: str(field.db_type(connection)) for field in fields},
        fields_by_name={field.name: field for field in fields},
    )
