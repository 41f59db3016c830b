"""Forms: two people on one record, errors at their place, lines in their order."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from django.core import signing
from django.test import Client

from core.catalog.models import Product
from core.db import expecting
from core.errors import Stale
from core.parties.models import Party
from core.parties.operations import update_party
from core.people.models import User
from core.web import figures
from core.web.conflicts import SALT, opened
from frontoffice.crm.models import Deal
from frontoffice.crm.operations import OfferedLine, update_deal
from tests.factories.crm import make_deal
from tests.factories.ground import make_customer, make_product
from tests.factories.sales import make_order


@pytest.fixture
def customer(company: object) -> Party:
    """PT Fajar Teknologi."""
    return make_customer()


def sent(form: Any, version: object, before: str, **changes: object) -> dict[str, object]:
    """What the browser sends: what stands in the form, with some of it changed."""
    data: dict[str, object] = {}
    for field in form:
        value = field.value()
        if value is True:
            data[field.html_name] = "on"
        elif value not in {None, False}:
            data[field.html_name] = figures.typed(value) if isinstance(value, Decimal) else getattr(value, "pk", value)
    return data | {"_version": version, "_before": before} | changes


def begin(client: Client, at: str, **changes: object) -> dict[str, object]:
    """Open an edit page and change some of what stands there."""
    context = client.get(at).context
    return sent(context["form"], context["version"], context["before"], **changes)


def chosen(page: Any, **takes: str) -> dict[str, object]:
    """The conflict page, answered."""
    return dict(page.context["typed"]) | {
        "_version": page.context["version"],
        "_before": page.context["before"],
        "_choose": page.context["newest"],
        **{f"_take-{one.name}": takes.get(one.name, one.take) for one in page.context["differences"]},
    }


def test_whoever_is_second_sees_field_by_field_what_was_what_is_and_what_they_typed(
    as_seller: Client, customer: Party, owner: User
) -> None:
    at = f"/parties/{customer.pk}/edit/"
    mine = begin(as_seller, at, industry="Robots", legal_name="Fajar")
    update_party(customer, industry="Software", tax_id="01", by=owner)
    answer = as_seller.post(at, mine)
    assert answer.status_code == 409
    shown = [(one.name, one.before, one.theirs, one.mine, one.both, one.take) for one in answer.context["differences"]]
    assert shown == [
        ("industry", "–", "Software", "Robots", True, "theirs"),
        ("legal_name", "–", "–", "Fajar", False, "mine"),
        ("tax_id", "–", "01", "–", False, "theirs"),
    ]
    page = answer.content.decode()
    assert owner.name in page
    customer.refresh_from_db()
    assert (customer.industry, customer.legal_name) == ("Software", "")


@pytest.mark.parametrize(("take", "industry"), [("theirs", "Software"), ("mine", "Robots")])
def test_each_field_is_kept_or_taken(as_seller: Client, customer: Party, owner: User, take: str, industry: str) -> None:
    at = f"/parties/{customer.pk}/edit/"
    mine = begin(as_seller, at, industry="Robots", legal_name="Fajar")
    update_party(customer, industry="Software", tax_id="01", by=owner)
    page = as_seller.post(at, mine)
    done = as_seller.post(at, chosen(page, industry=take))
    assert done.headers["Location"] == f"/parties/{customer.pk}/"
    customer.refresh_from_db()
    assert (customer.industry, customer.tax_id, customer.legal_name) == (industry, "01", "Fajar")


def test_a_third_change_while_choosing_asks_again(as_seller: Client, customer: Party, owner: User) -> None:
    at = f"/parties/{customer.pk}/edit/"
    mine = begin(as_seller, at, industry="Robots")
    update_party(customer, industry="Software", by=owner)
    page = as_seller.post(at, mine)
    update_party(customer, industry="Hardware", by=owner)
    again = as_seller.post(at, chosen(page, industry="mine"))
    assert again.status_code == 409
    assert [one.theirs for one in again.context["differences"]] == ["Hardware"]
    customer.refresh_from_db()
    assert customer.industry == "Hardware"


def test_a_change_of_what_the_form_does_not_show_is_no_conflict(as_seller: Client, customer: Party) -> None:
    at = f"/parties/{customer.pk}/edit/"
    mine = begin(as_seller, at, industry="Robots")
    Party.objects.filter(pk=customer.pk).update(code="C-77")
    assert as_seller.post(at, mine).status_code == 302
    customer.refresh_from_db()
    assert (customer.industry, customer.code) == ("Robots", "C-77")


def test_lines_that_somebody_else_changed_are_a_conflict_too(as_seller: Client, owner: User, company: object) -> None:
    desk, chair = make_product("DESK-140"), make_product("CHAIR-ERG")
    deal = make_deal(party=make_customer(), lines=[(desk, 2)], by=owner)
    at = f"/crm/deals/{deal.pk}/edit/"
    line = {"product": desk.pk, "description": "Standing desk 140", "quantity": "3", "unit_price": "4750000", "discount": "0"}
    mine = begin(as_seller, at) | lines(line)
    replace_lines(deal, chair, owner)
    answer = as_seller.post(at, mine)
    assert answer.status_code == 409
    (one,) = [one for one in answer.context["differences"] if one.name == "lines"]
    assert "Standing desk 140" in one.before
    assert "Ergonomic chair" in one.theirs
    done = as_seller.post(at, chosen(answer, lines="theirs"))
    assert done.status_code == 302
    assert [line.description for line in deal.lines.all()] == ["Ergonomic chair"]


def lines(*rows: Mapping[str, object]) -> dict[str, object]:
    """Rows of the grid as the browser sends them."""
    data: dict[str, object] = {"lines-TOTAL_FORMS": len(rows), "lines-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        data |= {f"lines-{number}-{name}": value for name, value in row.items()}
    return data


def replace_lines(deal: Deal, product: Product, by: User) -> None:
    """Hendra offers something else."""
    line = OfferedLine(product=product, description="Ergonomic chair", unit_price=product.list_price)
    update_deal(deal, lines=[line], by=by)


def test_what_travels_with_a_form_cannot_be_forged(as_seller: Client, customer: Party) -> None:
    before = as_seller.get(f"/parties/{customer.pk}/edit/").context["before"]
    assert opened(before) is not None
    assert opened(before + "x") is None
    assert opened(signing.dumps({}, salt="another")) is None
    assert SALT not in before


def test_an_operation_goes_on_only_on_the_version_that_was_looked_at(seller: User, customer: Party) -> None:
    with expecting(customer, customer.version):
        update_party(customer, industry="Robots", by=seller)
    with pytest.raises(Stale), expecting(customer, 1):
        update_party(customer, industry="Software", by=seller)
    with expecting(customer, None):
        update_party(customer, tax_id="01", by=seller)
    customer.refresh_from_db()
    assert (customer.industry, customer.tax_id) == ("Robots", "01")


def test_a_form_with_faults_lists_them_with_links_to_the_fields(as_seller: Client, company: object, trial: None) -> None:
    product = make_product("DESK-140")
    data = {"customer": "", "customer_text": ""} | lines({"product": product.pk, "quantity": "two", "unit_price": "1"})
    answer = as_seller.post("/trial/wishes/new/", data)
    assert [(str(fault.label), fault.target) for fault in answer.context["faults"]] == [
        ("Customer", "id_customer"),
        ("Line 1, Quantity", "id_lines-0-quantity"),
    ]
    assert 'href="#id_lines-0-quantity"' in answer.content.decode()


def test_lines_reach_the_operation_in_the_order_they_were_moved_into_and_refusals_their_own_line(
    as_seller: Client, customer: Party, trial: None
) -> None:
    product = make_product("DESK-140")
    fine, far = ({"product": product.pk, "quantity": quantity, "unit_price": "1"} for quantity in ("1", "101"))
    data = {"customer": customer.pk} | lines({"quantity": ""}, fine, far) | {"lines-ORDER": "2,0,1"}
    answer = as_seller.post("/trial/wishes/new/", data)
    assert answer.status_code == 422
    assert [number for number, *_row in answer.context["order"]] == [2, 0, 1]
    errors = [list(form.errors) for form in answer.context["lines"].forms]
    assert errors == [[], [], ["quantity"]]


def test_a_fixed_grid_offers_no_line_more(as_seller: Client, company: object) -> None:
    order = make_order(make_customer())
    page = as_seller.get(f"/sales/orders/{order.pk}/return/").content.decode()
    assert "Add a line" not in page
    assert "data-grid-remove" not in page


def test_an_old_page_leads_back_to_where_the_draft_is_offered(seller: User, customer: Party) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(seller)
    at = f"/parties/{customer.pk}/edit/"
    page = client.post(at, {"name": "X"})
    assert page.status_code == 403
    assert f'href="{at}"' in page.content.decode()
    toast = client.post(at, {"name": "X"}, headers={"HX-Request": "true"})
    assert toast.headers["HX-Retarget"] == "#toasts"


def test_an_exact_word_means_what_is_called_so(as_seller: Client, company: object) -> None:
    make_product("DESK-140")
    make_product("DESK-1400", name="Very long desk")
    found = as_seller.get("/lookup/catalog.product/", {"q": "desk-140", "exact": "1"}).json()["results"]
    assert [one["label"] for one in found] == ["Standing desk 140"]
    assert len(as_seller.get("/lookup/catalog.product/", {"q": "desk-140"}).json()["results"]) == 2
