"""How lists and records are asked for: filters, order, search, selection, expansion, pages."""

from itertools import chain
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_filters.filters import BaseCSVFilter, BooleanFilter, ChoiceFilter, NumberFilter, UUIDFilter
from rest_framework.test import APIClient

from config.urls import api as router
from core.api.reading import Filters, Moment, WholeNumber
from core.api.selecting import DEEPEST, MOST_EXPANDED, RESOURCES
from core.catalog.models import Product
from core.parties.models import Party
from core.people.models import User
from frontoffice.sales.models import Order
from frontoffice.sales.operations import NewLine, place_order
from tests.factories.ground import make_customer, make_product
from tests.factories.programs import api_of

PRODUCTS, ORDERS = "/api/v1/products/", "/api/v1/orders/"


@pytest.fixture
def api(seller: User) -> APIClient:
    program = api_of(seller)
    program.get("/api/v1/me/")  # the first use of a token in a minute is noted
    return program


@pytest.fixture
def shelf(company: Any) -> list[Product]:
    return [make_product(sku) for sku in ("DESK-140", "LAMP-LED", "PLAN")]


def desk() -> Product:
    return Product.objects.filter(sku="DESK-140").first() or make_product("DESK-140")


def an_order(seller: User, number: int = 0) -> Order:
    customer = make_customer(name=f"PT Pelanggan {number}") if number else make_customer()
    line = NewLine(product_id=desk().pk)
    return place_order(customer_id=customer.pk, lines=[line, line], by=seller)


def faults(answer: Any) -> list[tuple[str, str]]:
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json"), answer.content
    return [(one["pointer"], one["in"]) for one in answer.json()["errors"]]


# -- Filters, order, search -------------------------------------------------------------------------------------------------
def test_a_field_is_compared_as_its_kind_allows(api: APIClient, shelf: list[Product]) -> None:
    prices = sorted(product.list_price for product in shelf)
    assert len({*prices}) == 3
    found = api.get(PRODUCTS, {"id__in": ",".join(str(product.pk) for product in shelf[:2])}).json()["results"]
    assert {row["id"] for row in found} == {product.pk for product in shelf[:2]}
    assert [row["sku"] for row in api.get(PRODUCTS, {"kind__in": "service"}).json()["results"]] == ["PLAN"]


def test_a_range_takes_both_its_ends(api: APIClient, seller: User) -> None:
    order = an_order(seller)
    day = str(order.order_date)
    assert len(api.get(ORDERS, {"order_date__gte": day, "order_date__lte": day}).json()["results"]) == 1
    assert api.get(ORDERS, {"order_date__gt": day}).json()["results"] == []


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("colour=red", "colour"),
        ("status=nonsense", "status"),
        ("order_date__gte=yesterday", "order_date__gte"),
        ("ordering=customer__name", "ordering"),
        ("fields=number,secret", "fields"),
        ("fields=", "fields"),
        ("expand=lines.order", "expand"),
        ("expand=shipping_address", "expand"),
        ("page_size=201", "page_size"),
        ("page_size=0", "page_size"),
        ("total=perhaps", "total"),
        ("note=x", "note"),
    ],
)
def test_what_cannot_be_asked_is_told_with_its_parameter(api: APIClient, query: str, parameter: str) -> None:
    assert faults(api.get(f"{ORDERS}?{query}")) == [(f"/{parameter}", "query")]


def test_a_verb_takes_no_parameters(api: APIClient, seller: User) -> None:
    order = an_order(seller)
    assert faults(api.post(f"{ORDERS}{order.pk}/confirm/?fields=id")) == [("/fields", "query")]
    order.refresh_from_db()
    assert order.status == Order.Status.DRAFT


def test_rows_come_in_the_order_asked_for_and_nulls_lose_nobody(api: APIClient, shelf: list[Product]) -> None:
    names = [row["name"] for row in api.get(PRODUCTS, {"ordering": "-name"}).json()["results"]]
    assert names == sorted(names, reverse=True)


# -- Pages ------------------------------------------------------------------------------------------------------------------
def walk(api: APIClient, address: str, way: str) -> list[list[int]]:
    pages, link = [], address
    while link:
        answer = api.get(link).json()
        pages.append([row["id"] for row in answer["results"]])
        link = answer[way]
    return pages


