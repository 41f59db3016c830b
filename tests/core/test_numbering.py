"""Numbers have no gaps and no doubles, whatever rolls back."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection, transaction

from core.numbering import NoCompany, next_number
from core.parties.models import Company
from tests.factories.ground import make_company


class ChangeOfMind(Exception):
    """Rolls a transaction back."""


def _sometimes_change_ones_mind(seed: int) -> None:
    if random.Random(seed).random() < 0.2:
        raise ChangeOfMind


def number(on: date = date(2026, 3, 31)) -> str:
    with transaction.atomic():
        return next_number("test.paper", prefix="P", on=on)


def test_numbers_count_up_within_a_year(company: Company) -> None:
    assert [number(), number(), number(date(2027, 1, 1)), number()] == ["P/2026/00001", "P/2026/00002", "P/2027/00001", "P/2026/00003"]


@pytest.mark.django_db
def test_a_number_belongs_to_the_fiscal_year_it_falls_in() -> None:
    make_company(fiscal_year_start_month=4)
    assert [number(date(2026, 3, 31)), number(date(2026, 4, 1))] == ["P/2025/00001", "P/2026/00001"]


@pytest.mark.django_db
def test_nothing_is_numbered_before_there_is_a_company() -> None:
    with pytest.raises(NoCompany):
        number()


@pytest.mark.django_db(transaction=True)
def test_concurrent_issues_with_rollbacks_leave_no_gap_and_no_double() -> None:
    make_company()

    def issue(seed: int) -> str | None:
        try:
            with transaction.atomic():
                mine = next_number("test.paper", prefix="P", on=date(2026, 3, 31))
                _sometimes_change_ones_mind(seed)
                return mine
        except ChangeOfMind:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        given = [number for number in pool.map(issue, range(200)) if number]
    assert sorted(given) == [f"P/2026/{n:05d}" for n in range(1, len(given) + 1)]
    assert 100 < len(given) < 200
