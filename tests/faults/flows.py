"""Order to cash, many times at once: people place, confirm, deliver and take money; workers carry everything between them."""

import contextlib
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import Error, connection
from django.db.models import Count, Q, QuerySet, Sum
from kombu.exceptions import OperationalError as BrokerDown
from redis.exceptions import RedisError

from backoffice.finance.models import Allocation, Invoice
from backoffice.finance.operations import pay_invoice
from backoffice.inventory.models import DeliveryOrder, StockMove
from backoffice.inventory.operations import deliver_all
from core import clock
from core.catalog.models import Product
from core.errors import Refused
from core.events.models import Delivery
from core.parties.models import Party
from core.people.models import User
from frontoffice.sales.models import Order
from frontoffice.sales.operations import NewLine, confirm_order, place_order
from integration.verification import violations

TROUBLE = (Error, BrokerDown, RedisError, OSError)
AT_ONCE = 30  # orders under way


@dataclass
class Flows:
    """So many orders of one piece each. Whoever meets a fault looks again and goes on where things stand, as people do."""

    name: str
    count: int
    customers: list[Party]
    goods: list[Product]
    by: User
    placed: int = 0
    known: float = 0.0
    met: Counter[str] = field(default_factory=Counter)

    def step(self) -> None:
        """Whatever people can do now."""
        with self.patience():
            self.placed = self.orders.count()
            for number in range(self.placed, min(self.count, self.paid + AT_ONCE)):
                product, customer = self.goods[number % len(self.goods)], self.customers[number % len(self.customers)]
                lines = [NewLine(product_id=product.pk, quantity=Decimal(1))]
                place_order(customer_id=customer.pk, lines=lines, note=f"{self.name} {number}", by=self.by)
                self.placed += 1
        for order in self._seen(self.orders.filter(status=Order.Status.DRAFT)):
            with self.patience():
                confirm_order(order, by=self.by)
        ids = set(self._seen(self.orders.values_list("pk", flat=True)))
        for goods in self._seen(DeliveryOrder.objects.filter(order_id__in=ids, status=DeliveryOrder.Status.READY).order_by("pk")):
            with self.patience():
                deliver_all(goods, by=self.by)
        for invoice in self._seen(Invoice.objects.filter(order_id__in=ids, residual__gt=0).select_related("customer").order_by("pk")):
            with self.patience():
                pay_invoice(invoice, invoice.residual, received_on=clock.today(), method="transfer", by=self.by)

    @property
    def orders(self) -> "QuerySet[Order]":
        return Order.objects.filter(note__startswith=f"{self.name} ").order_by("pk")

    @property
    def paid(self) -> int:
        """How many invoices of ours are settled."""
        return Invoice.objects.filter(order_id__in=self.orders.values("pk"), residual=0).count()

    @property
    def share(self) -> float:
        """How much of it is paid, from 0 to 1; what was known last when nobody answers."""
        with self.patience():
            self.known = self.paid / self.count
        return self.known

    def is_over(self) -> bool:
        """Every order is paid, and nothing is on its way."""
        try:
            return self.paid >= self.count and not Delivery.objects.on_its_way().exists()
        except TROUBLE:
            connection.close()
            return False

    def progress(self) -> int:
        """A number that rises while anything goes on; -1 when nobody answers."""
        try:
            ids = self.orders.values("pk")
            ready = DeliveryOrder.objects.filter(order_id__in=ids).count() + Invoice.objects.filter(order_id__in=ids).count()
            return self.paid + ready + self.orders.count() - Delivery.objects.on_its_way().count()
        except TROUBLE:
            connection.close()
            return -1

    @contextlib.contextmanager
    def patience(self) -> Iterator[None]:
        """A fault is met, counted, and looked at again at the next step."""
        try:
            yield
        except TROUBLE as error:
            self.met[type(error).__name__] += 1
            with contextlib.suppress(Exception):
                connection.close()
            time.sleep(0.05)
        except Refused as refusal:
            self.met[type(refusal).__name__] += 1

    def _seen(self, rows: "QuerySet[Any, Any]") -> list[Any]:
        found: list[Any] = []
        with self.patience():
            found += rows
        return found

    def outcome(self) -> "Outcome":
        """What the books say of every flow."""
        orders = list(self.orders.values_list("pk", flat=True))
        ids = set(orders)
        done = Counter(
            DeliveryOrder.objects.filter(order_id__in=ids, status=DeliveryOrder.Status.DELIVERED).values_list("order_id", flat=True)
        )
        deliveries = dict(DeliveryOrder.objects.filter(order_id__in=ids).values_list("pk", "order_id"))
        moved: Counter[int] = Counter()
        outside = Q(document_kind="inventory.deliveryorder", document_id__in=deliveries)
        for document, pieces in StockMove.objects.filter(outside).values_list("document_id").annotate(n=Sum("quantity")):
            moved[deliveries[document]] += int(pieces)
        billed = Counter(Invoice.objects.filter(order_id__in=ids, kind=Invoice.Kind.INVOICE).values_list("order_id", flat=True))
        paid = Counter(
            dict(
                Allocation.objects.filter(invoice__order_id__in=ids, payment__isnull=False)
                .values_list("invoice__order_id")
                .annotate(n=Count("pk"))
            )
        )
        noted = {
            pk: (delivered, invoiced)
            for pk, delivered, invoiced in self.orders.values_list("pk", "lines__delivered_quantity", "lines__invoiced_quantity")
        }
        counted = [(done[pk], moved[pk], billed[pk], paid[pk], *(int(n or 0) for n in noted[pk])) for pk in orders]
        return Outcome(
            flows=len(orders),
            lost=sum(min(row) < 1 for row in counted) + self.count - len(orders),
            doubled=sum(max(row) > 1 for row in counted),
            stuck=Delivery.objects.unfinished().count(),
            broken=[f"{one.rule}: {one.where}" for one in violations()],
        )


@dataclass
class Outcome:
    """What came of so many flows. ``broken`` are the invariants of the whole house that do not hold: ledger, stock, numbers."""

    flows: int
    lost: int
    doubled: int
    stuck: int
    broken: list[str]

    @property
    def is_whole(self) -> bool:
        """Nothing lost, nothing doubled, nothing left, nothing broken."""
        return not (self.lost or self.doubled or self.stuck or self.broken)

    def in_words(self) -> str:
        """For the table."""
        return f"{self.flows:,} flows, {self.lost} lost, {self.doubled} doubled, {self.stuck} stuck, {len(self.broken)} invariants broken"
