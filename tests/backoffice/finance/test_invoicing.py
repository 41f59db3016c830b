"""Invoices and credit notes."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from backoffice.finance.models import Account, Invoice, InvoiceLine, JournalEntry, JournalLine, Period
from backoffice.finance.operations import close_period, credit_invoice, issue_credit_note, open_fiscal_year, set_credit_terms
from backoffice.finance.operations.accounts import NoAccount
from backoffice.finance.operations.bills import BadLine, NothingToBill
from backoffice.finance.operations.invoicing import NotOnTheInvoice
from backoffice.finance.operations.periods import NoPeriod, PeriodIsClosed
from core.docflow.flow import related
from core.events.models import Record
from core.parties.models import Party
from core.people.models import User
from tests.backoffice.finance.ledger import balances, posted
from tests.factories.finance import TODAY, make_bill_line, make_invoice, make_payment
from tests.factories.ground import make_product


def test_an_invoice_is_numbered_and_posted_in_one_go(books: None, customer: Party) -> None:
    desk = make_product()
    invoice = make_invoice(customer, lines=[make_bill_line(4_750_000, product_id=desk.pk), make_bill_line(50_000, description="Freight")])
    assert (invoice.number, invoice.net, invoice.tax, invoice.total) == ("INV/2026/00001", 4_800_000, 0, 4_800_000)
    assert (invoice.residual, invoice.status, invoice.due_on) == (4_800_000, "open", date(2026, 4, 15))
    assert posted(invoice) == {"receivable": 4_800_000, "revenue": -4_750_000, "freight_revenue": -50_000}
    assert JournalEntry.objects.get().number == "SAL/2026/00001"
    assert JournalEntry.objects.get().entry_date == TODAY


def test_tax_is_posted_to_its_own_account(books_with_tax: None, customer: Party) -> None:
    invoice = make_invoice(customer, 1_000_000)
    assert (invoice.net, invoice.tax, invoice.total) == (1_000_000, 110_000, 1_110_000)
    assert posted(invoice) == {"receivable": 1_110_000, "freight_revenue": -1_000_000, "output_tax": -110_000}
    tax = invoice.taxes.get()
    assert (tax.base, tax.amount, tax.rate) == (1_000_000, 110_000, Decimal("0.11"))


def test_prices_that_include_tax_leave_the_total_as_it_is(books_with_tax: None, customer: Party) -> None:
    invoice = make_invoice(customer, lines=[make_bill_line(1_110_000, prices_include_tax=True)])
    assert (invoice.net, invoice.tax, invoice.total) == (1_000_000, 110_000, 1_110_000)


def test_each_line_is_rounded_half_up(books: None, customer: Party) -> None:
    line = make_bill_line("10.05", quantity=Decimal(1), discount=Decimal("0.5"))
    assert make_invoice(customer, lines=[line, line]).total == Decimal("10.06")


def test_the_terms_of_the_customer_say_when_it_is_due(books: None, customer: Party, accountant: User) -> None:
    set_credit_terms(customer, credit_limit=None, payment_days=14, by=accountant)
    assert make_invoice(customer).due_on == date(2026, 3, 30)


def test_a_delivery_is_billed_once(books: None, customer: Party) -> None:
    told = {"delivery_id": 7, "delivery_number": "DEL/2026/00007", "order_id": 3, "order_number": "SO/2026/00003"}
    invoice = make_invoice(customer, **told)
    assert make_invoice(customer, **told) == invoice
    assert Invoice.objects.count() == JournalEntry.objects.count() == 1
    assert [(row.kind, row.number) for row in related("finance.invoice", invoice.pk)] == [
        ("sales.order", "SO/2026/00003"),
        ("inventory.deliveryorder", "DEL/2026/00007"),
    ]


def test_an_invoice_tells_what_was_billed(books: None, customer: Party) -> None:
    make_invoice(customer, lines=[make_bill_line(order_line_id=5, quantity=Decimal(2))], order_id=3, order_number="SO/2026/00003")
    record = Record.objects.get(type="finance.InvoiceIssued")
    assert record.party == customer
    assert record.payload["lines"] == [{"order_line_id": 5, "quantity": "2"}]
    assert (record.payload["order_id"], record.payload["total"], record.payload["currency"]) == (3, "2000.00", "IDR")


def test_an_invoice_for_nothing_is_paid_at_once_and_posts_nothing(books: None, customer: Party) -> None:
    invoice = make_invoice(customer, lines=[make_bill_line(discount=Decimal(1))])
    assert (invoice.total, invoice.status) == (0, "paid")
    assert not JournalEntry.objects.exists()
    assert Record.objects.filter(type="finance.InvoicePaid").count() == 1


@pytest.mark.parametrize("wrong", [{"quantity": Decimal(0)}, {"unit_price": Decimal(-1)}, {"discount": Decimal("1.1")}])
def test_a_line_that_makes_no_sense_is_refused(books: None, customer: Party, wrong: dict[str, Decimal]) -> None:
    with pytest.raises(BadLine):
        make_invoice(customer, lines=[make_bill_line(**wrong)])
    assert not Invoice.objects.exists()


def test_an_invoice_without_lines_is_refused(books: None, customer: Party) -> None:
    with pytest.raises(NothingToBill):
        make_invoice(customer, lines=[])


def test_a_day_without_a_period_is_refused_with_the_way_out(books: None, customer: Party) -> None:
    with pytest.raises(NoPeriod) as refused:
        make_invoice(customer, on=date(2027, 3, 1))
    assert "open fiscal year 2027" in str(refused.value)
    assert not Invoice.objects.exists()
    assert not JournalLine.objects.exists()


def test_a_closed_period_is_refused_with_the_way_out(books: None, customer: Party, accountant: User) -> None:
    close_period(Period.objects.get(name="2026-03"), by=accountant)
    with pytest.raises(PeriodIsClosed, match="period 2026-03 is closed"):
        make_invoice(customer)
    assert not Invoice.objects.exists()
    assert make_invoice(customer, on=date(2026, 4, 1)).number == "INV/2026/00001"


def test_numbers_start_again_every_fiscal_year(books: None, customer: Party, accountant: User) -> None:
    open_fiscal_year(date(2027, 1, 1), by=accountant)
    numbers = [make_invoice(customer, on=day).number for day in (date(2026, 12, 31), date(2027, 1, 1), date(2026, 12, 31))]
    assert numbers == ["INV/2026/00001", "INV/2027/00001", "INV/2026/00002"]


def test_what_is_issued_cannot_be_changed(books: None, customer: Party) -> None:
    invoice = make_invoice(customer)
    with pytest.raises(IntegrityError, match="is issued"), transaction.atomic():
        Invoice.objects.filter(pk=invoice.pk).update(total=1, net=1, residual=1)
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        Invoice.objects.filter(pk=invoice.pk)._raw_delete("default")
    with pytest.raises(IntegrityError, match="stay as they are"), transaction.atomic():
        InvoiceLine.objects.filter(invoice=invoice).update(net=1)


def test_open_must_follow_from_what_was_allocated(books: None, customer: Party) -> None:
    invoice = make_invoice(customer)
    Invoice.objects.filter(pk=invoice.pk).update(residual=1)
    with pytest.raises(IntegrityError, match="has 1"), transaction.atomic():
        connection.check_constraints()
    Invoice.objects.filter(pk=invoice.pk).update(residual=1000)


def _credit(customer: Party, amount: object, **more: object) -> Invoice:
    told = {"currency": "IDR", "lines": [make_bill_line(amount)], "reason": "Damaged", "by": User.objects.service()} | more
    return issue_credit_note(customer_id=customer.pk, credit_on=TODAY, **told)  # type: ignore[arg-type]


def test_a_credit_note_settles_the_open_invoices_of_its_order(books: None, customer: Party) -> None:
    invoice = make_invoice(customer, 1000, order_id=3, order_number="SO/2026/00003")
    note = _credit(customer, 400, order_id=3, order_number="SO/2026/00003", return_id=9, return_number="RET/2026/00009")
    invoice.refresh_from_db()
    assert (note.number, note.total, note.residual, note.status) == ("CN/2026/00001", 400, 0, "paid")
    assert (invoice.residual, invoice.status) == (600, "open")
    assert posted(note) == {"receivable": -400, "freight_revenue": 400}
    assert _credit(customer, 400, order_id=3, return_id=9) == note


def test_what_no_invoice_takes_of_a_credit_note_is_the_customers_credit(books: None, customer: Party) -> None:
    invoice = make_invoice(customer, 1000, order_id=3)
    make_payment(customer, 900)
    note = _credit(customer, 400, order_id=3)
    invoice.refresh_from_db()
    assert (invoice.residual, invoice.status, note.residual, note.status) == (0, "paid", 300, "open")
    assert posted(note) == {"receivable": -100, "customer_deposits": -300, "freight_revenue": 400}
    assert balances()["receivable"] == 0
    assert Record.objects.get(type="finance.CreditNoteIssued").payload["applied"] == "100.00"


def test_no_more_is_credited_than_was_billed(books: None, customer: Party) -> None:
    make_invoice(customer, order_id=3, lines=[make_bill_line(100, order_line_id=5, quantity=Decimal(3))])
    two = [make_bill_line(100, order_line_id=5, quantity=Decimal(2))]
    _credit(customer, 0, order_id=3, lines=two)
    with pytest.raises(NotOnTheInvoice, match="2 would be credited, but only 1"):
        _credit(customer, 0, order_id=3, lines=two)
    assert Invoice.objects.credit_notes().count() == 1


def test_a_whole_invoice_is_credited_once(books_with_tax: None, customer: Party, accountant: User) -> None:
    invoice = make_invoice(customer, 999)
    note = credit_invoice(invoice, credit_on=TODAY, reason="Sent by mistake", by=accountant)
    invoice.refresh_from_db()
    assert (note.net, note.tax, note.total) == (invoice.net, invoice.tax, invoice.total)
    assert (invoice.status, note.status) == ("paid", "paid")
    assert set(balances().values()) == {0}
    with pytest.raises(NotOnTheInvoice, match="credited already"):
        credit_invoice(invoice, credit_on=TODAY, reason="Again", by=accountant)


def test_the_books_name_the_account_they_miss(company: object, customer: Party) -> None:
    with pytest.raises(NoAccount, match="Sales"):
        make_invoice(customer)
    assert not Account.objects.exists()
