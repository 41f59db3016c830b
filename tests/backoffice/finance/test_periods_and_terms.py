"""Fiscal years, periods, charts, credit terms and the stock account."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from backoffice.finance.models import Account, Journal, JournalEntry, Period, Tax
from backoffice.finance.operations import (
    book_stock,
    close_period,
    create_account,
    credit_standing,
    install_chart,
    open_fiscal_year,
    set_credit_terms,
    update_account,
)
from backoffice.finance.operations.accounts import AccountInUse, AccountTaken, UnknownChart
from backoffice.finance.operations.credit import BadTerms
from backoffice.finance.operations.entries import ForeignCurrency
from backoffice.finance.operations.periods import WrongStart
from backoffice.finance.operations.stock import UnknownReason
from core.errors import IllegalMove
from core.parties.models import Company, Party
from core.parties.questions import Credit
from core.people.models import User
from tests.backoffice.finance.ledger import balances
from tests.factories.finance import TODAY, make_invoice, make_payment
from tests.factories.ground import make_company


def test_a_fiscal_year_has_twelve_periods(company: Company, accountant: User) -> None:
    year = open_fiscal_year(date(2026, 1, 1), by=accountant)
    periods = list(year.periods.order_by("starts_on"))
    assert (year.name, year.ends_on, len(periods)) == ("2026", date(2026, 12, 31), 12)
    assert (periods[1].name, periods[1].starts_on, periods[1].ends_on) == ("2026-02", date(2026, 2, 1), date(2026, 2, 28))
    assert open_fiscal_year(date(2026, 1, 1), by=accountant) == year


def test_a_fiscal_year_starts_when_the_company_says(db: None) -> None:
    make_company(fiscal_year_start_month=7)
    by = User.objects.service()
    with pytest.raises(WrongStart):
        open_fiscal_year(date(2026, 1, 1), by=by)
    year = open_fiscal_year(date(2026, 7, 1), by=by)
    assert (year.name, year.ends_on) == ("2026", date(2027, 6, 30))


def test_a_period_is_closed_once(books: None, accountant: User) -> None:
    period = Period.objects.get(name="2026-01")
    assert close_period(period, by=accountant).status == "closed"
    with pytest.raises(IllegalMove):
        close_period(period, by=accountant)


@pytest.mark.parametrize(("chart", "taxes"), [("general", 0), ("indonesia", 2)])
def test_a_chart_is_installed_once(company: Company, accountant: User, chart: str, taxes: int) -> None:
    first = install_chart(chart, by=accountant)
    assert install_chart(chart, by=accountant) == first
    assert set(Account.objects.exclude(purpose="").values_list("purpose", flat=True)) == {
        purpose
        for purpose, _label in Account._meta.get_field("purpose").choices  # type: ignore[union-attr]
    }
    assert (Journal.objects.count(), Tax.objects.count()) == (4, taxes)


def test_a_chart_nobody_wrote_is_refused(company: Company, accountant: User) -> None:
    with pytest.raises(UnknownChart, match="general, indonesia"):
        install_chart("martian", by=accountant)


def test_accounts_are_opened_and_renamed(books: None, accountant: User) -> None:
    account = create_account(code="6110", name="Warehouse rent", kind="expense", by=accountant)
    assert update_account(account, name="Rent of the warehouse", by=accountant).name == "Rent of the warehouse"
    with pytest.raises(AccountTaken, match="code"):
        create_account(code="6110", name="Other", kind="expense", by=accountant)
    with pytest.raises(AccountTaken, match="used for this"):
        create_account(code="1011", name="Other bank", kind="asset", purpose="bank", by=accountant)
    with pytest.raises(AccountInUse):
        update_account(Account.objects.get(purpose="bank"), name="Bank", is_active=False, by=accountant)


def test_a_customer_is_trusted_as_far_as_the_terms_say(books: None, customer: Party, accountant: User) -> None:
    assert credit_standing(customer.pk) == Credit(currency="IDR", used=Decimal(0), limit=None, available=None)
    set_credit_terms(customer, credit_limit=Decimal(1500), payment_days=14, by=accountant)
    make_invoice(customer, 1000)
    make_payment(customer, 300)
    assert credit_standing(customer.pk) == Credit(currency="IDR", used=Decimal(700), limit=Decimal(1500), available=Decimal(800))


@pytest.mark.parametrize(("limit", "days"), [(Decimal(-1), 30), (None, -1), (None, 400)])
def test_terms_nobody_could_buy_on_are_refused(books: None, customer: Party, accountant: User, limit: Decimal | None, days: int) -> None:
    with pytest.raises(BadTerms):
        set_credit_terms(customer, credit_limit=limit, payment_days=days, by=accountant)


def _book(reason: str, amount: int, by: User, **more: object) -> JournalEntry | None:
    told = {
        "move_id": 1,
        "document_kind": "inventory.deliveryorder",
        "document_id": 7,
        "document_number": "DEL/2026/00007",
        "party_id": None,
    }
    told |= {"on": TODAY, "currency": "IDR", "memo": "DEL/2026/00007"} | more
    return book_stock(reason=reason, amount=Decimal(amount), by=by, **told)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reason", "amount", "against"),
    [
        ("delivery", -700, "cost_of_goods"),
        ("return", 700, "cost_of_goods"),
        ("receipt", 700, "goods_received"),
        ("opening", 700, "opening_balance"),
        ("adjustment", -700, "stock_adjustment"),
    ],
)
def test_the_stock_account_moves_with_the_stock(books: None, storekeeper: User, reason: str, amount: int, against: str) -> None:
    entry = _book(reason, amount, storekeeper)
    assert entry is not None
    assert (entry.number, entry.source_kind, entry.source_number) == ("STK/2026/00001", "inventory.deliveryorder", "DEL/2026/00007")
    assert balances() == {"stock": amount, against: -amount}


def test_stock_worth_nothing_books_nothing(books: None, storekeeper: User) -> None:
    assert _book("delivery", 0, storekeeper) is None
    assert not JournalEntry.objects.exists()


def test_stock_in_another_currency_or_for_no_known_reason_is_refused(books: None, storekeeper: User) -> None:
    with pytest.raises(ForeignCurrency, match="kept in IDR, this is in USD"):
        _book("delivery", 1, storekeeper, currency="USD")
    with pytest.raises(UnknownReason):
        _book("theft", 1, storekeeper)


def test_books_without_a_chart_offer_to_install_one(client: Client, accountant: User) -> None:
    client.force_login(accountant)
    step = client.get(reverse("finance:accounts")).context["first_step"]
    assert (str(step.label), step.url) == ("Install a chart", reverse("finance:chart-new"))
