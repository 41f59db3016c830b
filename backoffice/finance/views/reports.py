"""The financial reports on the screen, on paper and as files."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.finance import forms, reports
from backoffice.finance.models import Account, Purpose
from core import clock
from core.web import ui

SEES = "finance.view_reports"


def _as_of(day: date) -> str:
    return gettext("As of %(day)s") % {"day": ui.figures.day(day, year=True)}


def _from_to(start: date, end: date) -> str:
    return gettext("%(start)s to %(end)s") % {"start": ui.figures.day(start, year=True), "end": ui.figures.day(end, year=True)}


def _ledger(account_id: int, start: date | None, end: date) -> str:
    since = start or reports.fiscal_year_start(end)
    return f"{reverse('finance:reports-general-ledger')}?account={account_id}&start={since}&end={end}"


class TrialBalance(ui.ReportScreen):
    """The sums of all accounts."""

    route = "reports/trial-balance"
    permission = SEES
    title = _("Trial balance")
    nav = ui.Nav(_("Trial balance"), icon="scale", order=80)
    form_class = forms.UntilForm

    def initial(self) -> dict[str, Any]:
        """As of today."""
        return {"end": clock.today()}

    def report(self, data: dict[str, Any]) -> ui.Report:
        """One line an account."""
        found = reports.trial_balance(start=data.get("start"), end=data["end"])
        rows = [
            ui.Row(
                (f"{row.code} {row.name}", row.opening, row.debit, row.credit, row.closing),
                url=_ledger(row.account_id, found.start, found.end),
            )
            for row in found.rows
        ]
        opening = sum((row.opening for row in found.rows), start=found.closing * 0)
        rows.append(ui.Row((gettext("Total"), opening, found.debit, found.credit, found.closing), "total"))
        heads = (
            ui.Head(_("Account")),
            ui.Head(_("Opening"), "money"),
            ui.Head(_("Debit"), "money"),
            ui.Head(_("Credit"), "money"),
            ui.Head(_("Balance"), "money"),
        )
        note = _from_to(found.start, found.end) if found.start else _as_of(found.end)
        return ui.Report(heads=heads, rows=rows, currency=found.currency, note=note)


class GeneralLedger(ui.ReportScreen):
    """Every line of an account."""

    route = "reports/general-ledger"
    permission = SEES
    title = _("General ledger")
    nav = ui.Nav(_("General ledger"), icon="book-open-text", order=81)
    form_class = forms.LedgerForm

    def initial(self) -> dict[str, Any]:
        """The receivable account, this fiscal year."""
        today = clock.today()
        account = Account.objects.filter(purpose=Purpose.RECEIVABLE).first()
        return {"account": account.pk if account else None, "start": reports.fiscal_year_start(today), "end": today}

    def report(self, data: dict[str, Any]) -> ui.Report:
        """One line a line, with the running balance."""
        found = reports.general_ledger(data["account"], start=data["start"], end=data["end"])
        rows = [ui.Row((found.start, "", gettext("Opening balance"), "", None, None, found.opening), "subtotal")]
        rows += [
            ui.Row(
                (line.entry_date, line.entry_number, line.memo, line.party, line.debit or None, line.credit or None, line.balance),
                url=ui.url_for("finance.journalentry", line.entry_id),
            )
            for line in found.lines
        ]
        rows.append(ui.Row((found.end, "", gettext("Closing balance"), "", found.debit, found.credit, found.closing), "total"))
        heads = (
            ui.Head(_("Date"), "date"),
            ui.Head(_("Entry")),
            ui.Head(_("Memo")),
            ui.Head(_("Party")),
            ui.Head(_("Debit"), "money"),
            ui.Head(_("Credit"), "money"),
            ui.Head(_("Balance"), "money"),
        )
        note = f"{found.code} {found.name} · {_from_to(found.start, found.end)}"
        return ui.Report(heads=heads, rows=rows, currency=found.currency, note=note)


class ProfitAndLoss(ui.ReportScreen):
    """What came in and what it cost."""

    route = "reports/profit-and-loss"
    permission = SEES
    title = _("Profit and loss")
    nav = ui.Nav(_("Profit and loss"), icon="trending-up", order=82)
    form_class = forms.RangeForm

    def initial(self) -> dict[str, Any]:
        """This fiscal year."""
        today = clock.today()
        return {"start": reports.fiscal_year_start(today), "end": today}

    def report(self, data: dict[str, Any]) -> ui.Report:
        """Income, cost of goods, other expenses, and what is left."""
        found = reports.profit_and_loss(start=data["start"], end=data["end"])
        span = (found.start, found.end)
        rows = [
            *_section(gettext("Income"), found.income, gettext("Total income"), span),
            *_section(gettext("Cost of goods"), found.cost_of_goods, gettext("Total cost of goods"), span),
            ui.Row((gettext("Gross profit"), found.gross_profit), "subtotal"),
            *_section(gettext("Expenses"), found.expenses, gettext("Total expenses"), span),
            ui.Row((gettext("Result"), found.result), "total"),
        ]
        return ui.Report(heads=_statement(), rows=rows, currency=found.currency, note=_from_to(*span))


class BalanceSheet(ui.ReportScreen):
    """What we own and what we owe."""

    route = "reports/balance-sheet"
    permission = SEES
    title = _("Balance sheet")
    nav = ui.Nav(_("Balance sheet"), icon="landmark", order=83)
    form_class = forms.AsOfForm

    def initial(self) -> dict[str, Any]:
        """As of today."""
        return {"on": clock.today()}

    def report(self, data: dict[str, Any]) -> ui.Report:
        """Assets, liabilities, equity with the result of the year."""
        found = reports.balance_sheet(on=data["on"])
        span = (None, found.on)
        equity = _section(gettext("Equity"), found.equity, "", span)
        both = found.liabilities.total + found.total_equity
        rows = [
            *_section(gettext("Assets"), found.assets, gettext("Total assets"), span),
            *_section(gettext("Liabilities"), found.liabilities, gettext("Total liabilities"), span),
            *equity,
            ui.Row((gettext("Result of earlier years"), found.earlier_result), level=1),
            ui.Row((gettext("Result of this year"), found.current_result), level=1),
            ui.Row((gettext("Total equity"), found.total_equity), "subtotal"),
            ui.Row((gettext("Total liabilities and equity"), both), "total"),
        ]
        return ui.Report(heads=_statement(), rows=rows, currency=found.currency, note=_as_of(found.on))


class AgedReceivables(ui.ReportScreen):
    """Who owes what, and for how long."""

    route = "reports/aged-receivables"
    permission = SEES
    title = _("Aged receivables")
    nav = ui.Nav(_("Aged receivables"), icon="hourglass", order=84)
    form_class = forms.AsOfForm

    def initial(self) -> dict[str, Any]:
        """As of today."""
        return {"on": clock.today()}

    def report(self, data: dict[str, Any]) -> ui.Report:
        """One line a customer."""
        found = reports.aged_receivables(on=data["on"])
        rows = [ui.Row((row.customer, *_ages(row)), url=ui.url_for("parties.party", row.customer_id)) for row in found.rows]
        rows.append(ui.Row((gettext("Total"), *_ages(found.total)), "total"))
        heads = (
            ui.Head(_("Customer")),
            ui.Head(_("Not due"), "money"),
            ui.Head(_("1–30 days"), "money"),
            ui.Head(_("31–60 days"), "money"),
            ui.Head(_("61–90 days"), "money"),
            ui.Head(_("Over 90 days"), "money"),
            ui.Head(_("Total"), "money"),
        )
        return ui.Report(heads=heads, rows=rows, currency=found.currency, note=_as_of(found.on))


def _ages(row: reports.Aged) -> tuple[Any, ...]:
    return (row.not_due, row.days_1_30, row.days_31_60, row.days_61_90, row.over_90, row.total)


def _statement() -> tuple[ui.Head, ui.Head]:
    return ui.Head(_("Account")), ui.Head(_("Amount"), "money")


def _section(title: str, section: reports.Section, total: str, span: tuple[date | None, date]) -> Iterable[ui.Row]:
    yield ui.Row((title,), "group")
    for row in section.rows:
        yield ui.Row((f"{row.code} {row.name}", row.amount), level=1, url=_ledger(row.account_id, *span))
    if total:
        yield ui.Row((total, section.total), "subtotal")
