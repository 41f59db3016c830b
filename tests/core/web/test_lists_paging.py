"""Pages by cursor: every row once, forwards and backwards, with ties and nulls, and the last page for the price of the first."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.catalog.models import Category, Product
from core.catalog.operations import create_category, update_product
from core.people.models import User
from core.web import narrowing, paging
from tests.factories.ground import make_product

pytestmark = pytest.mark.usefixtures("trial")
URL = "/trial/things/"
ORDERS = ["", "name", "-name", "sku", "category__name", "-category__name", "-list_price"]


@pytest.fixture(autouse=True)
def _cast(company: object) -> None:
    """Thirty products: ties in name and price, some without a category."""
    by = User.objects.service()
    shelves = [create_category(name=name, by=by) for name in ("Chairs", "Desks")]
    for number in range(30):
        product = make_product(f"P-{number:02d}", name=f"Thing {number // 7}", list_price=number // 10)
        if number % 3:
            update_product(product, category=shelves[number % 2], by=by)


def pages(client: Client, query: str, way: str = "next_query") -> Iterator[list[str]]:
    """The SKUs of one page after the other."""
    while query:
        response = client.get(URL + query)
        yield [line.row.sku for line in response.context["lines"]]
        query = response.context[way]


def everything(sort: str) -> list[str]:
    """The SKUs in the order the database gives them."""
    order = [*([sort] if sort else []), *(["name"] if sort.removeprefix("-") != "name" else []), "pk"]
    return list(Product.objects.order_by(*order).values_list("sku", flat=True))


@pytest.mark.parametrize("sort", ORDERS)
def test_walking_all_pages_shows_each_row_once_in_order(as_seller: Client, sort: str) -> None:
    walked = list(pages(as_seller, f"?sort={sort}&cols=name,category-name"))
    assert [len(page) for page in walked] == [10, 10, 10]
    assert [sku for page in walked for sku in page] == everything(sort)


@pytest.mark.parametrize("sort", ORDERS)
def test_walking_back_shows_the_same_pages(as_seller: Client, sort: str) -> None:
    query = f"?sort={sort}"
    forwards = list(pages(as_seller, query))
    second = as_seller.get(URL + query).context["next_query"]
    last = as_seller.get(URL + second).context["next_query"]
    assert list(pages(as_seller, last, "previous_query")) == forwards[::-1]


def statements(client: Client, query: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(URL + query).status_code == 200
    return [one["sql"] for one in captured]


def test_the_last_page_asks_as_often_as_the_first_and_never_skips_rows(as_seller: Client) -> None:
    first = as_seller.get(f"{URL}?sort=-list_price")
    last = as_seller.get(URL + first.context["next_query"]).context["next_query"]
    early, late = statements(as_seller, "?sort=-list_price"), statements(as_seller, last)
    assert len(early) == len(late)
    assert [sql for sql in early + late if "OFFSET" in sql] == []


def test_a_page_says_which_rows_it_shows(as_seller: Client) -> None:
    first = as_seller.get(URL)
    second = as_seller.get(URL + first.context["next_query"])
    assert (first.context["first"], first.context["last"]) == (1, 10)
    assert (second.context["first"], second.context["last"]) == (11, 20)
    assert first.context["previous_query"] == ""
    back = as_seller.get(URL + second.context["previous_query"])
    assert [line.row.pk for line in back.context["lines"]] == [line.row.pk for line in first.context["lines"]]


def test_a_cursor_of_another_order_or_of_nobody_leads_to_the_first_page(as_seller: Client) -> None:
    first = as_seller.get(f"{URL}?sort=sku")
    cursor = first.context["next_query"].partition("after=")[2].partition("&")[0]
    for query in (f"?sort=name&after={cursor}", "?after=x", "?before=x", f"?sort=sku&after={cursor[:-2]}", "?after=%00"):
        assert as_seller.get(URL + query).context["previous_query"] == "", query


def test_rows_that_came_or_went_meanwhile_do_not_disturb(as_seller: Client) -> None:
    first = as_seller.get(f"{URL}?sort=sku")
    Product.objects.filter(sku="P-09").delete()
    make_product("P-00A")
    second = as_seller.get(URL + first.context["next_query"])
    assert [line.row.sku for line in second.context["lines"]] == [f"P-{number}" for number in range(10, 20)]


def test_rows_are_counted_and_added_up_to_a_limit(as_seller: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    response = as_seller.get(URL)
    assert (response.context["count"], response.context["totals"]) == ("30 products", ["Rp\N{NO-BREAK SPACE}30"])
    monkeypatch.setattr(narrowing, "COUNTED", 20)
    monkeypatch.setattr("core.web.lists.COUNTED", 20)
    response = as_seller.get(URL)
    assert (response.context["count"], response.context["totals"]) == ("More than 20 products", [])
    assert b"too many to add up" in response.content


def test_totals_are_those_of_all_pages_and_of_the_filters(as_seller: Client) -> None:
    first = as_seller.get(f"{URL}?where=sku~starts~P-2")
    assert first.context["totals"] == ["Rp\N{NO-BREAK SPACE}20"]
    assert first.context["count"] == "10 products"


def test_nulls_stand_where_the_database_puts_them() -> None:
    rows = Product.objects.all()
    walked, after = [], ""
    while True:
        page = paging.page_of(rows, ["-category__name", "-pk"], 4, after=after)
        walked += [row.pk for row in page.rows]
        after = page.after
        if not after:
            break
    assert walked == list(rows.order_by("-category__name", "-pk").values_list("pk", flat=True))
    assert Category.objects.count() == 2
