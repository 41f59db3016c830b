"""No page asks more the more rows it shows: every list is opened with one row and with all, and asks as often."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.models import F, Model, UniqueConstraint
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.people.models import User
from core.web.boards import BoardScreen
from core.web.lists import ListScreen
from core.web.registry import screens
from integration.demo.year import Year

MOST = 12  # statements of any page, home with all its figures included
STAYS_SHORT = {"people.User", "finance.Period"}
BY_ANOTHER = {"finance.CustomerAccount": "party__name", "inventory.StockLevel": "product__name"}
"""Ordered by the name of what they belong to: no index of theirs can hold it."""


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


def beginnings(model: type[Model]) -> set[str]:
    """The fields by which an index of all rows begins, behind a ``kind`` that the list keeps to."""
    found = {field.name for field in model._meta.concrete_fields if field.unique or field.db_index}
    for index in model._meta.indexes:
        if not index.condition:
            computed = [part.name for expression in index.expressions for part in expression.flatten() if isinstance(part, F)]
            fields = [name.lstrip("-") for name in [*index.fields, *computed]]
            found.add(fields[1] if fields[0] == "kind" else fields[0])
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and not constraint.condition and constraint.fields:
            found.add(constraint.fields[0])
    return found


def test_every_list_is_entered_by_an_index_of_its_order() -> None:
    sorting = {
        f"{screen.__name__} by {screen.order[0]}"
        for _name, screen in lists()
        if not issubclass(screen, BoardScreen)
        and (model := screen.the_model())._meta.label not in STAYS_SHORT
        and screen.order[0] != BY_ANOTHER.get(model._meta.label)
        and screen.order[0].lstrip("-").replace("pk", "id").removesuffix("_id") not in {"", *beginnings(model)}
    }
    assert sorting == set()


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
