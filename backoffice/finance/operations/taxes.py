"""What taxes come to on a document: each tax rounded once for the whole document, and spread over its lines to the cent.

An order asks before it is billed and the invoice asks when it is, so both say the same.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from backoffice.finance.models import TaxRule
from core.money import ZERO, allocate, round_money
from core.reference import reference


@dataclass(frozen=True)
class TaxableLine:
    """A line to tax: ``amount`` is what quantity, price and discount come to, with tax in it when the prices include tax."""

    key: str
    amount: Decimal
    tax_category: str


@dataclass(frozen=True)
class TaxedLine:
    """A line with its part of the document's tax."""

    key: str
    net: Decimal
    tax: Decimal
    total: Decimal


@dataclass(frozen=True)
class TaxAmount:
    """What one tax comes to on the whole document, and on what."""

    tax_id: int
    account_id: int
    name: str
    rate: Decimal
    base: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Taxes:
    """A taxed document: its lines add up to it, and so do its taxes."""

    net: Decimal
    tax: Decimal
    total: Decimal
    lines: tuple[TaxedLine, ...]
    by_tax: tuple[TaxAmount, ...]


@dataclass(frozen=True)
class TaxRate:
    """One tax that a tax category carries."""

    tax_id: int
    account_id: int
    name: str
    rate: Decimal


def compute_taxes(*, on: date, currency: str, prices_include_tax: bool, lines: Sequence[TaxableLine]) -> Taxes:
    """Tax a document dated ``on`` by the rules in force that day. Amounts are rounded half up to the currency."""
    carried = rates_on(on, {line.tax_category for line in lines})
    return tax_document(currency, prices_include_tax, lines, carried)


def rates_on(day: date, tax_categories: set[str]) -> dict[str, tuple[TaxRate, ...]]:
    """The taxes each category carries on a day."""
    rates: dict[str, list[TaxRate]] = defaultdict(list)
    for rule in reference("tax rules", _rules):
        if rule.tax_category in tax_categories and rule.holds_on(day):
            rates[rule.tax_category].append(TaxRate(rule.tax_id, rule.tax.account_id, rule.tax.name, rule.tax.rate))
    return {category: tuple(found) for category, found in rates.items()}


def _rules() -> tuple[TaxRule, ...]:
    return tuple(TaxRule.objects.select_related("tax").order_by("tax__code", "pk"))


def tax_document(currency: str, prices_include_tax: bool, lines: Sequence[TaxableLine], carried: dict[str, tuple[TaxRate, ...]]) -> Taxes:
    """The arithmetic alone: ``carried`` says which taxes each category carries."""
    amounts = [round_money(line.amount, currency) for line in lines]
    exact: dict[TaxRate, Decimal] = defaultdict(Decimal)
    taxed: dict[TaxRate, list[int]] = defaultdict(list)
    weights = [ZERO] * len(lines)
    for i, line in enumerate(lines):
        rates = carried.get(line.tax_category, ())
        divisor = 1 + sum((rate.rate for rate in rates), ZERO) if prices_include_tax else Decimal(1)
        for rate in rates:
            share = amounts[i] * rate.rate / divisor
            exact[rate] += share
            weights[i] += share
            taxed[rate].append(i)
    rounded = {rate: round_money(amount, currency) for rate, amount in exact.items()}
    tax = sum(rounded.values(), ZERO)
    parts = allocate(tax, weights, currency) if tax else [ZERO] * len(lines)
    done = tuple(
        TaxedLine(line.key, amount - part, part, amount) if prices_include_tax else TaxedLine(line.key, amount, part, amount + part)
        for line, amount, part in zip(lines, amounts, parts, strict=True)
    )
    return Taxes(
        net=sum((line.net for line in done), ZERO),
        tax=tax,
        total=sum((line.total for line in done), ZERO),
        lines=done,
        by_tax=tuple(
            TaxAmount(rate.tax_id, rate.account_id, rate.name, rate.rate, sum((done[i].net for i in taxed[rate]), ZERO), amount)
            for rate, amount in rounded.items()
        ),
    )
