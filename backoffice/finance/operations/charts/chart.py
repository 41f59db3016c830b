"""The shape of a chart of accounts as data."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class ChartAccount:
    """An account a chart brings."""

    code: str
    name: str
    kind: str
    purpose: str = ""


@dataclass(frozen=True)
class ChartTax:
    """A tax a chart brings, and the tax categories that carry it. What is collected goes to the ``output_tax`` account."""

    code: str
    name: str
    rate: Decimal
    tax_categories: tuple[str, ...]


@dataclass(frozen=True)
class Chart:
    """Accounts and taxes to start a company's books with."""

    name: str
    accounts: tuple[ChartAccount, ...]
    taxes: tuple[ChartTax, ...] = ()