@pytest.mark.parametrize("ordering", ["id", "-name,id", "list_price", "-created_at"])
def test_pages_lead_on_and_back_over_every_row_once(api: APIClient, shelf: list[Product], ordering: str) -> None:
    for number in range(4):
        Product.objects.create(sku=f"X-{number}", name="Same", unit=shelf[0].unit, list_price=7)
    pages = walk(api, f"{PRODUCTS}?page_size=2&ordering={ordering}", "next")
    assert [len(page) for page in pages] == [2, 2, 2, 1]
    assert sorted(chain.from_iterable(pages)) == sorted(Product.objects.values_list("pk", flat=True))
    last = f"{PRODUCTS}?page_size=2&ordering={ordering}"
    for _ in range(3):
        last = api.get(last).json()["next"]
    assert walk(api, last, "previous")[0] == pages[-1]
    assert len(walk(api, last, "previous")) == 4


def test_rows_are_counted_only_for_who_asks(api: APIClient, shelf: list[Product]) -> None:
    with CaptureQueriesContext(connection) as silent:
        assert "total" not in api.get(f"{PRODUCTS}?page_size=1").json()
    with CaptureQueriesContext(connection) as counted:
        assert api.get(f"{PRODUCTS}?page_size=1&total=true").json()["total"] == 3
    assert len(counted) == len(silent) + 1


def test_a_cursor_belongs_to_one_order(api: APIClient, shelf: list[Product]) -> None:
    link = api.get(f"{PRODUCTS}?page_size=1&ordering=name").json()["next"]
    (cursor,) = parse_qs(urlsplit(link).query)["cursor"]
    for wrong in ({"cursor": cursor, "ordering": "sku"}, {"cursor": "f-nonsense"}, {"cursor": cursor[1:], "ordering": "name"}):
        assert api.get(PRODUCTS, wrong).status_code == 404
    assert api.get(PRODUCTS, {"cursor": cursor, "ordering": "name"}).status_code == 200


# -- Selection and expansion --------------------------------------------------------------------------------------------------
def test_only_the_fields_asked_for_come_and_the_answer_says_that_it_is_a_selection(api: APIClient, seller: User) -> None:
    order = an_order(seller)
    answer = api.get(f"{ORDERS}{order.pk}/?fields=number,lines.quantity")
    assert answer["Content-Type"] == "application/vnd.satu.selection+json"
    found = answer.json()
    assert set(found) == {"id", "number", "lines"}
    assert [set(line) for line in found["lines"]] == [{"id", "quantity"}] * 2
    assert [set(row) for row in api.get(f"{ORDERS}?fields=total").json()["results"]] == [{"id", "total"}]


def test_related_records_stand_beside_their_keys_as_their_own_resources_show_them(api: APIClient, seller: User) -> None:
    order = an_order(seller)
    found = api.get(f"{ORDERS}{order.pk}/?expand=customer,lines.product").json()
    assert found["customer"] == order.customer_id
    assert found["expanded"]["customer"] == api.get(f"/api/v1/parties/{order.customer_id}/").json()
    assert found["lines"][1]["expanded"]["product"] == api.get(f"{PRODUCTS}{found['lines'][1]['product']}/").json()
    assert "expanded" not in api.get(f"{ORDERS}{order.pk}/").json()


def test_expanding_costs_the_same_for_one_order_and_for_many(api: APIClient, seller: User) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            rows = api.get(f"{ORDERS}?expand=customer,lines.product&page_size=100").json()["results"]
        assert all(row["expanded"]["customer"] for row in rows)
        return len(asked)

    an_order(seller, 1)
    one = statements()
    for number in range(2, 8):
        an_order(seller, number)
    assert statements() == one


def test_expanding_needs_the_right_to_see_what_is_expanded(owner: User, storekeeper: User, seller: User) -> None:
    order = an_order(seller)
    assert not storekeeper.has_perm("people.view_user")
    refused = api_of(storekeeper).get(f"{ORDERS}{order.pk}/?expand=owner")
    assert refused.status_code == 403
    assert "people.view_user" in refused.json()["detail"]


