"""What taxes come to on a document."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.finance.models import Account, Tax, TaxRule
from backoffice.finance.operations import TaxableLine, apply_tax, compute_taxes, create_tax, end_tax
from backoffice.finance.operations.accounts import BadTax
from backoffice.finance.operations.taxes import TaxRate, tax_document
from core.money import round_money
from core.people.models import User
from tests.factories.finance import TODAY

CARRIED = {
    "standard": (TaxRate(1, 1, "VAT", Decimal("0.11")),),
    "reduced": (TaxRate(2, 1, "VAT reduced", Decimal("0.07")), TaxRate(3, 1, "City tax", Decimal("0.0275"))),
    "zero": (TaxRate(4, 1, "Zero", Decimal(0)),),
}

currencies = st.sampled_from(["IDR", "USD", "JPY", "BHD"])
lines = st.lists(
    st.builds(
        TaxableLine,
        key=st.uuids().map(str),
        amount=st.decimals(0, 10_000_000, places=4, allow_nan=False),
        tax_category=st.sampled_from(["standard", "reduced", "zero", "exempt"]),
    ),
    max_size=12,
)


@given(currencies, st.booleans(), lines)
def test_lines_and_taxes_add_up_to_the_document(currency: str, inclusive: bool, wanted: list[TaxableLine]) -> None:
    taxes = tax_document(currency, inclusive, wanted, CARRIED)
    assert taxes.net + taxes.tax == taxes.total
    assert sum(line.net for line in taxes.lines) == taxes.net
    assert sum(line.tax for line in taxes.lines) == taxes.tax == sum(tax.amount for tax in taxes.by_tax)
    for line in taxes.lines:
        assert line.net + line.tax == line.total
        assert min(line.net, line.tax) >= 0
        assert line.tax == round_money(line.tax, currency)
    assert [line.key for line in taxes.lines] == [line.key for line in wanted]


@given(currencies, lines)
def test_prices_with_tax_in_them_leave_the_total_alone(currency: str, wanted: list[TaxableLine]) -> None:
    taxes = tax_document(currency, True, wanted, CARRIED)
    assert taxes.total == sum(round_money(line.amount, currency) for line in wanted)
    assert [line.total for line in taxes.lines] == [round_money(line.amount, currency) for line in wanted]


@given(currencies, lines)
def test_each_tax_is_rounded_once_for_the_whole_document(currency: str, wanted: list[TaxableLine]) -> None:
    taxes = tax_document(currency, False, wanted, CARRIED)
    for tax in taxes.by_tax:
        assert tax.amount == round_money(tax.base * tax.rate, currency)
    assert taxes.net == sum(round_money(line.amount, currency) for line in wanted)


def _tax(inclusive: bool, **amounts: str) -> tuple[Decimal, Decimal, Decimal]:
    wanted = [TaxableLine(category, Decimal(amount), category) for category, amount in amounts.items()]
    taxes = compute_taxes(on=TODAY, currency="IDR", prices_include_tax=inclusive, lines=wanted)
    return taxes.net, taxes.tax, taxes.total


def test_a_general_chart_knows_no_tax(books: None) -> None:
    assert _tax(False, standard="100") == (100, 0, 100)


def test_an_indonesian_chart_adds_eleven_percent(books_with_tax: None) -> None:
    assert _tax(False, standard="100", zero="50", exempt="25") == (175, 11, 186)
    assert _tax(True, standard="111", zero="50") == (150, 11, 161)


def test_a_remainder_goes_to_the_lines_that_lost_most(books_with_tax: None) -> None:
    wanted = [TaxableLine(str(i), Decimal("0.05"), "standard") for i in range(3)]
    taxes = compute_taxes(on=TODAY, currency="IDR", prices_include_tax=False, lines=wanted)
    assert taxes.tax == Decimal("0.02")
    assert [line.tax for line in taxes.lines] == [Decimal("0.01"), Decimal("0.01"), 0]


def test_a_rate_changes_from_a_day_on(books_with_tax: None, accountant: User) -> None:
    end_tax(TaxRule.objects.get(tax__code="PPN", tax_category="standard"), ends_on=date(2026, 12, 31), by=accountant)
    twelve = create_tax(
        code="PPN12", name="PPN 12 %", rate=Decimal("0.12"), account=Account.objects.get(purpose="output_tax"), by=accountant
    )
    apply_tax(twelve, "standard", starts_on=date(2027, 1, 1), by=accountant)
    line = [TaxableLine("1", Decimal(100), "standard")]
    found = [compute_taxes(on=day, currency="IDR", prices_include_tax=False, lines=line).tax for day in (TODAY, date(2027, 1, 1))]
    assert found == [11, 12]


def test_a_tax_that_cannot_be_is_refused(books_with_tax: None, accountant: User) -> None:
    owed = Account.objects.get(purpose="output_tax")
    with pytest.raises(BadTax, match=r"11 % is 0\.11"):
        create_tax(code="X", name="X", rate=Decimal(11), account=owed, by=accountant)
    with pytest.raises(BadTax, match="already"):
        create_tax(code="PPN", name="X", rate=Decimal("0.1"), account=owed, by=accountant)
    with pytest.raises(BadTax, match="liability"):
        create_tax(code="X", name="X", rate=Decimal("0.1"), account=Account.objects.get(purpose="bank"), by=accountant)
    with pytest.raises(BadTax, match="already"):
        apply_tax(Tax.objects.get(code="PPN"), "standard", by=accountant)
