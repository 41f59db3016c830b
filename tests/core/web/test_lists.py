"""Lists: what they show, in which order, and what they hand out as files."""

from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from core.catalog.models import Product
from core.web.exports import harmless
from tests.factories.ground import make_product

pytestmark = pytest.mark.usefixtures("trial")
URL = "/trial/things/"
MOST_QUERIES = 12


@pytest.fixture(autouse=True)
def _cast(company: object) -> None:
    for sku in ("DESK-140", "CHAIR-ERG", "INSTALL"):
        make_product(sku)


def skus(response: object) -> list[str]:
    """The SKUs of a page's rows, in order."""
    return [line.row.sku for line in response.context["lines"]]  # type: ignore[attr-defined]


def test_a_list_shows_its_rows_in_its_own_order_with_sums(as_seller: Client) -> None:
    response = as_seller.get(URL)
    assert skus(response) == ["CHAIR-ERG", "INSTALL", "DESK-140"]
    assert response.context["totals"] == ["Rp\N{NO-BREAK SPACE}8.300.000"]
    assert response.context["count"] == "3 products"


def test_a_list_is_narrowed_by_search_state_and_select(as_seller: Client) -> None:
    assert skus(as_seller.get(URL, {"q": "desk"})) == ["DESK-140"]
    assert skus(as_seller.get(URL, {"q": "chair desk"})) == []
    assert skus(as_seller.get(URL, {"state": "services"})) == ["INSTALL"]
    assert skus(as_seller.get(URL, {"state": "goods", "tax_category": "standard", "period": "today"})) == ["CHAIR-ERG", "DESK-140"]
    assert skus(as_seller.get(URL, {"tax_category": "zero"})) == []
    assert skus(as_seller.get(URL, {"period": "last-year"})) == []


def test_a_list_sorts_by_allowed_columns_only(as_seller: Client) -> None:
    assert skus(as_seller.get(URL, {"sort": "-list_price"})) == ["DESK-140", "CHAIR-ERG", "INSTALL"]
    assert skus(as_seller.get(URL, {"sort": "unit__code"})) == ["CHAIR-ERG", "INSTALL", "DESK-140"]


def test_equal_rows_keep_one_order_over_pages(as_seller: Client) -> None:
    for number in range(25):
        make_product(f"SAME-{number:02d}", name="Same")
    seen, query = [], "?"
    while query:
        page = as_seller.get(URL + query)
        seen += skus(page)
        query = page.context["next_query"]
    assert len(seen) == len(set(seen)) == 28


def test_a_null_byte_finds_nothing_and_breaks_nothing(as_seller: Client) -> None:
    assert as_seller.get(URL, {"q": "de\x00sk"}).status_code == 200


def test_an_empty_list_teaches_and_a_narrowed_one_offers_to_clear(as_seller: Client) -> None:
    assert b"Clear the filters" in as_seller.get(URL, {"q": "zzz"}).content
    Product.objects.all().delete()
    assert b"Nothing here yet." in as_seller.get(URL).content


def test_typing_in_the_search_field_fetches_the_results_alone(as_seller: Client) -> None:
    response = as_seller.get(URL, {"q": "desk"}, headers={"HX-Request": "true", "HX-Target": "results"})
    assert b"<html" not in response.content
    assert b"Standing desk 140" in response.content


def test_a_list_leaves_as_csv_with_its_filters(as_seller: Client) -> None:
    response = as_seller.get(URL, {"export": "csv", "q": "desk"})
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[0].startswith("Thing,Tax,SKU")
    assert lines[1].split(",")[0:3] == ["Standing desk 140", "Standard", "DESK-140"]
    assert lines[1].endswith("4750000.00,IDR")
    assert len(lines) == 2


def test_a_list_leaves_as_xlsx(as_seller: Client) -> None:
    sheet = load_workbook(BytesIO(as_seller.get(URL, {"export": "xlsx"}).content)).active
    assert sheet is not None
    assert [row[2] for row in sheet.iter_rows(values_only=True)] == ["SKU", "CHAIR-ERG", "INSTALL", "DESK-140"]


@pytest.mark.parametrize("word", ["=1+1", "+62", "-5 apples", "@sum", "\tx"])
def test_no_cell_of_a_file_is_a_formula(word: str) -> None:
    assert harmless(word) == f"'{word}"


def test_negative_figures_stay_figures() -> None:
    assert harmless(-5) == -5


def test_a_list_asks_no_more_the_more_rows_it_has(as_seller: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(20):
        make_product(f"MORE-{number:02d}")
    as_seller.get(URL)
    with django_assert_max_num_queries(MOST_QUERIES):
        as_seller.get("/catalog/products/")
    with django_assert_max_num_queries(MOST_QUERIES):
        as_seller.get("/parties/")


def test_only_who_may_see_the_records_opens_the_list(client: Client, accountant: object, as_auditor: Client) -> None:
    assert as_auditor.get(URL).status_code == 200
    assert as_auditor.get("/people/").status_code == 200
    client.force_login(accountant)  # type: ignore[arg-type]
    assert client.get("/people/").status_code == 403
    client.logout()
    assert client.get(URL).headers["Location"] == f"/sign-in/?next={URL}"


def test_the_create_button_shows_to_whoever_may_create(as_auditor: Client) -> None:
    assert b"New product" not in as_auditor.get("/catalog/products/").content


def test_the_create_button_opens_the_form(as_seller: Client) -> None:
    assert b'href="/catalog/products/new/"' in as_seller.get("/catalog/products/").content
