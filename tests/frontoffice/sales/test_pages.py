"""The screens of orders, returns and price lists."""

from decimal import Decimal
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client

from core.files.models import Attachment
from core.jobs.models import Job
from core.jobs.worker import work_jobs
from core.people.models import User
from frontoffice.sales.models import Order, PriceList, PriceRule, Return
from frontoffice.sales.operations import LineQuantity, cancel_order, confirm_order, request_return
from tests.factories.ground import make_product
from tests.factories.sales import deliver, freight, make_confirmed_order, make_order


@pytest.fixture
def page(client: Client, by: User) -> Client:
    """A seller's browser."""
    client.force_login(by)
    return client


def grid(*rows: dict[str, Any]) -> dict[str, Any]:
    """The rows of a line grid as the browser sends them."""
    data = {"lines-TOTAL_FORMS": len(rows), "lines-INITIAL_FORMS": 0, "lines-MIN_NUM_FORMS": 0, "lines-MAX_NUM_FORMS": 1000}
    return data | {f"lines-{number}-{name}": value for number, row in enumerate(rows) for name, value in row.items()}


def test_an_order_is_placed_edited_and_confirmed_on_its_pages(page, customer, desk):
    answer = page.post(
        "/sales/orders/new/",
        {"customer": customer.pk, "order_date": "2026-03-02"}
        | grid(
            {"product": desk.pk, "quantity": "3", "discount": "10"}, {"description": "Freight", "quantity": "1", "unit_price": "150000"}
        ),
    )
    order = Order.objects.get()
    assert answer.url == f"/sales/orders/{order.pk}/"
    assert (order.number, order.total) == ("SO/2026/00001", Decimal(14_402_250))

    assert "Freight" in page.get(f"/sales/orders/{order.pk}/edit/").content.decode()
    page.post(
        f"/sales/orders/{order.pk}/edit/",
        {"order_date": "2026-03-02", "note": "Ring the bell"} | grid({"product": desk.pk, "quantity": "2"}),
    )
    order.refresh_from_db()
    assert (order.note, order.net, order.lines.count()) == ("Ring the bell", Decimal(9_500_000), 1)

    page.post(f"/sales/orders/{order.pk}/confirm/")
    order.refresh_from_db()
    assert order.status == "confirmed"
    shown = page.get(f"/sales/orders/{order.pk}/").content.decode()
    assert "Not delivered" in shown
    assert f"/sales/orders/{order.pk}/edit/" not in shown
    assert "SO/2026/00001" in page.get("/sales/orders/").content.decode()


def test_a_refused_line_keeps_what_was_typed(page, customer):
    answer = page.post(
        "/sales/orders/new/", {"customer": customer.pk, "order_date": "2026-03-02"} | grid({"description": "Freight", "quantity": "1"})
    )
    assert answer.status_code == 422
    assert "Freight has no price. Enter a unit price." in answer.content.decode()
    assert not Order.objects.exists()


def test_totals_stock_and_credit_are_seen_while_typing(page, customer, desk, back_office):
    back_office.available[desk.pk] = Decimal(10)
    back_office.limit = Decimal(20_000_000)
    shown = page.post(
        "/sales/orders/new/?preview", {"customer": customer.pk, "order_date": "2026-03-02"} | grid({"product": desk.pk, "quantity": "2"})
    ).content.decode()
    assert "10.545.000" in shown.replace(",", ".")
    assert "Standing desk 140: 10" in shown
    assert "Credit:" in shown
    assert not Order.objects.exists()


def test_an_order_on_hold_is_released_by_whoever_may(page, client, customer, desk, by, accountant, back_office):
    back_office.limit = Decimal(1)
    order = confirm_order(make_order(customer, [(desk, 1)], by=by), by=by)
    shown = page.get(f"/sales/orders/{order.pk}/").content.decode()
    assert "The credit limit of Rp\N{NO-BREAK SPACE}1 is exceeded" in shown
    assert f"/sales/orders/{order.pk}/release/" not in shown
    assert page.post(f"/sales/orders/{order.pk}/release/").status_code == 403

    client.force_login(accountant)
    assert order.number in client.get("/").content.decode()
    client.post(f"/sales/orders/{order.pk}/release/")
    order.refresh_from_db()
    assert order.status == "confirmed"


