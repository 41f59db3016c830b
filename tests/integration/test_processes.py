"""Processes remember what they wait for, say once what is late, and look first whether it still is."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from backoffice.finance import operations as finance
from backoffice.finance.models import Invoice
from backoffice.inventory import operations as inventory
from backoffice.inventory.models import DeliveryOrder
from core.events.cause import acting
from core.events.listening import HANDLERS
from core.events.models import Delivery, Record
from core.notifications.models import Notification
from core.parties.models import Company, Party
from core.people.models import User
from frontoffice.sales import operations as sales
from frontoffice.sales.models import Order
from integration import delivery, memory
from integration.console import processes
from integration.events import PaymentOverdue
from integration.models import ProcessInstance
from integration.processes.order_deadlines import INVOICES
from integration.processes.order_to_cash import ORDERS
from tests.factories.ground import make_customer
from tests.factories.house import make_house, make_stocked
from tests.factories.sales import make_confirmed_order
from tests.racing import race

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)  # ten in the morning in Jakarta
COMPLETED, TAKEN_BACK = ProcessInstance.Outcome.COMPLETED, ProcessInstance.Outcome.COMPENSATED


@pytest.fixture
def clock() -> Any:
    """The day of the stories below; `shift` goes on."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def company(clock: Any, db: None) -> Company:
    """The company, founded in every module."""
    return make_house()


@pytest.fixture
def customer(company: Company, seller: User) -> Party:
    """PT Fajar Teknologi, whom Dewi looks after."""
    return make_customer(owner=seller)


def of(document: Order | Invoice) -> ProcessInstance:
    return ProcessInstance.objects.get(kind=document._meta.label_lower, object_id=document.pk)


def stands(document: Order | Invoice) -> tuple[str, str]:
    instance = of(document)
    return instance.state, instance.outcome


def told(user: User) -> list[str]:
    return [note.text for note in Notification.objects.filter(user=user).order_by("pk")]


def later(clock: Any, **span: int) -> int:
    """Let time pass, and the worker look."""
    clock.shift(timedelta(**span))
    published = memory.publish_due()
    delivery.drain()
    return published


def deliver_all(order: Order, by: User) -> None:
    inventory.deliver_all(DeliveryOrder.objects.of_order(order.pk).open().get(), by=by)
    delivery.drain()


def test_an_order_is_followed_from_the_promise_to_the_money(customer: Party, storekeeper: User, accountant: User, clock: Any) -> None:
    desk = make_stocked(quantity=5)
    order = make_confirmed_order(customer, [(desk, 2)], requested_date=date(2026, 3, 9))
    delivery.drain()
    assert stands(order) == ("delivery", "")
    assert of(order).due_at == datetime(2026, 3, 10, 1, tzinfo=UTC)

    deliver_all(order, storekeeper)
    invoice = Invoice.objects.get()
    assert (stands(order), stands(invoice)) == (("delivered", COMPLETED), ("payment", ""))
    _pay(invoice, accountant)
    delivery.drain()
    assert stands(invoice) == ("paid", COMPLETED)
    assert later(clock, days=400) == 0


def test_what_is_short_waits_for_goods_and_is_said_when_it_is_late(customer: Party, storekeeper: User, seller: User, clock: Any) -> None:
    desk = make_stocked(quantity=1)
    order = make_confirmed_order(customer, [(desk, 2)], requested_date=date(2026, 3, 4), by=seller)
    delivery.drain()
    assert stands(order) == ("goods", "")
    before = len(told(seller))
    assert later(clock, days=2) == 0
    assert later(clock, days=1) == 1
    late = [text for text in told(seller)[before:] if "has not left in full" in text]
    assert late == [f"{order.number} for PT Fajar Teknologi was promised for 4 Mar and has not left in full."]
    assert (stands(order), of(order).changed_at) == (("goods", ""), NOW), "it still waits for the same, since then"
    assert later(clock, days=6) == 0
    assert later(clock, days=1) == 1, "said again after a week"
    assert stands(order) == ("goods", "")


