"""Whether Satu stays as fast when the company grows: `python -m benchmarks.flat [companies] [at first]`.

Lives one real story (a lead, a deal, an order, its delivery, invoice and payment) in a scratch database, copies it to so many customers
(`benchmarks.growing`), and opens every page and every list of the API that the owner may open; then copies on and opens the same again.
Prints what took longer than the goal of 1.5 times, in milliseconds of the quickest of several rounds, and fails when anything did.
"""

import os
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from time import perf_counter

import django
from django.db import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.test import Client  # noqa: E402 - the settings stand first
from django.urls import NoReverseMatch, reverse  # noqa: E402

from backoffice.finance.models import Allocation, Invoice, InvoiceLine, InvoiceTax, JournalEntry, JournalLine, Payment  # noqa: E402
from backoffice.finance.operations import register_payment  # noqa: E402
from backoffice.inventory.models import DeliveryLine, DeliveryOrder, Fulfilment, StockMove  # noqa: E402
from backoffice.inventory.operations import ReceivedLine, deliver_all, receive_goods  # noqa: E402
from benchmarks.growing import Story, analyze  # noqa: E402
from config.sights import opened  # noqa: E402
from config.urls import api  # noqa: E402
from core.catalog.models import Unit  # noqa: E402
from core.catalog.operations import create_product  # noqa: E402
from core.docflow.models import Link  # noqa: E402
from core.events.models import Record  # noqa: E402
from core.events.publishing import quietly  # noqa: E402
from core.parties.models import Address, Party, PartyRole  # noqa: E402
from core.parties.operations import add_address, create_party  # noqa: E402
from core.people.door.confirming import remember  # noqa: E402
from core.people.models import User  # noqa: E402
from core.people.operations import create_user  # noqa: E402
from core.people.roles import Role  # noqa: E402
from core.web.lists import ListScreen  # noqa: E402
from core.web.opening import opened as list_of  # noqa: E402
from core.web.paging import keyed, write_cursor  # noqa: E402
from core.web.registry import screens  # noqa: E402
from frontoffice.crm.models import Lead  # noqa: E402
from frontoffice.crm.operations import create_lead  # noqa: E402
from frontoffice.sales.models import Order, OrderLine  # noqa: E402
from frontoffice.sales.operations import NewLine, confirm_order, place_order  # noqa: E402
from integration.delivery import drain  # noqa: E402
from integration.founding import found  # noqa: E402
from integration.models import ProcessInstance  # noqa: E402

SMALL, ROUNDS, GOAL, UNFELT_MS, LONG_MS = 1_000, 5, 1.5, 5.0, 2_000
DEEP, SIZE = 10_000, 25
SCRATCH = "satu_bench_flat"
OPEN_ONES = 50
"""One of so many stories has an invoice that is not paid yet."""


def story(part: Decimal, by: User, *, beyond: int = 0) -> Story:
    """One customer from the first word to this part of the money, with all that was written on the way."""
    name = f"PT Bangka {part.normalize()}"
    lead = create_lead(name="Bangka", company_name=name, by=by)
    party = create_party(name=name, roles=["customer"], by=by)
    add_address(party, street="Jl. Bangka 1", city="Jakarta", country="ID", by=by)
    lines = [NewLine(product_id=pk, quantity=Decimal(2)) for pk in Unit.objects.values_list("products__pk", flat=True) if pk][:2]
    order = place_order(customer_id=party.pk, lines=lines, by=by)
    confirm_order(order, by=by)
    drain()
    delivery = DeliveryOrder.objects.get(order_id=order.pk)
    deliver_all(delivery, by=by)
    drain()
    invoice = Invoice.objects.get(order_id=order.pk)
    payment = register_payment(party, invoice.residual * part, received_on=invoice.issued_on, by=by)
    drain()
    documents = {
        "sales.order": order.pk,
        "inventory.deliveryorder": delivery.pk,
        "finance.invoice": invoice.pk,
        "finance.payment": payment.pk,
    }
    found = Story(beyond=beyond)
    found.add([Lead.objects.get(pk=lead.pk), Party.objects.get(pk=party.pk)])
    for of_party in (PartyRole, Address):
        found.add(of_party._default_manager.filter(party=party))
    found.add(Order.objects.filter(pk=order.pk))
    found.add(OrderLine.objects.filter(order=order))
    found.add(Fulfilment.objects.filter(order_id=order.pk))
    found.add(DeliveryOrder.objects.filter(pk=delivery.pk))
    found.add(DeliveryLine.objects.filter(delivery=delivery))
    found.add(Invoice.objects.filter(pk=invoice.pk))
    for of_invoice in (InvoiceLine, InvoiceTax):
        found.add(of_invoice._default_manager.filter(invoice=invoice))
    found.add(Payment.objects.filter(pk=payment.pk))
    found.add(Allocation.objects.filter(payment=payment))
    for kind, pk in documents.items():
        found.add(StockMove.objects.filter(document_kind=kind, document_id=pk))
        found.add(Link.objects.filter(source_kind=kind, source_id=pk))
        found.add(ProcessInstance.objects.filter(kind=kind, object_id=pk))
    moves = [move.pk for move in found.rows[StockMove]]
    entries = JournalEntry.objects.filter(source_kind="inventory.stockmove", source_id__in=moves)
    for kind, pk in documents.items():
        entries |= JournalEntry.objects.filter(source_kind=kind, source_id=pk)
    found.add(entries)
    found.add(JournalLine.objects.filter(entry__in=entries))
    found.add(Record.objects.filter(party=party))
    return found


