"""What happens when two people settle the same thing at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection, connections, transaction

from backoffice.finance.invariants import invariants
from backoffice.finance.models import Account, Allocation, DayBalance, Invoice, JournalEntry, Payment, Purpose
from backoffice.finance.operations import Posting, allocate_credit, credit_invoice, deallocate, post_entry, reverse_entry
from backoffice.finance.reports import balance_of
from core.errors import Refused
from core.parties.models import Party
from core.people.models import User
from tests.factories.finance import TODAY, make_books, make_invoice, make_payment
from tests.factories.ground import make_company, make_customer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def debtor() -> Party:
    """A customer of a company with books."""
    make_company()
    make_books()
    return make_customer()


def at_once(people: int, act: Callable[[], object]) -> int:
    """Let several people do the same at the same moment; how many succeeded."""
    start = Barrier(people)

    def one(_person: int) -> bool:
        try:
            start.wait()
            act()
        except Refused:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(people) as pool:
        return sum(pool.map(one, range(people)))


def test_an_invoice_is_never_settled_twice(debtor: Party) -> None:
    invoice = make_invoice(debtor, 1000)
    assert at_once(4, lambda: make_payment(debtor, 1000)) == 4
    invoice.refresh_from_db()
    assert (invoice.residual, invoice.status) == (0, "paid")
    assert sorted(Payment.objects.values_list("unallocated", flat=True)) == [0, 1000, 1000, 1000]
    assert list(invariants()) == []


def test_credit_is_never_spent_twice(debtor: Party) -> None:
    payment = make_payment(debtor, 1000)
    invoices = [make_invoice(debtor, 700) for _ in range(4)]
    by = User.objects.service()
    waiting = iter(invoices)
    assert at_once(4, lambda: allocate_credit(payment, next(waiting), Decimal(700), on=TODAY, by=by)) == 1
    payment.refresh_from_db()
    assert payment.unallocated == 300
    assert Invoice.objects.open().count() == 3
    assert list(invariants()) == []


def test_an_allocation_is_taken_back_once(debtor: Party) -> None:
    make_invoice(debtor, 1000)
    make_payment(debtor, 1000)
    allocation = Allocation.objects.get()
    by = User.objects.service()
    assert at_once(4, lambda: deallocate(allocation, reason="Mistaken", on=TODAY, by=by)) == 1
    assert list(invariants()) == []


def test_a_delivery_is_billed_once_however_often_it_is_asked(debtor: Party) -> None:
    assert at_once(4, lambda: make_invoice(debtor, 1000, delivery_id=7, delivery_number="DEL/7")) == 4
    assert Invoice.objects.count() == 1
    assert list(invariants()) == []


def test_an_invoice_is_credited_once(debtor: Party) -> None:
    invoice = make_invoice(debtor, 1000)
    by = User.objects.service()
    assert at_once(4, lambda: credit_invoice(invoice, credit_on=TODAY, reason="Mistaken", by=by)) == 1
    assert Invoice.objects.credit_notes().count() == 1


def test_an_entry_is_reversed_once(debtor: Party) -> None:
    rent, bank = Account.objects.get(code="6100"), Account.objects.get(purpose="bank")
    by = User.objects.service()
    lines = [Posting(account_id=rent.pk, amount=Decimal(50)), Posting(account_id=bank.pk, amount=Decimal(-50))]
    entry = post_entry(on=TODAY, memo="Rent", lines=lines, by=by)
    assert at_once(4, lambda: reverse_entry(entry, on=TODAY, reason="Mistaken", by=by)) == 1
    assert JournalEntry.objects.count() == 2


def test_who_posts_waits_for_nobody_who_posts_on_the_same_account(debtor: Party) -> None:
    def pay() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
        make_payment(debtor, 400)
        connections.close_all()

    make_invoice(debtor, 400)
    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        make_invoice(debtor, 1000)  # its day of the receivables is written, and not committed yet
        pool.submit(pay).result()
    make_payment(debtor, 50)
    days = DayBalance.objects.filter(account__purpose=Purpose.RECEIVABLE)
    assert sorted(days.values_list("day", "debit", "credit")) == [(TODAY, 0, 400), (TODAY, 1400, 50)]
    assert balance_of(Purpose.RECEIVABLE) == 950
    assert list(invariants()) == []
