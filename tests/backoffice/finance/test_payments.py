"""Payments, credit, and what they settle."""

from datetime import date
from decimal import Decimal

import pytest

from backoffice.finance.models import Account, Allocation, Invoice, JournalEntry, Payment
from backoffice.finance.operations import allocate_credit, allocate_to_oldest, deallocate, issue_credit_note
from backoffice.finance.operations.entries import BadAmount
from backoffice.finance.operations.payments import NothingOwed, TakenBack, TooEarly, TooMuch, WrongAccount, WrongInvoice
from core import clock
from core.docflow.flow import related
from core.events.models import Record
from core.parties.models import Party
from core.people.models import User
from tests.backoffice.finance.ledger import balances, posted
from tests.factories.finance import TODAY, make_bill_line, make_invoice, make_payment
from tests.factories.ground import make_customer


def _left(*invoices: Invoice) -> list[tuple[Decimal, str]]:
    return [(row.residual, row.status) for row in Invoice.objects.filter(pk__in=[invoice.pk for invoice in invoices]).order_by("pk")]


def test_a_payment_in_full_closes_the_receivable(books: None, customer: Party) -> None:
    invoice = make_invoice(customer, 1000)
    payment = make_payment(customer, 1000)
    assert (payment.number, payment.unallocated) == ("PAY/2026/00001", 0)
    assert _left(invoice) == [(0, "paid")]
    assert posted(payment) == {"bank": 1000, "receivable": -1000}
    assert JournalEntry.objects.order_by("pk").last().number == "BNK/2026/00001"  # type: ignore[union-attr]
    assert Record.objects.get(type="finance.InvoicePaid").payload["invoice_number"] == invoice.number
    assert [row.number for row in related("finance.invoice", invoice.pk)] == [payment.number]


def test_a_payment_in_part_leaves_the_rest_open(books: None, customer: Party) -> None:
    invoice = make_invoice(customer, 1000)
    make_payment(customer, "250.50")
    assert _left(invoice) == [(Decimal("749.50"), "open")]
    assert not Record.objects.filter(type="finance.InvoicePaid").exists()


def test_money_goes_to_what_is_due_first(books: None, customer: Party) -> None:
    later = make_invoice(customer, 300, on=date(2026, 3, 10))
    earlier = make_invoice(customer, 500, on=date(2026, 2, 10))
    make_payment(customer, 600)
    assert _left(later, earlier) == [(200, "open"), (0, "paid")]


def test_money_goes_where_the_accountant_says(books: None, customer: Party) -> None:
    first, second = make_invoice(customer, 500), make_invoice(customer, 300)
    payment = make_payment(customer, 400, invoices=[(second, Decimal(300)), (first, Decimal(50))])
    assert _left(first, second) == [(450, "open"), (0, "paid")]
    assert payment.unallocated == 50
    assert posted(payment) == {"bank": 400, "receivable": -350, "customer_deposits": -50}


def test_what_is_paid_too_much_is_the_customers_credit(books: None, customer: Party, accountant: User) -> None:
    paid = make_invoice(customer, 1000)
    payment = make_payment(customer, 1200)
    assert payment.unallocated == 200
    assert posted(payment) == {"bank": 1200, "receivable": -1000, "customer_deposits": -200}
    later = make_invoice(customer, 500)
    with clock.at(clock.now().replace(2026, 3, 20)):
        allocate_credit(payment, later, Decimal(150), by=accountant)
    payment.refresh_from_db()
    assert payment.unallocated == 50
    assert _left(paid, later) == [(0, "paid"), (350, "open")]
    assert balances() | {"freight_revenue": 0} == {"bank": 1200, "receivable": 350, "customer_deposits": -50, "freight_revenue": 0}
    assert Record.objects.get(type="finance.CreditApplied").payload["amount"] == "150"


def test_credit_of_a_credit_note_settles_a_later_invoice(books: None, customer: Party, accountant: User) -> None:
    note = issue_credit_note(
        customer_id=customer.pk, credit_on=TODAY, currency="IDR", lines=[make_bill_line(400)], reason="Goodwill", by=accountant
    )
    invoice = make_invoice(customer, 300)
    allocate_credit(note, invoice, Decimal(300), on=TODAY, by=accountant)
    note.refresh_from_db()
    assert (note.residual, note.status) == (100, "open")
    assert _left(invoice) == [(0, "paid")]
    assert balances() == {"receivable": 0, "customer_deposits": -100, "freight_revenue": 100}