def test_an_order_on_hold_goes_ahead_by_itself_when_the_customer_has_paid(
    customer: Party, seller: User, accountant: User, clock: Any
) -> None:
    desk = make_stocked(quantity=5)
    first = make_confirmed_order(customer, [(desk, 1)])
    delivery.drain()
    deliver_all(first, accountant)
    invoice = Invoice.objects.get()
    finance.set_credit_terms(customer, credit_limit=invoice.total, payment_days=30, by=accountant)
    order = make_confirmed_order(customer, [(desk, 1)], by=seller)
    delivery.drain()
    assert (order.status, stands(order)) == ("on_hold", ("credit", ""))
    assert later(clock, days=2) == 1
    assert f"{order.number} for PT Fajar Teknologi has been on hold since 2 Mar: release it, or tell the customer." in told(seller)

    finance.register_payment(customer, invoice.total, received_on=date(2026, 3, 4), by=accountant)
    delivery.drain()
    order.refresh_from_db()
    assert (order.status, stands(order)) == ("confirmed", ("delivery", ""))


def test_a_payment_that_is_late_is_said_each_week_until_it_comes(customer: Party, accountant: User, seller: User, clock: Any) -> None:
    finance.set_credit_terms(customer, credit_limit=None, payment_days=14, by=accountant)
    invoice = _invoice(customer, accountant)
    assert later(clock, days=14) == 0
    assert later(clock, days=1) == 1
    assert later(clock, days=7) == 1
    for person in (accountant, seller):
        assert [text for text in told(person) if "was due on" in text] == 2 * [
            f"{invoice.number} of PT Fajar Teknologi was due on 16 Mar: Rp\N{NO-BREAK SPACE}1,11\N{NO-BREAK SPACE}jt are open."
        ]
    reminders = Record.objects.filter(type=PaymentOverdue.type_name()).order_by("pk")
    assert [record.payload["reminder"] for record in reminders] == [1, 2]
    assert reminders[0].correlation_id == Record.objects.get(type="finance.InvoiceIssued").correlation_id

    _pay(invoice, accountant)
    delivery.drain()
    assert (stands(invoice), later(clock, days=60)) == (("paid", COMPLETED), 0)


def test_a_deadline_that_is_heard_too_late_says_nothing(customer: Party, accountant: User, clock: Any) -> None:
    """It was published, and before anybody heard it the money came."""
    invoice = _invoice(customer, accountant)
    clock.shift(timedelta(days=60))
    assert memory.publish_due() == 1
    _pay(invoice, accountant)
    delivery.drain()
    assert stands(invoice) == ("paid", COMPLETED)
    assert not [text for text in told(accountant) if "was due on" in text]


def test_no_deadline_is_published_while_what_ends_it_is_on_its_way(customer: Party, accountant: User, clock: Any) -> None:
    invoice = _invoice(customer, accountant)
    clock.shift(timedelta(days=60))
    _pay(invoice, accountant)
    assert memory.publish_due() == 0
    delivery.drain()
    assert (memory.publish_due(), Record.objects.filter(type=PaymentOverdue.type_name()).exists()) == (0, False)


def test_every_step_says_how_it_is_taken_back() -> None:
    """By a handler that hears an event of the same key, or by people, in words."""
    steps = [step for process in memory.Process.registry.values() for step in process.steps.values()]
    assert "order_to_cash.reserve_the_goods" in [step.handler for step in steps]
    for step in steps:
        assert step.back
        if step.taken_back_by:
            assert HANDLERS[step.taken_back_by].event.KEY == HANDLERS[step.handler].event.KEY


def test_a_cancelled_order_has_taken_everything_back(client: Any, customer: Party, clock: Any, seller: User, owner: User) -> None:
    desk = make_stocked(quantity=5)
    order = make_confirmed_order(customer, [(desk, 2)])
    delivery.drain()
    sales.cancel_order(order, reason="They moved", by=seller)
    delivery.drain()
    assert stands(order) == ("cancelled", TAKEN_BACK)
    assert inventory.available_to_promise([desk.pk])[0].available == 5
    set_aside, *others = processes.steps_of(of(order))
    assert (str(set_aside.words), set_aside.done_at, set_aside.taken_back_at) == ("Goods set aside", NOW, NOW)
    assert {(step.done_at, step.taken_back_at) for step in others} == {(None, None)}
    client.force_login(owner)
    page = client.get(f"/console/processes/{of(order).pk}/").content.decode()
    assert "Set free when the order is cancelled" in page


