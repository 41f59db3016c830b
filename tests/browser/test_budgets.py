"""What a page may cost the server: statements, and processor time against its own empty shell. Counted on every screen of the product."""

import json
import os
import subprocess

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.bootstrap import ROOT
from config.sights import Sight
from config.supervisor import python
from core.people.door import sessions
from core.people.models import User
from tests.browser.conftest import OWNER
from tests.browser.showroom import Showroom

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("books")]

STATEMENTS, RATIO = 12, 3.0


@pytest.fixture
def owner_client(room: Showroom, books: None, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A browser without a screen, with the owner at it. Where they are seen, which is noted once a minute, is noted already."""
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(email=OWNER))
    client.get("/help/")
    monkeypatch.setattr(sessions, "NOTED_EVERY", 24 * 3600)
    return client


def test_no_page_asks_more_than_a_dozen_statements(owner_client: Client, seen: list[Sight]) -> None:
    over = {}
    for sight in seen:
        with CaptureQueriesContext(connection) as captured:
            owner_client.get(sight.address)
        if len(captured) > STATEMENTS:
            over[sight.address] = len(captured)
    assert over == {}


def test_no_page_takes_three_times_as_long_as_its_empty_shell(room: Showroom) -> None:
    asked = [*python("tests.browser.shells"), OWNER, str(RATIO)]
    told = subprocess.run(asked, cwd=ROOT, env={**os.environ, **room.told}, check=True, stdout=subprocess.PIPE, text=True)
    assert json.loads(told.stdout) == {}
