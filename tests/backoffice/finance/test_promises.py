"""Promises 8, 9 and 11 in the size of every test run. ``SATU_LEDGER_EXAMPLES`` and ``SATU_LEDGER_STEPS`` make the first one larger."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

import psycopg2
import pytest
from django.db import connection, connections, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from backoffice.finance.invariants import invariants
from backoffice.finance.models import Account, Allocation, Invoice, JournalEntry, JournalLine, Payment, Period, Purpose
from backoffice.finance.operations import (
    Posting,
    allocate_credit,
    book_stock,
    close_period,
    deallocate,
    issue_credit_note,
    post_entry,
    register_payment,
    reopen_period,
    reverse_entry,
    void_payment,
)
from backoffice.finance.reports import aged_receivables, balance_of, balance_sheet, trial_balance
from core.errors import Refused
from core.parties.models import Party
from core.people.models import User
from tests.factories.finance import TODAY, make_bill_line, make_books, make_invoice, make_payment
from tests.factories.ground import make_company, make_customer, make_product

amounts = st.decimals(Decimal("0.01"), 5000, places=2, allow_nan=False)
days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
nth = st.integers(0, 50)


class Books(RuleBasedStateMachine):
    """An accountant who does anything, in any order, on any day."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = ExitStack()
        self.undo.enter_context(transaction.atomic())
        self.undo.callback(transaction.set_rollback, True)
        make_company()
        make_books("indonesia")
        self.by = User.objects.service()
        self.customers = [make_customer(), make_customer("CV Cakra Medika")]
        self.product = make_product()
        self.moves = count(1)

    @rule(who=nth, amount=amounts, on=days, inclusive=st.booleans(), order=st.integers(1, 3))
    def bill(self, who: int, amount: Decimal, on: date, inclusive: bool, order: int) -> None:
        lines = [
            make_bill_line(amount, product_id=self.product.pk, prices_include_tax=inclusive),
            make_bill_line("0.05", prices_include_tax=inclusive),
        ]
        self._try(make_invoice, self._customer(who), on=on, order_id=order, order_number=f"SO/{order}", lines=lines)

    @rule(who=nth, amount=amounts, on=days)
    def pay(self, who: int, amount: Decimal, on: date) -> None:
        self._try(register_payment, self._customer(who), amount, received_on=on, by=self.by)

    @rule(which=nth, part=amounts, amount=amounts, on=days)
    @precondition(lambda self: Invoice.objects.exists())
    def pay_this(self, which: int, part: Decimal, amount: Decimal, on: date) -> None:
        invoice = self._one(Invoice, which)
        self._try(register_payment, invoice.customer, amount, received_on=on, invoices=[(invoice, part)], by=self.by)

    @rule(who=nth, amount=amounts, on=days, order=st.integers(1, 3))
    def credit(self, who: int, amount: Decimal, on: date, order: int) -> None:
        self._try(
            issue_credit_note,
            customer_id=self._customer(who).pk,
            credit_on=on,
            currency="IDR",
            lines=[make_bill_line(amount)],
            reason="Damaged",
            order_id=order,
            by=self.by,
        )

    @rule(which=nth, source=nth, amount=amounts, on=days, note=st.booleans())
    @precondition(lambda self: Invoice.objects.invoices().exists())
    def apply_credit(self, which: int, source: int, amount: Decimal, on: date, note: bool) -> None:
        sources = Invoice.objects.credit_notes() if note else Payment.objects.all()
        if sources.exists():
            credit = sources.order_by("pk")[source % sources.count()]
            self._try(allocate_credit, credit, self._one(Invoice, which), amount, on=on, by=self.by)

    @rule(which=nth, on=days)
    @precondition(lambda self: Allocation.objects.exists())
    def take_back(self, which: int, on: date) -> None:
        self._try(deallocate, self._one(Allocation, which), reason="Mistaken", on=on, by=self.by)

    @rule(which=nth, on=days)
    @precondition(lambda self: Payment.objects.exists())
    def void(self, which: int, on: date) -> None:
        self._try(void_payment, self._one(Payment, which), reason="Bounced", on=on, by=self.by)

    @rule(amount=st.decimals(-5000, 5000, places=2), on=days, reason=st.sampled_from(["delivery", "receipt", "return", "adjustment"]))
    def move_stock(self, amount: Decimal, on: date, reason: str) -> None:
        document: dict[str, Any] = {
            "document_kind": "inventory.move",
            "document_id": 1,
            "document_number": "M/1",
            "party_id": None,
            "move_id": next(self.moves),
        }
        self._try(book_stock, reason=reason, on=on, currency="IDR", amount=amount, memo="", by=self.by, **document)

    @rule(first=nth, second=nth, amount=amounts, on=days)
    def post(self, first: int, second: int, amount: Decimal, on: date) -> None:
        lines = [
            Posting(account_id=self._one(Account, first).pk, amount=amount),
            Posting(account_id=self._one(Account, second).pk, amount=-amount),
        ]
        self._try(post_entry, on=on, memo="By hand", lines=lines, by=self.by)

    @rule(which=nth, on=days)
    @precondition(lambda self: JournalEntry.objects.exists())
    def reverse(self, which: int, on: date) -> None:
        self._try(reverse_entry, self._one(JournalEntry, which), on=on, reason="Mistaken", by=self.by)

    @rule(month=st.integers(0, 11))
    def close_or_reopen(self, month: int) -> None:
        period = Period.objects.order_by("starts_on")[month]
        self._try(close_period if period.is_open else reopen_period, period, by=self.by)

    @invariant()
    def the_database_agrees(self) -> None:
        connection.check_constraints()
        owed = Invoice.objects.invoices().aggregate(owed=Sum("residual"))["owed"] or 0
        assert balance_of(Purpose.RECEIVABLE) == owed

    def the_books_hold(self) -> None:
        assert list(invariants()) == []

    def the_reports_agree_with_a_recomputation(self) -> None:
        balance = trial_balance(end=date(2026, 12, 31))
        assert balance.closing == balance.debit - balance.credit == 0
        again: dict[int, Decimal] = {}
        for account_id, amount in JournalLine.objects.values_list("account_id", "base_amount"):
            again[account_id] = again.get(account_id, Decimal(0)) + amount
        assert {row.account_id: row.closing for row in balance.rows} == again
        assert balance_sheet(on=date(2026, 12, 31)).difference == 0
        for month in (3, 12):
            day = date(2026, month, 28)
            assert aged_receivables(on=day).total.total == balance_of(Purpose.RECEIVABLE, on=day)

    def teardown(self) -> None:
        with self.undo:
            self.the_books_hold()
            self.the_reports_agree_with_a_recomputation()

    def _customer(self, which: int) -> Party:
        return self.customers[which % len(self.customers)]

    def _one(self, model: Any, which: int) -> Any:
        return model.objects.order_by("pk")[which % model.objects.count()]

    def _try(self, operation: Any, *args: Any, **kwargs: Any) -> None:
        before = JournalLine.objects.count()
        try:
            operation(*args, **kwargs)
        except Refused:
            assert JournalLine.objects.count() == before


