"""Figures and days are read as people of the country write them; what could mean two things is refused in words."""

import contextlib
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import example, given
from hypothesis import strategies as st

from core import clock
from core.web import entry, fields, figures, house, ui
from core.web.house import House

PLACES = [("ID", "id"), ("ID", "en"), ("US", "en"), ("DE", "en"), ("GB", "en")]


@pytest.fixture(autouse=True)
def nobody_at_home():
    yield
    house.use(None)


def at(country: str, language: str):
    house.use(House("Satu", "USD" if country == "US" else "IDR", country))
    return translation.override(language)


@pytest.mark.parametrize(
    ("country", "text", "meant"),
    [
        ("ID", "1.250.000,50", "1250000.50"),
        ("ID", "1.234,56", "1234.56"),
        ("ID", "1,234.56", "1234.56"),
        ("ID", "1250000.50", "1250000.50"),
        ("ID", "1.250", "1250"),
        ("ID", "2.5", "2.5"),
        ("ID", "2,5", "2.5"),
        ("ID", "0,125", "0.125"),
        ("ID", "0.125", "0.125"),
        ("ID", "1,234,567", "1234567"),
        ("ID", "12,3750", "12.375"),
        ("ID", "Rp 1.250.000", "1250000"),
        ("ID", "Rp50.000,-", "50000"),
        ("ID", "-Rp 50.000", "-50000"),
        ("ID", "1.250 IDR", "1250"),
        ("ID", "(1.250)", "-1250"),
        ("ID", "€ 12,50", "12.50"),
        ("US", "1,234.56", "1234.56"),
        ("US", "1.234,56", "1234.56"),
        ("US", "1,250.5", "1250.5"),
        ("US", "1,234", "1234"),
        ("US", "1250", "1250"),
        ("US", "1,5", "1.5"),
        ("US", "$1,250.00", "1250.00"),
        ("US", "US$ 12", "12"),
        ("US", "−3", "-3"),
        ("US", "1.234.567", "1234567"),
    ],
)
def test_numbers_are_read_as_people_of_the_country_write_them(country: str, text: str, meant: str) -> None:
    with at(country, "en"):
        assert entry.read_number(text) == Decimal(meant)


@pytest.mark.parametrize(
    "text",
    [
        "two",
        "",
        "-",
        "1.2.3,4,5",
        "1.25.000",
        "12,34,567.8",
        "1.250,00,00",
        "NaN",
        "Infinity",
        "1e5",
        "1_000",
        "--5",
        "5-",
        "12 %",
        "Rp",
        ".",
    ],
)
@pytest.mark.parametrize(("country", "language"), PLACES[:3])
def test_what_is_no_number_is_refused(country: str, language: str, text: str) -> None:
    with at(country, language), pytest.raises(ValueError):
        entry.read_number(text)


@pytest.mark.parametrize(("country", "text", "ways"), [("ID", "1,234", ("1234", "1,2340")), ("US", "1.234", ("1234", "1.2340"))])
def test_what_could_be_a_thousand_times_more_is_refused_with_both_ways_to_write_it(country: str, text: str, ways: tuple[str, str]) -> None:
    with at(country, "en"):
        with pytest.raises(ValidationError) as refused:
            ui.NumberField().clean(text)
        assert refused.value.messages == [f"{text} could mean two things. Write {ways[0]} or {ways[1]}."]
        assert {entry.read_number(way) for way in ways} == {Decimal(1234), Decimal("1.234")}


def test_a_number_is_refused_with_examples_in_the_notation_of_the_page() -> None:
    with at("US", "en"), pytest.raises(ValidationError, match=r"Write a number, such as 1250 or 12\.5\."):
        ui.NumberField().clean("two")
    with at("ID", "id"), pytest.raises(ValidationError, match="Tulis angka, misalnya 1250 atau 12,5"):
        ui.NumberField().clean("dua")


