"""Saved views through the API: what the page can do, with the page's rules."""

from typing import Any

import pytest

from core.people.models import User
from core.people.roles import Role
from core.web.models import ListHabit, SavedView
from core.web.operations import save_view
from tests.factories.ground import make_user
from tests.factories.programs import api_of

VIEWS = "/api/v1/saved-views/"
SCREEN = "sales:orders"
NEW = {"screen": SCREEN, "name": "Big ones", "query": "?where=total~gte~1000000&sort=-total&after=xyz", "columns": ["number", "total"]}


def test_a_view_is_kept_listed_and_opened_on_the_page(seller: User, client: Any) -> None:
    made = api_of(seller).post(VIEWS, NEW | {"is_default": True})
    assert made.status_code == 201, made.json()
    assert {name: made.json()[name] for name in ("screen", "name", "query", "columns", "is_shared", "is_default", "owner")} == {
        "screen": SCREEN,
        "name": "Big ones",
        "query": "where=total~gte~1000000&sort=-total",
        "columns": ["number", "total"],
        "is_shared": False,
        "is_default": True,
        "owner": seller.pk,
    }
    assert [one["name"] for one in api_of(seller).get(VIEWS, {"screen": SCREEN}).json()["results"]] == ["Big ones"]
    assert api_of(seller).get(VIEWS, {"screen": "crm:deals"}).json()["results"] == []
    client.force_login(seller)
    assert client.get("/sales/orders/").headers["Location"] == f"/sales/orders/?view={made.json()['id']}&{made.json()['query']}"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"screen": "sales:nothing"}, "screen"),
        ({"screen": "finance:entries"}, "screen"),
        ({"query": "where=total~gte~many"}, "query"),
        ({"query": "where=secret~is~x"}, "query"),
        ({"columns": ["number", "password"]}, "columns"),
        ({"name": "  "}, "name"),
    ],
)
def test_what_the_list_could_not_show_is_refused_at_its_field(company: Any, change: dict[str, Any], field: str) -> None:
    storekeeper = make_user(Role.SALES)
    answer = api_of(storekeeper).post(VIEWS, NEW | change)
    assert answer.status_code in {400, 409}
    assert field in str(answer.json())
    assert SavedView.objects.count() == 0


def test_a_shared_view_is_seen_by_who_may_open_the_list_and_changed_by_its_owner(
    seller: User, auditor: User, storekeeper: User, owner: User
) -> None:
    view = save_view(screen=SCREEN, name="Ours", query="sort=total", by=seller)
    address = f"{VIEWS}{view.pk}/"
    assert api_of(auditor).get(address).status_code == 404
    assert api_of(seller).patch(address, {"is_shared": True}).json()["is_shared"] is True
    assert api_of(auditor).get(address).json()["name"] == "Ours"
    refused = api_of(auditor).patch(address, {"name": "Theirs"})
    assert refused.status_code == 409
    assert api_of(auditor).delete(address).status_code == 409
    assert api_of(owner).patch(address, {"query": "sort=-total"}).json()["query"] == "sort=-total"
    assert api_of(seller).patch(address, {"query": "where=nothing~is~1"}).status_code == 409
    view.refresh_from_db()
    assert (view.name, view.query, view.is_shared) == ("Ours", "sort=-total", True)


def test_a_view_of_a_list_one_may_not_open_is_not_there(seller: User, owner: User) -> None:
    hidden = save_view(screen="people:users", name="Everybody", query="", is_shared=True, by=owner)
    assert api_of(seller).get(f"{VIEWS}{hidden.pk}/").status_code == 404
    assert api_of(owner).get(f"{VIEWS}{hidden.pk}/").status_code == 200


def test_a_list_opens_with_a_view_for_oneself_until_told_otherwise_or_it_is_gone(seller: User, auditor: User) -> None:
    view = save_view(screen=SCREEN, name="Ours", query="sort=total", is_shared=True, by=seller)
    address = f"{VIEWS}{view.pk}/"
    assert api_of(auditor).post(f"{address}open-with/").json()["is_default"] is True
    assert api_of(seller).get(address).json()["is_default"] is False
    assert api_of(auditor).post(f"{address}open-without/").json()["is_default"] is False
    api_of(auditor).post(f"{address}open-with/")
    assert api_of(seller).delete(address).status_code == 204
    assert ListHabit.objects.get(person=auditor).opens_with is None
    assert SavedView.objects.count() == 0
