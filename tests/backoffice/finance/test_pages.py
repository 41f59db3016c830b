"""The screens of the books, as an accountant uses them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from backoffice.finance.models import Account, Allocation, CustomerAccount, FiscalYear, Invoice, JournalEntry, Payment, Period, Tax, TaxRule
from backoffice.finance.operations import Posting, post_entry, set_credit_terms
from core.effects.models import Effect
from core.parties.models import Party
from core.parties.operations import add_contact_point
from core.people.models import User
from tests.factories.finance import TODAY, make_books, make_invoice, make_payment
from tests.factories.ground import make_customer

pytestmark = pytest.mark.usefixtures("in_march", "books_with_tax")


@pytest.fixture
def story(customer: Party, accountant: User) -> Invoice:
    """An invoice partly paid by too early money, terms, and an entry by hand."""
    make_payment(customer, 100, on=date(2026, 3, 1))
    invoice = make_invoice(customer, 1000)
    make_payment(customer, 300)
    set_credit_terms(customer, credit_limit=Decimal(5000), payment_days=30, by=accountant)
    rent, bank = Account.objects.get(code="6-1200"), Account.objects.get(purpose="bank")
    lines = [Posting(account_id=rent.pk, amount=Decimal(50)), Posting(account_id=bank.pk, amount=Decimal(-50))]
    post_entry(on=TODAY, memo="Rent", lines=lines, by=accountant)
    invoice.refresh_from_db()
    return invoice


LISTS = ("invoices", "credit-notes", "payments", "credit-terms", "entries", "accounts", "periods", "taxes")
REPORTS = ("trial-balance", "general-ledger", "profit-and-loss", "balance-sheet", "aged-receivables")
NEW = (
    "invoice-new",
    "credit-note-new",
    "payment-new",
    "customeraccount-new",
    "journalentry-new",
    "account-new",
    "chart-new",
    "fiscalyear-new",
    "tax-new",
)


@pytest.mark.parametrize("name", [*LISTS, *NEW, *(f"reports-{report}" for report in REPORTS)])
def test_every_screen_opens(browser: Client, story: Invoice, name: str) -> None:
    assert browser.get(reverse(f"finance:{name}")).status_code == 200


@pytest.mark.parametrize("model", [Invoice, Payment, Allocation, CustomerAccount, JournalEntry, Account, Period, Tax, TaxRule])
def test_every_record_opens(browser: Client, story: Invoice, model: Any) -> None:
    for record in model.objects.order_by("pk")[:3]:
        response = browser.get(reverse(f"finance:{model._meta.model_name}", args=[record.pk]))
        assert response.status_code == 200


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_a_file_too(browser: Client, story: Invoice, name: str) -> None:
    response = browser.get(reverse(f"finance:{name}"), {"export": "csv"})
    assert response.headers["Content-Type"].startswith("text/csv")
    assert b"".join(response.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("name", REPORTS)
def test_a_report_is_a_file_too(browser: Client, story: Invoice, name: str, kind: str) -> None:
    assert f"export={kind}" in browser.get(reverse(f"finance:reports-{name}")).content.decode()
    response = browser.get(reverse(f"finance:reports-{name}"), {"export": kind})
    assert "attachment" in response.headers["Content-Disposition"]


def test_a_page_asks_the_database_no_more_for_more_rows(
    browser: Client, customer: Party, story: Invoice, django_assert_max_num_queries: Any
) -> None:
    for amount in range(1, 12):
        make_invoice(customer, amount)
    for name in ("invoices", "payments", "entries", "accounts"):
        browser.get(reverse(f"finance:{name}"))
        with django_assert_max_num_queries(22):
            browser.get(reverse(f"finance:{name}"))


def test_an_invoice_is_written_by_hand(browser: Client, customer: Party) -> None:
    url = reverse("finance:invoice-new")
    body = {
        "customer": customer.pk,
        "invoice_on": "2026-03-16",
        "memo": "Consulting",
        "lines-TOTAL_FORMS": 1,
        "lines-INITIAL_FORMS": 0,
        "lines-0-description": "A day of advice",
        "lines-0-quantity": "2",
        "lines-0-unit_price": "500",
        "lines-0-discount": "10",
        "lines-0-tax_category": "standard",
    }
    preview = browser.post(f"{url}?preview=1", body)
    assert preview.status_code == 200
    assert "999" in preview.content.decode()
    assert not Invoice.objects.exists()
    response = browser.post(url, body)
    invoice = Invoice.objects.get()
    assert response.headers["Location"] == reverse("finance:invoice", args=[invoice.pk])
    assert (invoice.net, invoice.tax, invoice.total) == (900, 99, 999)


def test_a_payment_is_registered_on_the_invoice(browser: Client, story: Invoice) -> None:
    url = reverse("finance:invoice-register-payment", args=[story.pk])
    assert "810" in browser.get(url).content.decode()
    browser.post(url, {"amount": "810", "received_on": "2026-03-16", "method": "transfer"})
    story.refresh_from_db()
    assert (story.residual, story.status) == (0, "paid")


def test_a_refusal_says_why_and_keeps_what_was_typed(browser: Client, story: Invoice) -> None:
    url = reverse("finance:invoice-register-payment", args=[story.pk])
    response = browser.post(url, {"amount": "810", "received_on": "2030-01-01", "method": "transfer"})
    assert response.status_code == 422
    assert "open fiscal year 2030" in response.content.decode()
    assert Payment.objects.count() == 2


def test_credit_is_allocated_on_the_payment(browser: Client, story: Invoice) -> None:
    early = Payment.objects.order_by("pk")[0]
    browser.post(reverse("finance:payment-allocate", args=[early.pk]), {"invoice": story.pk, "amount": "100", "on": "2026-03-16"})
    story.refresh_from_db()
    early.refresh_from_db()
    assert (story.residual, early.unallocated) == (710, 0)
    allocation = Allocation.objects.get(payment=early)
    browser.post(reverse("finance:allocation-take-back", args=[allocation.pk]), {"on": "2026-03-16", "reason": "Mistaken"})
    story.refresh_from_db()
    assert story.residual == 810


def test_many_payments_settle_the_oldest_and_are_voided_together(browser: Client, customer: Party) -> None:
    first, second = make_payment(customer, 100, on=date(2026, 3, 1)), make_payment(customer, 200, on=date(2026, 3, 2))
    invoice = make_invoice(customer, 1000)
    report = browser.post("/finance/payments/bulk/settle-oldest/", {"pk": [first.pk, second.pk]}).context["said"]
    invoice.refresh_from_db()
    assert (report, invoice.residual) == ("Settle the oldest: 2 done.", 810)
    said = {"pk": [first.pk, second.pk], "sure": "1", "reason": "The bank took it back", "on": "2026-03-16"}
    assert browser.post("/finance/payments/bulk/void/", said).context["said"] == "Void: 2 done."
    invoice.refresh_from_db()
    assert (invoice.residual, Payment.objects.filter(voided_on=TODAY).count()) == (1110, 2)


def test_accounts_go_out_of_use_and_back_together(browser: Client) -> None:
    rent, bank = Account.objects.get(code="6-1200"), Account.objects.get(purpose="bank")
    done = browser.post("/finance/accounts/bulk/retire/", {"pk": [rent.pk, bank.pk]})
    rent.refresh_from_db()
    assert (done.context["said"], rent.is_active, rent.name) == ("Take out of use: 1 done, 1 refused.", False, "Sewa")
    browser.post("/finance/accounts/bulk/retire/", {"undo": done.context["undo_token"]})
    rent.refresh_from_db()
    assert rent.is_active


def test_a_whole_invoice_is_credited(browser: Client, story: Invoice) -> None:
    response = browser.post(reverse("finance:invoice-credit", args=[story.pk]), {"credit_on": "2026-03-16", "reason": "Cancelled"})
    note = Invoice.objects.credit_notes().get()
    assert response.headers["Location"] == reverse("finance:invoice", args=[note.pk])
    assert (note.total, note.residual) == (1110, 300)


def test_an_entry_is_posted_and_reversed(browser: Client) -> None:
    rent, bank = Account.objects.get(code="6-1200"), Account.objects.get(purpose="bank")
    body = {"on": "2026-03-16", "memo": "Rent", "lines-TOTAL_FORMS": 2, "lines-INITIAL_FORMS": 0}
    body |= {"lines-0-account": rent.pk, "lines-0-debit": "50", "lines-1-account": bank.pk, "lines-1-credit": "50"}
    browser.post(reverse("finance:journalentry-new"), body)
    entry = JournalEntry.objects.get()
    assert sorted(entry.lines.values_list("amount", flat=True)) == [-50, 50]
    browser.post(reverse("finance:journalentry-reverse", args=[entry.pk]), {"on": "2026-03-16", "reason": "Wrong month"})
    assert JournalEntry.objects.get(reverses=entry).number == "GEN/2026/00002"


def test_a_period_is_closed_and_reopened(browser: Client) -> None:
    period = Period.objects.get(name="2026-01")
    browser.post(reverse("finance:period-close", args=[period.pk]))
    period.refresh_from_db()
    assert period.status == "closed"
    browser.post(reverse("finance:period-reopen", args=[period.pk]))
    period.refresh_from_db()
    assert period.status == "open"


def test_a_year_is_opened_and_a_tax_made(browser: Client) -> None:
    browser.post(reverse("finance:fiscalyear-new"), {"start": "2027-01-01"})
    assert FiscalYear.objects.filter(name="2027").exists()
    owed = Account.objects.get(purpose="output_tax")
    browser.post(reverse("finance:tax-new"), {"code": "LUX", "name": "Luxury", "rate": "20", "account": owed.pk})
    tax = Tax.objects.get(code="LUX")
    assert tax.rate == Decimal("0.2")
    browser.post(reverse("finance:tax-apply", args=[tax.pk]), {"tax_category": "standard", "starts_on": ""})
    rule = tax.rules.get()
    browser.post(reverse("finance:taxrule-end", args=[rule.pk]), {"ends_on": "2026-12-31"})
    rule.refresh_from_db()
    assert rule.ends_on == date(2026, 12, 31)


def test_terms_are_set(browser: Client, customer: Party) -> None:
    browser.post(reverse("finance:customeraccount-new"), {"customer": customer.pk, "credit_limit": "5000", "payment_days": "14"})
    terms = CustomerAccount.objects.get()
    assert (terms.credit_limit, terms.payment_days) == (5000, 14)
    assert "5" in browser.get(reverse("finance:customeraccount-new"), {"customer": customer.pk}).content.decode()


def test_a_seller_sees_invoices_and_touches_nothing(client: Client, seller: User, story: Invoice) -> None:
    client.force_login(seller)
    assert client.get(reverse("finance:invoice", args=[story.pk])).status_code == 200
    body = {"amount": "10", "received_on": "2026-03-16", "method": "transfer"}
    assert client.post(reverse("finance:invoice-register-payment", args=[story.pk]), body).status_code == 403
    assert client.get(reverse("finance:entries")).status_code == 403
    assert client.get(reverse("finance:reports-balance-sheet")).status_code == 403
    assert Payment.objects.count() == 2


def test_home_says_what_is_owed(browser: Client, story: Invoice) -> None:
    make_books(years=(2025,))
    make_invoice(story.customer, 10, on=date(2025, 12, 1))
    page = browser.get(reverse("web:home")).content.decode()
    assert "INV/2025/00001" in page


def test_the_admin_shows_and_does_not_change(client: Client, owner: User, story: Invoice) -> None:
    owner.is_staff = True
    owner.save(update_fields=["is_staff"])
    client.force_login(owner)
    names = ["invoice", "payment", "journalentry", "account", "journal", "fiscalyear", "period", "tax", "customeraccount"]
    for name in names:
        assert client.get(reverse(f"admin:finance_{name}_changelist")).status_code == 200
    for record in (story, Payment.objects.first(), JournalEntry.objects.first(), Tax.objects.first()):
        assert record is not None
        url = reverse(f"admin:finance_{record._meta.model_name}_change", args=[record.pk])
        assert client.get(url).status_code == 200
        assert client.post(url, {}).status_code == 403
    period = Period.objects.get(name="2026-01")
    client.post(reverse("admin:finance_period_changelist"), {"action": "close_periods", "_selected_action": [period.pk]})
    period.refresh_from_db()
    assert period.status == "closed"


def test_invoices_are_sent_by_email_together_and_who_has_no_address_is_named(accountant, client):
    reached, unreached = make_customer(), make_customer("PT Tanpa Alamat")
    add_contact_point(reached, kind="email", value="finance@fajar.example", by=accountant)
    sent, kept = make_invoice(reached), make_invoice(unreached)
    client.force_login(accountant)
    page = client.post("/finance/invoices/bulk/send/", {"pk": [sent.pk, kept.pk], "sure": "1"}, follow=True).content.decode()
    assert "PT Tanpa Alamat has no e-mail address." in page
    assert list(Effect.objects.values_list("about_id", "payload__to")) == [(sent.pk, ["finance@fajar.example"])]


def test_the_clerks_page_of_an_invoice_leads_to_its_paper_and_its_page(owner, client):
    invoice = make_invoice(make_customer())
    client.force_login(owner)
    shown = client.get(f"/admin/finance/invoice/{invoice.pk}/change/").content.decode()
    assert f'href="/finance/invoices/{invoice.pk}/print/invoice/pdf/"' in shown
    assert f'href="/finance/invoices/{invoice.pk}/"' in shown
    assert client.get(f"/finance/invoices/{invoice.pk}/print/invoice/pdf/").headers["Content-Type"] == "application/pdf"
