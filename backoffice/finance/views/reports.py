"""The financial reports on the screen, on paper and as files."""

from datetime import date
from typing import Any, ClassVar
from urllib.parse import quote

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.finance import forms, reports
from backoffice.finance.models import Account, Purpose
from core import clock
from core.money import ZERO
from core.people.hiding import hidden_in
from core.web import ui

MOST = 8
DAYS = 45
LONGEST = 16
AGES = (_("Not due"), _("1–30 days"), _("31–60 days"), _("61–90 days"), _("Over 90 days"))


def as_of(day: date) -> str:
    """In words."""
    return gettext("As of %(day)s") % {"day": ui.figures.day(day, year=True)}


def from_to(start: date, end: date) -> str:
    """In words."""
    return gettext("%(start)s to %(end)s") % {"start": ui.figures.day(start, year=True), "end": ui.figures.day(end, year=True)}


def ledger_url(account_id: int, start: date | None, end: date) -> str:
    """The lines behind an account's figure."""
    since = start or reports.fiscal_year_start(end)
    return f"{reverse('finance:reports-general-ledger')}?account={account_id}&start={since}&end={end}"


class FinancialReport(ui.ReportScreen):
    """A report of the books over a span, counted in fiscal years. It opens with this one so far; subclasses that look at a day say so."""

    permission = "finance.view_reports"
    span_fields: ClassVar[tuple[str, ...]] = ("start", "end")

    @property
    def tells_cost(self) -> bool:
        """Whether whoever looks may see what goods cost: to others the accounts that tell are not there, nor what is worked out of them."""
        return not hidden_in(type(self), ("result",), self.user)

    def noted(self, note: str) -> str:
        """What a report says of itself, and what it leaves out."""
        return note if self.tells_cost else gettext("%(note)s, without what goods cost") % {"note": note}

    def year_start(self, day: date) -> date:
        """The fiscal one."""
        return reports.fiscal_year_start(day)

    def initial(self) -> dict[str, Any]:
        """The fiscal year up to today, or today."""
        today = clock.today()
        end = self.span_fields[-1]
        return {end: today} if len(self.span_fields) == 1 else {"start": reports.fiscal_year_start(today), end: today}


class TrialBalance(FinancialReport):
    """The sums of all accounts."""

    route = "reports/trial-balance"
    title = _("Trial balance")
    hint = _("What every account held before, what moved on it, and what it holds: debits and credits must agree.")
    nav = ui.Nav(_("Trial balance"), icon="scale", order=80)
    form_class = forms.UntilForm

    def initial(self) -> dict[str, Any]:
        """As of today."""
        return {"end": clock.today()}

    def report(self, data: dict[str, Any]) -> ui.Report:
        """One line an account."""
        found = reports.trial_balance(start=data.get("start"), end=data["end"])
        rows = []
        for row in found.rows:
            lines = ledger_url(row.account_id, found.start, found.end)
            rows.append(
                ui.Row((f"{row.code} {row.name}", row.opening, row.debit, row.credit, row.closing), urls=(lines, "", lines, lines, lines))
            )
        opening = sum((row.opening for row in found.rows), start=found.closing * 0)
        rows.append(ui.Row((gettext("Total"), opening, found.debit, found.credit, found.closing), "total"))
        heads = (
            ui.Head(_("Account")),
            ui.Head(_("Opening"), "money"),
            ui.Head(_("Debit"), "money"),
            ui.Head(_("Credit"), "money"),
            ui.Head(_("Balance"), "money"),
        )
        note = from_to(found.start, found.end) if found.start else as_of(found.end)
        return ui.Report(heads=heads, rows=rows if found.rows else [], currency=found.currency, note=self.noted(note))


class GeneralLedger(FinancialReport):
    """Every line of an account."""

    route = "reports/general-ledger"
    title = _("General ledger")
    hint = _("Every line posted to one account, with the balance after it.")
    nav = ui.Nav(_("General ledger"), icon="book-open-text", order=81)
    form_class = forms.LedgerForm

    def initial(self) -> dict[str, Any]:
        """The receivable account, this fiscal year."""
        account = Account.objects.filter(purpose=Purpose.RECEIVABLE).first()
        return {"account": account.pk if account else None, **super().initial()}

    def report(self, data: dict[str, Any]) -> ui.Report:
        """One line a line, with the running balance."""
        found = reports.general_ledger(data["account"], start=data["start"], end=data["end"])
        rows = [ui.Row((found.start, "", gettext("Opening balance"), "", None, None, found.opening), "subtotal")]
        rows += [
            ui.Row(
                (line.entry_date, line.entry_number, line.memo, line.party, line.debit or None, line.credit or None, line.balance),
                urls=("", ui.url_for("finance.journalentry", line.entry_id)),
            )
            for line in found.lines
        ]
        rows.append(ui.Row((found.end, "", gettext("Closing balance"), "", found.debit, found.credit, found.closing), "total"))
        heads = (
            ui.Head(_("Date"), "date"),
            ui.Head(_("Entry")),
            ui.Head(_("Memo")),
            ui.Head(_("Party"), detail=True),
            ui.Head(_("Debit"), "money"),
            ui.Head(_("Credit"), "money"),
            ui.Head(_("Balance"), "money"),
        )
        note = f"{found.code} {found.name} · {from_to(found.start, found.end)}"
        return ui.Report(heads=heads, rows=rows, currency=found.currency, note=note, chart=running(found), wide=True)


