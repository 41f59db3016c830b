"""What tests of the books start from."""

import pytest

from core.parties.models import Company, Party
from tests.factories.finance import make_books
from tests.factories.ground import make_customer


@pytest.fixture
def books(company: Company) -> None:
    """The general chart, and 2026 open. No tax."""
    make_books()


@pytest.fixture
def books_with_tax(company: Company) -> None:
    """The Indonesian chart with 11 % PPN, and 2026 open."""
    make_books("indonesia")


@pytest.fixture
def customer(company: Company) -> Party:
    """PT Fajar Teknologi."""
    return make_customer()
