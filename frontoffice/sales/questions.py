"""What orders want to know of the back office."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.events import Question


@dataclass(frozen=True)
class TaxableLine:
    """One line to tax. ``amount`` is rounded, with tax when the question's prices include it, else without."""

    key: int
    amount: Decimal
    tax_category: str


@dataclass(frozen=True)
class TaxedLine:
    """One line with its tax; ``key`` is the one it was asked with."""

    key: int
    net: Decimal
    tax: Decimal
    total: Decimal


@dataclass(frozen=True)
class TaxAnswer:
    """The tax of a document and of each of its lines, in the order asked; the lines add up to the document."""

    net: Decimal
    tax: Decimal
    total: Decimal
    lines: tuple[TaxedLine, ...]


@dataclass(frozen=True, kw_only=True)
class TaxesFor(Question[TaxAnswer]):
    """What tax a document with these lines bears on a day. Asked without lines, everything is zero."""

    on: date
    currency: str
    prices_include_tax: bool
    lines: tuple[TaxableLine, ...]