def test_the_ledger_always_balances(db: None) -> None:
    """Promise 8."""
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Books,
        settings=settings(
            max_examples=int(os.environ.get("SATU_LEDGER_EXAMPLES", "8")),
            stateful_step_count=int(os.environ.get("SATU_LEDGER_STEPS", "20")),
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )


@pytest.fixture
def clerk(transactional_db: None) -> Iterator[Any]:
    """A session of a database role like the application's: it may read and write every row, and owns nothing."""
    params = connection.get_connection_params()
    role = f"clerk_of_{params['dbname']}"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP ROLE IF EXISTS "{role}"')
        cursor.execute(f'CREATE ROLE "{role}" LOGIN NOSUPERUSER')
        cursor.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA public TO "{role}"')
        cursor.execute(f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}"')
    known = {name: value for name, value in params.items() if name in {"dbname", "host", "port"}}
    session = psycopg2.connect(**known, user=role)
    session.autocommit = True
    yield session
    session.close()
    with connection.cursor() as cursor:
        cursor.execute(f'DROP OWNED BY "{role}"; DROP ROLE "{role}"')


LEDGER = (
    "finance_journalentry",
    "finance_journalline",
    "finance_daybalance",
    "finance_invoiceline",
    "finance_invoicetax",
    "finance_allocation",
)
ATTEMPTS = (
    *(
        attempt.format(table)
        for table in LEDGER
        for attempt in (
            "UPDATE {0} SET id = id + 1000",
            "DELETE FROM {0}",
            "TRUNCATE {0} CASCADE",
            "ALTER TABLE {0} DISABLE TRIGGER ALL",
            "ALTER TABLE {0} DISABLE TRIGGER USER",
            "DROP TABLE {0}",
            "SET session_replication_role = replica; DELETE FROM {0}",
            "INSERT INTO {0} SELECT * FROM {0} ON CONFLICT (id) DO UPDATE SET id = EXCLUDED.id + 1000",
            "MERGE INTO {0} AS t USING {0} AS s ON t.id = s.id WHEN MATCHED THEN DELETE",
            "WITH gone AS (DELETE FROM {0} RETURNING id) SELECT count(*) FROM gone",
        )
    ),
    "UPDATE finance_invoice SET total = total + 1, net = net + 1",
    "UPDATE finance_invoice SET residual = 0, status = 'paid'",
    "UPDATE finance_payment SET amount = amount + 1",
    "UPDATE finance_payment SET unallocated = unallocated + 1",
    "DELETE FROM finance_invoice",
    "TRUNCATE finance_payment CASCADE",
    "DELETE FROM finance_period",
    "SET pgtrigger.ignore = '{%(triggers)s}'; UPDATE finance_journalline SET memo = 'x'",
    "SET pgtrigger.ignore = '{%(triggers)s}'; DELETE FROM finance_journalline",
    "CREATE OR REPLACE FUNCTION %(function)s() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "DROP FUNCTION %(function)s() CASCADE",
    "SELECT lo_import('/etc/passwd')",
    """INSERT INTO finance_journalline (entry_id, account_id, currency, amount, base_amount, memo)
       SELECT entry_id, account_id, currency, amount, base_amount, memo FROM finance_journalline""",
    """CREATE TEMP TABLE finance_journalline (entry_id bigint, currency text, amount numeric, base_amount numeric);
       CREATE TEMP TABLE finance_journalentry (id bigint, number text, created_xid xid8);
       INSERT INTO public.finance_journalline (entry_id, account_id, currency, amount, base_amount, memo)
       SELECT entry_id, account_id, currency, amount, base_amount, memo FROM public.finance_journalline LIMIT 1""",
    """CREATE TEMP TABLE mine (id int);
       CREATE FUNCTION pg_temp.write() RETURNS trigger LANGUAGE plpgsql AS
       'BEGIN UPDATE public.finance_daybalance SET debit = debit + 1; RETURN NULL; END';
       CREATE TRIGGER t AFTER INSERT ON mine EXECUTE FUNCTION pg_temp.write(); INSERT INTO mine VALUES (1)""",
    """CREATE TEMP TABLE mine (account_id bigint, entry_id bigint, base_amount numeric);
       CREATE TRIGGER t AFTER INSERT ON mine REFERENCING NEW TABLE AS added EXECUTE FUNCTION %(keeper)s();
       INSERT INTO mine SELECT account_id, entry_id, 1 FROM public.finance_journalline LIMIT 1""",
    """BEGIN; SET CONSTRAINTS ALL IMMEDIATE;
       INSERT INTO finance_journalline (entry_id, account_id, currency, amount, base_amount, memo)
       SELECT entry_id, account_id, currency, 1, 1, '' FROM finance_journalline LIMIT 1; COMMIT""",
)


