"""Order to cash against the physical limit: `python -m benchmarks.order_to_cash [rounds] [orders]`, in a database with a founded company.

One customer, an order of 10 lines over 10 products, confirmed, set aside, shipped, invoiced, posted to a ledger that balances, paid in
full and reconciled. Three contestants take turns, so many orders each a round:

- **limit**: seven statements of hand-written SQL, one CTE for each step and each its own commit, on tables of its own with nothing else;
- **row by row**: the same with a statement for each row, as a plain program writes it;
- **Satu**: the real operations and processes with everything they do (events, deliveries, audit, links, guards), the workers' part in this process.

Prints orders a second, each the median of its rounds, the ratio to the limit of the same run, the statements of an order, and p50.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import django
from django.db import connection, transaction

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.test.utils import CaptureQueriesContext  # noqa: E402 - the settings stand first

from backoffice.finance.models import Invoice  # noqa: E402
from backoffice.finance.operations import register_payment  # noqa: E402
from backoffice.inventory.models import DeliveryOrder  # noqa: E402
from backoffice.inventory.operations import ReceivedLine, deliver_all, receive_goods  # noqa: E402
from benchmarks.plain import bare_tables, limit, row_by_row  # noqa: E402
from core.catalog.models import Product, Unit  # noqa: E402
from core.catalog.operations import create_product  # noqa: E402
from core.events.publishing import quietly  # noqa: E402
from core.parties.operations import create_party  # noqa: E402
from core.people.models import User  # noqa: E402
from frontoffice.sales.operations import NewLine, confirm_order, place_order  # noqa: E402
from integration.delivery import drain  # noqa: E402

LINES, PIECES, PRICE = 10, Decimal(2), Decimal(125_000)
SCHEMA = "benchmark"
NO_WORK = ("BEGIN", "COMMIT", "SET search_path", "RESET search_path")


@dataclass
class Contestant:
    """Who takes an order to its money, and how long each order took, round by round."""

    name: str
    takes: Callable[[int], Any]
    rounds: list[list[float]] = field(default_factory=list)
    statements: int = 0

    @property
    def rate(self) -> float:
        """Orders a second: the median of the rounds."""
        return statistics.median(len(took) / sum(took) for took in self.rounds)

    @property
    def p50(self) -> float:
        """Half of the orders took no more milliseconds."""
        return 1000 * statistics.median(seconds for took in self.rounds for seconds in took)


def main(rounds: int, orders: int) -> int:
    """Let them take turns, and print what came of it."""
    with bare_tables(SCHEMA, LINES), selling() as sell:
        contestants = [
            Contestant("limit: one CTE for each step", limit),
            Contestant("SQL row by row", row_by_row),
            Contestant("Satu, everything switched on", sell),
        ]
        for one in contestants:
            for number in range(3):
                one.takes(-1 - number)
            with CaptureQueriesContext(connection) as seen:
                one.takes(-10)
            one.statements = sum(not query["sql"].startswith(NO_WORK) for query in seen.captured_queries)
        for turn in range(rounds):
            for one in contestants:
                one.rounds.append(list(timed(one.takes, turn * orders, orders)))
    best = contestants[0].rate
    print(f"{'contestant':<32}{'orders/s':>10}{'vs limit':>10}{'statements':>12}{'p50 ms':>10}")
    for one in contestants:
        print(f"{one.name:<32}{one.rate:>10.1f}{one.rate / best:>10.3f}{one.statements:>12}{one.p50:>10.1f}")
    print(f"{rounds} rounds of {orders} orders with {LINES} lines each; load {os.getloadavg()[0]:.1f} at the end")
    return 0


def timed(take: Callable[[int], Any], first: int, orders: int) -> Iterator[float]:
    """Seconds for each order."""
    for number in range(first, first + orders):
        began = time.perf_counter()
        take(number)
        yield time.perf_counter() - began


@contextmanager
def selling() -> Iterator[Callable[[int], None]]:
    """The real operations, with enough on the shelf."""
    house = User.objects.service()
    unit = Unit.objects.order_by("pk")[0]
    products: list[Product] = []
    for number in range(LINES):
        sku = f"BENCH-{os.getpid()}-{number}"
        products.append(create_product(sku=sku, name=f"Benchmark {number}", unit=unit, list_price=PRICE, by=house))
    receive_goods(lines=[ReceivedLine(product_id=one.pk, quantity=Decimal(1_000_000), unit_cost=PRICE / 2) for one in products], by=house)
    drain()
    lines = [NewLine(product_id=one.pk, quantity=PIECES) for one in products]

    def sell(number: int) -> None:
        party = create_party(name=f"PT Benchmark {number}", roles=["customer"], by=house)
        order = place_order(customer_id=party.pk, lines=lines, by=house)
        confirm_order(order, by=house)
        drain()
        deliver_all(DeliveryOrder.objects.get(order_id=order.pk), by=house)
        drain()
        invoice = Invoice.objects.get(order_id=order.pk)
        register_payment(party, invoice.residual, received_on=invoice.issued_on, by=house)
        drain()

    with quietly():
        yield sell
    invoice = Invoice.objects.order_by("-pk")[0]
    if invoice.residual or transaction.get_connection().in_atomic_block:
        raise AssertionError(f"{invoice} was not paid: what was measured is not order to cash.")


if __name__ == "__main__":
    sys.exit(main(*([int(word) for word in sys.argv[1:]] or [5, 20])))
