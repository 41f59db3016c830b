"""The financial reports, to the cent."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from backoffice.finance.invariants import invariants
from backoffice.finance.models import Account, DayBalance, JournalLine, Purpose
from backoffice.finance.operations import Posting, allocate_credit, book_stock, post_entry
from backoffice.finance.reports import (
    Aged,
    aged_receivables,
    balance_of,
    balance_sheet,
    general_ledger,
    profit_and_loss,
    trial_balance,
)
from core.parties.models import Party
from core.people.models import User
from tests.factories.finance import make_bill_line, make_books, make_invoice, make_payment
from tests.factories.ground import make_customer, make_product


@pytest.fixture
def story(books: None, customer: Party, accountant: User) -> Party:
    """Capital, stock, a sale with its cost, rent, part of the money; the year before, one sale."""
    make_books(years=(2025,))
    accounts = {account.code: account.pk for account in Account.objects.all()}

    def post(on: date, debit: str, credit: str, amount: int) -> None:
        lines = [Posting(account_id=accounts[debit], amount=Decimal(amount)), Posting(account_id=accounts[credit], amount=-Decimal(amount))]
        post_entry(on=on, memo=f"{debit} {credit}", lines=lines, by=accountant)

    def stock(on: date, reason: str, amount: int) -> None:
        told = {
            "move_id": on.toordinal(),
            "document_kind": "inventory.receipt",
            "document_id": 1,
            "document_number": "R/1",
            "party_id": None,
            "memo": "",
            "currency": "IDR",
        }
        book_stock(reason=reason, on=on, amount=Decimal(amount), by=accountant, **told)  # type: ignore[arg-type]

    desk = make_product()
    post(date(2025, 2, 1), "1010", "3000", 10_000)
    make_invoice(customer, on=date(2025, 11, 20), lines=[make_bill_line(700, product_id=desk.pk)])
    stock(date(2026, 1, 5), "receipt", 3000)
    make_invoice(
        customer, on=date(2026, 2, 10), lines=[make_bill_line(2000, product_id=desk.pk), make_bill_line(100, description="Freight")]
    )
    stock(date(2026, 2, 10), "delivery", -1200)
    post(date(2026, 2, 28), "6100", "1010", 300)
    make_payment(customer, 900, on=date(2026, 3, 5))
    return customer


def test_the_trial_balance_adds_up_to_nothing(story: Party) -> None:
    report = trial_balance(end=date(2026, 12, 31))
    assert [(row.code, row.closing) for row in report.rows] == [
        ("1010", 10_600),
        ("1100", 1900),
        ("1200", 1800),
        ("2010", -3000),
        ("3000", -10_000),
        ("4000", -2700),
        ("4100", -100),
        ("5000", 1200),
        ("6100", 300),
    ]
    assert (report.closing, report.debit) == (0, report.credit)


def test_a_trial_balance_of_a_stretch_says_what_moved_in_it(story: Party) -> None:
    report = trial_balance(start=date(2026, 2, 1), end=date(2026, 2, 28))
    bank = next(row for row in report.rows if row.code == "1010")
    receivable = next(row for row in report.rows if row.code == "1100")
    assert (bank.opening, bank.debit, bank.credit, bank.closing) == (10_000, 0, 300, 9700)
    assert (receivable.opening, receivable.debit, receivable.credit, receivable.closing) == (700, 2100, 0, 2800)
    assert report.debit == report.credit == 3600


def test_the_database_keeps_what_moved_on_each_day(story: Party) -> None:
    lines: dict[tuple[str, date], list[Decimal]] = {}
    for line in JournalLine.objects.select_related("account", "entry"):
        moved = lines.setdefault((line.account.code, line.entry.entry_date), [Decimal(0), Decimal(0)])
        moved[line.base_amount < 0] += abs(line.base_amount)
    kept = {(day.account.code, day.day): [day.debit, day.credit] for day in DayBalance.objects.select_related("account")}
    assert kept == lines
    assert kept["1100", date(2026, 2, 10)] == [2100, 0]


def test_nobody_writes_what_moved_on_a_day_but_the_ledger(story: Party) -> None:
    for statement in (
        "INSERT INTO finance_daybalance (account_id, day, debit, credit) SELECT account_id, day, 1, 0 FROM finance_daybalance LIMIT 1",
        "UPDATE finance_daybalance SET debit = debit + 1",
        "DELETE FROM finance_daybalance",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert list(invariants()) == []


def test_the_general_ledger_runs_a_balance(story: Party) -> None:
    report = general_ledger(Account.objects.get(purpose="receivable"), start=date(2026, 1, 1), end=date(2026, 12, 31))
    assert (report.opening, report.debit, report.credit, report.closing) == (700, 2100, 900, 1900)
    assert [(line.source_number, line.debit, line.credit, line.balance) for line in report.lines] == [
        ("INV/2026/00001", 2100, 0, 2800),
        ("PAY/2026/00001", 0, 900, 1900),
    ]
    assert {line.party for line in report.lines} == {story.name}


def test_profit_is_what_is_left_of_income(story: Party) -> None:
    report = profit_and_loss(start=date(2026, 1, 1), end=date(2026, 12, 31))
    assert [(row.code, row.amount) for row in report.income.rows] == [("4000", 2000), ("4100", 100)]
    assert (report.income.total, report.cost_of_goods.total, report.gross_profit) == (2100, 1200, 900)
    assert (report.expenses.total, report.result) == (300, 600)


def test_the_balance_sheet_balances_with_the_result_of_the_year(story: Party) -> None:
    report = balance_sheet(on=date(2026, 12, 31))
    assert (report.assets.total, report.liabilities.total, report.equity.total) == (14_300, 3000, 10_000)
    assert (report.earlier_result, report.current_result, report.total_equity, report.difference) == (700, 600, 11_300, 0)
    assert balance_sheet(on=date(2025, 12, 31)).current_result == 700


def test_receivables_are_aged_by_the_day_they_were_due(story: Party) -> None:
    other = make_customer("CV Cakra Medika")
    make_invoice(other, 50, on=date(2026, 3, 1))
    on = date(2026, 3, 31)
    report = aged_receivables(on=on)
    assert report.rows == (
        Aged(story.pk, story.name, Decimal(0), Decimal(1900), Decimal(0), Decimal(0), Decimal(0), Decimal(1900)),
        Aged(other.pk, other.name, Decimal(50), Decimal(0), Decimal(0), Decimal(0), Decimal(0), Decimal(50)),
    )
    assert report.total.total == balance_of(Purpose.RECEIVABLE, on=on) == 1950
    before = aged_receivables(on=date(2026, 3, 4))
    assert (before.total.not_due, before.total.days_61_90, before.total.total) == (2150, 700, 2850)


def test_what_is_settled_later_was_still_owed_then(books: None, customer: Party, accountant: User) -> None:
    invoice = make_invoice(customer, 500, on=date(2026, 1, 1))
    payment = make_payment(customer, 500, on=date(2026, 1, 2), invoices=[])
    allocate_credit(payment, invoice, Decimal(500), on=date(2026, 6, 1), by=accountant)
    owed = [aged_receivables(on=day).total.total for day in (date(2026, 5, 31), date(2026, 6, 1))]
    assert owed == [500, 0]
    assert aged_receivables(on=date(2026, 5, 31)).total.over_90 == 500


def _behind_the_back(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET session_replication_role = origin; SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.parametrize(
    ("statement", "rule", "where"),
    [
        ("UPDATE finance_journalline SET base_amount = 5 WHERE base_amount = 2100", "entries balance", "finance.journalentry SAL/2026/00001"),
        ("DELETE FROM finance_journalline WHERE base_amount = -900", "entries balance", "finance.journalentry BNK/2026/00001"),
        ("UPDATE finance_journalline SET base_amount = 5 WHERE base_amount = 2100", "the trial balance is zero", "finance.journalline"),
        ("UPDATE finance_journalentry SET entry_date = '2020-01-01' WHERE number = 'BNK/2026/00001'", "entries lie in their period", "finance.journalentry BNK/2026/00001"),
        ("UPDATE finance_daybalance SET debit = debit + 1 WHERE debit = 2100", "a day's balance is the sum of its lines", "finance.account 1100 2026-02-10"),
        ("UPDATE finance_journalentry SET source_id = -99 WHERE number = 'SAL/2026/00001'", "documents are posted", "finance.invoice INV/2026/00001"),
        ("UPDATE finance_invoice SET residual = 1 WHERE number = 'INV/2026/00001'", "open is total less allocated", "finance.invoice INV/2026/00001"),
        ("UPDATE finance_payment SET unallocated = 1", "open is total less allocated", "finance.payment PAY/2026/00001"),
        ("UPDATE finance_invoiceline SET net = 1, tax = 99 WHERE net = 100", "an invoice is the sum of its lines", "finance.invoice INV/2026/00001"),
        ("UPDATE finance_invoice SET residual = 1 WHERE number = 'INV/2026/00001'", "receivable is the sum of open invoices", "parties.party"),
        ("UPDATE finance_payment SET unallocated = 1", "customer deposits are what is left of payments and credit notes", "parties.party"),
        ("UPDATE finance_invoice SET number = 'INV/2026/00009' WHERE number = 'INV/2026/00001'", "numbers have no gaps", "finance.invoice INV/2026/00009"),
        ("UPDATE core_counter SET last = 7 WHERE sequence = 'finance.payment'", "numbers have no gaps", "core.counter finance.payment 2026"),
    ],
)  # fmt: skip
def test_what_is_changed_behind_our_back_is_named(story: Party, statement: str, rule: str, where: str) -> None:
    assert list(invariants()) == []
    _behind_the_back(statement)
    found = [violation for violation in invariants() if violation.rule == rule]
    assert found, list(invariants())
    assert found[0].where.startswith(where)
