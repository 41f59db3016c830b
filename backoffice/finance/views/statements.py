"""Profit and loss and the balance sheet: with a picture, a comparison, and the lines behind every figure."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.finance import forms, reports
from backoffice.finance.views.reports import FinancialReport, as_of, from_to, ledger_url
from core.money import ZERO
from core.web import ui

Span = tuple[date | None, date]
Row = ui.Row


class ProfitAndLoss(FinancialReport):
    """What came in and what it cost."""

    route = "reports/profit-and-loss"
    title = _("Profit and loss")
    hint = _("What was earned and what it cost over a span of time, beside an earlier one.")
    nav = ui.Nav(_("Profit and loss"), icon="trending-up", order=82)
    form_class = forms.ComparedRangeForm

    def report(self, data: dict[str, Any]) -> ui.Report:
        """Income, cost of goods, other expenses, and what is left."""
        found = reports.profit_and_loss(start=data["start"], end=data["end"])
        before = ui.compared(data["compare"], found.start, found.end)
        then = reports.profit_and_loss(start=before[0], end=before[1]) if before else None
        table = Statement((found.start, found.end), before)
        rows = [
            *table.section(gettext("Income"), found.income, then.income if then else None, gettext("Total income")),
            *self.earned(table, found, then),
            *table.section(gettext("Expenses"), found.expenses, then.expenses if then else None, gettext("Total expenses")),
        ]
        if self.tells_cost:
            rows.append(table.row(gettext("Result"), found.result, then.result if then else None, "total"))
        note = from_to(found.start, found.end)
        heads = table.heads(from_to(*before) if before else "")
        if before:
            note = gettext("%(span)s, compared with %(other)s") % {"span": note, "other": from_to(*before)}
        anything = found.income.rows or found.cost_of_goods.rows or found.expenses.rows
        return ui.Report(
            heads=heads,
            rows=rows if anything else [],
            currency=found.currency,
            note=self.noted(note),
            chart=by_month(found) if anything and self.tells_cost else "",
            figures=result_figures(found, then) if anything and self.tells_cost else (),
        )

    def earned(self, table: "Statement", found: reports.ProfitAndLoss, then: reports.ProfitAndLoss | None) -> list[Row]:
        """What the goods cost and what was earned on them: the margin, for whom it is not hidden."""
        if not self.tells_cost:
            return []
        before = (then.cost_of_goods, then.gross_profit) if then else (None, None)
        return [
            *table.section(gettext("Cost of goods"), found.cost_of_goods, before[0], gettext("Total cost of goods")),
            table.row(gettext("Gross profit"), found.gross_profit, before[1], "subtotal"),
        ]


def result_figures(found: reports.ProfitAndLoss, then: reports.ProfitAndLoss | None) -> list[ui.Kpi]:
    """Income, gross profit with its margin, and the result."""

    def figure(label: Any, now: Decimal, before: Decimal | None, note: str = "") -> ui.Kpi:
        delta, good = ui.change(now, before)
        return ui.Kpi(label, ui.figures.short_money(now, found.currency), delta, good, note, title=ui.figures.money(now, found.currency))

    income = found.income.total

    def of_income(amount: Decimal) -> str:
        return gettext("%(share)s of income") % {"share": ui.figures.percent(round(amount / income, 3))} if income else ""

    return [
        figure(_("Income"), income, then.income.total if then else None),
        figure(_("Gross profit"), found.gross_profit, then.gross_profit if then else None, of_income(found.gross_profit)),
        figure(_("Result"), found.result, then.result if then else None, of_income(found.result)),
    ]


def by_month(found: reports.ProfitAndLoss) -> SafeString | str:
    """Income and costs of each month, each leading to that month's statement."""
    months = reports.results_by_month(start=found.start, end=found.end)
    if len(months) < 2:
        return ""
    unfinished = 1 if found.end < ui.month_end(found.end) else 0
    spans = [(max(month.month, found.start), min(ui.month_end(month.month), found.end)) for month in months]
    return ui.charts.bars(
        ui.charts.Chart(
            title=_("Income and costs by month"),
            labels=[ui.figures.month(month.month) for month in months],
            series=(
                ui.charts.Series(_("Income"), [month.income for month in months], partial=unfinished),
                ui.charts.Series(_("Costs"), [month.costs for month in months], "previous", partial=unfinished),
                ui.charts.Series(_("Result"), [month.result for month in months], "good", partial=unfinished),
            ),
            currency=found.currency,
            note=gettext("The last month is not over yet") if unfinished else "",
            urls=[f"{ProfitAndLoss.url()}?start={start}&end={end}" for start, end in spans],
        ),
        width=ui.charts.PAGE,
    )


