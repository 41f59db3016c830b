"""Everything the first page shows, asked in one statement: each contribution says which rows it wants in the same few columns."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import DecimalField, QuerySet
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language

from core import clock
from core.people.models import User
from core.people.visibility import reaches_of, seen_now
from core.web.house import currency

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
        """Those of the rows that the person who looks may see, with the columns that are asked for and no other."""
        worked_out = {f"g_{name}": wanted for name, wanted in self.wanted().items() if not isinstance(wanted, str)}
        names = [wanted if isinstance(wanted, str) else f"g_{name}" for name, wanted in self.wanted().items()]
        rows = self.rows if self.rows.query.is_sliced else seen_now(self.rows)
        found: QuerySet[Any, Any] = rows.annotate(**worked_out).values_list(*names)
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


def reader(user: User) -> tuple[object, ...]:
    """What a prepared statement depends on beside the rows: who reads, in which language and zone, and the hour."""
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    who = (user.pk, frozenset(user.get_all_permissions()), frozenset(reaches_of(user).items()), get_language(), get_current_timezone_name())
    return (*who, hour, clock.today(), clock.here(), currency())


@dataclass(frozen=True)
class Prepared:
    """Contributions whose one statement is written; what it finds and what they make of that is worked out each time."""

    wants: Sequence[tuple[int, Callable[..., Any]]]
    statement: str
    values: Sequence[Any]

    def made(self) -> list[Any]:
        """What the contributions come to, all answered by one statement."""
        lines = iter(self.lines())
        return [make(*islice(lines, count)) for count, make in self.wants]

    def lines(self) -> list[list[Line]]:
        """The lines of each gathering, as they stand now."""
        found: list[list[Line]] = [[] for _number in range(sum(count for count, _make in self.wants))]
        if self.statement:
            with connection.cursor() as cursor:
                cursor.execute(self.statement, self.values)
                for part, *columns in cursor.fetchall():
                    found[part].append(Line(*columns))
        return found


def prepare(things: Sequence[Any]) -> Prepared:
    """Write the one statement that answers all gatherings: most of what a first page costs. What gathers nothing stands for itself."""
    waiting = [thing if isinstance(thing, Gathered) else Gathered((), partial(_itself, thing)) for thing in things]
    parts: list[str] = []
    values: list[Any] = []
    for number, gather in enumerate(gather for thing in waiting for gather in thing.gathers):
        with suppress(EmptyResultSet):
            text, some = gather.statement(number)
            parts.append(text)
            values.extend(some)
    return Prepared([(len(thing.gathers), thing.make) for thing in waiting], " UNION ALL ".join(parts), values)


def _itself(thing: Any) -> Any:
    return thing
