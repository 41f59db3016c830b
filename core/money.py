"""Money: decimals with a currency, rounded half up to the digits ISO 4217 gives the currency."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import cache

from babel.numbers import get_currency_precision
from django.utils import formats

ZERO = Decimal(0)


@cache
def digits(currency: str) -> int:
    """Decimal places of an ISO 4217 currency: IDR 2, JPY 0, BHD 3 (Unicode CLDR's copy of the standard)."""
    return int(get_currency_precision(currency))


@cache
def smallest_unit(currency: str) -> Decimal:
    """The smallest amount of a currency, e.g. ``Decimal("0.01")`` for USD."""
    return Decimal(1).scaleb(-digits(currency))


def round_money(amount: Decimal, currency: str) -> Decimal:
    """Round to the currency's digits, half away from zero ("half up", the commercial rule)."""
    return amount.quantize(smallest_unit(currency), rounding=ROUND_HALF_UP)


def written(amount: Decimal) -> str:
    """An amount in a sentence, grouped in the notation of the person's language, without zeros that say nothing."""
    return formats.number_format(amount.normalize(), use_l10n=True, force_grouping=True)


def line_amount(quantity: Decimal, unit_price: Decimal, discount: Decimal, currency: str) -> Decimal:
    """What a document line comes to: quantity x unit price x (1 - discount), rounded once, at the end."""
    return round_money(quantity * unit_price * (1 - discount), currency)


def allocate(total: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Split ``total`` (rounded to ``currency``) in proportion to non-negative ``weights``; the parts add up to it exactly.

    Largest-remainder method (Hamilton): every part is rounded down and the units left over go to the largest remainders,
    the earlier part first when they tie. Raises ValueError when there is nothing to split over.
    """
    if not weights or any(weight < 0 for weight in weights):
        raise ValueError("allocate() needs at least one weight, and none below zero.")
    whole = sum(weights, ZERO) or Decimal(len(weights))
    shares = list(weights) if sum(weights, ZERO) else [Decimal(1)] * len(weights)
    unit = smallest_unit(currency)
    sign = -1 if total < 0 else 1
    units = int(round_money(abs(total), currency) / unit)
    exact = [units * share / whole for share in shares]
    parts = [int(part.to_integral_value(rounding=ROUND_FLOOR)) for part in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_remainder[: units - sum(parts)]:
        parts[i] += 1
    return [sign * part * unit for part in parts]


@dataclass(frozen=True)
class Money:
    """An amount of one currency. Adding two currencies is a programming error and raises ValueError."""

    amount: Decimal
    currency: str

    def __add__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.amount - other.amount, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def rounded(self) -> "Money":
        """The same money in whole smallest units of its currency."""
        return Money(round_money(self.amount, self.currency), self.currency)

    def _same_currency(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added: convert one first.")
