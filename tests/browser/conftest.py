"""Browser tests look at the trial module too, and at a demo company that stands ready for all who only look."""

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from config.sights import Sight, opened
from core.people.models import User
from tests.browser.showroom import Showroom, books_of, open_showroom
from tests.core.web.conftest import trial

__all__ = ["trial"]

OWNER = "hendra@nusantara.example"


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
