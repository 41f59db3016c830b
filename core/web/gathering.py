"""Everything the first page shows, asked in one statement: each contribution says which rows it wants in the same few columns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import (
    BigIntegerField,
    CharField,
    DateField,
    DateTimeField,
    DecimalField,
    Expression,
    F,
    IntegerField,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast

NUMBER = DecimalField(max_digits=38, decimal_places=4)
COLUMNS = {
    "pk": BigIntegerField(),
    "key": CharField(),
    "note": CharField(),
    "currency": CharField(),
    "day": DateField(),
    "moment": DateTimeField(),
    "a": NUMBER,
    "b": NUMBER,
    "c": NUMBER,
}


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

    def query(self, number: int) -> QuerySet[Any, Any]:
        """The rows in the common columns, numbered as a part."""
        columns = {f"g_{name}": self.column(name, kind) for name, kind in COLUMNS.items()}
        rows = self.rows.annotate(g_part=Cast(Value(number), IntegerField()), **columns)
        found: QuerySet[Any, Any] = rows.values_list("g_part", *columns)
        return found[: self.most] if self.most else found.order_by()

    def column(self, name: str, kind: Any) -> Expression:
        """One column, in its common type."""
        wanted = getattr(self, name)
        return Cast(F(wanted) if isinstance(wanted, str) else Value(None) if wanted is None else wanted, kind)


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
    if not gathers:
        return found
    first, *others = (gather.query(number) for number, gather in enumerate(gathers))
    for part, *values in first.union(*others, all=True) if others else first:
        found[part].append(Line(*values))
    return found
