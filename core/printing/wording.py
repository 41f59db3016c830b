"""How papers write dates and amounts: in full, by the reader's language and the company's country."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

from babel.dates import format_date

from core.web import figures

Written = Callable[[Decimal], str]


def day(value: date | None) -> str:
    """A date in full: 23 November 2026."""
    return format_date(value, "d MMMM yyyy", locale=figures.locale()) if value else ""


def short_day(value: date | None) -> str:
    """A date for a column: 23 Nov 2026."""
    return figures.day(value, year=True)


def amounts(currency: str, shown: Iterable[Decimal]) -> Written:
    """How this paper writes its amounts, all alike: rupiah have cents on every line as soon as one of them has any."""
    cents = currency != "IDR" or any(amount != amount.to_integral_value() for amount in shown)
    return lambda amount: figures.money(amount, currency, cents=cents)


def price(value: Decimal, currency: str) -> str:
    """What one costs, as fine as it was agreed."""
    finest = value.normalize().as_tuple().exponent
    if isinstance(finest, int) and finest < -2:
        return f"{figures.symbol(currency)}{figures.quantity(value)}"
    return figures.money(value, currency)