def test_an_order_is_cancelled_with_a_reason(page, customer, desk):
    order = make_order(customer, [(desk, 1)])
    assert page.post(f"/sales/orders/{order.pk}/cancel/", {"reason": ""}).status_code == 422
    page.post(f"/sales/orders/{order.pk}/cancel/", {"reason": "Typed twice"})
    order.refresh_from_db()
    assert (order.status, order.cancel_reason) == ("cancelled", "Typed twice")


def test_a_delivered_order_says_why_it_is_not_cancelled(page, customer, desk):
    order = make_confirmed_order(customer, [(desk, 2)])
    deliver(order, 1)
    assert "return the goods instead" in page.get(f"/sales/orders/{order.pk}/").content.decode()
    answer = page.post(f"/sales/orders/{order.pk}/cancel/", {"reason": "Changed their mind"})
    assert "Create a return for what the customer gives back." in answer.content.decode()
    order.refresh_from_db()
    assert order.status == "confirmed"


def test_goods_are_returned_from_the_order_they_belong_to(page, customer, desk):
    order = make_confirmed_order(customer, [(desk, 2), freight()])
    deliver(order, 2)
    line = order.lines.first()
    address = f"/sales/orders/{order.pk}/return/"
    assert address in page.get(f"/sales/orders/{order.pk}/").content.decode()
    shown = page.get(address).content.decode()
    assert "Standing desk 140" in shown
    assert "Freight" not in shown

    refused = page.post(address, {"reason": "Wrong colour"} | grid({"order_line": line.pk, "quantity": "3"}))
    assert refused.status_code == 422
    assert "3 cannot come back" in refused.content.decode()
    answer = page.post(address, {"reason": "Wrong colour"} | grid({"order_line": line.pk, "quantity": "1"}))
    goods_return = Return.objects.get()
    assert answer.url == f"/sales/returns/{goods_return.pk}/"
    assert goods_return.lines.get().quantity == 1
    assert goods_return.number in page.get("/sales/returns/").content.decode()
    assert goods_return.number in page.get(f"/sales/orders/{order.pk}/").content.decode()

    page.post(f"/sales/returns/{goods_return.pk}/cancel/", {"reason": "They keep it"})
    goods_return.refresh_from_db()
    assert goods_return.status == "cancelled"


def test_a_row_of_the_return_left_empty_does_not_come_back(page, customer, desk, lamp):
    order = make_confirmed_order(customer, [(desk, 2), (lamp, 1)])
    deliver(order, 2, 1)
    desks, lamps = order.lines.all()
    page.post(
        f"/sales/orders/{order.pk}/return/",
        {"reason": "Wrong colour"}
        | grid({"order_line": desks.pk, "quantity": ""}, {"order_line": lamps.pk, "quantity": "1"})
        | {"lines-INITIAL_FORMS": 2},
    )
    assert [line.order_line for line in Return.objects.get().lines.all()] == [lamps]


def test_price_lists_go_out_of_use_and_back_together(page):
    page.post("/sales/price-lists/new/", {"name": "Reseller"})
    price_list = PriceList.objects.get()
    done = page.post("/sales/price-lists/bulk/retire/", {"pk": [price_list.pk]})
    assert not PriceList.objects.get().is_active
    page.post("/sales/price-lists/bulk/retire/", {"undo": done.context["undo_token"]})
    assert PriceList.objects.get().is_active


