"""The filter builder: what may be asked, what it leaves, and that a bad value is named and loses nothing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.test import Client

from core import clock
from core.catalog.models import Product
from core.catalog.operations import create_category, update_product
from core.parties.operations import update_party
from core.people.models import User
from tests.factories.ground import make_customer, make_product

pytestmark = pytest.mark.usefixtures("trial")
URL = "/trial/things/"
BUILDER = "/trial/things/filter/"
HTMX = {"HX-Request": "true", "HX-Target": "dialog"}


@pytest.fixture(autouse=True)
def _cast(company: object) -> None:
    for sku in ("DESK-140", "CHAIR-ERG", "INSTALL"):
        make_product(sku)


def skus(client: Client, *where: str, match: str = "") -> list[str]:
    """The SKUs that are left, in order of SKU."""
    query = QueryDict(mutable=True)
    query.setlist("where", list(where))
    query["match"] = match
    response = client.get(f"{URL}?sort=sku&{query.urlencode()}")
    assert response.status_code == 200
    return [line.row.sku for line in response.context["lines"]]


EVERYTHING = ["CHAIR-ERG", "DESK-140", "INSTALL"]


@pytest.mark.parametrize(
    ("where", "left"),
    [
        ("name~has~desk", ["DESK-140"]),
        ("name~hasnt~desk", ["CHAIR-ERG", "INSTALL"]),
        ("name~is~standing DESK 140", ["DESK-140"]),
        ("sku~starts~IN", ["INSTALL"]),
        ("name~has~%", []),
        ("name~has~_", []),
        ("list_price~gte~4750000", ["DESK-140"]),
        ("list_price~lte~4749999.99", ["CHAIR-ERG", "INSTALL"]),
        ("list_price~between~4750000~1", EVERYTHING),
        ("list_price~eq~4750000", ["DESK-140"]),
        ("tax_category~any~standard~zero", EVERYTHING),
        ("tax_category~none~standard", []),
        ("kind~any~service", ["INSTALL"]),
        ("category-name~empty", EVERYTHING),
        ("category-name~filled", []),
        ("is_active~yes", EVERYTHING),
        ("is_active~no", []),
        ("updated_at~span~today", EVERYTHING),
        ("updated_at~span~yesterday", []),
        ("created_at~last~7", EVERYTHING),
        ("created_at~older~7", []),
        ("created_at~before~2020-01-01", []),
        ("created_at~after~2020-01-01", EVERYTHING),
    ],
)
def test_a_condition_leaves_what_fits(as_seller: Client, where: str, left: list[str]) -> None:
    assert skus(as_seller, where) == left


def test_conditions_must_all_hold_or_any(as_seller: Client) -> None:
    both = ("name~has~desk", "kind~any~service")
    assert skus(as_seller, *both) == []
    assert skus(as_seller, *both, match="any") == ["DESK-140", "INSTALL"]


def test_a_related_record_is_chosen_by_its_key(as_seller: Client) -> None:
    shelf = create_category(name="Chairs", by=User.objects.service())
    update_product(Product.objects.get(sku="CHAIR-ERG"), category=shelf, by=User.objects.service())
    assert skus(as_seller, f"category-name~any~{shelf.pk}") == ["CHAIR-ERG"]
    assert skus(as_seller, f"category-name~none~{shelf.pk}") == ["DESK-140", "INSTALL"]


def test_me_is_whoever_looks(as_seller: Client, seller: User) -> None:
    mine, other = make_customer("PT Mine"), make_customer("PT Other")
    update_party(mine, owner=seller, by=seller)
    names = [line.row.name for line in as_seller.get("/parties/?where=owner~me").context["lines"]]
    assert names == ["PT Mine"]
    rest = [line.row.name for line in as_seller.get("/parties/?where=owner~notme").context["lines"]]
    assert (other.name in rest, mine.name in rest) == (True, False)


def test_a_condition_on_many_shows_each_row_once(as_seller: Client) -> None:
    names = [line.row.name for line in as_seller.get("/parties/?where=roles~any~customer~supplier").context["lines"]]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("password~has~x", "There is no field “password” here."),
        ("name~like~x", "Thing cannot be compared so."),
        ("name~has~", "Thing: say what to compare with."),
        ("list_price~gte~cheap", "Price: write an amount"),
        ("list_price~gte~NaN", "Price: write an amount"),
        ("list_price~between~5", "Price: say what to compare with."),
        ("tax_category~any~luxury", "Tax: there is no “luxury”."),
        ("created_at~on~someday", "Created: choose a day."),
        ("created_at~last~many", "Created: write a number of days."),
        ("created_at~span~aeon", "Created: choose a time."),
    ],
)
def test_a_bad_condition_says_so_and_narrows_nothing(as_seller: Client, where: str, says: str) -> None:
    response = as_seller.get(URL, {"where": where, "sort": "sku"})
    assert [line.row.sku for line in response.context["lines"]] == EVERYTHING
    assert says in response.context["chips"][0].error
    assert says in response.content.decode().replace("&#x27;", "'")


def test_chips_say_the_condition_and_lead_to_the_list_without_it(as_seller: Client) -> None:
    response = as_seller.get(f"{URL}?where=list_price~gte~1000000&where=kind~any~goods&q=desk")
    price, kind = response.context["chips"]
    assert (price.label, price.operator, price.value) == ("Price", "is at least", "1.000.000")
    assert (kind.label, kind.value, kind.without) == ("Kind", "Goods", "?q=desk&where=list_price~gte~1000000")


def test_the_builder_works_as_a_plain_form(as_seller: Client) -> None:
    chosen = as_seller.get(BUILDER, {"new": "list_price", "add": "1", "q": "desk"})
    assert b'name="c0-op"' in chosen.content
    typed = {"conditions": "1", "c0-field": "list_price", "c0-op": "between", "c0-value": "1.000.000", "c0-to": "5000000,5", "apply": "1"}
    applied = as_seller.get(BUILDER, {**typed, "q": "desk"})
    assert applied.headers["Location"] == f"{URL}?q=desk&where=list_price~between~1000000~5000000.5"


def test_the_builder_names_the_bad_value_and_keeps_it(as_seller: Client) -> None:
    typed = {"conditions": "2", "c0-field": "list_price", "c0-op": "gte", "c0-value": "cheap", "c1-field": "name", "c1-op": "has"}
    response = as_seller.get(BUILDER, {**typed, "c1-value": "desk", "apply": "1"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "Price: Write a number" in page
    assert 'value="cheap"' in page
    assert 'value="desk"' in page


def test_the_builder_counts_before_it_is_applied(as_seller: Client) -> None:
    typed = {"conditions": "1", "c0-field": "kind", "c0-op": "any", "c0-value": ["goods"], "count": "1"}
    assert as_seller.get(BUILDER, typed, headers=HTMX).content.decode().strip() == "2 products fit"
    assert as_seller.get(BUILDER, {**typed, "c0-value": "x"}, headers=HTMX).content.decode().startswith("Kind:")
    assert as_seller.get(BUILDER, {**typed, "q": "desk"}, headers=HTMX).content.decode().strip() == "1 product fit"


def test_a_condition_is_dropped_and_the_others_stay(as_seller: Client) -> None:
    typed = {"conditions": "2", "c0-field": "name", "c0-op": "has", "c0-value": "a", "c1-field": "sku", "c1-op": "has", "c1-value": "keep"}
    page = as_seller.get(BUILDER, {**typed, "drop": "0"}).content.decode()
    assert 'value="keep"' in page
    assert 'name="c0-value"' not in page


def test_the_dialog_answers_htmx_with_where_to_go(as_seller: Client) -> None:
    typed = {"conditions": "1", "c0-field": "name", "c0-op": "has", "c0-value": "desk", "apply": "1"}
    response = as_seller.get(BUILDER, typed, headers=HTMX)
    assert (response.status_code, response.headers["HX-Redirect"]) == (204, f"{URL}?where=name~has~desk")


def test_the_search_finds_words_across_fields_and_takes_signs_as_they_are(as_seller: Client) -> None:
    make_product("100%", name="Wool_blend 100%")
    found = [line.row.sku for line in as_seller.get(URL, {"q": "100% wool_"}).context["lines"]]
    assert found == ["100%"]
    assert [line.row.sku for line in as_seller.get(URL, {"q": "wool-"}).context["lines"]] == []


def test_days_are_those_of_the_company(as_seller: Client) -> None:
    today = clock.today()
    assert skus(as_seller, f"created_at~on~{today}") == EVERYTHING
    assert skus(as_seller, f"created_at~between~{today}~{today - timedelta(days=1)}") == EVERYTHING
    assert skus(as_seller, f"created_at~on~{today - timedelta(days=1)}") == []
    assert Product.objects.filter(list_price=Decimal(4750000)).count() == 1
