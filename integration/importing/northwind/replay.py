"""Northwind's orders lived through again: opening stock, order, confirmation, delivery, invoice, payment, on the real dates."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from django.db import transaction

from backoffice.finance import operations as finance
from backoffice.finance.models import Invoice
from backoffice.inventory import operations as inventory
from backoffice.inventory.models import DeliveryOrder
from core import clock
from core.catalog.models import Product
from core.catalog.operations import update_product
from core.imports.importer import imported, remember
from core.imports.reading import read_table
from core.money import round_money
from core.people.models import User
from frontoffice.sales import operations as sales
from integration import delivery
from integration.importing.northwind.orders import SourceOrder
from integration.importing.northwind.source import CURRENCY, SOURCE, Progress

OPENING_DAY = date(1996, 7, 1)
OPENING_SHARE = Decimal("0.60")
"""Opening stock is valued at this share of the list price."""
PAID_AFTER = timedelta(days=30)


@dataclass
class Replayed:
    """How many orders went through each stage this time."""

    placed: int = 0
    shipped: int = 0
    paid: int = 0


@dataclass(frozen=True)
class Happening:
    """Something that has to happen on a day. On one day orders come first, then deliveries, then payments."""

    on: date
    turn: int
    order: SourceOrder
    run: Callable[[SourceOrder, date], None]


def receive_opening_stock(folder: Path, orders: Iterable[SourceOrder], *, by: User) -> None:
    """Receive what was ever ordered plus what is left in the end, in one receipt. Once."""
    if "opening" in imported(SOURCE, "receipt"):
        return
    needed: dict[int, Decimal] = defaultdict(Decimal)
    for order in orders:
        for line in order.lines:
            needed[line.product.pk] += line.quantity
    products = Product.objects.in_bulk(list(imported(SOURCE, "product").values()))
    codes = imported(SOURCE, "product")
    for row in read_table(folder / "products.csv"):
        if row.cells["productID"] in codes:
            needed[codes[row.cells["productID"]]] += Decimal(row.cells["unitsInStock"] or 0)
    lines = [
        inventory.ReceivedLine(product_id=pk, quantity=quantity, unit_cost=round_money(products[pk].list_price * OPENING_SHARE, CURRENCY))
        for pk, quantity in sorted(needed.items())
        if quantity
    ]
    with clock.at(_at(OPENING_DAY)), transaction.atomic():
        receipt = inventory.receive_goods(lines=lines, on=OPENING_DAY, opening=True, by=by)
        remember(SOURCE, "receipt", "opening", receipt.pk)
        delivery.drain()


def replay(orders: list[SourceOrder], *, by: User, progress: Progress) -> Replayed:
    """Let every order happen, in order of date, and every delivery of events be carried out at the end of each day."""
    stages = _Stages(by)
    happenings = sorted(_happenings(orders, stages), key=lambda one: (one.on, one.turn, one.order.external_id))
    step = progress("days of business", len({one.on for one in happenings}))
    for today, of_the_day in groupby(happenings, key=lambda one: one.on):
        for turn, together in groupby(of_the_day, key=lambda one: one.turn):
            with clock.at(_at(today, turn)):
                for happening in together:
                    happening.run(happening.order, today)
                delivery.drain()
        step()
    return stages.replayed


def retire_discontinued(folder: Path, *, by: User) -> None:
    """Take discontinued products out of the catalogue, now that their orders have been replayed."""
    codes = imported(SOURCE, "product")
    retired = [codes[row.cells["productID"]] for row in read_table(folder / "products.csv") if row.cells["discontinued"] == "1"]
    for product in Product.objects.filter(pk__in=retired, is_active=True).order_by("pk"):
        update_product(product, is_active=False, by=by)


class _Stages:
    """The stages of an order's life, each done once: what was done is remembered in the transaction that does it."""

    def __init__(self, by: User) -> None:
        self.by = by
        self.replayed = Replayed()
        self.orders = imported(SOURCE, "order")
        self.shipments = imported(SOURCE, "shipment")
        self.payments = imported(SOURCE, "payment")

    def place(self, source: SourceOrder, today: date) -> None:
        lines = [
            sales.NewLine(product_id=line.product.pk, quantity=line.quantity, unit_price=line.unit_price, discount=line.discount)
            for line in source.lines
        ]
        if source.freight:
            lines.append(sales.NewLine(description="Freight", unit_price=source.freight))
        with transaction.atomic():
            order = sales.place_order(
                customer_id=source.customer.pk,
                lines=lines,
                order_date=today,
                requested_date=source.required_on,
                owner_id=source.seller.pk,
                by=source.seller,
            )
            sales.confirm_order(order, by=source.seller)
            remember(SOURCE, "order", source.external_id, order.pk)
        self.orders[source.external_id] = order.pk
        self.replayed.placed += 1

    def ship(self, source: SourceOrder, today: date) -> None:
        with transaction.atomic():
            goods = DeliveryOrder.objects.get(order_id=self.orders[source.external_id], status=DeliveryOrder.Status.READY)
            inventory.deliver_all(goods, on=today, by=self.by)
            remember(SOURCE, "shipment", source.external_id, goods.pk)
        self.replayed.shipped += 1

    def pay(self, source: SourceOrder, today: date) -> None:
        with transaction.atomic():
            invoice = Invoice.objects.get(order_id=self.orders[source.external_id])
            payment = finance.register_payment(
                source.customer, invoice.total, received_on=today, invoices=[(invoice, invoice.total)], by=self.by
            )
            remember(SOURCE, "payment", source.external_id, payment.pk)
        self.replayed.paid += 1


def _happenings(orders: list[SourceOrder], stages: _Stages) -> Iterable[Happening]:
    for order in orders:
        if order.external_id not in stages.orders:
            yield Happening(order.ordered_on, 0, order, stages.place)
        if order.shipped_on is None:
            continue
        if order.external_id not in stages.shipments:
            yield Happening(order.shipped_on, 1, order, stages.ship)
        if order.external_id not in stages.payments:
            yield Happening(order.shipped_on + PAID_AFTER, 2, order, stages.pay)


def _at(today: date, turn: int = 0) -> datetime:
    return datetime.combine(today, time(9 + 3 * turn), tzinfo=UTC)