class BalanceSheet(FinancialReport):
    """What we own and what we owe."""

    route = "reports/balance-sheet"
    title = _("Balance sheet")
    hint = _("What the company owns and whom it owes it to on a day, beside an earlier one.")
    nav = ui.Nav(_("Balance sheet"), icon="landmark", order=83)
    form_class = forms.ComparedDayForm
    span_fields = ("on",)

    def report(self, data: dict[str, Any]) -> ui.Report:
        """Assets, liabilities, equity with the result of the year."""
        found = reports.balance_sheet(on=data["on"])
        before = the_day_before(data["compare"], found.on)
        then = reports.balance_sheet(on=before) if before else None
        table = Statement((None, found.on), (None, before) if before else None)
        rows = [
            *table.section(gettext("Assets"), found.assets, then.assets if then else None, gettext("Total assets")),
            *table.section(gettext("Liabilities"), found.liabilities, then.liabilities if then else None, gettext("Total liabilities")),
            *self.equity(table, found, then),
        ]
        note = as_of(found.on)
        if before:
            note = gettext("%(day)s, compared with %(other)s") % {"day": note, "other": ui.figures.day(before, year=True)}
        anything = found.assets.rows or found.liabilities.rows or found.equity.rows
        return ui.Report(
            heads=table.heads(ui.figures.day(before, year=True) if before else ""),
            rows=rows if anything else [],
            currency=found.currency,
            note=self.noted(note),
            chart=composition(found) if anything and self.tells_cost else "",
        )

    def equity(self, table: "Statement", found: reports.BalanceSheet, then: reports.BalanceSheet | None) -> list[Row]:
        """What is left for the owners; what was earned, and that both sides agree, for whom it is not hidden what goods cost."""
        accounts = [*table.section(gettext("Equity"), found.equity, then.equity if then else None, "")]
        if not self.tells_cost:
            return accounts if len(accounts) > 1 else []
        both = found.liabilities.total + found.total_equity
        return [
            *accounts,
            table.row(gettext("Result of earlier years"), found.earlier_result, then.earlier_result if then else None, level=1),
            table.row(gettext("Result of this year"), found.current_result, then.current_result if then else None, level=1),
            table.row(gettext("Total equity"), found.total_equity, then.total_equity if then else None, "subtotal"),
            table.row(gettext("Total liabilities and equity"), both, then.liabilities.total + then.total_equity if then else None, "total"),
        ]


def the_day_before(how: str, day: date) -> date | None:
    """The day a balance is compared with: the end of the month before, or the same day a year earlier."""
    if how == "year":
        before = ui.compared("year", day, day)
        return before[1] if before else None
    return day.replace(day=1) - timedelta(days=1) if how == "previous" else None


def composition(found: reports.BalanceSheet) -> SafeString:
    """What is owned above what it is owed to: two bars of the same length."""

    def part(label: Any, amount: Decimal, tone: str, account: int | None = None) -> ui.charts.Part:
        url = ledger_url(account, None, found.on) if account else ""
        return ui.charts.Part(label, float(amount), ui.figures.short_money(amount, found.currency), url=url, tone=tone)

    def parts(section: reports.Section, tones: Sequence[str], rest: Any) -> list[ui.charts.Part]:
        rows = sorted(section.rows, key=lambda row: -row.amount)
        shown, others = rows[: len(tones) - 1], rows[len(tones) - 1 :]
        if len(others) == 1:
            shown, others = rows, []
        made = [part(row.name, row.amount, tone, row.account_id) for row, tone in zip(shown, tones, strict=False)]
        left = sum((row.amount for row in others), start=ZERO)
        return [*made, part(rest, left, tones[-1])] if left else made

    owed = parts(found.liabilities, ("warn", "shade-4", "bad"), _("Other liabilities"))
    equity = part(_("Equity"), found.total_equity, "good")
    both = found.liabilities.total + found.total_equity
    rows = (
        (_("Assets"), found.assets.total, parts(found.assets, ("shade-1", "shade-2", "shade-3"), _("Other assets"))),
        (_("Liabilities and equity"), both, [*owed, equity]),
    )
    drawn = [(label, ui.figures.short_money(total, found.currency), pieces) for label, total, pieces in rows]
    return ui.charts.shares(_("What is owned, and whose it is"), drawn, as_of(found.on))


class Statement:
    """The columns of a statement: the amount, and beside it what it was before and how much it changed."""

    def __init__(self, span: Span, before: Span | None) -> None:
        self.span = span
        self.before = before

    def heads(self, other: str) -> tuple[ui.Head, ...]:
        """Account and amount, and two more when there is something to compare with."""
        first = (ui.Head(_("Account")), ui.Head(_("Amount"), "money"))
        return (*first, ui.Head(other, "money"), ui.Head(_("Change"), "change")) if self.before else first

    def row(self, label: str, now: Decimal, then: Decimal | None, style: str = "normal", level: int = 0, account: int | None = None) -> Row:
        """One line, its figures leading to the ledger's lines."""
        here = ledger_url(account, *self.span) if account else ""
        if self.before is None:
            return Row((label, now), style, level, urls=(here, here))
        was = then or ZERO
        there = ledger_url(account, *self.before) if account else ""
        return Row((label, now, was, now - was), style, level, urls=(here, here, there))

    def section(self, title: str, now: reports.Section, then: reports.Section | None, total: str) -> Iterable[Row]:
        """A group of accounts with its sum; an account that moved in either span stands in it."""
        yield Row((title,), "group")
        names = {row.account_id: (row.code, row.name) for section in (then, now) if section for row in section.rows}
        amounts = {row.account_id: row.amount for row in now.rows}
        earlier = {row.account_id: row.amount for row in then.rows} if then else {}
        for account, (code, name) in sorted(names.items(), key=lambda known: known[1]):
            yield self.row(f"{code} {name}", amounts.get(account, ZERO), earlier.get(account, ZERO), level=1, account=account)
        if total:
            yield self.row(total, now.total, then.total if then else None, "subtotal")
