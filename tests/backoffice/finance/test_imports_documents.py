"""Open invoices and payments from files: posted, paid, told in reports, refused in words, and taken back by documents."""

from datetime import date
from decimal import Decimal

import pytest

from backoffice.finance.documents.statements import statement_of
from backoffice.finance.invariants import invariants
from backoffice.finance.models import Invoice, Payment, Period
from backoffice.finance.operations import close_period
from backoffice.finance.reports import aged_receivables
from core.imports.models import ImportRun
from core.imports.operations import match_columns, revert_import, start_import, upload_table
from core.jobs.worker import work_jobs
from core.parties.models import Party
from core.people.models import User
from tests.backoffice.finance.ledger import balances, posted

pytestmark = pytest.mark.django_db
INVOICES = "No Faktur;Pelanggan;Tanggal;Jatuh Tempo;Nilai;Sisa;Per Tanggal\n"
PAYMENTS = "Pelanggan;Tanggal;Jumlah;No Faktur;Referensi\n"


def checked(kind: str, content: str, by: User) -> ImportRun:
    run = upload_table(kind, name="saldo.csv", content=content.encode(), by=by)
    match_columns(run, fields=run.fields, by=by)
    work_jobs()
    return ImportRun.objects.get(pk=run.pk)


def imported(kind: str, content: str, by: User) -> ImportRun:
    run = checked(kind, content, by)
    start_import(run, by=by)
    work_jobs()
    return ImportRun.objects.get(pk=run.pk)


def reverted(run: ImportRun, by: User) -> ImportRun:
    revert_import(run, by=by)
    work_jobs()
    return ImportRun.objects.get(pk=run.pk)


def said(run: ImportRun) -> list[tuple[int, str, str]]:
    return [(row.line, problem["field"], problem["reason"]) for row in run.rows.order_by("line") for problem in row.problems]


def open_then(on: date) -> list[tuple[Decimal, Decimal]]:
    return [(row.over_90, row.total) for row in aged_receivables(on=on).rows]


def test_open_invoices_and_payments_come_in_and_are_taken_back(books: None, customer: Party, accountant: User) -> None:
    name, end = customer.name, date(2026, 3, 31)
    first = (
        f"{INVOICES}F-1;{name};12/11/2025;12/12/2025;15.000.000;5.000.000,50;01/01/2026\nF-2;{name};20/12/2025;19/01/2026;700;;01/01/2026\n"
    )
    assert checked("finance.invoice", first, accountant).counts == {"new": 2}
    assert not Invoice.objects.exists()
    bills = imported("finance.invoice", first, accountant)
    invoice = Invoice.objects.get(number="F-1")
    assert (bills.counts, invoice.total, invoice.tax, invoice.due_on) == ({"created": 2}, Decimal("5000000.50"), 0, date(2025, 12, 12))
    assert posted(invoice) == {"receivable": Decimal("5000000.50"), "opening_balance": Decimal("-5000000.50")}
    assert open_then(end) == [(Decimal("5000000.50"), Decimal("5000700.50"))]
    assert imported("finance.invoice", first, accountant).counts == {"skipped": 2}

    paid = imported("finance.payment", f"{PAYMENTS};15/01/2026;5.000.000;F-1;TRX 1\n{name};20/01/2026;1000;;TRX 2\n", accountant)
    assert (paid.counts, list(Payment.objects.order_by("pk").values_list("unallocated", flat=True))) == (
        {"created": 2},
        [0, Decimal("299.5")],
    )
    assert statement_of(customer, start=date(2025, 1, 1), end=end).closing == Decimal("-299.5")
    kept = reverted(bills, accountant)
    assert set(kept.rows.values_list("state", "note")) == {
        ("kept", f"F-{number} is settled, in whole or in part. Take back what settled it, then revert again.") for number in (1, 2)
    }

    assert reverted(paid, accountant).counts == {"reverted": 2}
    assert [item.open for item in statement_of(customer, start=date(2025, 1, 1), end=end).open_items] == [Decimal("5000000.50"), 700]
    assert reverted(kept, accountant).counts == {"reverted": 2}
    assert set(balances().values()) <= {0}
    assert open_then(end) == []
    assert imported("finance.invoice", first, accountant).counts == {"created": 2}
    assert imported("finance.payment", f"{PAYMENTS};15/01/2026;5.000.000;F-1;TRX 1\n", accountant).counts == {"created": 1}
    assert list(invariants()) == []


def test_what_the_books_cannot_take_is_said_at_its_cell(books: None, customer: Party, accountant: User) -> None:
    close_period(Period.objects.get(name="2026-02"), by=accountant)
    days = "12/11/2025;12/12/2025"
    run = checked(
        "finance.invoice",
        f"{INVOICES[:-1]};Mata Uang\nINV/2026/00007;{customer.name};{days};100;;01/01/2026;\nF-2;{customer.name};{days};100;101;01/01/2026;\n"
        f"F-3;{customer.name};{days};0,001;;01/01/2026;\nF-4;{customer.name};{days};100;;01/02/2026;\n"
        f"F-5;{customer.name};12/11/2025;11/11/2025;100;;01/01/2026;\nF-6;{customer.name};{days};100;;01/01/2026;JPY\n",
        accountant,
    )
    found = said(run)
    assert [(line, field) for line, field, _reason in found] == [
        (2, "number"),
        (3, "open_amount"),
        (4, "total"),
        (5, ""),
        (6, "due_on"),
        (7, "currency"),
    ]
    assert found[0][2].startswith("Numbers like INV/2026/00007 are given to invoices written here.")
    assert found[3][2].startswith("Nothing can be posted on")
    assert not Invoice.objects.exists()
    run = checked("finance.payment", f"{PAYMENTS};15/01/2026;100;;\n{customer.name};15/01/2026;100;F-9;\n", accountant)
    assert said(run) == [
        (2, "customer", "Whose payment is it? Name the customer, or the invoice it pays."),
        (3, "invoice", "There is no invoice “F-9”."),
    ]
