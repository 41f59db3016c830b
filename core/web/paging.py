"""Pages by cursor: the next page begins after the last row seen, so that the thousandth costs what the first does.

The database is asked for rows beyond the cursor in the list's full order; no row is skipped over, none is counted. Nulls stand
where Postgres puts them: last going up, first going down.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model, Q, QuerySet
from django.utils.dateparse import parse_date, parse_datetime

KEY = "_key_"


@dataclass(frozen=True)
class Slice:
    """The rows of one page, and the cursors that lead on and back (empty: there is nothing)."""

    rows: list[Any]
    after: str
    before: str
    starts: bool


def keyed(rows: QuerySet[Any], ordering: Sequence[str]) -> QuerySet[Any]:
    """The rows in their order, each carrying the values it is ordered by."""
    reached = {f"{KEY}{number}": F(name) for number, name in enumerate(map(_plain, ordering)) if "__" in name}
    return (rows.annotate(**reached) if reached else rows).order_by(*ordering)


def page_of(rows: QuerySet[Any], ordering: Sequence[str], size: int, *, after: str = "", before: str = "") -> Slice:
    """One page: after a cursor, before one, or the first. A cursor that is no cursor of this order leads to the first page."""
    rows = keyed(rows, ordering)
    if before and (values := read_cursor(before, ordering)) is not None:
        backwards = [_flipped(name) for name in ordering]
        found = _portion(rows.order_by(*backwards), backwards, values, size + 1)[::-1]
        if len(found) > size:
            return _slice(found[1:], ordering, more_before=True, more_after=True)
    elif after and (values := read_cursor(after, ordering)) is not None:
        found = _portion(rows, ordering, values, size + 1)
        if found:
            return _slice(found[:size], ordering, more_before=True, more_after=len(found) > size)
    found = list(rows[: size + 1])
    return _slice(found[:size], ordering, more_before=False, more_after=len(found) > size)


def _portion(rows: QuerySet[Any], ordering: Sequence[str], values: Sequence[Any], size: int) -> list[Any]:
    found: list[Any] = []
    for part in beyond(rows.model, ordering, values):
        found.extend(rows.filter(part)[: size - len(found)])
        if len(found) == size:
            break
    return found


def _slice(found: list[Any], ordering: Sequence[str], *, more_before: bool, more_after: bool) -> Slice:
    return Slice(
        found,
        write_cursor(found[-1], ordering) if more_after else "",
        write_cursor(found[0], ordering) if more_before else "",
        starts=not more_before,
    )


def _plain(name: str) -> str:
    return name.removeprefix("-")


def _flipped(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def beyond(model: type[Model], ordering: Sequence[str], values: Sequence[Any]) -> list[Q]:
    """The rows that come after these values in this order, in parts that follow one another.

    Each part is a range of the first field alone and something more, never a range or an empty field: an index is entered at the cursor.
    """
    name, value = ordering[0], values[0]
    field, down = _plain(name), name.startswith("-")
    empty = Q(**{f"{field}__isnull": True})
    if value is None:
        here = empty & _further(model, ordering[1:], values[1:])
        return [here, ~empty] if down else [here]
    here = Q(**{f"{field}__{'lte' if down else 'gte'}": value}) & _further(model, ordering, values, but_empty=True)
    return [here, empty] if not down and _may_be_empty(model, field) else [here]


def _further(model: type[Model], ordering: Sequence[str], values: Sequence[Any], *, but_empty: bool = False) -> Q:
    """Rows beyond these values field by field; ``but_empty`` leaves out those in which the first field is empty."""
    found, same = Q(), Q()
    for number, (name, value) in enumerate(zip(ordering, values, strict=True)):
        field, down = _plain(name), name.startswith("-")
        if value is not None:
            further = Q(**{f"{field}__{'lt' if down else 'gt'}": value})
            if not down and _may_be_empty(model, field) and not (but_empty and number == 0):
                further |= Q(**{f"{field}__isnull": True})
            found |= same & further
        elif down:
            found |= same & Q(**{f"{field}__isnull": False})
        same &= Q(**{f"{field}__isnull": True}) if value is None else Q(**{field: value})
    return found


def _may_be_empty(model: type[Model], field: str) -> bool:
    """Whether a field can be null; one that is reached or computed may always be."""
    try:
        return field != "pk" and model._meta.get_field(field).null
    except FieldDoesNotExist:
        return True


# -- Cursors: signed, so that they hold what we wrote, and only for the order they were written in ------------------------
def write_cursor(row: Any, ordering: Sequence[str]) -> str:
    """The cursor at a row that ``keyed`` gave."""
    values = [_written(getattr(row, f"{KEY}{number}" if "__" in name else _plain(name))) for number, name in enumerate(ordering)]
    return signing.dumps(values, salt=_salt(ordering), compress=True)


def read_cursor(cursor: str, ordering: Sequence[str]) -> list[Any] | None:
    """The values of a cursor; None when it is not one of this order."""
    try:
        values = signing.loads(cursor, salt=_salt(ordering))
    except signing.BadSignature:
        return None
    return [_read(value) for value in values]


def _salt(ordering: Sequence[str]) -> str:
    return "satu.list:" + ",".join(ordering)


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return ["t", value.isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    if isinstance(value, Decimal):
        return ["n", str(value)]
    if value is None or isinstance(value, (bool, int, str)):
        return value
    return getattr(value, "pk", str(value))


def _read(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    kind, text = value
    if kind == "n":
        return Decimal(text)
    return parse_datetime(text) if kind == "t" else parse_date(text)
