"""From cells to facts: which column becomes which field, and what it has to look like."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from core.errors import Text
from core.imports.reading import SourceRow

Facts = dict[str, Any]
Parse = Callable[[str], Any]


class BadCell(ValueError):
    """A cell that is not what its column should hold; the text says what is wrong with it."""


@dataclass(frozen=True)
class Problem:
    """Why a row was not taken: file, line and column (empty when the whole row is meant), and the reason in words."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" + (f" {self.column}" if self.column else "")
        return f"{where}: {self.reason}"


def text(cell: str) -> str:
    """Any text."""
    return cell


@dataclass(frozen=True)
class Column:
    """One column of the file and the field it fills. An empty cell is ``default``, or a problem when it is ``required``.

    The import wizard shows ``name`` to people, recognises the column by it and by ``synonyms`` (English and Indonesian), and writes
    ``example`` into the template. ``choices`` are the values it may hold, with their names.
    """

    field: str
    name: Text
    parse: Parse = text
    required: bool = False
    default: Any = ""
    synonyms: tuple[str, ...] = ()
    example: str = ""
    help: Text = ""
    choices: Sequence[tuple[str, Text]] = ()

    def also(self, *synonyms: str) -> "Column":
        """The same column, known by further names."""
        return replace(self, synonyms=(*self.synonyms, *synonyms))


def facts_of(row: SourceRow, columns: Sequence[Column]) -> tuple[Facts, list[Problem]]:
    """The facts of a row, and every problem it has; a row with a problem is not to be used."""
    facts: Facts = {}
    problems: list[Problem] = []
    for column in columns:
        cell = row.cells.get(str(column.name))
        try:
            facts[column.field] = _value(cell, column)
        except BadCell as error:
            problems.append(Problem(row.file, row.line, str(column.name), str(error)))
    return facts, problems


def integer(cell: str) -> int:
    """A whole number."""
    try:
        return int(cell)
    except ValueError as error:
        raise BadCell(f"{cell!r} is not a whole number.") from error


def decimal(cell: str) -> Decimal:
    """A number with a decimal point."""
    try:
        number = Decimal(cell)
    except InvalidOperation as error:
        raise BadCell(f"{cell!r} is not a number.") from error
    if not number.is_finite():
        raise BadCell(f"{cell!r} is not a number.")
    return number


def positive(cell: str) -> Decimal:
    """A number above zero."""
    number = decimal(cell)
    if number <= 0:
        raise BadCell(f"{cell} is not above zero.")
    return number


def not_negative(cell: str) -> Decimal:
    """A number that is zero or more."""
    number = decimal(cell)
    if number < 0:
        raise BadCell(f"{cell} is below zero.")
    return number


def fraction(cell: str) -> Decimal:
    """A number from 0 to 1."""
    number = decimal(cell)
    if not 0 <= number <= 1:
        raise BadCell(f"{cell} is not between 0 and 1.")
    return number


def day(cell: str) -> date:
    """A date, ISO 8601; a time after it is left out."""
    try:
        return datetime.fromisoformat(cell).date()
    except ValueError as error:
        raise BadCell(f"{cell!r} is not a date: write it like 2026-11-23.") from error


def yes_or_no(cell: str) -> bool:
    """1 or 0."""
    if cell not in {"0", "1"}:
        raise BadCell(f"{cell!r} is neither 0 nor 1.")
    return cell == "1"


def one_of(known: Mapping[str, Any], what: str) -> Parse:
    """The value a key stands for, e.g. a customer by its code; ``what`` names it when it is unknown."""

    def parse(cell: str) -> Any:
        if cell not in known:
            raise BadCell(f"there is no {what} {cell}.")
        return known[cell]

    return parse


def _value(cell: str | None, column: Column) -> Any:
    if cell is None:
        raise BadCell(_("the column is missing."))
    if any("\ud800" <= character <= "\udfff" for character in cell):
        raise BadCell(_("it is not written in UTF-8."))
    if not cell:
        if column.required:
            raise BadCell(_("it is empty."))
        return column.default
    return column.parse(cell)