def test_a_cancellation_nobody_answers_is_told_to_who_can_mend_it(customer: Party, seller: User, owner: User, clock: Any) -> None:
    order = make_confirmed_order(customer, [(make_stocked(), 2)])
    delivery.drain()
    sales.cancel_order(order, reason="They moved", by=seller)
    stuck = Delivery.objects.filter(handler="order_to_cash.stop_the_deliveries")
    stuck.update(status=Delivery.Status.DEAD)
    delivery.drain()
    assert stands(order) == ("cancelling", "")
    assert later(clock, minutes=16) == 1
    assert f"{order.number} is still being cancelled: the warehouse has not answered." in told(owner)


def test_an_earlier_event_that_comes_late_changes_nothing_any_more(customer: Party, accountant: User, clock: Any) -> None:
    invoice = _invoice(customer, accountant)
    _pay(invoice, accountant)
    delivery.drain()
    issued = Record.objects.get(type="finance.InvoiceIssued")
    with acting(by=accountant, correlation_id=issued.correlation_id, causation_id=issued.event_id):
        INVOICES.ends(invoice.pk, invoice.number, "payment")
    assert stands(invoice) == ("paid", COMPLETED)


@pytest.mark.django_db(transaction=True)
def test_a_deadline_is_published_once_however_many_look(customer: Party, accountant: User, clock: Any) -> None:
    for _ in range(6):
        _invoice(customer, accountant)
    clock.shift(timedelta(days=60))
    assert sum(race(*[memory.publish_due] * 4)) == 6  # type: ignore[arg-type]
    assert Record.objects.filter(type=PaymentOverdue.type_name()).count() == 6


def test_a_process_remembers_only_inside_a_handler_and_only_what_it_knows(customer: Party, accountant: User) -> None:
    with pytest.raises(RuntimeError, match="inside a handler"):
        ORDERS.ends(1, "SO/1", "delivered")
    with pytest.raises(ValueError, match="knows no state"):
        ORDERS.ends(1, "SO/1", "flown")
    with pytest.raises(ValueError, match="both"):
        ORDERS.waits(1, "SO/1", "goods", until=NOW)
    invoice = _invoice(customer, accountant)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProcessInstance.objects.filter(object_id=invoice.pk).update(outcome=COMPLETED)


def test_what_waits_is_seen_on_its_page_in_the_api_and_in_the_admin(client: Any, customer: Party, owner: User, accountant: User) -> None:
    invoice = _invoice(customer, accountant)
    client.force_login(owner)
    page = client.get("/console/processes/?state=waiting").content.decode()
    assert invoice.number in page
    assert "Waits for the money" in page
    shown = client.get(f"/console/processes/{of(invoice).pk}/").content.decode()
    assert f"/finance/invoices/{invoice.pk}/" in shown
    assert client.get(f"/admin/integration/processinstance/{of(invoice).pk}/change/").status_code == 200
    rows = client.get("/api/v1/processes/", {"kind": "finance.invoice", "object_id": invoice.pk}).json()["results"]
    assert [(row["state"], row["due_type"]) for row in rows] == [("payment", "integration.PaymentOverdue")]


def _pay(invoice: Invoice, by: User) -> None:
    invoice.refresh_from_db()
    finance.pay_invoice(invoice, invoice.residual, received_on=date(2026, 3, 2), method="transfer", by=by)


def _invoice(customer: Party, by: User) -> Invoice:
    lines = [finance.BillLine(description="Advice", quantity=Decimal(1), unit_price=Decimal(1_000_000), tax_category="standard")]
    invoice = finance.issue_invoice(customer_id=customer.pk, invoice_on=date(2026, 3, 2), currency="IDR", lines=lines, by=by)
    delivery.drain()
    return invoice
