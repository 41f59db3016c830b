"""Money is rounded once, half up, and splits without losing a cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import Money, allocate, digits, round_money


def test_a_currency_has_the_digits_of_the_standard() -> None:
    assert [digits(code) for code in ("IDR", "USD", "JPY", "BHD")] == [2, 2, 0, 3]


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("0.005", "USD", "0.01"),
        ("-0.005", "USD", "-0.01"),
        ("2.675", "USD", "2.68"),
        ("1.4", "JPY", "1"),
        ("1.5", "JPY", "2"),
        ("0.0005", "BHD", "0.001"),
    ],
)
def test_money_is_rounded_half_up(amount: str, currency: str, rounded: str) -> None:
    assert round_money(Decimal(amount), currency) == Decimal(rounded)


def test_a_split_gives_the_cents_left_over_to_the_largest_remainders() -> None:
    assert allocate(Decimal("100.00"), [Decimal(1)] * 3, "USD") == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    assert allocate(Decimal("0.05"), [Decimal(3), Decimal(7)], "USD") == [Decimal("0.02"), Decimal("0.03")]
    assert allocate(Decimal("-100.00"), [Decimal(1)] * 3, "USD") == [Decimal("-33.34"), Decimal("-33.33"), Decimal("-33.33")]
    assert allocate(Decimal("10.00"), [Decimal(0), Decimal(0)], "USD") == [Decimal("5.00"), Decimal("5.00")]


@given(
    st.decimals(-(10**9), 10**9, places=2),
    st.lists(st.decimals(0, 10**6, places=3), min_size=1, max_size=20),
    st.sampled_from(["USD", "JPY", "BHD"]),
)
def test_a_split_adds_up_to_what_was_split(total: Decimal, weights: list[Decimal], currency: str) -> None:
    parts = allocate(total, weights, currency)
    assert sum(parts) == round_money(total, currency)
    assert all(part == round_money(part, currency) for part in parts)


def test_nothing_splits_over_nothing() -> None:
    with pytest.raises(ValueError, match="at least one weight"):
        allocate(Decimal(1), [], "USD")


def test_two_currencies_do_not_add_up() -> None:
    with pytest.raises(ValueError, match="cannot be added"):
        Money(Decimal(1), "USD") + Money(Decimal(1), "IDR")
    assert Money(Decimal(1), "USD") - Money(Decimal("0.255"), "USD") == Money(Decimal("0.745"), "USD")
    assert (-Money(Decimal("0.745"), "USD")).rounded() == Money(Decimal("-0.75"), "USD")
