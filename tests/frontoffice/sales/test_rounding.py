"""How a line is rounded."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import digits, line_amount

quantities = st.decimals(min_value=Decimal("0.000001"), max_value=Decimal(100_000), places=6)
prices = st.decimals(min_value=0, max_value=Decimal(10_000_000), places=6)
discounts = st.decimals(min_value=0, max_value=1, places=6)


@given(quantity=quantities, price=prices, discount=discounts, currency=st.sampled_from(["IDR", "USD", "JPY", "BHD"]))
def test_a_line_is_rounded_half_up_once(quantity, price, discount, currency):
    exact = Fraction(quantity) * Fraction(price) * (1 - Fraction(discount))
    unit = Fraction(1, 10 ** digits(currency))
    assert Fraction(line_amount(quantity, price, discount, currency)) == ((exact / unit + Fraction(1, 2)) // 1) * unit


@pytest.mark.parametrize(
    ("quantity", "price", "discount", "amount"),
    [("3", "0.335", "0", "1.01"), ("1", "2.345", "0", "2.35"), ("7", "14.4", "0.15", "85.68"), ("1", "9.99", "1", "0.00")],
)
def test_half_a_cent_goes_up(quantity, price, discount, amount):
    assert line_amount(Decimal(quantity), Decimal(price), Decimal(discount), "USD") == Decimal(amount)
    assert Decimal(amount) == Decimal(amount).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
