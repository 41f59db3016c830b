"""Everything the first page shows, asked in one statement: each contribution says which rows it wants in the same few columns."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import DecimalField, QuerySet

COLUMNS = {
    "pk": "bigint",
    "key": "varchar",
    "note": "varchar",
    "currency": "varchar",
    "day": "date",
    "moment": "timestamptz",
    "a": "numeric(38, 4)",
    "b": "numeric(38, 4)",
    "c": "numeric(38, 4)",
}
NUMBER = DecimalField(max_digits=38, decimal_places=4)


class Line(NamedTuple):
    """A gathered row: which record, two words, a currency, a day, a moment and three numbers; None where nothing was asked."""

    pk: int | None
    key: str
    note: str
    currency: str
    day: date
    moment: datetime
    a: Decimal
    b: Decimal
    c: Decimal


@dataclass(frozen=True)
class Gather:
    """Rows that are wanted. Each column is a field's path, or an expression (aggregates after ``.values(...)``); ``most`` cuts."""

    rows: QuerySet[Any, Any]
    pk: Any = None
    key: Any = None
    note: Any = None
    currency: Any = None
    day: Any = None
    moment: Any = None
    a: Any = None
    b: Any = None
    c: Any = None
    most: int = 0

    def wanted(self) -> dict[str, Any]:
        """The columns that are asked for."""
        return {name: getattr(self, name) for name in COLUMNS if getattr(self, name) is not None}

    def query(self) -> QuerySet[Any, Any]:
        """The rows with the columns that are asked for, and no other."""
        worked_out = {f"g_{name}": wanted for name, wanted in self.wanted().items() if not isinstance(wanted, str)}
        names = [wanted if isinstance(wanted, str) else f"g_{name}" for name, wanted in self.wanted().items()]
        found: QuerySet[Any, Any] = self.rows.annotate(**worked_out).values_list(*names)
        return found[: self.most] if self.most else found.order_by()

    def statement(self, number: int) -> tuple[str, Sequence[Any]]:
        """The rows in the common columns, numbered as a part, as SQL. Django would pad and compile every column of every part anew."""
        inner, values = self.query().query.sql_with_params()
        wanted = self.wanted()
        columns = ", ".join(f"part.{name}::{kind}" if name in wanted else f"NULL::{kind}" for name, kind in COLUMNS.items())
        return f"SELECT {number}, {columns} FROM ({inner}) AS part ({', '.join(wanted)})", values  # noqa: S608


@dataclass(frozen=True)
class Gathered:
    """A contribution that waits for its rows: what to gather, and what to make of the lines (one list for each gathering)."""

    gathers: Sequence[Gather]
    make: Callable[..., Any]


def gathered(*gathers: Gather, make: Callable[..., Any]) -> Gathered:
    """``gathered(Gather(...), Gather(...), make=lambda first, second: Kpi(...))``."""
    return Gathered(gathers, make)


def made(things: Sequence[Any]) -> list[Any]:
    """What the contributions come to, all that waits answered by one statement."""
    waiting = [gather for thing in things if isinstance(thing, Gathered) for gather in thing.gathers]
    lines = gather_all(waiting)
    finished = []
    for thing in things:
        if isinstance(thing, Gathered):
            mine, lines = lines[: len(thing.gathers)], lines[len(thing.gathers) :]
            finished.append(thing.make(*mine))
        else:
            finished.append(thing)
    return finished


def gather_all(gathers: Sequence[Gather]) -> list[list[Line]]:
    """The lines of each gathering, in one statement for all."""
    found: list[list[Line]] = [[] for _gather in gathers]
    parts: list[str] = []
    values: list[Any] = []
    for number, gather in enumerate(gathers):
        with suppress(EmptyResultSet):
            text, some = gather.statement(number)
            parts.append(text)
            values.extend(some)
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), values)
            for part, *columns in cursor.fetchall():
                found[part].append(Line(*columns))
    return found
