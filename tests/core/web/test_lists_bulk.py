"""Work on many rows at once, and on one cell in its place."""

import pytest
from django.test import Client

from core.catalog.models import Product
from core.catalog.operations import update_product
from core.jobs.models import Job
from core.jobs.worker import work_jobs
from core.people.models import User
from core.web import bulkscreen
from core.web.bulk import Bulk, Report, resolved
from core.web.lists import ListScreen
from core.web.registry import screens
from tests.factories.ground import make_product

pytestmark = pytest.mark.usefixtures("trial")
URL = "/trial/things/"
RETIRE = "/trial/things/bulk/retire/"
TAX = "/trial/things/bulk/tax/"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def cast(company: object) -> dict[str, Product]:
    """Three products."""
    return {sku: make_product(sku) for sku in ("DESK-140", "CHAIR-ERG", "INSTALL")}


def test_each_row_is_done_by_itself_and_a_refusal_stops_no_other(as_seller: Client, cast: dict[str, Product], seller: User) -> None:
    as_seller.post(RETIRE, {"pk": [cast["DESK-140"].pk]})
    report = as_seller.post(RETIRE, {"pk": [product.pk for product in cast.values()]}).context["report"]
    assert report.done == 2
    assert [(one.label, one.url, one.reason) for one in report.refused] == [
        ("Standing desk 140", f"/trial/things/{cast['DESK-140'].pk}/", "It is retired already.")
    ]
    assert set(Product.objects.values_list("is_active", flat=True)) == {False}


def test_a_bulk_action_asks_what_its_operation_wants_and_keeps_it(as_seller: Client, cast: dict[str, Product]) -> None:
    pks = [cast["DESK-140"].pk, cast["INSTALL"].pk]
    asked = as_seller.post(TAX, {"pk": pks})
    assert b'name="tax_category"' in asked.content
    assert as_seller.post(TAX, {"pk": pks, "sure": "1", "tax_category": "luxury"}).status_code == 422
    assert Product.objects.exclude(tax_category="standard").count() == 0
    done = as_seller.post(TAX, {"pk": pks, "sure": "1", "tax_category": "zero"})
    assert done.context["said"] == "Change tax: 2 done."
    assert set(Product.objects.filter(tax_category="zero").values_list("pk", flat=True)) == set(pks)


def test_it_is_undone_row_by_row_with_the_values_as_they_were(as_seller: Client, cast: dict[str, Product]) -> None:
    Product.objects.filter(sku="INSTALL").update(tax_category="reduced")
    pks = [cast["DESK-140"].pk, cast["INSTALL"].pk]
    done = as_seller.post(TAX, {"pk": pks, "sure": "1", "tax_category": "zero"})
    undone = as_seller.post(TAX, {"undo": done.context["undo_token"]})
    assert undone.context["said"] == "2 rows as they were before."
    assert dict(Product.objects.filter(pk__in=pks).values_list("sku", "tax_category")) == {"DESK-140": "standard", "INSTALL": "reduced"}


def test_undoing_needs_the_permission_of_the_opposite(seller: User, auditor: User) -> None:
    bulk = Bulk(update_product, "Change tax", undo=update_product)
    report = Report(done=1, before=[(1, {})])
    assert report.undo_token(bulk, Product, seller) != ""
    assert report.undo_token(bulk, Product, auditor) == ""


def test_a_forged_undo_is_refused(as_seller: Client) -> None:
    assert as_seller.post(TAX, {"undo": "forged"}, headers=HTMX).status_code == 422
    assert Product.objects.exclude(tax_category="standard").count() == 0


def test_all_that_match_are_meant_over_all_pages(as_seller: Client) -> None:
    for number in range(15):
        make_product(f"P-{number:02d}")
    report = as_seller.post(f"{RETIRE}?where=sku~starts~P-", {"all": "1"})
    assert report.context["report"].done == 15
    assert Product.objects.filter(is_active=True).count() == 3


def test_many_rows_ask_back_first(as_seller: Client) -> None:
    for number in range(25):
        make_product(f"P-{number:02d}")
    asked = as_seller.post(RETIRE, {"all": "1"})
    assert asked.context["number"] == 28
    assert Product.objects.filter(is_active=False).count() == 0
    assert as_seller.post(RETIRE, {"all": "1", "sure": "1"}).context["report"].done == 28


def test_nothing_chosen_is_said(as_seller: Client) -> None:
    assert b"No row is chosen." in as_seller.post(RETIRE, {}, headers=HTMX).content


