"""The screens of the warehouse, as a storekeeper works with them."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from backoffice.inventory.models import Adjustment, DeliveryOrder, Receipt, ReturnReceipt
from backoffice.inventory.operations import ReceivedLine, deliver_all, plan_receipt
from core.people.models import User
from core.web import house
from tests.backoffice.inventory.test_returning import announce
from tests.factories.inventory import on_shelf, order_goods, stock_up, worth

D = Decimal


@pytest.fixture(autouse=True)
def _fresh_house():
    house.use(None)
    yield
    house.use(None)


def signed_in(user: User) -> Client:
    """A browser with this person at it."""
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def page(storekeeper):
    """Budi's browser."""
    return signed_in(storekeeper)


@pytest.fixture
def seller_page(seller):
    """Dewi's browser."""
    return signed_in(seller)


def text(response, status=200):
    """What a page says."""
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode().replace("\xa0", " ")


LISTS = ["deliveries", "receipts", "returns", "stock", "moves", "adjustments", "stock-value"]


@pytest.fixture
def busy(desk, lamp, customer, by):
    """Something on every list."""
    stock_up(desk, 10, cost=100)
    stock_up(lamp, 1, cost=30)
    delivered = deliver_all(order_goods({desk: 2}, customer=customer, by=by), by=by)
    announce(delivered, 1, by)
    plan_receipt(lines=[ReceivedLine(desk.pk, D(7), D(100))], expected_on=date(2026, 12, 24), by=by)
    return order_goods({desk: 4, lamp: 3}, customer=customer, by=by)


@pytest.mark.parametrize("name", LISTS)
def test_every_list_opens_and_exports(page, busy, name):
    assert "<table" in text(page.get(reverse(f"inventory:{name}"), {"state": "all"})) or name == "adjustments"
    assert page.get(reverse(f"inventory:{name}"), {"export": "csv"}).status_code == 200


@pytest.mark.parametrize("name", LISTS)
def test_every_list_opens_before_anything_happened(page, warehouse, name):
    text(page.get(reverse(f"inventory:{name}"), {"state": "all"}))


@pytest.mark.parametrize("name", ["deliveries", "receipts", "returns", "stock", "moves"])
def test_a_longer_list_asks_no_more_questions(page, desk, lamp, customer, by, busy, name, django_assert_max_num_queries):
    url = reverse(f"inventory:{name}")
    page.get(url, {"state": "all"})
    with django_assert_max_num_queries(200) as few:
        page.get(url, {"state": "all"})
    for number in range(2, 6):
        stock_up(lamp, 5)
        announce(deliver_all(order_goods({lamp: 1}, customer=customer, by=by), by=by), 1, by, return_id=number)
        order_goods({lamp: 1}, customer=customer, by=by)
    with django_assert_max_num_queries(len(few.captured_queries)):
        page.get(url, {"state": "all"})


@pytest.mark.parametrize("state", ["open", "ready", "waiting", "delivered"])
def test_deliveries_are_found_by_state_and_words(page, busy, state):
    shown = text(page.get(reverse("inventory:deliveries"), {"state": state, "q": "standing"}))
    assert (busy.number in shown) == (state in {"open", "waiting"})


def test_the_stock_list_says_what_may_be_promised(page, desk, busy):
    shown = text(page.get(reverse("inventory:stock")))
    for words in ("Standing desk 140", ">8", ">4", ">7", "800"):
        assert words in shown, words


def test_a_seller_sees_stock_but_not_what_it_costs(seller_page, desk, busy):
    shown = text(seller_page.get(reverse("inventory:stock")))
    assert "Standing desk 140" in shown
    assert "Value" not in shown
    assert "Value" not in seller_page.get(reverse("inventory:stock"), {"export": "csv"}).getvalue().decode()
    card = text(seller_page.get(reverse("inventory:stocklevel", args=[desk.stock_levels.get().pk])))
    assert "Average cost" not in card
    for name in ("moves", "receipts", "adjustments", "stock-value"):
        assert seller_page.get(reverse(f"inventory:{name}")).status_code == 403


def test_the_stock_card_tells_who_wants_it_and_what_is_coming(page, desk, busy):
    shown = text(page.get(reverse("inventory:stocklevel", args=[desk.stock_levels.get().pk])))
    for words in (busy.number, "GR/2026/00003", "DO/2026/00001", "Average cost"):
        assert words in shown, words