# -- Declarations -------------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_every_declaration_names_what_is_there() -> None:
    for _prefix, viewset, _name in router().registry:
        allowed = getattr(viewset, "expandable", {})
        assert len(allowed) <= MOST_EXPANDED
        for path, kind in allowed.items():
            assert kind in RESOURCES, f"{viewset.__name__}: {path}"
            assert path.count(".") < DEEPEST
            fields: Any = viewset.serializer_class().fields
            *where, name = path.split(".")
            for part in where:
                fields = fields[part].child.fields
            assert name in fields, f"{viewset.__name__}: {path}"


def test_every_list_can_be_ordered_by_each_of_its_fields_both_ways(owner: User) -> None:
    program = api_of(owner)
    wrong = []
    for prefix, viewset, _name in router().registry:
        for field in getattr(viewset, "ordering_fields", None) or ():
            for direction in ("", "-"):
                answer = program.get(f"/api/v1/{prefix}/?ordering={direction}{field}")
                if answer.status_code != 200:
                    wrong.append(f"{prefix} {direction}{field}: {answer.status_code}")
    assert wrong == []


def farthest(one: Any) -> str:
    """A value that fits a filter and is as far out as one may go."""
    if isinstance(one, BaseCSVFilter):
        return "1,99999999999999999999999" if isinstance(one, WholeNumber) else "x,y"
    if isinstance(one, BooleanFilter):
        return "true"
    if isinstance(one, NumberFilter):
        return "99999999999999999999999"
    if isinstance(one, ChoiceFilter):
        return str(one.extra["choices"][0][0])
    return "2199-12-31T23:59:59-14:00" if isinstance(one, Moment) else "9999-12-31"


def test_every_list_takes_each_of_its_filters_however_far_out(owner: User) -> None:
    program = api_of(owner)
    wrong = []
    for prefix, viewset, _name in router().registry:
        if "list" in dir(viewset) and getattr(viewset, "filterset_fields", None):
            known = Filters().get_filterset_class(viewset(), viewset.queryset).base_filters
            asked = {name: farthest(one) for name, one in known.items() if not isinstance(one, UUIDFilter)}
            answer = program.get(f"/api/v1/{prefix}/", asked)
            if answer.status_code != 200 and not {fault["pointer"] for fault in answer.json()["errors"]} <= {
                f"/{n}" for n in asked if "__in" in n
            }:
                wrong.append(f"{prefix}: {answer.status_code} {answer.content!r}")
    assert wrong == []


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("orders/?ordering=", "ordering"),
        ("orders/?ordering=id&ordering=-id", "ordering"),
        ("orders/?customer=1&customer=2", "customer"),
        ("orders/?search=a&search=b", "search"),
        ("orders/?fields=id&fields=number", "fields"),
        ("orders/?status__in=", "status__in"),
        ("orders/?deal_id__isnull=null", "deal_id__isnull"),
        ("orders/?deal_id__isnull=yes", "deal_id__isnull"),
        ("orders/?deal_id__isnull=", "deal_id__isnull"),
        ("search/?q=a%00b", "q"),
        (f"prices/?min_quantity__gte={10**30 + 1}", "min_quantity__gte"),
        (f"prices/?min_quantity__lte=-{10**30 + 1}", "min_quantity__lte"),
    ],
)
def test_what_is_said_twice_or_says_nothing_is_told(api: APIClient, asked: str, field: str) -> None:
    assert faults(api.get(f"/api/v1/{asked}")) == [(f"/{field}", "query")]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("webhook-attempts/?status_code__lte=0.5", "status_code__lte"),
        ("duty-conflicts/?by=AAA", "by"),
        ("duty-conflicts/?by=", "by"),
        ("orders/1/quotation.pdf/?start=", "start"),
        ("orders/1/quotation.pdf/?start=null", "start"),
        ("orders/1/quotation.pdf/?start=2026-01-01&start=2026-01-01", "start"),
        (f"search/?q={'0' * 81}", "q"),
    ],
)
def test_what_cannot_be_said_is_told_to_who_may_ask_anything(owner: User, asked: str, field: str) -> None:
    assert faults(api_of(owner).get(f"/api/v1/{asked}")) == [(f"/{field}", "query")]


def test_nothing_is_found_by_a_customer_nobody_has(api: APIClient, seller: User) -> None:
    an_order(seller)
    assert not Party.objects.filter(pk=999_999).exists()
    assert api.get(ORDERS, {"customer__in": "999999"}).json()["results"] == []