class AgedReceivables(FinancialReport):
    """Who owes what, and for how long."""

    route = "reports/aged-receivables"
    title = _("Aged receivables")
    hint = _("Who owes what, and for how long it has been due.")
    nav = ui.Nav(_("Aged receivables"), icon="hourglass", order=84)
    form_class = forms.AsOfForm
    span_fields = ("on",)

    def report(self, data: dict[str, Any]) -> ui.Report:
        """One line a customer."""
        found = reports.aged_receivables(on=data["on"])
        rows = [ui.Row((row.customer, *_ages(row)), urls=(ui.url_for("parties.party", row.customer_id), *_owed(row))) for row in found.rows]
        if rows:
            rows.append(ui.Row((gettext("Total"), *_ages(found.total)), "total"))
        heads = (ui.Head(_("Customer")), *(ui.Head(label, "money") for label in AGES), ui.Head(_("Total"), "money"))
        chart = by_age(found) if found.rows else ""
        return ui.Report(heads=heads, rows=rows, currency=found.currency, note=as_of(found.on), chart=chart, wide=True)


def _ages(row: reports.Aged) -> tuple[Any, ...]:
    return (row.not_due, row.days_1_30, row.days_31_60, row.days_61_90, row.over_90, row.total)


def _owed(row: reports.Aged) -> list[str]:
    """Each figure leads to the customer's open invoices."""
    invoices = f"{reverse('finance:invoices')}?state=open&q={quote(row.customer)}"
    return [invoices if amount else "" for amount in _ages(row)]


def by_age(found: reports.AgedReceivables) -> SafeString:
    """The largest debtors, their debt piled by its age; the others together."""
    shown = [*found.rows[:MOST]]
    rest = found.rows[MOST:]
    columns = [[_ages(row)[index] for row in shown] for index in range(len(AGES))]
    labels = [short_name(row.customer) for row in shown]
    urls = [ui.url_for("parties.party", row.customer_id) for row in shown]
    if rest:
        columns = [[*column, sum((_ages(row)[index] for row in rest), start=ZERO)] for index, column in enumerate(columns)]
        labels.append(gettext("%(count)s others") % {"count": len(rest)})
    series = [
        ui.charts.Series(label, column, f"shade-{index + 1}") for index, (label, column) in enumerate(zip(AGES, columns, strict=True))
    ]
    return ui.charts.stacked(
        ui.charts.Chart(
            title=_("What customers owe, by how long it is overdue"),
            labels=labels,
            series=series,
            currency=found.currency,
            note=as_of(found.on),
            urls=urls,
        ),
        width=ui.charts.PAGE,
    )


def short_name(name: str) -> str:
    """A customer's name as a chart has room for it."""
    words = [word for word in name.split() if word.upper().strip(".") not in ui.LEGAL_FORMS]
    short = " ".join(words) or name
    return short if len(short) <= LONGEST else f"{short[: LONGEST - 1].rstrip()}…"


def running(found: reports.GeneralLedger) -> SafeString | str:
    """The balance at the end of each day or month something moved in; nothing for a single one."""
    balances = {line.entry_date: line.balance for line in found.lines}
    if len(balances) > DAYS:
        balances = {line.entry_date.replace(day=1): line.balance for line in found.lines}
        labels = [ui.figures.month(day) for day in balances]
        note = gettext("Balance at the end of each month")
    else:
        labels = [ui.figures.day(day) for day in balances]
        note = gettext("Balance at the end of each day with a move")
    if len(balances) < 2:
        return ""
    series = (ui.charts.Series(_("Balance"), list(balances.values())),)
    title = gettext("Balance of %(account)s") % {"account": f"{found.code} {found.name}"}
    return ui.charts.area(
        ui.charts.Chart(title=title, labels=labels, series=series, currency=found.currency, note=note), width=ui.charts.PAGE
    )