def test_a_delivery_shows_what_it_waits_for(page, busy):
    shown = text(page.get(reverse("inventory:deliveryorder", args=[busy.pk])))
    assert "Waits for 2 pcs LED desk lamp" in shown


def test_pick_everything_then_deliver_what_is_picked(page, desk, busy):
    page.post(reverse("inventory:deliveryorder-pick", args=[busy.pk]))
    assert [line.picked_quantity for line in busy.lines.order_by("pk")] == [D(4), D(1)]
    page.post(reverse("inventory:deliveryorder-deliver", args=[busy.pk]), {"on": "2026-11-20"})
    busy.refresh_from_db()
    assert (busy.status, busy.delivered_on) == (DeliveryOrder.Status.DELIVERED, date(2026, 11, 20))
    assert on_shelf(desk) == (D(4), D(0))


def test_deliver_everything_in_one_step(page, desk, busy):
    response = page.post(reverse("inventory:deliveryorder-deliver-all", args=[busy.pk]), {"on": ""})
    assert response.status_code == 302
    busy.refresh_from_db()
    assert busy.status == DeliveryOrder.Status.DELIVERED


def test_a_part_is_delivered_and_the_rest_follows(page, desk, busy):
    url = reverse("inventory:deliveryorder-deliver-part", args=[busy.pk])
    desks, lamps = busy.lines.order_by("pk")
    shown = text(page.get(url))
    assert "4 pcs set aside of 4 pcs" in shown
    assert "1 pcs set aside of 3 pcs" in shown
    response = page.post(url, {f"line-{desks.pk}": "3", f"line-{lamps.pk}": "", "on": ""})
    assert response.status_code == 302
    rest = busy.backorders.get()
    assert [line.quantity for line in rest.lines.order_by("pk")] == [D(1), D(3)]


def test_too_much_is_refused_with_the_reason_and_what_was_typed(page, desk, busy):
    url = reverse("inventory:deliveryorder-deliver-part", args=[busy.pk])
    desks, lamps = busy.lines.order_by("pk")
    shown = text(page.post(url, {f"line-{desks.pk}": "9", f"line-{lamps.pk}": "1", "on": ""}), status=422)
    assert "4 set aside, 9 asked for" in shown
    assert 'value="9"' in shown
    assert on_shelf(desk) == (D(8), D(4))


def test_a_part_is_picked(page, busy):
    url = reverse("inventory:deliveryorder-pick-part", args=[busy.pk])
    desks, lamps = busy.lines.order_by("pk")
    page.post(url, {f"line-{desks.pk}": "2", f"line-{lamps.pk}": "0"})
    assert [line.picked_quantity for line in busy.lines.order_by("pk")] == [D(2), D(0)]


def test_the_rest_is_cancelled_with_a_reason(page, desk, busy, by):
    page.post(reverse("inventory:deliveryorder-deliver-all", args=[busy.pk]), {"on": ""})
    rest = busy.backorders.get()
    page.post(reverse("inventory:deliveryorder-cancel-backorder", args=[rest.pk]), {"reason": "They changed their mind"})
    rest.refresh_from_db()
    assert (rest.status, rest.cancelled_because) == (DeliveryOrder.Status.CANCELLED, "They changed their mind")


def lines(*rows):
    """A grid's rows as a browser sends them."""
    data = {"lines-TOTAL_FORMS": str(len(rows)), "lines-INITIAL_FORMS": "0", "lines-MIN_NUM_FORMS": "0", "lines-MAX_NUM_FORMS": "1000"}
    for number, (product, quantity, cost) in enumerate(rows):
        data |= {
            f"lines-{number}-product": str(product.pk),
            f"lines-{number}-quantity": quantity,
            f"lines-{number}-unit_cost": cost,
        }
    return data


def test_goods_are_received_at_the_door(page, desk, lamp):
    text(page.get(reverse("inventory:receipt-new")))
    response = page.post(
        reverse("inventory:receipt-new"), {"supplier": "", "on": "", "note": "", **lines((desk, "5", "1200"), (lamp, "2", "30.5"))}
    )
    assert response.status_code == 302, response.content.decode()
    assert Receipt.objects.get().status == Receipt.Status.RECEIVED
    assert worth(desk) == (D(5), D(6000))


