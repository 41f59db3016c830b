"""Northwind's three years, lived through again, come out to the cent."""

from decimal import Decimal
from pathlib import Path
from shutil import copytree

import pytest
from django.conf import settings
from django.db.models import F, Sum
from django.db.models.functions import ExtractYear

from backoffice.finance.models import Invoice, JournalLine, Payment, Purpose
from backoffice.inventory.models import DeliveryOrder, StockLevel, Valuation
from core.catalog.models import Product
from core.events.models import Delivery, Record
from core.imports.models import ExternalId
from core.parties.models import Company, Party
from core.people.models import User
from frontoffice.sales.models import Order, OrderLine
from integration.importing.northwind.run import OtherBooks, Outcome, import_northwind
from integration.verification import violations
from tests.factories.ground import make_company

FOLDER = settings.ROOT.parent / "shared" / "data" / "northwind"

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER.is_dir(), reason=f"Northwind's files are not at {FOLDER}"),
]


@pytest.fixture
def by(db: None) -> User:
    return User.objects.service()


def debits_of(purpose: str) -> Decimal:
    return JournalLine.objects.filter(account__purpose=purpose, amount__gt=0).aggregate(sum=Sum("amount"))["sum"]


def balance_of(purpose: str) -> Decimal:
    return JournalLine.objects.filter(account__purpose=purpose).aggregate(sum=Sum("amount"))["sum"] or Decimal(0)


def test_northwind_comes_out_to_the_cent_and_a_second_run_changes_nothing(by: User) -> None:
    outcome = import_northwind(FOLDER, by=by)
    assert outcome.problems == []
    assert (outcome.replayed.placed, outcome.replayed.shipped, outcome.replayed.paid) == (830, 809, 809)
    assert {kind: report.created for kind, report in outcome.reports.items() if report.created} == {
        "categories": 8,
        "products": 77,
        "customers": 91,
        "suppliers": 29,
        "shippers": 3,
        "employees": 9,
    }
    assert not any(user.has_usable_password() for user in User.objects.all())

    goods = OrderLine.objects.exclude(product=None)
    freight = OrderLine.objects.filter(product=None)
    assert goods.count() == 2155
    assert goods.aggregate(net=Sum("net"), units=Sum("quantity")) == {"net": Decimal("1265793.29"), "units": Decimal(51317)}
    assert freight.aggregate(net=Sum("net"))["net"] == Decimal("64942.69")
    by_year = goods.annotate(year=ExtractYear("order__order_date")).values("year").annotate(sum=Sum("net")).order_by("year")
    assert dict(by_year.values_list("year", "sum")) == {
        1996: Decimal("208083.99"),
        1997: Decimal("617085.35"),
        1998: Decimal("440623.95"),
    }
    best = goods.values("order__customer__code").annotate(net=Sum("net")).order_by("-net")[:3]
    assert [(row["order__customer__code"], row["net"]) for row in best] == [
        ("QUICK", Decimal("110277.32")),
        ("ERNSH", Decimal("104875.00")),
        ("SAVEA", Decimal("104361.96")),
    ]

    invoices = Invoice.objects.filter(kind=Invoice.Kind.INVOICE)
    assert invoices.count() == 809
    assert invoices.aggregate(total=Sum("total"), open=Sum("residual")) == {"total": Decimal("1303810.87"), "open": Decimal(0)}
    assert goods.filter(invoiced_quantity=F("quantity")).aggregate(net=Sum("net"))["net"] == Decimal("1239855.85")
    assert freight.filter(invoiced_quantity=F("quantity")).aggregate(net=Sum("net"))["net"] == Decimal("63955.02")
    assert debits_of(Purpose.RECEIVABLE) == Decimal("1303810.87")
    assert balance_of(Purpose.RECEIVABLE) == Decimal(0)
    assert balance_of(Purpose.BANK) == Decimal("1303810.87")

    waiting = DeliveryOrder.objects.filter(status=DeliveryOrder.Status.READY)
    assert waiting.count() == 21
    open_units = goods.filter(order__in=waiting.values("order_id")).aggregate(units=Sum("quantity"))["units"]
    stock = StockLevel.objects.aggregate(on_hand=Sum("on_hand"), reserved=Sum("reserved"))
    assert (stock["reserved"], stock["on_hand"]) == (open_units, open_units + Decimal(3119))
    assert balance_of(Purpose.STOCK) == Valuation.objects.aggregate(value=Sum("value"))["value"]

    assert list(violations()) == []
    assert not Delivery.objects.unfinished().exists()

    before = census()
    again = import_northwind(FOLDER, by=by)
    assert (again.problems, again.replayed.placed, again.replayed.shipped, again.replayed.paid) == ([], 0, 0, 0)
    assert census() == before


