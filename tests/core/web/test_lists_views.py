"""Saved views, columns, groups and files of a list."""

import pytest
from django.test import Client
from openpyxl import load_workbook

from core.catalog.models import Product
from core.catalog.operations import create_category, update_product
from core.files.models import Attachment
from core.jobs.models import Job
from core.jobs.worker import work_jobs
from core.people.models import User
from core.web import listexport
from core.web.models import ListHabit, SavedView
from core.web.operations import NotYourView, ViewNamed, change_view, delete_view, open_with, save_view
from tests.factories.ground import make_product

pytestmark = pytest.mark.usefixtures("trial")
URL = "/trial/things/"
VIEWS = "/trial/things/views/"
SCREEN = "trial:things"


@pytest.fixture(autouse=True)
def _cast(company: object) -> None:
    for sku in ("DESK-140", "CHAIR-ERG", "INSTALL"):
        make_product(sku)


def saved(client: Client, name: str = "Dear ones", query: str = "?where=list_price~gte~4000000&sort=sku", **more: str) -> SavedView:
    """A view saved through its form."""
    client.post(VIEWS + query, {"name": name, **more})
    return SavedView.objects.get(name=name)


def test_a_view_keeps_what_the_list_shows(as_seller: Client, seller: User) -> None:
    view = saved(as_seller, query="?where=list_price~gte~4000000&sort=sku&after=x&cols=sku,name")
    assert (view.owner, view.screen, view.is_shared) == (seller, SCREEN, False)
    assert (view.query, view.columns) == ("where=list_price~gte~4000000&sort=sku", ["sku", "name"])
    opened = as_seller.get(f"{URL}?view={view.pk}")
    assert opened.headers["Location"] == f"{URL}?view={view.pk}&where=list_price~gte~4000000&sort=sku"
    page = as_seller.get(opened.headers["Location"])
    assert [line.row.sku for line in page.context["lines"]] == ["DESK-140"]
    assert page.context["column_names"] == ["sku", "name"]


def test_a_view_opens_by_itself_when_it_is_the_default(as_seller: Client) -> None:
    view = saved(as_seller, is_default="on")
    assert as_seller.get(URL).headers["Location"].startswith(f"{URL}?view={view.pk}&")
    assert as_seller.get(f"{URL}?view=all").status_code == 200
    as_seller.post(f"{VIEWS}{view.pk}/", {"do": "plain"})
    assert as_seller.get(URL).status_code == 200


def test_a_shared_view_is_seen_by_all_and_changed_by_its_owner(client: Client, seller: User, auditor: User, owner: User) -> None:
    view = save_view(screen=SCREEN, name="Ours", query="sort=sku", is_shared=True, by=seller)
    mine = save_view(screen=SCREEN, name="Mine", query="sort=name", by=seller)
    client.force_login(auditor)
    page = client.get(URL).content.decode()
    assert "Ours" in page
    assert ">Mine<" not in page
    assert client.get(f"{URL}?view={mine.pk}").context["desk"].open is None
    with pytest.raises(NotYourView):
        change_view(view, name="Theirs", by=auditor)
    with pytest.raises(NotYourView):
        delete_view(view, by=auditor)
    view.refresh_from_db()
    assert view.name == "Ours"
    assert change_view(view, name="Everybody's", by=owner).name == "Everybody's"


def test_two_views_of_a_person_have_two_names(as_seller: Client, seller: User) -> None:
    saved(as_seller)
    again = as_seller.post(VIEWS, {"name": "Dear ones"})
    assert again.status_code == 422
    assert "There is a view called “Dear ones” already." in again.content.decode()
    with pytest.raises(ViewNamed):
        save_view(screen=SCREEN, name="  ", query="", by=seller)
    assert SavedView.objects.count() == 1


def test_a_view_that_is_kept_to_oneself_or_deleted_opens_nobodys_list_any_more(seller: User, auditor: User) -> None:
    view = save_view(screen=SCREEN, name="Ours", query="", is_shared=True, is_default=True, by=seller)
    open_with(SCREEN, view, by=auditor)
    change_view(view, is_shared=False, by=seller)
    assert dict(ListHabit.objects.values_list("person_id", "opens_with_id")) == {seller.pk: view.pk, auditor.pk: None}
    delete_view(view, by=seller)
    assert set(ListHabit.objects.values_list("opens_with_id", flat=True)) == {None}


def test_a_view_is_renamed_shared_updated_and_deleted_from_its_menu(as_seller: Client) -> None:
    view = saved(as_seller)
    address = f"{VIEWS}{view.pk}/"
    assert as_seller.get(f"{address}?do=rename").status_code == 200
    as_seller.post(address, {"do": "rename", "name": "Dearest"})
    as_seller.post(address, {"do": "share"})
    as_seller.post(f"{address}?sort=-sku&cols=name", {"do": "update"})
    view.refresh_from_db()
    assert (view.name, view.is_shared, view.query, view.columns) == ("Dearest", True, "sort=-sku", ["name"])
    assert "Delete the view “Dearest”?" in as_seller.get(f"{address}?do=delete").content.decode()
    assert SavedView.objects.count() == 1
    as_seller.post(address, {"do": "delete"})
    assert SavedView.objects.count() == 0