def test_goods_are_planned_then_received_in_part(page, desk):
    text(page.get(reverse("inventory:receipt-plan")))
    page.post(reverse("inventory:receipt-plan"), {"supplier": "", "expected_on": "2026-12-01", "note": "", **lines((desk, "5", "100"))})
    receipt = Receipt.objects.planned().get()
    text(page.get(reverse("inventory:receipt", args=[receipt.pk])))
    page.post(reverse("inventory:receipt-receive-part", args=[receipt.pk]), {f"line-{receipt.lines.get().pk}": "3", "on": "2026-12-02"})
    assert on_shelf(desk) == (D(3), D(0))
    rest = receipt.rests.get()
    page.post(reverse("inventory:receipt-receive", args=[rest.pk]), {"on": ""})
    assert on_shelf(desk) == (D(5), D(0))


def test_planned_goods_are_called_off(page, busy):
    receipt = Receipt.objects.planned().get()
    page.post(reverse("inventory:receipt-cancel", args=[receipt.pk]), {"reason": "Sold out"})
    receipt.refresh_from_db()
    assert (receipt.status, receipt.note) == (Receipt.Status.CANCELLED, "Sold out")


def test_returned_goods_are_received(page, desk, busy):
    receipt = ReturnReceipt.objects.get()
    text(page.get(reverse("inventory:returnreceipt", args=[receipt.pk])))
    text(page.get(reverse("inventory:returnreceipt-receive-part", args=[receipt.pk])))
    page.post(reverse("inventory:returnreceipt-receive", args=[receipt.pk]), {"on": "2026-11-22"})
    receipt.refresh_from_db()
    assert (receipt.status, receipt.received_on) == (ReturnReceipt.Status.RECEIVED, date(2026, 11, 22))


def test_the_shelf_is_counted(page, desk, busy):
    level = desk.stock_levels.get()
    shown = text(page.get(reverse("inventory:adjustment-new"), {"product": desk.pk, "location": level.location_id}))
    assert "Standing desk 140" in shown
    data = {"product": desk.pk, "location": level.location_id, "counted": "7", "difference": "", "unit_cost": "", "on": ""}
    assert "This field is required" in text(page.post(reverse("inventory:adjustment-new"), data | {"reason": ""}), status=422)
    page.post(reverse("inventory:adjustment-new"), data | {"reason": "One was broken"})
    adjustment = Adjustment.objects.get()
    assert adjustment.difference == D(-1)
    text(page.get(reverse("inventory:adjustment", args=[adjustment.pk])))


def test_what_cannot_be_written_off_is_told_at_the_field(page, desk, busy):
    data = {"product": desk.pk, "location": "", "counted": "3", "difference": "", "unit_cost": "", "on": "", "reason": "Stolen"}
    shown = text(page.post(reverse("inventory:adjustment-new"), data), status=422)
    assert "4 of them are set aside for deliveries" in shown


def test_a_seller_looks_but_touches_nothing(seller_page, desk, busy):
    text(seller_page.get(reverse("inventory:deliveryorder", args=[busy.pk])))
    for verb in ("pick", "deliver", "deliver-all", "deliver-part", "pick-part"):
        assert seller_page.post(reverse(f"inventory:deliveryorder-{verb}", args=[busy.pk])).status_code == 403
    assert seller_page.post(reverse("inventory:adjustment-new")).status_code == 403
    assert on_shelf(desk) == (D(8), D(4))


def test_home_tells_a_storekeeper_what_waits(page, desk, customer, busy, by):
    ready = order_goods({desk: 1}, customer=customer, by=by)
    shown = text(page.get(reverse("web:home")))
    for words in (f"Deliver {ready.number}", "Take back RR/2026/00001", "Stock value"):
        assert words in shown, words


def test_an_empty_list_leads_to_where_its_rows_begin(page, owner):
    orders = f'<a class="btn btn-primary" href="{reverse("sales:orders")}">'
    assert orders in text(signed_in(owner).get(reverse("inventory:deliveries")))
    receive = f'<a class="btn btn-primary" href="{reverse("inventory:receipt-new")}">'
    assert receive in text(page.get(reverse("inventory:stock")))
    assert receive in text(page.get(reverse("inventory:moves")))


def test_stock_value_says_the_number_under_the_name_and_beside_it_in_a_file(owner, desk):
    page = signed_in(owner)
    stock_up(desk, 10, cost=100)
    shown = text(page.get(reverse("inventory:stock-value")))
    assert f'{desk.name}</a><small class="report-below">{desk.sku}</small>' in shown
    assert "SKU</th>" not in shown
    lines = page.get(reverse("inventory:stock-value"), {"export": "csv"})
    head = b"".join(lines.streaming_content).decode("utf-8-sig").splitlines()[0]
    assert head.startswith("Product,SKU,Quantity,Unit,")
