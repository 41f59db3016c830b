"""No page asks more the more rows it shows: every list is opened with one row and with all, and asks as often."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.people.models import User
from core.web.lists import ListScreen
from core.web.registry import screens
from integration.demo.year import Year

MOST = 12  # statements of any page, home with all its figures included


def lists() -> Iterator[tuple[str, type[ListScreen]]]:
    """Every list of the application; the toolkit's own trial module is not one of them."""
    return ((name, screen) for name, screen in screens() if issubclass(screen, ListScreen) and not screen.__module__.startswith("tests"))


def asked(client: Client, address: str) -> list[str]:
    """The statements a page asks, sessions and people warmed up before."""
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200, address
    return [query["sql"] for query in captured]


@pytest.mark.slow
@pytest.mark.django_db
def test_every_list_asks_as_often_for_many_rows_as_for_one(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    Year(days=20).live()
    client.force_login(User.objects.get(email="hendra@nusantara.example"))
    found = list(lists())
    assert len(found) > 15
    worse = []
    for name, screen in found:
        address = reverse(name)
        monkeypatch.setattr(screen, "page_size", 1)
        few = asked(client, address)
        monkeypatch.setattr(screen, "page_size", 50)
        many = asked(client, address)
        if len(many) > len(few) + 1 or len(many) > MOST:  # one more: with a second page there is no count to ask for
            worse.append(f"{name}: {len(few)} for one row, {len(many)} for many; the last: {many[-1][:120]}")
    home = asked(client, "/")
    assert worse == []
    assert len(home) <= MOST, f"home asks {len(home)}"
