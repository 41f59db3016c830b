"""What the database refuses in the ledger, whoever asks."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from backoffice.finance.models import Account, Journal, JournalEntry, JournalLine, Period
from backoffice.finance.operations import Posting, close_period, post_entry, reopen_period, reverse_entry
from backoffice.finance.operations.entries import (
    AccountKeptByDocuments,
    AlreadyReversed,
    BadAmount,
    BelongsToDocument,
    NothingToPost,
    Unbalanced,
)
from core.people.models import User
from tests.backoffice.finance.ledger import balances
from tests.factories.finance import TODAY, make_invoice

pytestmark = pytest.mark.usefixtures("books")


def _lines(**amounts: object) -> list[Posting]:
    codes = {"rent": "6100", "bank": "1010", "capital": "3000", "receivable": "1100"}
    return [Posting(account_id=Account.objects.get(code=codes[name]).pk, amount=Decimal(str(amount))) for name, amount in amounts.items()]


def _rent(by: User, on: date = TODAY) -> JournalEntry:
    return post_entry(on=on, memo="Rent", lines=_lines(rent=500, bank=-500), by=by)


def _header(accountant: User, **more: object) -> JournalEntry:
    wanted = {
        "number": "GEN/2026/99999",
        "journal": Journal.objects.get(kind="general"),
        "period": Period.objects.get(name="2026-03"),
        "entry_date": TODAY,
        "created_by": accountant,
    }
    return JournalEntry.objects.create(**wanted | more)  # type: ignore[arg-type]


def _line(entry: JournalEntry, amount: int, currency: str = "IDR", base: int | None = None) -> JournalLine:
    account = Account.objects.get(code="6100")
    return JournalLine(entry=entry, account=account, currency=currency, amount=amount, base_amount=amount if base is None else base)


def _refused(message: str, act: Callable[[], object]) -> None:
    def act_and_commit() -> None:
        act()
        connection.check_constraints()

    with pytest.raises(IntegrityError, match=message), transaction.atomic():
        act_and_commit()


def test_an_entry_by_hand_is_numbered_and_posted(accountant: User) -> None:
    entry = _rent(accountant)
    assert (entry.number, entry.period.name, entry.created_by) == ("GEN/2026/00001", "2026-03", accountant)
    assert balances() == {"6100": 500, "bank": -500}


def test_an_entry_that_does_not_balance_is_refused(accountant: User) -> None:
    with pytest.raises(Unbalanced, match="differ by 1"):
        post_entry(on=TODAY, memo="Rent", lines=_lines(rent=500, bank=-499), by=accountant)
    with pytest.raises(NothingToPost):
        post_entry(on=TODAY, memo="Rent", lines=_lines(rent=0, bank=0), by=accountant)
    with pytest.raises(BadAmount):
        post_entry(on=TODAY, memo="Rent", lines=_lines(rent="0.001", bank="-0.001"), by=accountant)
    assert not JournalEntry.objects.exists()


def test_accounts_that_documents_keep_take_no_entries_by_hand(accountant: User) -> None:
    with pytest.raises(AccountKeptByDocuments, match="1100 Accounts receivable"):
        post_entry(on=TODAY, memo="Rent", lines=_lines(receivable=500, bank=-500), by=accountant)


def test_an_entry_is_taken_back_once_by_its_opposite(accountant: User) -> None:
    entry = _rent(accountant)
    opposite = reverse_entry(entry, on=date(2026, 4, 1), reason="Paid twice", by=accountant)
    assert (opposite.number, opposite.reverses, opposite.period.name) == ("GEN/2026/00002", entry, "2026-04")
    assert balances() == {"6100": 0, "bank": 0}
    with pytest.raises(AlreadyReversed):
        reverse_entry(entry, on=TODAY, reason="Again", by=accountant)
    with pytest.raises(AlreadyReversed):
        reverse_entry(opposite, on=TODAY, reason="Back", by=accountant)


def test_what_a_document_posted_is_not_reversed_by_hand(accountant: User, customer: object) -> None:
    make_invoice(customer)  # type: ignore[arg-type]
    with pytest.raises(BelongsToDocument, match="INV/2026/00001"):
        reverse_entry(JournalEntry.objects.get(), on=TODAY, reason="Wrong", by=accountant)


def test_the_database_refuses_an_entry_without_lines(accountant: User) -> None:
    _refused("fewer than two lines", lambda: _header(accountant))


def test_the_database_refuses_an_entry_that_is_off(accountant: User) -> None:
    def off() -> None:
        entry = _header(accountant)
        JournalLine.objects.bulk_create([_line(entry, 5), _line(entry, -4)])

    _refused("does not balance", off)


def test_the_database_refuses_an_entry_that_balances_only_across_currencies(accountant: User) -> None:
    def off() -> None:
        entry = _header(accountant)
        JournalLine.objects.bulk_create([_line(entry, 5, "USD", 80), _line(entry, -80, "IDR")])

    _refused("does not balance", off)


def test_the_database_refuses_an_entry_that_is_off_in_the_books(accountant: User) -> None:
    def off() -> None:
        entry = _header(accountant)
        JournalLine.objects.bulk_create([_line(entry, 5, "USD", 80), _line(entry, -5, "USD", -79)])

    _refused("does not balance", off)


def test_the_database_lets_no_line_follow_a_check_that_was_brought_forward(accountant: User) -> None:
    def off() -> None:
        entry = _header(accountant)
        JournalLine.objects.bulk_create([_line(entry, 5), _line(entry, -5)])
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        JournalLine.objects.bulk_create([_line(entry, 5)])

    _refused("does not balance", off)


def test_the_database_refuses_a_date_outside_the_period(accountant: User) -> None:
    _refused("is not in period 2026-03", lambda: _header(accountant, entry_date=date(2026, 4, 1)))


def test_the_database_refuses_a_closed_period(accountant: User) -> None:
    period = Period.objects.get(name="2026-03")
    close_period(period, by=accountant)
    _refused("Period 2026-03 is closed", lambda: _header(accountant))
    reopen_period(period, by=accountant)
    assert _rent(accountant).number == "GEN/2026/00001"


def test_the_database_refuses_a_reversal_of_what_was_reversed(accountant: User) -> None:
    entry = _rent(accountant)
    reverse_entry(entry, on=TODAY, reason="Paid twice", by=accountant)
    _refused("reverses_id", lambda: _header(accountant, reverses=entry))


@pytest.mark.parametrize("model", [JournalEntry, JournalLine])
@pytest.mark.parametrize("statement", ["UPDATE {} SET memo = 'x'", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_database_refuses_to_change_what_is_posted(accountant: User, model: type[JournalEntry], statement: str) -> None:
    _rent(accountant)
    connection.check_constraints()

    def change() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement.format(model._meta.db_table))

    _refused("stay as they are|never removed", change)


def test_the_guards_hold_when_the_session_asks_triggers_to_step_aside(accountant: User) -> None:
    _rent(accountant)

    def change() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT string_agg(tgname, ',') FROM pg_trigger WHERE NOT tgisinternal")
            cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + cursor.fetchone()[0] + "}"])
            cursor.execute("UPDATE finance_journalline SET amount = 1")

    _refused("stay as they are", change)


def test_periods_never_overlap(accountant: User) -> None:
    year = Period.objects.get(name="2026-03").fiscal_year
    _refused(
        "periods_never_overlap",
        lambda: Period.objects.create(fiscal_year=year, name="odd", starts_on=date(2026, 3, 31), ends_on=date(2026, 4, 2)),
    )