def test_columns_are_chosen_ordered_and_kept_for_the_person(client: Client, as_seller: Client, auditor: User) -> None:
    dialog = as_seller.get("/trial/things/columns/")
    assert [choice.name for choice in dialog.context["choices"]][-1] == "kind"
    as_seller.post("/trial/things/columns/", {"column": ["list_price", "category-name", "name", "nonsense"]})
    assert as_seller.get(URL).context["column_names"] == ["list_price", "category-name", "name"]
    client.force_login(auditor)
    assert client.get(URL).context["column_names"][0] == "name"


def test_the_standard_columns_come_back(as_seller: Client, seller: User) -> None:
    as_seller.post("/trial/things/columns/", {"column": ["sku"]})
    as_seller.post("/trial/things/columns/", {"column": ["sku"], "standard": "1"})
    assert as_seller.get(URL).context["column_names"][:2] == ["name", "tax_category"]
    assert ListHabit.objects.get(person=seller).columns == []


def test_columns_of_an_open_view_are_kept_in_it(as_seller: Client) -> None:
    view = saved(as_seller)
    as_seller.post(f"/trial/things/columns/?view={view.pk}&sort=sku", {"column": ["sku", "list_price"]})
    view.refresh_from_db()
    assert view.columns == ["sku", "list_price"]
    assert ListHabit.objects.count() == 0


def test_a_column_of_a_related_record_asks_no_question_per_row(as_seller: Client, django_assert_max_num_queries: object) -> None:
    for number in range(8):
        shelf = create_category(name=f"Shelf {number}", by=User.objects.service())
        update_product(make_product(f"P-{number}"), category=shelf, by=User.objects.service())
    as_seller.get(URL)
    with django_assert_max_num_queries(18):  # type: ignore[operator]
        as_seller.get(f"{URL}?cols=name,category-name")


def test_rows_are_put_together_with_counts_and_sums(as_seller: Client) -> None:
    groups = as_seller.get(f"{URL}?group=kind").context["groups"]
    assert [(group.label, group.count, group.sum_texts(), len(group.lines)) for group in groups] == [
        ("Goods", 2, ["Rp\N{NO-BREAK SPACE}7.950.000"], 2),
        ("Service", 1, ["Rp\N{NO-BREAK SPACE}350.000"], 1),
    ]
    months = as_seller.get(f"{URL}?group=created_at").context["groups"]
    assert [group.count for group in months] == [3]


def test_a_group_folds_and_its_count_stays(as_seller: Client) -> None:
    response = as_seller.get(f"{URL}?group=kind&fold=goods&fold=nonsense")
    assert [(group.key, group.folded, group.count, len(group.lines)) for group in response.context["groups"]] == [
        ("goods", True, 2, 0),
        ("service", False, 1, 1),
    ]
    everything = as_seller.get(f"{URL}?group=kind&fold=goods&fold=service")
    assert [group.folded for group in everything.context["groups"]] == [True, True]


def test_groups_go_on_over_pages(as_seller: Client) -> None:
    for number in range(12):
        make_product(f"P-{number:02d}")
    first = as_seller.get(f"{URL}?group=kind")
    assert [(group.key, group.count, len(group.lines)) for group in first.context["groups"]] == [("goods", 14, 10)]
    second = as_seller.get(URL + first.context["next_query"])
    assert [(group.key, group.count, len(group.lines)) for group in second.context["groups"]] == [("goods", 14, 4), ("service", 1, 1)]


def test_a_file_has_the_shown_columns_the_order_and_digits_that_mean_something(as_seller: Client) -> None:
    response = as_seller.get(f"{URL}?cols=sku,list_price,version&sort=-list_price&export=csv")
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines == ["SKU,Price,Currency,Version", "DESK-140,4750000.00,IDR,1", "CHAIR-ERG,3200000.00,IDR,1", "INSTALL,350000.00,IDR,1"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_long_list_is_written_by_a_job(as_seller: Client, seller: User, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(listexport, "IMMEDIATE", 2)
    asks = as_seller.get(f"{URL}?export={kind}&where=kind~any~goods&cols=sku,list_price")
    assert b"Make the file" in as_seller.get(f"{URL}?export={kind}").content
    begun = as_seller.post("/trial/things/export/?where=kind~any~goods&cols=sku,list_price", {"format": kind})
    job = Job.objects.get()
    assert (begun.headers["Location"], job.user) == (f"/jobs/{job.pk}/", seller)
    assert work_jobs() == 1
    job.refresh_from_db()
    assert (job.status, job.done, job.total, job.error) == ("done", 2, 2, "")
    file = Attachment.objects.get(kind="jobs.job", object_id=job.pk)
    assert file.name.endswith(f".{kind}")
    if kind == "xlsx":
        rows = [list(row) for row in load_workbook(file.file).active.iter_rows(values_only=True)]  # type: ignore[union-attr]
        assert rows == [["SKU", "Price", "Currency"], ["CHAIR-ERG", 3200000, "IDR"], ["DESK-140", 4750000, "IDR"]]
    else:
        assert file.file.read().decode("utf-8-sig").splitlines()[1:] == ["CHAIR-ERG,3200000.00,IDR", "DESK-140,4750000.00,IDR"]
    assert asks.status_code == 200
    assert Product.objects.count() == 3
