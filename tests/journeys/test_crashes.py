"""Processes finish or take everything back: a worker is killed at every boundary of every step, and the books are the same."""

import os
import signal
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.utils import timezone

from backoffice.finance.models import Invoice, JournalLine
from backoffice.finance.operations import pay_invoice
from backoffice.inventory.models import DeliveryOrder, ReturnReceipt, StockLevel
from backoffice.inventory.operations import deliver, deliver_all, pick_delivery, receive_return
from core import clock
from core.audit.models import Change
from core.catalog.models import Product
from core.events.models import Delivery, Record
from core.events.publishing import quietly
from core.notifications.models import Notification
from core.parties.models import Party
from core.people.models import User
from core.people.roles import Role
from frontoffice.sales.models import Order
from frontoffice.sales.operations import LineQuantity, NewLine, cancel_order, confirm_order, place_order, request_return
from integration import delivery
from integration.delivery.claiming import working
from integration.models import ProcessInstance
from integration.verification import violations
from tests.factories.ground import make_customer, make_user
from tests.factories.house import make_house, make_stocked

pytestmark = pytest.mark.journey

CLAIMED, RUN, COMMITTED = 1, 2, 3
"""When the worker of a delivery's first, second and third attempt dies."""


@dataclass
class Story:
    """An order becomes cash in two deliveries, a piece of it comes back, another order is cancelled after its goods were set aside."""

    customer: Party
    desk: Product
    seller: User
    storekeeper: User
    accountant: User

    def happens(self, drain: Callable[[], None]) -> None:
        """From its first page to its last."""
        order, off = (self._order(quantity) for quantity in (4, 2))
        drain()
        goods = DeliveryOrder.objects.get(order_id=order.pk)
        pick_delivery(goods, {line.pk: Decimal(3) for line in goods.lines.all()}, by=self.storekeeper)
        deliver(goods, by=self.storekeeper)
        cancel_order(off, reason="The project is off.", by=self.seller)
        drain()
        deliver_all(DeliveryOrder.objects.get(order_id=order.pk, status="ready"), by=self.storekeeper)
        back = request_return(order, lines=[LineQuantity(order.lines.get().pk, Decimal(1))], reason="Scratched.", by=self.seller)
        drain()
        receive_return(ReturnReceipt.objects.get(return_id=back.pk), by=self.storekeeper)
        drain()
        for invoice in Invoice.objects.filter(order_id=order.pk, residual__gt=0, kind=Invoice.Kind.INVOICE):
            pay_invoice(invoice, invoice.residual, received_on=clock.today(), method="transfer", by=self.accountant)
        drain()

    def _order(self, quantity: int) -> Order:
        lines = [NewLine(product_id=self.desk.pk, quantity=Decimal(quantity))]
        return confirm_order(place_order(customer_id=self.customer.pk, lines=lines, by=self.seller), by=self.seller)


def books() -> Counter[tuple[str, object]]:
    """Everything that was written, counted: facts, documents and where they stand, money by account, notes, traces."""
    found: Counter[tuple[str, object]] = Counter()
    for rows in (
        Record.objects.values_list("type"),
        Order.objects.values_list("status"),
        DeliveryOrder.objects.values_list("status"),
        Invoice.objects.values_list("kind", "status", "residual"),
        ProcessInstance.objects.values_list("kind", "state", "outcome"),
        Notification.objects.values_list("user", "icon"),
        Change.objects.values_list("table"),
    ):
        found.update((rows.model.__name__, row) for row in rows)
    for account, amount in JournalLine.objects.values_list("account__code", "base_amount"):
        found["money", account] += amount
    return found


def told_by(story: Story, drain: Callable[[], None]) -> Counter[tuple[str, object]]:
    before = books()
    story.happens(drain)
    after = books()
    after.subtract(before)
    return Counter({what: count for what, count in after.items() if count})


def drain() -> None:
    delivery.drain()


def crash_on() -> None:
    """Worker after worker takes the next delivery and is killed, until every one has met all three of its ends."""
    while another_worker_dies():
        pass


def another_worker_dies() -> bool:
    connection.close()
    child = os.fork()
    if child == 0:
        connection.connection = None  # a session of its own, never its parent's
        try:
            with quietly():
                work()
        finally:
            os._exit(1)
    _child, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def work() -> None:
    """One delivery, and the end."""
    with working() as token:
        while Delivery.objects.filter(status="leased").exists():
            delivery.reclaim()
        Delivery.objects.filter(status="pending", available_at__gt=timezone.now()).update(available_at=timezone.now())
        claimed = delivery.claim(token, limit=1)
        if not claimed:
            os._exit(0)
        attempt = Delivery.objects.values_list("attempts", flat=True).get(pk=claimed[0][0])
        if attempt == CLAIMED:
            die()
        with transaction.atomic() if attempt == RUN else nullcontext():
            assert delivery.run(*claimed[0]) is delivery.Outcome.DONE
            if attempt == RUN:
                die()
        die()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.django_db(transaction=True)
def test_order_to_cash_ends_in_the_same_books_wherever_its_workers_die() -> None:
    """Killed after claiming, after the handler has run and before its commit, and right after the commit: of every delivery."""
    make_house()
    people = [make_user(role) for role in (Role.SALES, Role.STOREKEEPER, Role.ACCOUNTANT)]
    story = Story(make_customer(), make_stocked(quantity=20), *people)
    story.happens(drain)  # what is there only once, such as number series
    undisturbed = told_by(story, drain)
    first = Record.objects.latest("pk").pk
    assert told_by(story, crash_on) == undisturbed
    tried = Counter(Delivery.objects.filter(record__gt=first, attempts__gt=1).values_list("status", "attempts"))
    assert tried.keys() == {("done", COMMITTED)}
    assert tried["done", COMMITTED] > 30
    assert not Delivery.objects.unfinished().exists()
    assert not StockLevel.objects.filter(reserved__gt=0).exists()
    assert list(violations()) == []