@pytest.mark.parametrize("text", ["12,5", "12.5", "12,5 %", "12.5%"])
def test_a_percentage_is_read_with_its_sign_or_without(text: str) -> None:
    with at("ID", "id"):
        assert ui.PercentField().clean(text) == Decimal("0.125")


NUMBERS = st.decimals(min_value=-(10**12), max_value=10**12, places=6)


@pytest.mark.parametrize(
    ("country", "number", "shown"),
    [
        ("ID", "87475215", "87.475.215"),
        ("ID", "4.8000", "4,8"),
        ("ID", "1.2340", "1,2340"),
        ("ID", "-1250.50", "-1.250,5"),
        ("ID", "1234.567", "1.234,567"),
        ("ID", "1E+6", "1.000.000"),
        ("US", "87475215", "87,475,215"),
        ("US", "4.8000", "4.8"),
        ("US", "-0.125", "-0.125"),
        ("US", "0.000", "0"),
    ],
)
def test_a_number_stands_in_its_field_grouped_as_people_of_the_country_write_it(country: str, number: str, shown: str) -> None:
    with at(country, "en"):
        assert f'value="{shown}"' in ui.NumberField().widget.render("amount", Decimal(number))


@pytest.mark.parametrize(("country", "language"), PLACES)
@given(number=NUMBERS)
@example(number=Decimal("1.234"))
@example(number=Decimal("-12.375"))
@example(number=Decimal("4.8000"))
@example(number=Decimal("1234.567"))
@example(number=Decimal(100000))
def test_what_stands_in_a_field_is_read_back_as_the_same_number(country: str, language: str, number: Decimal) -> None:
    with at(country, language):
        assert entry.read_number(figures.typed(number)) == number


class Figures(forms.Form):
    """A quantity with six decimals, a price with four, a share."""

    quantity = ui.NumberField()
    price = ui.NumberField()
    discount = ui.PercentField()


SIX, FOUR = (st.decimals(min_value=-(10**9), max_value=10**12, places=places) for places in (6, 4))
SHARES = st.decimals(min_value=0, max_value=1, places=6)


@pytest.mark.parametrize(("country", "language"), PLACES)
@given(quantity=SIX, price=FOUR, discount=SHARES)
@example(quantity=Decimal("4.800000"), price=Decimal("4.8000"), discount=Decimal("0.012340"))
@example(quantity=Decimal(-1250), price=Decimal("87475215.0000"), discount=Decimal("0.125000"))
def test_a_form_that_is_sent_back_untouched_says_what_it_said(
    country: str, language: str, quantity: Decimal, price: Decimal, discount: Decimal
) -> None:
    with at(country, language):
        opened = Figures(initial={"quantity": quantity, "price": price, "discount": discount})
        standing = {name: re.search('value="([^"]*)"', str(opened[name])).group(1) for name in opened.fields}  # type: ignore[union-attr]
        sent = Figures(standing, initial=opened.initial)
        assert sent.is_valid(), sent.errors
        assert sent.cleaned_data == opened.initial
        again = {name: re.search('value="([^"]*)"', str(sent[name])).group(1) for name in sent.fields}  # type: ignore[union-attr]
        assert again == standing


@pytest.mark.parametrize("there", PLACES[1:])
@given(number=NUMBERS)
@example(number=Decimal(1234))
@example(number=Decimal("1.234"))
def test_what_was_opened_in_another_notation_is_read_right_or_refused(there: tuple[str, str], number: Decimal) -> None:
    with at(*PLACES[0]):
        here = figures.typed(number)
    with at(*there), contextlib.suppress(entry.Ambiguous):
        assert entry.read_number(here) == number