def test_an_allocation_taken_back_opens_the_invoice_again(books: None, customer: Party, accountant: User) -> None:
    invoice = make_invoice(customer, 1000)
    payment = make_payment(customer, 1000)
    reversal = deallocate(Allocation.objects.get(), reason="Meant for another invoice", on=TODAY, by=accountant)
    payment.refresh_from_db()
    assert reversal.amount == -1000
    assert payment.unallocated == 1000
    assert _left(invoice) == [(1000, "open")]
    assert balances() == {"bank": 1000, "receivable": 1000, "customer_deposits": -1000, "freight_revenue": -1000}
    assert Record.objects.get(type="finance.InvoiceReopened").payload["residual"] == "1000.00"
    with pytest.raises(TakenBack):
        deallocate(Allocation.objects.get(reverses=None), reason="Again", on=TODAY, by=accountant)
    with pytest.raises(TakenBack):
        deallocate(reversal, reason="Back again", on=TODAY, by=accountant)
    allocate_credit(payment, invoice, Decimal(1000), on=TODAY, by=accountant)
    assert _left(invoice) == [(0, "paid")]


def test_an_invoice_not_issued_yet_is_not_settled(books: None, customer: Party) -> None:
    invoice = make_invoice(customer, 1000, on=date(2026, 4, 1))
    payment = make_payment(customer, 1000)
    assert payment.unallocated == 1000
    with pytest.raises(TooEarly, match="after that"):
        make_payment(customer, 1000, invoices=[(invoice, Decimal(1000))])
    assert _left(invoice) == [(1000, "open")]


def test_money_never_settles_a_strangers_invoice(books: None, customer: Party) -> None:
    theirs = make_invoice(make_customer("CV Cakra Medika"), 1000)
    with pytest.raises(WrongInvoice):
        make_payment(customer, 1000, invoices=[(theirs, Decimal(1000))])
    assert make_payment(customer, 1000).unallocated == 1000
    assert _left(theirs) == [(1000, "open")]


def test_no_more_is_applied_than_is_open_or_there(books: None, customer: Party, accountant: User) -> None:
    invoice = make_invoice(customer, 1000)
    with pytest.raises(TooMuch, match=r"Only 1,000 is open on INV/2026/00001"):
        make_payment(customer, 2000, invoices=[(invoice, Decimal(1001))])
    with pytest.raises(TooMuch, match="only 500 came in"):
        make_payment(customer, 500, invoices=[(invoice, Decimal(600))])
    assert not Payment.objects.exists()
    payment = make_payment(customer, 500, invoices=[])
    with pytest.raises(TooMuch, match="only 500 left"):
        allocate_credit(payment, invoice, Decimal(501), on=TODAY, by=accountant)
    assert _left(invoice) == [(1000, "open")]


@pytest.mark.parametrize("amount", ["0", "-1", "0.001"])
def test_an_amount_that_is_none_is_refused(books: None, customer: Party, amount: str) -> None:
    with pytest.raises(BadAmount):
        make_payment(customer, amount)
    assert not Payment.objects.exists()


def test_an_invoice_settles_nothing(books: None, customer: Party, accountant: User) -> None:
    first, second = make_invoice(customer), make_invoice(customer)
    with pytest.raises(WrongInvoice):
        allocate_credit(first, second, Decimal(1), on=TODAY, by=accountant)


def test_cash_goes_to_cash_and_nothing_to_sales(books: None, customer: Party) -> None:
    payment = make_payment(customer, 100, method="cash")
    assert posted(payment) == {"cash": 100, "customer_deposits": -100}
    with pytest.raises(WrongAccount):
        make_payment(customer, 100, account=Account.objects.get(purpose="revenue"))
    with pytest.raises(WrongAccount):
        make_payment(customer, 100, account=Account.objects.get(purpose="stock"))


def test_what_is_left_of_a_payment_settles_the_oldest_invoices(books: None, customer: Party, accountant: User) -> None:
    payment = make_payment(customer, 700, on=date(2026, 3, 1))
    later = make_invoice(customer, 500, on=date(2026, 3, 12))
    earlier = make_invoice(customer, 400, on=date(2026, 3, 10))
    payment = allocate_to_oldest(payment, on=TODAY, by=accountant)
    assert payment.unallocated == 0
    assert _left(later, earlier) == [(200, "open"), (0, "paid")]
    assert (balances()["receivable"], balances()["customer_deposits"]) == (200, 0)
    applied = [row.payload["amount"] for row in Record.objects.filter(type="finance.CreditApplied").order_by("pk")]
    assert [Decimal(amount) for amount in applied] == [400, 300]
    with pytest.raises(TooMuch, match="Nothing is left of PAY/2026/00001"):
        allocate_to_oldest(payment, on=TODAY, by=accountant)


def test_credit_stays_credit_while_nothing_is_owed(books: None, customer: Party, accountant: User) -> None:
    payment = make_payment(customer, 700, on=date(2026, 3, 10))
    with pytest.raises(NothingOwed, match="owes nothing"):
        allocate_to_oldest(payment, on=TODAY, by=accountant)
    make_invoice(customer, 500, on=date(2026, 3, 1))
    with pytest.raises(TooEarly, match="came after"):
        allocate_to_oldest(payment, on=date(2026, 3, 2), by=accountant)
    payment.refresh_from_db()
    assert (payment.unallocated, Allocation.objects.count()) == (700, 0)