def _content() -> list[Any]:
    tables = (*LEDGER, "finance_invoice", "finance_payment", "finance_period")
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', to_jsonb(t)::text FROM {table} AS t" for table in tables) + " ORDER BY 1, 2")
        return cursor.fetchall()


def test_posted_means_posted(clerk: Any) -> None:
    """Promise 9."""
    make_company()
    make_books("indonesia")
    customer = make_customer()
    make_invoice(customer, 1000)
    make_payment(customer, 400)
    before = _content()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(t.tgname, ','), min(p.proname) FILTER (WHERE p.proname LIKE '%%posted%%'),"
            " min(p.proname) FILTER (WHERE p.proname LIKE '%%summed%%')"
            " FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal"
        )
        triggers, function, keeper = cursor.fetchone()
    succeeded = []
    for attempt in ATTEMPTS:
        with clerk.cursor() as cursor:
            try:
                cursor.execute(attempt % {"triggers": triggers, "function": function, "keeper": keeper} if "%(" in attempt else attempt)
            except psycopg2.Error:
                cursor.execute("ROLLBACK")
            else:
                succeeded.append(attempt)
            cursor.execute("DISCARD ALL")
    assert succeeded == []
    assert _content() == before
    assert list(invariants()) == []


class ChangedTheirMind(Exception):
    """Somebody rolls back at the last moment."""


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gaps_and_no_doubles() -> None:
    """Promise 11: eight people at once, every fifth rolls back; and the books hold (promise 8 under load)."""
    make_company()
    make_books("indonesia")
    customers = [make_customer(name) for name in ("PT Fajar Teknologi", "CV Cakra Medika", "PT Hasta Karya")]
    each, people = 10, 8

    def work(person: int) -> int:
        kept = 0
        try:
            for turn in range(each):
                customer = customers[(person + turn) % len(customers)]
                try:
                    with transaction.atomic():
                        make_invoice(customer, 100 + turn)
                        if turn % 2:
                            make_payment(customer, 60)
                        if turn % 5 == person % 5:
                            raise ChangedTheirMind  # noqa: TRY301
                    kept += 1
                except ChangedTheirMind:
                    continue
        finally:
            connections.close_all()
        return kept

    with ThreadPoolExecutor(people) as pool:
        kept = sum(pool.map(work, range(people)))
    assert kept == people * each * 4 // 5
    numbers = Invoice.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [f"INV/{TODAY.year}/{place:05d}" for place in range(1, kept + 1)]
    assert list(invariants()) == []


@pytest.mark.django_db(transaction=True)
def test_closing_a_period_and_posting_into_it_never_both_win() -> None:
    """A period is closed while eight people post into it: what came before stays, what comes after is refused."""
    make_company()
    make_books()
    customer = make_customer()
    period = Period.objects.get(name=f"{TODAY:%Y-%m}")
    by = User.objects.service()

    def post(turn: int) -> str:
        try:
            if turn == 6:
                close_period(period, by=by)
                return "closed"
            return make_invoice(customer).number
        except Refused as refused:
            return str(refused.title)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(post, range(16)))
    issued = [outcome for outcome in outcomes if outcome.startswith("INV/")]
    assert outcomes.count("closed") == 1
    assert Invoice.objects.count() == len(issued) == JournalEntry.objects.count()
    assert outcomes.count("Not possible") == 15 - len(issued)
    assert list(invariants()) == []
