"""What tests of the books start from."""

from collections.abc import Iterator

import pytest
from django.test import Client

from core import clock
from core.parties.models import Company, Party
from core.people.models import User
from tests.factories.finance import TODAY, make_books
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


@pytest.fixture
def in_march() -> Iterator[None]:
    """Business time stands at TODAY, eleven in the morning."""
    with clock.at(clock.now().replace(year=TODAY.year, month=TODAY.month, day=TODAY.day, hour=4)):
        yield


@pytest.fixture
def browser(client: Client, accountant: User) -> Client:
    """A browser in which Siti has signed in."""
    client.force_login(accountant)
    return client
