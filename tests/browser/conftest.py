"""Browser tests look at the trial module too, and at a demo company that stands ready for all who only look."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from pytest_django.plugin import DjangoDbBlocker

from config.sights import Sight, opened
from core.people.models import User
from tests.browser.people import listen
from tests.browser.showroom import Showroom, books_of, open_showroom
from tests.core.web.conftest import trial

__all__ = ["trial"]

OWNER = "hendra@nusantara.example"
expect.set_options(timeout=30_000)  # the first page of a run compiles every template, on a machine that may be busy


@pytest.fixture(scope="session")
def room(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Showroom]:
    """The demo company, served."""
    with open_showroom(tmp_path_factory.mktemp("showroom")) as open_room:
        yield open_room


@pytest.fixture
def books(room: Showroom, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """This test reads the demo company's books."""
    with django_db_blocker.unblock(), books_of(room):
        yield


@pytest.fixture(scope="session")
def seen(room: Showroom, django_db_blocker: DjangoDbBlocker) -> list[Sight]:
    """Every page the owner may open."""
    with django_db_blocker.unblock(), books_of(room):
        return opened(User.objects.get(email=OWNER))


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser complains about; at the end that must be nothing."""
    heard = listen(page)
    yield heard
    assert heard == []