@pytest.mark.parametrize(("country", "language"), PLACES)
@given(number=st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_an_amount_copied_from_a_page_is_read_back_as_the_same_amount(country: str, language: str, number: Decimal) -> None:
    with at(country, language):
        assert entry.read_number(figures.money(number, "USD" if country == "US" else "IDR", cents=True)) == number
        assert entry.read_number(figures.money(number, "EUR")) == number


@given(text=st.text(alphabet="0123456789.,-() ", max_size=12))
def test_whatever_is_typed_is_a_number_or_refused(text: str) -> None:
    with at("ID", "id"), contextlib.suppress(ValueError):
        assert entry.read_number(text).is_finite()


@pytest.mark.parametrize(
    ("country", "text", "meant"),
    [
        ("ID", "2026-12-31", date(2026, 12, 31)),
        ("ID", "31/12/2026", date(2026, 12, 31)),
        ("ID", "3-4-2026", date(2026, 4, 3)),
        ("ID", "31.12.26", date(2026, 12, 31)),
        ("ID", "31 Des 2026", date(2026, 12, 31)),
        ("ID", "31 Desember 2026", date(2026, 12, 31)),
        ("ID", "1 January 99", date(1999, 1, 1)),
        ("US", "12/31/2026", date(2026, 12, 31)),
        ("US", "Dec 31, 2026", date(2026, 12, 31)),
    ],
)
@pytest.mark.parametrize("language", ["id", "en"])
def test_days_are_read_as_people_of_the_country_write_them(country: str, language: str, text: str, meant: date) -> None:
    with at(country, "en" if country == "US" else language):
        assert ui.DayField().clean(text) == meant


@pytest.mark.parametrize("text", ["12/31/2026", "31/12", "30/02/2026", "someday", "31/12/026", "2026-13-01", "1/2/3/4"])
def test_what_is_no_day_is_refused_in_words(text: str) -> None:
    with at("ID", "en"), pytest.raises(ValidationError, match=r"Write a day of the calendar, such as 31/12/2026\."):
        ui.DayField().clean(text)


@pytest.mark.parametrize(("country", "language"), PLACES)
@given(day=st.dates(min_value=date(1980, 1, 1), max_value=date(2070, 12, 31)))
def test_a_day_copied_from_a_page_is_read_back_as_the_same_day(country: str, language: str, day: date) -> None:
    with at(country, language):
        assert entry.read_day(figures.day(day, year=True)) == day


@pytest.mark.parametrize(
    ("language", "typed", "meant"),
    [
        ("en", "today", date(2026, 3, 2)),
        ("en", "Tomorrow", date(2026, 3, 3)),
        ("id", "kemarin", date(2026, 3, 1)),
        ("id", "+7", date(2026, 3, 9)),
        ("en", "-2", date(2026, 2, 28)),
    ],
)
def test_days_near_today_have_names_and_distances(language: str, typed: str, meant: date) -> None:
    with at("ID", language), clock.at(datetime(2026, 3, 2, 5, tzinfo=UTC)):
        assert entry.read_day(typed) == meant


@pytest.mark.parametrize("typed", ["31/12/2026 14:30", "31 Dec 2026 14.30", "2026-12-31T14:30"])
def test_a_moment_is_a_day_and_a_time(typed: str) -> None:
    with at("ID", "en"):
        assert entry.read_moment(typed) == datetime(2026, 12, 31, 14, 30)  # noqa: DTZ001
        with pytest.raises(ValueError):
            entry.read_moment("31/12/2026")


@pytest.mark.parametrize(("country", "shown"), [("ID", "31/12/2026"), ("US", "12/31/2026")])
def test_a_day_stands_in_its_field_as_it_is_written_here(country: str, shown: str) -> None:
    with at(country, "en"):
        for value in (date(2026, 12, 31), "2026-12-31", shown):
            assert f'value="{shown}"' in fields.DayField().widget.render("on", value)
        assert 'value="someday"' in fields.DayField().widget.render("on", "someday")
        moment = fields.MomentField()
        assert f'value="{shown} 14:30"' in moment.widget.render("due", moment.clean(f"{shown} 14.30"))
        with pytest.raises(ValidationError, match=shown):
            moment.clean("soon")
