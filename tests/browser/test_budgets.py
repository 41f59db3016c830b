"""What a page may ask the database. Counted on every screen of the product."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.sights import Sight
from core.people.models import User
from tests.browser.conftest import OWNER
from tests.browser.showroom import Showroom

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("books")]

STATEMENTS = 12


@pytest.fixture
def owner_client(room: Showroom, books: None) -> Client:
    """A browser without a screen, with the owner at it."""
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(email=OWNER))
    return client


def test_no_page_asks_more_than_a_dozen_statements(owner_client: Client, seen: list[Sight]) -> None:
    over = {}
    for sight in seen:
        with CaptureQueriesContext(connection) as captured:
            owner_client.get(sight.address)
        if len(captured) > STATEMENTS:
            over[sight.address] = len(captured)
    assert over == {}
