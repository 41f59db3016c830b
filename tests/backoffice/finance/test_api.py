"""The books through the API, with a token."""

import csv
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from rest_framework.test import APIClient

from backoffice.finance.models import Account, Allocation, Invoice, Journal, JournalEntry, Payment, Period, Tax
from core.parties.models import Company, Party
from core.people.models import User
from tests.factories.finance import TODAY, make_invoice, make_payment
from tests.factories.programs import api_of

V1 = "/api/v1"


@pytest.fixture
def api(books_with_tax: None, accountant: User) -> APIClient:
    """A program that acts for Siti."""
    return api_of(accountant)


def _line(amount: str = "1000", **more: Any) -> dict[str, Any]:
    return {"description": "Advice", "quantity": "1", "unit_price": amount} | more


def test_an_invoice_is_issued_paid_and_credited(api: APIClient, customer: Party) -> None:
    issued = api.post(f"{V1}/invoices/", {"customer": customer.pk, "invoice_on": str(TODAY), "lines": [_line()]})
    assert issued.status_code == 201, issued.json()
    invoice = issued.json()
    assert (invoice["number"], invoice["total"], invoice["tax"]) == ("INV/2026/00001", "1110.0000", "110.0000")
    paid = api.post(f"{V1}/payments/", {"customer": customer.pk, "amount": "1200", "received_on": str(TODAY)}).json()
    assert (paid["unallocated"], paid["allocations"][0]["amount"]) == ("90.0000", "1110.0000")
    note = api.post(f"{V1}/invoices/{invoice['id']}/credit/", {"credit_on": str(TODAY), "reason": "Cancelled"}).json()
    assert (note["kind"], note["residual"]) == ("credit_note", "1110.0000")
    assert api.get(f"{V1}/invoices/{invoice['id']}/").json()["status"] == "paid"
    assert [row["number"] for row in api.get(f"{V1}/credit-notes/").json()["results"]] == ["CN/2026/00001"]


def test_an_invoice_takes_its_payment_as_on_its_page(api: APIClient, customer: Party) -> None:
    invoice = make_invoice(customer, 100)
    body = {"amount": "120", "received_on": str(TODAY), "method": "cash", "reference": "Till 3"}
    payment = api.post(f"{V1}/invoices/{invoice.pk}/register-payment/", body).json()
    assert (payment["unallocated"], payment["method"], payment["allocations"][0]["amount"]) == ("9.0000", "cash", "111.0000")
    assert api.get(f"{V1}/invoices/{invoice.pk}/").json()["status"] == "paid"


def test_money_goes_where_the_program_says(api: APIClient, customer: Party) -> None:
    first, second = make_invoice(customer, 100), make_invoice(customer, 200)
    body = {"customer": customer.pk, "amount": "50", "received_on": str(TODAY), "invoices": [{"invoice": second.pk, "amount": "50"}]}
    assert api.post(f"{V1}/payments/", body).status_code == 201
    assert [api.get(f"{V1}/invoices/{row.pk}/").json()["residual"] for row in (first, second)] == ["111.0000", "172.0000"]
    taken = api.post(f"{V1}/allocations/{Allocation.objects.get().pk}/take-back/", {"reason": "Mistaken", "on": str(TODAY)})
    assert taken.json()["amount"] == "-50.0000"
    payment = Payment.objects.get()
    applied = api.post(f"{V1}/payments/{payment.pk}/allocate/", {"invoice": first.pk, "amount": "50", "on": str(TODAY)})
    assert applied.json()["unallocated"] == "0.0000"


def test_a_credit_note_settles_an_invoice(api: APIClient, customer: Party) -> None:
    body = {"customer": customer.pk, "credit_on": str(TODAY), "reason": "Goodwill", "lines": [_line("100")]}
    note = api.post(f"{V1}/credit-notes/", body).json()
    invoice = make_invoice(customer, 1000)
    applied = api.post(f"{V1}/credit-notes/{note['id']}/allocate/", {"invoice": invoice.pk, "amount": "111", "on": str(TODAY)})
    assert (applied.json()["credit_note"], applied.json()["amount"]) == (note["id"], "111.0000")