def days() -> None:
    """What moved on each day follows from the lines; here nobody looked on while they were written."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SET session_replication_role = replica;
            DELETE FROM finance_daybalance;
            INSERT INTO finance_daybalance (account_id, day, debit, credit)
            SELECT l.account_id, e.entry_date, sum(greatest(l.base_amount, 0)), sum(greatest(-l.base_amount, 0))
            FROM finance_journalline AS l JOIN finance_journalentry AS e ON e.id = l.entry_id GROUP BY 1, 2;
            SET session_replication_role = DEFAULT
        """)


def best(work: Callable[[], object]) -> float:
    """The quickest of so many rounds, in milliseconds: whatever else runs only adds. What takes long is not asked again and again."""
    took: list[float] = []
    while len(took) < ROUNDS and sum(took) < LONG_MS:
        begun = perf_counter()
        work()
        took.append((perf_counter() - begun) * 1000)
    return min(took)


def addresses(user: User) -> dict[str, str]:
    """Every page and every list of the API that somebody may open, and a few searches."""
    found = {sight.name: sight.address for sight in opened(user)}
    for prefix, _viewset, basename in api().registry:
        try:
            found[f"api {prefix}"] = reverse(f"api:{basename}-list")
        except NoReverseMatch:
            continue
    searches = {"palette, a name": "bangka", "palette, a number": "17", "palette, a slip": "bagnka"}
    found |= {name: f"/palette/?q={words}" for name, words in searches.items()}
    for name, screen in lists(user):
        found |= {f"{name}, all": f"{screen.url()}?state=all", f"{name}, search": f"{screen.url()}?state=all&q=bangka 7"}
    return found


def lists(user: User) -> list[tuple[str, type[ListScreen]]]:
    """The lists somebody may open."""
    return [(name, screen) for name, screen in screens() if issubclass(screen, ListScreen) and screen.may_open(user)]


def deep(user: User) -> dict[str, str]:
    """The last page of each list that is more than one, at most the ten thousandth."""
    found = {}
    for name, _screen in lists(user):
        here = list_of(name, "state=all", user)
        rows, ordering = keyed(here.rows, here.ordering()), here.ordering()
        far = min(DEEP, rows.count() // SIZE - 1)
        if far > 1:
            found[f"{name}, deep"] = f"{here.url()}?state=all&after={write_cursor(rows[far * SIZE - 1], ordering)}"
    return found


def measured(user: User, places: dict[str, str]) -> dict[str, float]:
    """How long each place takes now; what is not there, or is not for asking like this, is left out."""
    client = Client(headers={"Accept": "text/html, application/json"}, raise_request_exception=False)
    client.force_login(user)
    session = client.session
    remember(session, user)
    session.save()
    found = {}
    for name, address in places.items():
        first = client.get(address)
        if first.status_code == 200 and not first.streaming:
            found[name] = best(lambda address=address: client.get(address))  # type: ignore[misc]
        elif first.status_code >= 500:
            raise AssertionError(f"{address} answers {first.status_code}.")
    return found


def main(large: int, small: int) -> int:
    """Make the scratch database, measure both sizes, drop it."""
    connection.settings_dict["TEST"]["NAME"] = SCRATCH
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        house = User.objects.service()
        found(name="Bench", country="ID", currency="IDR", chart="general", first_year=date(2026, 1, 1), by=house)
        user = create_user(email="bench@satu.example", name="Bench", roles=[Role.OWNER], password=None, by=house)
        goods = [
            create_product(
                sku=f"FLAT-{number}", name=f"Desk {number}", unit=Unit.objects.order_by("pk")[0], list_price=Decimal(100), by=house
            )
            for number in range(2)
        ]
        received = [ReceivedLine(product_id=one.pk, quantity=Decimal(1_000_000), unit_cost=Decimal(50)) for one in goods]
        receive_goods(lines=received, by=house)
        with quietly():
            drain()
            paid, half = story(Decimal(1), house), story(Decimal("0.5"), house, beyond=10**9)

        def grow(first: int, last: int) -> None:
            paid.copy(first, last)
            half.copy(first // OPEN_ONES, last // OPEN_ONES)
            days()
            analyze()

        grow(1, small)
        places = addresses(user)
        few = measured(user, places | deep(user))
        begun = perf_counter()
        grow(small, large)
        print(
            f"{large - small:,} stories written in {perf_counter() - begun:.0f} s; {JournalLine.objects.count():,} journal lines.",
            flush=True,
        )
        many = measured(user, places | deep(user))
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)
    slower = {name: took for name, took in many.items() if name in few and took / few[name] > GOAL and took - few[name] > UNFELT_MS}
    print(f"{'place':<52}{f'at {small:,}':>14}{f'at {large:,}':>14}{'times':>8}")
    for name, took in sorted(slower.items(), key=lambda told: -told[1] / few[told[0]]):
        print(f"{name:<52}{few[name]:>11.1f} ms{took:>11.1f} ms{took / few[name]:>8.1f}")
    print(f"{len(slower)} of {len(few)} places take more than {GOAL} times as long; load {os.getloadavg()[0]:.1f} at the end.")
    return 1 if slower else 0


if __name__ == "__main__":
    told = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*(told or [1_000_000]), *([SMALL] if len(told) < 2 else [])))
