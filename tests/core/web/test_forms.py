"""Forms: one operation, nothing lost, lines that add up while typing."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from django.test import Client

from core.catalog.models import Product
from core.parties.models import Party
from core.web import ui
from tests.factories.ground import make_customer, make_product

pytestmark = pytest.mark.usefixtures("trial")
URL = "/trial/wishes/new/"


@pytest.fixture
def customer(company: object) -> Party:
    """PT Fajar Teknologi."""
    return make_customer()


@pytest.fixture
def desk(company: object) -> Product:
    """A standing desk."""
    return make_product("DESK-140")


def sent(customer: Party, *lines: Mapping[str, object]) -> dict[str, object]:
    """What the browser sends."""
    data: dict[str, object] = {
        "customer": customer.pk,
        "customer_text": customer.name,
        "lines-TOTAL_FORMS": len(lines),
        "lines-INITIAL_FORMS": 0,
    }
    for number, line in enumerate(lines):
        data |= {f"lines-{number}-{name}": value for name, value in line.items()}
    return data


def test_a_form_calls_its_operation_with_the_lines(as_seller: Client, customer: Party, desk: Product) -> None:
    line = {"product": desk.pk, "quantity": "2,5", "unit_price": "4.750.000"}
    response = as_seller.post(URL, sent(customer, line, {"quantity": ""}))
    assert response.headers["Location"] == f"/parties/{customer.pk}/"
    customer.refresh_from_db()
    assert customer.industry == "2.5 wished"


def test_a_line_marked_for_removal_is_left_out(as_seller: Client, customer: Party, desk: Product) -> None:
    line = {"product": desk.pk, "quantity": "1", "unit_price": "1"}
    as_seller.post(URL, sent(customer, line, line | {"DELETE": "on"}))
    customer.refresh_from_db()
    assert customer.industry == "1 wished"


def test_a_form_without_lines_asks_for_one(as_seller: Client, customer: Party) -> None:
    response = as_seller.post(URL, sent(customer, {"quantity": ""}))
    assert response.status_code == 422
    assert b"Add at least one line." in response.content


def test_a_refusal_stands_at_the_line_it_is_about(as_seller: Client, customer: Party, desk: Product) -> None:
    response = as_seller.post(URL, sent(customer, {"product": desk.pk, "quantity": "101", "unit_price": "1"}))
    assert response.status_code == 422
    assert response.context["lines"].forms[0].errors["quantity"] == ["That is too much. "]
    assert b'value="101"' in response.content
    assert b'value="Standing desk 140"' in response.content


def test_mistyped_numbers_stay_as_typed(as_seller: Client, customer: Party, desk: Product) -> None:
    response = as_seller.post(URL, sent(customer, {"product": desk.pk, "quantity": "two", "unit_price": "1"}))
    assert b'value="two"' in response.content
    assert b"Write a number" in response.content


def test_the_preview_adds_up_what_is_readable(as_seller: Client, customer: Party, desk: Product) -> None:
    lines = ({"product": desk.pk, "quantity": "2", "unit_price": "1.000"}, {"product": desk.pk, "quantity": "x"})
    page = as_seller.post(f"{URL}?preview=1", sent(customer, *lines)).content.decode()
    assert '<output class="num" id="lines-0-total" hx-swap-oob="true">Rp\N{NO-BREAK SPACE}2.000</output>' in page
    assert '<output class="num" id="lines-1-total" hx-swap-oob="true"></output>' in page
    assert f"Credit left for {customer.name}" in page
    customer.refresh_from_db()
    assert customer.industry == ""


def test_what_stands_in_a_form_at_first_is_added_up_with_the_page(as_seller: Client, customer: Party) -> None:
    page = as_seller.get(URL, {"customer": customer.pk}).content.decode()
    assert f"Credit left for {customer.name}" in page
    assert '<output class="num" id="lines-0-total"></output>' in page


def test_a_form_that_comes_back_is_added_up_as_it_was_typed(as_seller: Client, customer: Party, desk: Product) -> None:
    lines = ({"product": desk.pk, "quantity": "101", "unit_price": "2"}, {"product": desk.pk, "quantity": "x", "unit_price": "1"})
    page = as_seller.post(URL, sent(customer, *lines)).content.decode()
    assert '<output class="num" id="lines-0-total">Rp\N{NO-BREAK SPACE}202</output>' in page
    assert '<output class="num" id="lines-1-total"></output>' in page


def test_typed_words_choose_the_only_record_they_fit(as_seller: Client, customer: Party, desk: Product) -> None:
    line = {"product_text": "standing", "quantity": "1", "unit_price": "1"}
    as_seller.post(URL, sent(customer, line) | {"customer": ""})
    customer.refresh_from_db()
    assert customer.industry == "1 wished"


def test_typed_words_that_fit_several_ask_to_choose(as_seller: Client, customer: Party) -> None:
    make_product("DESK-140")
    make_product("DESK-180")
    response = as_seller.post(URL, sent(customer, {"product_text": "desk", "quantity": "1", "unit_price": "1"}))
    assert b"Several fit. Choose one from the list." in response.content


def test_a_lookup_offers_what_fits_to_those_who_may_see_it(as_seller: Client, desk: Product) -> None:
    found = as_seller.get("/lookup/catalog.product/", {"q": "desk-1"}).json()["results"]
    assert [one["label"] for one in found] == ["Standing desk 140"]
    assert found[0]["fill"]["unit_price"] == "4.750.000"
    assert as_seller.get("/lookup/nothing.known/").status_code == 404


def test_a_real_product_is_made_and_edited_through_its_pages(as_seller: Client, company: object) -> None:
    unit = make_product("CHAIR-ERG").unit
    data = {
        "sku": "NEW-1",
        "name": "New",
        "kind": "goods",
        "unit": unit.pk,
        "list_price": "1.250,5",
        "tax_category": "standard",
        "is_active": "on",
    }
    made = as_seller.post("/catalog/products/new/", data)
    product = Product.objects.get(sku="NEW-1")
    assert made.headers["Location"] == ui.url_of(product)
    assert product.list_price == Decimal("1250.5")
    again = as_seller.post("/catalog/products/new/", data)
    assert again.context["form"].errors["sku"] == ["SKU NEW-1 is taken. Choose another one."]
    page = as_seller.get(f"/catalog/products/{product.pk}/edit/").content.decode()
    assert 'value="1.250,5"' in page


def test_a_party_is_made_through_its_page_with_everything_it_takes(as_seller: Client, company: object) -> None:
    data = {
        "kind": "company",
        "name": "PT Baru",
        "roles": ["customer"],
        "email": "a@baru.example",
        "language": "id",
        "time_zone": "Asia/Jakarta",
    }
    as_seller.post("/parties/new/", data)
    party = Party.objects.get(name="PT Baru")
    assert [str(role) for role in party.roles.all()] == ["Customer"]
    as_seller.post(
        f"/parties/{party.pk}/add-address/", {"kind": "office", "street": "Jl. Merdeka 1", "city": "Bandung", "country": "Indonesia"}
    )
    assert str(party.addresses.get()) == "Jl. Merdeka 1, Bandung, Indonesia"
    page = as_seller.get(f"/parties/{party.pk}/").content.decode()
    assert "a@baru.example" in page