def census() -> dict[str, int]:
    """How many rows there are of everything that a second run could double."""
    models = (Party, Product, User, Order, OrderLine, DeliveryOrder, Invoice, Payment, JournalLine, Record, Delivery, ExternalId)
    return {model.__name__: model.objects.count() for model in models}


@pytest.fixture
def dirty(tmp_path: Path) -> Path:
    """Northwind's files, cut to three orders, with one fault of each sort."""
    folder = tmp_path / "northwind"
    copytree(FOLDER, folder)
    orders = (folder / "orders.csv").read_text(encoding="utf-8").splitlines()
    head, first, second, third = orders[:4]
    unknown_customer = first.replace("10248,VINET", "99901,NOBODY")
    bad_date = second.replace("10249,", "99902,").replace("1996-07-05 00:00:00.000", "5 July", 1)
    foreign = third.replace("10250,", "99903,").encode().replace(b"Rio de Janeiro", b"R\xedo de Janeiro")
    (folder / "orders.csv").write_bytes(
        "\n".join([head, first, second, third, unknown_customer, bad_date, first, ""]).encode()
        + foreign.replace(b"1996-07-08", b"1996-07-\xed8", 1)
        + b"\n"
    )
    details = (folder / "order-details.csv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in details[1:] if line.split(",")[0] in {"10248", "10249"}]
    faults = ["10250,41,7.70,-10,0", "10250,999,1.00,1,0", kept[0]]
    (folder / "order-details.csv").write_text("\n".join([details[0], *kept, *faults]) + "\n", encoding="utf-8")
    return folder


def test_dirty_rows_are_named_and_leave_nothing_behind(by: User, dirty: Path) -> None:
    outcome = import_northwind(dirty, by=by)
    said = [str(problem) for problem in outcome.problems]
    assert [line for line in said if line.startswith("orders.csv")] == [
        "orders.csv:2: one of its lines cannot be used, so the order is left out whole.",
        "orders.csv:4: one of its lines cannot be used, so the order is left out whole.",
        "orders.csv:5 customerID: there is no customer NOBODY.",
        "orders.csv:6 orderDate: '5 July' is not a date: write it like 2026-11-23.",
        "orders.csv:7 orderID: 10248 stands here a second time.",
        "orders.csv:8 orderDate: it is not written in UTF-8.",
    ]
    assert [line for line in said if line.startswith("order-details.csv")] == [
        "order-details.csv:7 quantity: -10 is not above zero.",
        "order-details.csv:8 productID: there is no product 999.",
        "order-details.csv:9 productID: order 10248 has this product a second time.",
    ]
    assert list(Order.objects.values_list("customer__code", flat=True)) == ["TOMSP"]
    assert list(violations()) == []


def test_a_dry_run_reports_and_writes_nothing(by: User, dirty: Path) -> None:
    outcome: Outcome = import_northwind(dirty, by=by, dry=True)
    assert len(outcome.problems) == 9
    assert not Company.objects.exists()
    assert not Order.objects.exists()


@pytest.mark.django_db
def test_northwind_does_not_mix_with_books_in_another_currency() -> None:
    make_company(currency="IDR")
    with pytest.raises(OtherBooks, match="IDR"):
        import_northwind(FOLDER, by=User.objects.service())
    assert not Party.objects.customers().exists()