def test_who_may_not_is_refused_and_sees_no_choice(client: Client, auditor: User, cast: dict[str, Product]) -> None:
    client.force_login(auditor)
    assert b'name="pk"' not in client.get(URL).content
    assert client.post(RETIRE, {"pk": [cast["INSTALL"].pk]}).status_code == 403
    assert client.post("/trial/things/bulk/nonsense/", {"pk": [1]}).status_code == 404
    assert Product.objects.filter(is_active=False).count() == 0


@pytest.mark.django_db(transaction=True)
def test_more_than_a_hundred_are_done_by_a_job_with_a_report_and_undo(as_seller: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulkscreen, "AT_ONCE", 2)
    begun = as_seller.post(TAX, {"all": "1", "sure": "1", "tax_category": "zero"})
    job = Job.objects.get()
    assert begun.headers["Location"] == f"/jobs/{job.pk}/"
    assert work_jobs() == 1
    job.refresh_from_db()
    assert (job.status, job.done, job.total, job.error) == ("done", 3, 3, "")
    assert Product.objects.filter(tax_category="zero").count() == 3
    report = as_seller.get(job.result["url"])
    assert report.context["said"] == "Change tax: 3 done."
    as_seller.post(TAX, {"undo": report.context["undo_token"]})
    assert Product.objects.filter(tax_category="standard").count() == 3


def cell(product: Product, name: str = "list_price") -> str:
    """Where a cell is changed."""
    return f"/trial/things/cells/{product.pk}/{name}/"


def test_a_cell_is_changed_by_its_operation_and_drawn_anew(as_seller: Client, cast: dict[str, Product]) -> None:
    desk = cast["DESK-140"]
    form = as_seller.get(cell(desk), headers=HTMX).content.decode()
    assert 'value="4.750.000"' in form
    drawn = as_seller.post(cell(desk), {"list_price": "5.000.000", "record_version": desk.version}, headers=HTMX).content.decode()
    assert "Rp\N{NO-BREAK SPACE}5\N{NO-BREAK SPACE}jt" in drawn
    desk.refresh_from_db()
    assert desk.list_price == 5_000_000


def test_a_refused_cell_says_why_and_keeps_what_was_typed(as_seller: Client, cast: dict[str, Product]) -> None:
    desk = cast["DESK-140"]
    for typed, says in (("0", "Nothing is given away."), ("much", "Write a number")):
        answer = as_seller.post(cell(desk), {"list_price": typed}, headers=HTMX)
        assert answer.status_code == 422
        assert says in answer.content.decode()
        assert f'value="{typed}"' in answer.content.decode()
    desk.refresh_from_db()
    assert desk.list_price == 4_750_000


def test_a_cell_somebody_else_changed_meanwhile_is_not_overwritten(as_seller: Client, cast: dict[str, Product]) -> None:
    desk = cast["DESK-140"]
    Product.objects.filter(pk=desk.pk).update(list_price=9)
    answer = as_seller.post(cell(desk), {"list_price": "5", "record_version": desk.version}, headers=HTMX)
    assert "Somebody changed Standing desk 140 meanwhile." in answer.content.decode()
    desk.refresh_from_db()
    assert desk.list_price == 9


def test_a_cell_without_scripts_has_a_page_and_comes_back(as_seller: Client, cast: dict[str, Product]) -> None:
    desk = cast["DESK-140"]
    assert as_seller.get(f"{cell(desk)}?sort=sku").status_code == 200
    answer = as_seller.post(f"{cell(desk)}?sort=sku", {"list_price": "7", "record_version": desk.version})
    assert answer.headers["Location"] == f"{URL}?sort=sku"


def test_a_cell_is_closed_to_who_may_not_and_where_it_makes_no_sense(client: Client, as_seller: Client, auditor: User) -> None:
    desk = Product.objects.get(sku="DESK-140")
    assert as_seller.get(cell(desk, "sku"), headers=HTMX).status_code == 404
    as_seller.post(RETIRE, {"pk": [desk.pk]})
    assert b"can no longer be changed here" in as_seller.get(cell(desk), headers=HTMX).content
    client.force_login(auditor)
    assert client.get(cell(desk)).status_code == 403


def test_every_declared_bulk_action_of_every_list_exists() -> None:
    found = [
        (name, resolved(one, screen.the_model())) for name, screen in screens() if issubclass(screen, ListScreen) for one in screen.bulk
    ]
    assert len(found) > 10
    assert [name for name, bulk in found if bulk is None or not bulk.label] == []
