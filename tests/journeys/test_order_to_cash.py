"""From a won deal to collected cash, across both offices: each step an operation, everything between them carried by deliveries."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.utils import timezone

from backoffice.finance.models import Invoice, JournalEntry, JournalLine, Payment, Period, Purpose
from backoffice.finance.operations import allocate_credit, close_period, register_payment, reopen_period, set_credit_terms
from backoffice.inventory.models import DeliveryOrder, ReturnReceipt, StockLevel, Valuation
from backoffice.inventory.operations import deliver, deliver_all, pick_delivery, receive_return
from core import clock
from core.catalog.questions import AvailableToPromise
from core.docflow.flow import related
from core.errors import Refused
from core.events import ask
from core.events.models import Delivery, Record
from core.parties.models import Party
from core.parties.questions import CreditStanding
from core.people.models import User
from frontoffice.crm.operations import add_line as add_deal_line
from frontoffice.crm.operations import convert_lead, create_lead, win_deal
from frontoffice.sales.models import Order
from frontoffice.sales.operations import (
    LineQuantity,
    NewLine,
    cancel_order,
    cancel_return,
    confirm_order,
    place_order,
    release_order,
    request_return,
)
from integration import delivery
from integration.customer360.timeline import timeline
from integration.verification import violations
from tests.factories.ground import make_customer, make_product
from tests.factories.house import make_stocked, receive

pytestmark = pytest.mark.journey

PRICE, COST, TAX = Decimal(4_750_000), Decimal(2_900_000), Decimal("0.11")


@pytest.fixture
def customer(company: object) -> Party:
    return make_customer()


def drain() -> None:
    """Let the workers do their work, and see that nothing is stuck."""
    delivery.drain()
    stuck = [(row.handler, row.last_error) for row in Delivery.objects.unfinished()]
    assert stuck == []


def confirmed(customer: Party, seller: User, quantity: int = 4, sku: str = "DESK-140") -> Order:
    product = (
        make_stocked(sku) if not StockLevel.objects.filter(product__sku=sku).exists() else StockLevel.objects.get(product__sku=sku).product
    )
    order = place_order(customer_id=customer.pk, lines=[NewLine(product_id=product.pk, quantity=Decimal(quantity))], by=seller)
    order = confirm_order(order, by=seller)
    drain()
    return order


def goods_of(order: Order, status: str = DeliveryOrder.Status.READY) -> DeliveryOrder:
    return DeliveryOrder.objects.get(order_id=order.pk, status=status)


def delivered(order: Order, storekeeper: User) -> Invoice:
    deliver_all(goods_of(order), by=storekeeper)
    drain()
    return Invoice.objects.filter(order_id=order.pk).latest("pk")


def balance(purpose: str) -> Decimal:
    return JournalLine.objects.filter(account__purpose=purpose).aggregate(sum=Sum("base_amount"))["sum"] or Decimal(0)


def everything_holds() -> None:
    assert list(violations()) == []


def test_a_lead_becomes_collected_cash(seller: User, storekeeper: User, accountant: User) -> None:
    desk, planning = make_stocked("DESK-140", 20), make_product("PLAN")
    lead = create_lead(name="Siti Aminah", company_name="PT Fajar Teknologi", email="siti@fajar.example", owner=seller, by=seller)
    deal = convert_lead(lead, deal_name="New office", by=seller)
    add_deal_line(deal, product=desk, quantity=Decimal(4), discount=Decimal("0.05"), by=seller)
    add_deal_line(deal, product=planning, quantity=Decimal(1), by=seller)
    win_deal(deal, by=seller)
    drain()

    order = Order.objects.get(deal_id=deal.pk)
    assert (order.status, order.owner, order.net) == ("draft", seller, Decimal(22_850_000))
    assert (order.tax, order.total) == (Decimal(2_513_500), Decimal(25_363_500))
    confirm_order(order, by=seller)
    drain()
    goods = goods_of(order)
    (stock,) = ask(AvailableToPromise(product_ids=(desk.pk,)))
    assert (stock.on_hand, stock.reserved, stock.available) == (20, 4, 16)

    first = {line.pk: Decimal(3) for line in goods.lines.all()}
    pick_delivery(goods, first, by=storekeeper)
    deliver(goods, by=storekeeper)
    drain()
    invoice = Invoice.objects.get(delivery_id=goods.pk)
    assert (invoice.net, invoice.tax, invoice.total) == (Decimal(18_337_500), Decimal(2017125), Decimal(20354625))
    assert -balance(Purpose.REVENUE) == invoice.net
    assert -balance(Purpose.OUTPUT_TAX) == invoice.tax
    assert balance(Purpose.COST_OF_GOODS) == 3 * COST
    assert balance(Purpose.STOCK) == 17 * COST == Valuation.objects.get(product=desk).value
    assert balance(Purpose.RECEIVABLE) == invoice.total

    rest = goods_of(order)
    assert rest.backorder_of == goods
    second = delivered(order, storekeeper)
    order.refresh_from_db()
    assert invoice.total + second.total == order.total
    assert [line.invoiced_quantity for line in order.lines.order_by("position")] == [4, 1]

    customer = order.customer
    register_payment(customer, Decimal(10_000_000), received_on=clock.today(), by=accountant)
    invoice.refresh_from_db()
    assert (invoice.status, invoice.residual) == ("open", Decimal(10_354_625))
    register_payment(customer, order.total - Decimal(10_000_000), received_on=clock.today(), by=accountant)
    drain()
    assert not Invoice.objects.filter(residual__gt=0).exists()
    assert (balance(Purpose.RECEIVABLE), balance(Purpose.BANK)) == (0, order.total)
    everything_holds()

    told = timeline("parties.party", customer.pk, None, seller, 50)
    assert all(entry.who for entry in told)
    titles = [str(entry.title) for entry in reversed(told)]
    milestones = [
        "Deal won",
        "drafted",
        "confirmed",
        "Goods set aside",
        "Delivered",
        "Invoice",
        "Delivered",
        "Invoice",
        "Payment",
        "is paid",
    ]
    position = -1
    for milestone in milestones:
        position = next(i for i, title in enumerate(titles) if i > position and milestone in title)
    story = Record.objects.filter(type__in=["sales.OrderConfirmed", "inventory.StockReserved"]).values_list("correlation_id", flat=True)
    assert len(set(story)) == 1
    assert {row.kind for row in related("sales.order", order.pk)} >= {"crm.deal", "inventory.deliveryorder", "finance.invoice"}


def test_the_numbers_have_no_gaps(seller: User, storekeeper: User, customer: Party) -> None:
    for _ in range(3):
        delivered(confirmed(customer, seller, 1), storekeeper)
    year = clock.today().year
    assert list(Invoice.objects.order_by("pk").values_list("number", flat=True)) == [f"INV/{year}/{n:05d}" for n in (1, 2, 3)]
    everything_holds()


def test_what_is_short_waits_and_is_served_by_the_next_receipt(seller: User, storekeeper: User, customer: Party) -> None:
    order = confirmed(customer, seller, 25)
    waiting = goods_of(order, DeliveryOrder.Status.WAITING)
    assert [line.reserved_quantity for line in waiting.lines.all()] == [20]
    short = Record.objects.get(type="inventory.StockReserved").payload["short"]
    assert [Decimal(line["quantity"]) for line in short] == [5]
    receive(StockLevel.objects.get().product, 10)
    drain()
    assert [line.reserved_quantity for line in goods_of(order).lines.all()] == [25]
    invoice = delivered(order, storekeeper)
    assert invoice.net == 25 * PRICE
    everything_holds()


def test_an_order_beyond_the_credit_limit_is_held_until_somebody_answers_for_it(seller: User, accountant: User, customer: Party) -> None:
    set_credit_terms(customer, credit_limit=Decimal(20_000_000), payment_days=30, by=accountant)
    order = confirmed(customer, seller, 4)
    assert order.status == Order.Status.ON_HOLD
    assert (order.hold_limit, order.hold_used) == (Decimal(20_000_000), Decimal(0))
    assert not DeliveryOrder.objects.exists()
    release_order(order, by=accountant)
    drain()
    order.refresh_from_db()
    assert order.status == Order.Status.CONFIRMED
    credit = ask(CreditStanding(customer_id=customer.pk))
    assert (credit.used, credit.limit, credit.available) == (Decimal(21_090_000), Decimal(20_000_000), Decimal(0))


def test_what_is_promised_counts_against_the_limit_before_it_is_billed(seller: User, accountant: User, customer: Party) -> None:
    set_credit_terms(customer, credit_limit=Decimal(30_000_000), payment_days=30, by=accountant)
    assert confirmed(customer, seller, 4).status == Order.Status.CONFIRMED
    assert confirmed(customer, seller, 4).status == Order.Status.ON_HOLD


def test_an_order_is_cancelled_before_anything_leaves_and_its_goods_are_free(seller: User, customer: Party) -> None:
    order = confirmed(customer, seller, 4)
    cancel_order(order, reason="The project is off.", by=seller)
    drain()
    order.refresh_from_db()
    level = StockLevel.objects.get()
    assert (order.status, level.reserved, level.on_hand) == (Order.Status.CANCELLED, 0, 20)
    assert not Invoice.objects.exists()
    everything_holds()


def test_goods_that_leave_while_an_order_is_being_cancelled_keep_it_alive(seller: User, storekeeper: User, customer: Party) -> None:
    order = confirmed(customer, seller, 4)
    cancel_order(order, reason="The project is off.", by=seller)
    deliver_all(goods_of(order), by=storekeeper)
    drain()
    order.refresh_from_db()
    assert order.status == Order.Status.CONFIRMED
    assert Invoice.objects.get().total == order.total
    everything_holds()


def test_an_order_is_not_cancelled_after_goods_left(seller: User, storekeeper: User, customer: Party) -> None:
    order = confirmed(customer, seller, 4)
    delivered(order, storekeeper)
    with pytest.raises(Refused, match="return") as refusal:
        cancel_order(order, reason="Too late.", by=seller)
    assert refusal.value.fix
    order.refresh_from_db()
    assert order.status == Order.Status.CONFIRMED


def test_a_return_before_payment_shrinks_the_invoice(seller: User, storekeeper: User, customer: Party) -> None:
    order = confirmed(customer, seller, 4)
    invoice = delivered(order, storekeeper)
    line = order.lines.get()
    back = request_return(order, lines=[LineQuantity(line.pk, Decimal(1))], reason="Scratched.", by=seller)
    drain()
    receive_return(ReturnReceipt.objects.get(return_id=back.pk), by=storekeeper)
    drain()
    note = Invoice.objects.get(kind=Invoice.Kind.CREDIT_NOTE)
    invoice.refresh_from_db()
    line.refresh_from_db()
    assert note.total == PRICE * (1 + TAX)
    assert invoice.residual == 3 * PRICE * (1 + TAX) == balance(Purpose.RECEIVABLE)
    assert (line.returned_quantity, StockLevel.objects.get().on_hand) == (1, 17)
    assert balance(Purpose.STOCK) == 17 * COST
    assert balance(Purpose.COST_OF_GOODS) == 3 * COST
    everything_holds()


def test_a_return_after_payment_is_the_customers_credit_for_the_next_invoice(
    seller: User, storekeeper: User, accountant: User, customer: Party
) -> None:
    order = confirmed(customer, seller, 4)
    invoice = delivered(order, storekeeper)
    register_payment(customer, invoice.total, received_on=clock.today(), by=accountant)
    back = request_return(order, lines=[LineQuantity(order.lines.get().pk, Decimal(1))], reason="Scratched.", by=seller)
    drain()
    receive_return(ReturnReceipt.objects.get(return_id=back.pk), by=storekeeper)
    drain()
    note = Invoice.objects.get(kind=Invoice.Kind.CREDIT_NOTE)
    assert -balance(Purpose.CUSTOMER_DEPOSITS) == note.total == PRICE * (1 + TAX)
    following = delivered(confirmed(customer, seller, 2), storekeeper)
    allocate_credit(note, following, note.total, by=accountant)
    following.refresh_from_db()
    assert (balance(Purpose.CUSTOMER_DEPOSITS), following.residual) == (0, PRICE * (1 + TAX))
    everything_holds()


def test_a_return_that_is_called_off_is_no_longer_expected(seller: User, storekeeper: User, customer: Party) -> None:
    order = confirmed(customer, seller, 4)
    delivered(order, storekeeper)
    back = request_return(order, lines=[LineQuantity(order.lines.get().pk, Decimal(1))], reason="Scratched.", by=seller)
    cancel_return(back, reason="They keep it.", by=seller)
    for _ in range(2):
        delivery.drain()
        Delivery.objects.filter(status=Delivery.Status.PENDING).update(available_at=timezone.now())
    drain()
    assert ReturnReceipt.objects.get().status == ReturnReceipt.Status.CANCELLED
    assert not Invoice.objects.filter(kind=Invoice.Kind.CREDIT_NOTE).exists()


def test_an_overpayment_stays_the_customers_credit(seller: User, storekeeper: User, accountant: User, customer: Party) -> None:
    invoice = delivered(confirmed(customer, seller, 1), storekeeper)
    payment = register_payment(customer, invoice.total + Decimal(500_000), received_on=clock.today(), by=accountant)
    assert (payment.unallocated, -balance(Purpose.CUSTOMER_DEPOSITS), balance(Purpose.RECEIVABLE)) == (500_000, 500_000, 0)
    following = delivered(confirmed(customer, seller, 1), storekeeper)
    allocate_credit(payment, following, Decimal(500_000), by=accountant)
    following.refresh_from_db()
    assert following.residual == following.total - Decimal(500_000)
    assert Payment.objects.get().unallocated == 0
    everything_holds()


def test_nothing_leaves_into_a_closed_period(seller: User, storekeeper: User, accountant: User, customer: Party) -> None:
    order = confirmed(customer, seller, 4)
    january = Period.objects.order_by("starts_on").first()
    close_period(january, by=accountant)
    before = (JournalEntry.objects.count(), Record.objects.count())
    with pytest.raises(Refused, match="closed") as refusal:
        deliver_all(goods_of(order), on=date(clock.today().year, 1, 15), by=storekeeper)
    assert refusal.value.fix
    assert (JournalEntry.objects.count(), Record.objects.count()) == before
    assert (StockLevel.objects.get().on_hand, goods_of(order).delivered_on) == (20, None)
    reopen_period(january, by=accountant)
    deliver_all(goods_of(order), on=date(clock.today().year, 1, 15), by=storekeeper)
    drain()
    assert Invoice.objects.get().issued_on == date(clock.today().year, 1, 15)
    everything_holds()


def test_replaying_every_delivery_has_no_new_effect(seller: User, storekeeper: User, customer: Party) -> None:
    delivered(confirmed(customer, seller, 4), storekeeper)
    before = (JournalLine.objects.count(), Invoice.objects.count(), DeliveryOrder.objects.count(), Record.objects.count())
    for handler in {row.handler for row in Delivery.objects.all()}:
        assert delivery.replay(handler) == 0
    drain()
    assert (JournalLine.objects.count(), Invoice.objects.count(), DeliveryOrder.objects.count(), Record.objects.count()) == before
