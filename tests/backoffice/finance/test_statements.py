"""The financial reports on the screen: pictures, comparisons and the lines behind every figure."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from backoffice.finance import reports
from backoffice.finance.models import Account
from backoffice.finance.operations import Posting, post_entry
from core.parties.models import Party
from core.people.models import User
from core.web.reports import Report
from tests.factories.finance import make_invoice, make_payment

pytestmark = pytest.mark.usefixtures("in_march", "books")


@pytest.fixture
def story(customer: Party, accountant: User) -> Party:
    """Sales in January, February and March, rent in February, and a part of the money."""
    make_invoice(customer, 1000, on=date(2026, 1, 10))
    make_invoice(customer, 2000, on=date(2026, 2, 10))
    make_invoice(customer, 500, on=date(2026, 3, 2))
    rent, bank = Account.objects.get(code="6100"), Account.objects.get(purpose="bank")
    lines = [Posting(account_id=rent.pk, amount=Decimal(300)), Posting(account_id=bank.pk, amount=Decimal(-300))]
    post_entry(on=date(2026, 2, 28), memo="Rent", lines=lines, by=accountant)
    make_payment(customer, 900, on=date(2026, 3, 5))
    return customer


def shown(browser: Client, name: str, **asked: str) -> Report:
    """The report behind a page."""
    found: Report = browser.get(reverse(f"finance:reports-{name}"), asked).context["report"]
    return found


def cells(report: Report, label: str) -> tuple[Any, ...]:
    """The figures of one line."""
    return next(tuple(row.cells[1:]) for row in report.rows if str(row.cells[0]).endswith(label))


def test_the_months_together_are_the_profit_and_loss(story: Party) -> None:
    months = reports.results_by_month(start=date(2026, 1, 1), end=date(2026, 3, 31))
    assert [(month.month, month.income, month.costs, month.result) for month in months] == [
        (date(2026, 1, 1), 1000, 0, 1000),
        (date(2026, 2, 1), 2000, 300, 1700),
        (date(2026, 3, 1), 500, 0, 500),
    ]
    assert sum(month.result for month in months) == reports.profit_and_loss(start=date(2026, 1, 1), end=date(2026, 3, 31)).result


def test_a_profit_and_loss_stands_beside_the_period_before(browser: Client, story: Party) -> None:
    report = shown(browser, "profit-and-loss", start="2026-02-01", end="2026-02-28", compare="previous")
    assert cells(report, "Total income") == (2000, 1000, 1000)
    assert cells(report, "Total expenses") == (300, 0, 300)
    assert cells(report, "Result") == (1700, 1000, 700)
    assert str(report.note) == "1 Feb 2026 to 28 Feb 2026, compared with 1 Jan 2026 to 31 Jan 2026"
    assert [(kpi.value, kpi.delta) for kpi in report.figures] == [
        ("Rp\N{NO-BREAK SPACE}2\N{NO-BREAK SPACE}rb", "+100\N{NO-BREAK SPACE}%"),
        ("Rp\N{NO-BREAK SPACE}2\N{NO-BREAK SPACE}rb", "+100\N{NO-BREAK SPACE}%"),
        ("Rp\N{NO-BREAK SPACE}1,7\N{NO-BREAK SPACE}rb", "+70\N{NO-BREAK SPACE}%"),
    ]


def test_each_month_of_the_picture_leads_to_its_statement(browser: Client, story: Party) -> None:
    report = shown(browser, "profit-and-loss")
    assert "reports/profit-and-loss/?start=2026-02-01&amp;end=2026-02-28" in report.chart
    assert "The last month is not over yet" in report.chart


def test_every_figure_leads_to_the_lines_behind_it(browser: Client, story: Party) -> None:
    report = shown(browser, "profit-and-loss", start="2026-02-01", end="2026-02-28", compare="previous")
    rent = next(row for row in report.rows if str(row.cells[0]).startswith("6100"))
    here, there = rent.urls[1], rent.urls[2]
    assert browser.get(here).context["report"].rows[-1].cells[4:] == (300, 0, 300)
    assert browser.get(there).context["report"].rows[-1].cells[4:] == (0, 0, 0)


def test_a_balance_sheet_is_compared_with_a_day_and_balances_on_both(browser: Client, story: Party) -> None:
    report = shown(browser, "balance-sheet", on="2026-03-16", compare="previous")
    assert cells(report, "Total assets") == (3200, 2700, 500)
    assert cells(report, "Total liabilities and equity") == (3200, 2700, 500)
    assert str(report.note) == "As of 16 Mar 2026, compared with 28 Feb 2026"


def test_what_customers_owe_is_piled_by_its_age(browser: Client, story: Party) -> None:
    report = shown(browser, "aged-receivables")
    assert cells(report, "Total")[-1] == 2600
    assert report.chart.count("legend-shade-") == 5
    assert report.rows[0].urls[-1].startswith("/finance/invoices/?state=open&q=")


def test_the_ledger_shows_how_its_balance_ran(browser: Client, story: Party) -> None:
    report = shown(browser, "general-ledger")
    assert [line.cells[6] for line in report.rows] == [0, 1000, 3000, 3500, 2600, 2600]
    assert "Balance at the end of each day with a move" in report.chart


def test_an_empty_book_says_so(browser: Client) -> None:
    assert "There is nothing to report for this choice." in browser.get(reverse("finance:reports-profit-and-loss")).content.decode()


@pytest.mark.parametrize("name", ["trial-balance", "general-ledger", "profit-and-loss", "balance-sheet", "aged-receivables"])
def test_a_report_asks_at_most_twelve_times(browser: Client, story: Party, name: str, django_assert_max_num_queries: Any) -> None:
    address = reverse(f"finance:reports-{name}")
    browser.get(address, {"compare": "previous"})
    with django_assert_max_num_queries(12):
        browser.get(address, {"compare": "previous"})