def test_a_refusal_is_a_problem_with_the_way_out(api: APIClient, customer: Party) -> None:
    body = {"customer": customer.pk, "invoice_on": "2031-01-01", "lines": [_line()]}
    refused = api.post(f"{V1}/invoices/", body)
    assert (refused.status_code, refused["Content-Type"]) == (409, "application/problem+json")
    assert refused.json()["fix"] == "Choose another date, or open fiscal year 2031."
    assert not Invoice.objects.exists()
    wrong = api.post(f"{V1}/invoices/", body | {"total": "1"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (400, "/total")


def test_an_entry_is_posted_and_reversed(api: APIClient) -> None:
    rent, bank = Account.objects.get(code="6-1200"), Account.objects.get(purpose="bank")
    lines = [{"account": rent.pk, "amount": "50"}, {"account": bank.pk, "amount": "-50"}]
    entry = api.post(f"{V1}/journal-entries/", {"on": str(TODAY), "memo": "Rent", "lines": lines}).json()
    opposite = api.post(f"{V1}/journal-entries/{entry['id']}/reverse/", {"on": str(TODAY), "reason": "Wrong"}).json()
    assert (opposite["reverses"], opposite["lines"][0]["amount"]) == (entry["id"], "-50.0000")
    assert JournalEntry.objects.count() == 2


def test_the_books_are_set_up(company: Company, accountant: User) -> None:
    api = api_of(accountant)
    assert api.post(f"{V1}/journals/", {"chart": "indonesia"}).json()["code"] == "GEN"
    assert Journal.objects.count() == 4
    assert api.post(f"{V1}/fiscal-years/", {"start": "2026-01-01"}).json()["name"] == "2026"
    period = Period.objects.get(name="2026-01")
    assert api.post(f"{V1}/periods/{period.pk}/close/").json()["status"] == "closed"
    assert api.post(f"{V1}/periods/{period.pk}/reopen/").json()["status"] == "open"
    account = api.post(f"{V1}/accounts/", {"code": "6-1210", "name": "Gudang", "kind": "expense"}).json()
    assert api.patch(f"{V1}/accounts/{account['id']}/", {"name": "Sewa gudang"}).json()["name"] == "Sewa gudang"
    owed = Account.objects.get(purpose="output_tax")
    tax = api.post(f"{V1}/taxes/", {"code": "LUX", "name": "Luxury", "rate": "0.2", "account": owed.pk}).json()
    rules = api.post(f"{V1}/taxes/{tax['id']}/apply/", {"tax_category": "standard"}).json()["rules"]
    assert api.post(f"{V1}/tax-rules/{rules[0]['id']}/end/", {"ends_on": "2026-12-31"}).json()["ends_on"] == "2026-12-31"
    assert Tax.objects.count() == 3


def test_terms_are_set(api: APIClient, customer: Party) -> None:
    terms = api.post(f"{V1}/credit-terms/", {"customer": customer.pk, "credit_limit": "5000", "payment_days": 14}).json()
    assert (terms["party"], terms["credit_limit"], terms["payment_days"]) == (customer.pk, "5000.0000", 14)


REPORTS = {
    "trial-balance": {"end": "2026-12-31"},
    "general-ledger": {"start": "2026-01-01", "end": "2026-12-31"},
    "profit-and-loss": {"start": "2026-01-01", "end": "2026-12-31"},
    "balance-sheet": {"on": "2026-12-31"},
    "aged-receivables": {"on": "2026-12-31"},
}


def _ask(name: str) -> dict[str, Any]:
    account = {"account": Account.objects.get(purpose="receivable").pk} if name == "general-ledger" else {}
    return REPORTS[name] | account


def test_reports_come_as_figures(api: APIClient, customer: Party) -> None:
    make_invoice(customer, 1000)
    make_payment(customer, 110)
    found = {name: api.get(f"{V1}/reports/{name}/", _ask(name)).json() for name in REPORTS}
    assert (found["trial-balance"]["closing"], found["trial-balance"]["debit"]) == ("0.0000", "1220.0000")
    assert found["general-ledger"]["closing"] == "1000.0000"
    assert found["profit-and-loss"]["result"] == "1000.0000"
    assert (found["balance-sheet"]["difference"], found["balance-sheet"]["current_result"]) == ("0.0000", "1000.0000")
    assert (found["aged-receivables"]["total"]["over_90"], found["aged-receivables"]["rows"][0]["customer"]) == ("1000.0000", customer.name)


@pytest.mark.parametrize("name", REPORTS)
def test_reports_come_as_files(api: APIClient, customer: Party, name: str) -> None:
    make_invoice(customer, 1000)
    text = b"".join(api.get(f"{V1}/reports/{name}/", _ask(name) | {"export": "csv"}).streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(text.splitlines()))
    assert any(
        Decimal(value) == 1000 for row in rows for value in row.values() if value and value.lstrip("-").replace(".", "").isdigit()
    ) or any("1110" in value for row in rows for value in row.values())
    book = load_workbook(BytesIO(api.get(f"{V1}/reports/{name}/", _ask(name) | {"export": "xlsx"}).content))
    assert book.active is not None
    assert book.active.max_row == len(rows) + 1


def test_a_report_without_its_question_says_what_it_needs(api: APIClient) -> None:
    wrong = api.get(f"{V1}/reports/balance-sheet/")
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (400, "/on")


def test_a_seller_reads_invoices_and_changes_nothing(books: None, customer: Party, seller: User) -> None:
    invoice = make_invoice(customer, 1000)
    api = api_of(seller)
    assert api.get(f"{V1}/invoices/{invoice.pk}/").status_code == 200
    for path, body in (
        ("/invoices/", {"customer": customer.pk, "invoice_on": str(TODAY), "lines": [_line()]}),
        (f"/invoices/{invoice.pk}/credit/", {"credit_on": str(TODAY), "reason": "x"}),
        ("/payments/", {"customer": customer.pk, "amount": "1", "received_on": str(TODAY)}),
        ("/credit-terms/", {"customer": customer.pk, "credit_limit": None, "payment_days": 1}),
    ):
        assert api.post(f"{V1}{path}", body).status_code == 403, path
    assert api.get(f"{V1}/journal-entries/").status_code == 403
    assert api.get(f"{V1}/reports/balance-sheet/", {"on": str(TODAY)}).status_code == 403
    assert Invoice.objects.count() == 1