def test_prices_are_kept_on_their_pages(page, customer, desk):
    answer = page.post("/sales/price-lists/new/", {"name": "Fajar", "customer": customer.pk, "valid_from": "2026-01-01"})
    price_list = PriceList.objects.get()
    assert answer.url == f"/sales/price-lists/{price_list.pk}/"
    answer = page.post(f"/sales/price-lists/{price_list.pk}/set-price/", {"product": desk.pk, "min_quantity": "5", "unit_price": "4500000"})
    assert answer.url == f"/sales/price-lists/{price_list.pk}/"
    rule = PriceRule.objects.get()
    assert (rule.unit_price, rule.min_quantity) == (4_500_000, 5)
    assert "Standing desk 140" in page.get(f"/sales/price-lists/{price_list.pk}/").content.decode()
    assert page.get("/sales/price-lists/").status_code == 200

    assert page.get(f"/sales/prices/{rule.pk}/").status_code == 200
    answer = page.post(f"/sales/prices/{rule.pk}/remove-price/")
    assert answer.url == f"/sales/price-lists/{price_list.pk}/"
    assert not PriceRule.objects.exists()
    page.post(f"/sales/price-lists/{price_list.pk}/edit/", {"name": "Fajar 2026", "customer": customer.pk})
    price_list.refresh_from_db()
    assert (price_list.name, price_list.is_active) == ("Fajar 2026", False)


def test_lists_can_be_narrowed_searched_and_taken_away(page, customer, desk, by):
    make_order(customer, [(desk, 1), (desk, 2)], by=by)
    make_confirmed_order(customer, [(desk, 1)], by=by)
    assert page.get("/sales/orders/?state=draft").content.decode().count("SO/") >= 1
    for query in ("state=held", "state=deliver", "state=invoice", "state=confirmed", "state=cancelled", "q=standing", "sort=-total"):
        assert page.get(f"/sales/orders/?{query}").status_code == 200
    answer = page.get("/sales/orders/?export=csv&q=standing")
    text = b"".join(answer).decode("utf-8-sig")
    assert text.count("SO/") == 2
    assert "Not delivered" in text


def test_the_papers_of_chosen_orders_come_in_one_file_and_who_has_none_is_named(page, customer, desk, by):
    ours, gone = make_order(customer, [(desk, 1)], by=by), make_order(customer, [(desk, 1)], by=by)
    cancel_order(gone, reason="Changed their mind", by=by)
    begun = page.post("/sales/orders/bulk/pdfs/", {"pk": [ours.pk, gone.pk]})
    job = Job.objects.get()
    assert (begun.url, work_jobs()) == (f"/jobs/{job.pk}/", 1)
    job.refresh_from_db()
    assert (job.status, job.result["text"]) == ("done", "Download PDFs: 1 done, 1 refused.")
    assert "It has no paper to print now." in page.get(job.result["url"]).content.decode()
    kept = Attachment.objects.get()
    with kept.file.open() as stored, ZipFile(stored) as archive:
        assert [(name, archive.read(name)[:5]) for name in archive.namelist()] == [
            (f"Quotation-{ours.number.replace('/', '-')}.pdf", b"%PDF-")
        ]


def test_the_number_of_queries_does_not_grow_with_the_rows(page, customer, desk, by, django_assert_max_num_queries):
    others = [make_product(f"SKU-{number}") for number in range(8)]
    for _number in range(8):
        order = make_confirmed_order(customer, [(product, 1) for product in others], by=by)
        deliver(order, *[1] * 8, delivery_id=order.pk)
        request_return(order, lines=[LineQuantity(order.lines.first().pk, Decimal(1))], reason="Wrong colour", by=by)
    draft = make_order(customer, [(product, 1) for product in others], by=by)
    for address in (
        "/sales/orders/",
        "/sales/returns/",
        f"/sales/orders/{order.pk}/",
        f"/sales/orders/{draft.pk}/",
        f"/sales/orders/{draft.pk}/edit/",
    ):
        with django_assert_max_num_queries(40):
            assert page.get(address).status_code == 200


def test_roles_see_what_their_work_needs(client, customer, desk, storekeeper, auditor):
    order = make_order(customer, [(desk, 1)])
    client.force_login(storekeeper)
    assert client.get(f"/sales/orders/{order.pk}/").status_code == 200
    assert client.get("/sales/price-lists/").status_code == 403
    assert client.get("/sales/orders/new/").status_code == 403
    client.force_login(auditor)
    assert f"/sales/orders/{order.pk}/confirm/" not in client.get(f"/sales/orders/{order.pk}/").content.decode()
    assert client.post(f"/sales/orders/{order.pk}/confirm/").status_code == 403
    order.refresh_from_db()
    assert order.status == "draft"
