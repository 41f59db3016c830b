"""Periods and taxes on the screen: when something can be posted, and what is owed on it."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.finance import forms
from backoffice.finance.models import FiscalYear, Period, Tax, TaxRule
from backoffice.finance.operations import apply_tax, close_period, create_tax, end_tax, open_fiscal_year, reopen_period
from core import clock
from core.web import ui


class Periods(ui.ListScreen):
    """The periods of the books."""

    model = Period
    route = "periods"
    title = _("Periods")
    nav = ui.Nav(_("Periods"), icon="calendar-range", order=60, group=_("Set-up"))
    columns = (
        ui.Text("name", _("Period"), sort="starts_on"),
        ui.Status(tones={"open": "good"}),
        ui.Text("fiscal_year", _("Fiscal year"), muted=True),
        ui.Day("starts_on", _("From"), exact=True),
        ui.Day("ends_on", _("Until"), exact=True),
    )
    bulk = (ui.Bulk("close", undo=reopen_period), ui.Bulk("reopen", undo=close_period))
    segments = (ui.Segment("open", _("Open"), "open"),)
    filters = (ui.Select("fiscal_year", _("Any year"), ui.choices_of(FiscalYear.objects.order_by("-starts_on")), icon="calendar"),)
    order = ("-starts_on", "-pk")
    related = ("fiscal_year",)
    create = "finance:fiscalyear-new"
    create_label = _("Open fiscal year")
    empty = ui.Empty(_("Nothing can be posted before a fiscal year is open."), "calendar-range")


class PeriodRecord(ui.RecordScreen):
    """One period."""

    model = Period
    route = "periods"
    related = ("fiscal_year",)
    status = ui.Status(tones={"open": "good"})
    verbs = (
        ui.Verb(
            close_period,
            _("Close"),
            to=Period.Status.CLOSED,
            confirm=_("Nothing can be posted into it any more, until somebody reopens it."),
            icon="lock",
        ),
        ui.Verb(reopen_period, _("Reopen"), to=Period.Status.OPEN, confirm=_("It takes postings again."), icon="lock-open"),
    )
    sections = (
        ui.Facts(
            cells=(
                ui.Text("fiscal_year", _("Fiscal year")),
                ui.Day("starts_on", _("From"), exact=True),
                ui.Day("ends_on", _("Until"), exact=True),
                ui.Number(lambda period: period.entries.count(), _("Entries")),
            )
        ),
        ui.Table(
            title=_("Last entries"),
            rows=lambda period: period.entries.order_by("-entry_date", "-pk"),
            permission="finance.view_journalentry",
            linked=True,
            limit=20,
            empty=_("Nothing is posted into it. Close it when every document of its time is in, so that its figures stand."),
            cells=(ui.Text("number", _("Entry")), ui.Day("entry_date", _("Date"), exact=True), ui.Text("memo", _("Memo"), muted=True)),
        ),
        ui.Timeline(),
        ui.History(),
    )


class OpenFiscalYear(ui.CreateScreen):
    """Open twelve months of books."""

    model = FiscalYear
    route = "periods"
    stands_in = "finance:periods"
    title = _("Open fiscal year")
    form_class = forms.FiscalYearForm
    operation = open_fiscal_year
    submit = pgettext_lazy("verb", "Open")

    def initial(self) -> dict[str, Any]:
        """The day after the last year, when there is one."""
        last = FiscalYear.objects.order_by("-ends_on").first()
        return {"start": last.ends_on + timedelta(days=1) if last else clock.today().replace(month=1, day=1), **super().initial()}

    def back(self) -> str:
        """To the periods."""
        return Periods.url()


class Taxes(ui.ListScreen):
    """The taxes we collect."""

    model = Tax
    route = "taxes"
    title = _("Taxes")
    nav = ui.Nav(_("Taxes"), icon="percent", order=65, group=_("Set-up"))
    columns = (
        ui.Text("code", _("Code"), sort="code"),
        ui.Text("name", _("Tax"), sort="name"),
        ui.Percent("rate", _("Rate"), sort="rate", zero=True),
        ui.Text("account", _("Owed on"), muted=True),
    )
    search = ("code", "name")
    order = ("code", "pk")
    related = ("account",)
    create = "finance:tax-new"
    empty = ui.Empty(_("Without a tax here, invoices carry none."), "percent")


class TaxRecord(ui.RecordScreen):
    """One tax, and what carries it."""

    model = Tax
    route = "taxes"
    related = ("account",)
    status = None
    verbs = (
        ui.Verb(
            apply_tax, _("Apply to a tax category"), form=forms.ApplyTaxForm, slug="apply", permission="finance.create_tax", icon="plus"
        ),
    )
    sections = (
        ui.Facts(cells=(ui.Text("code", _("Code")), ui.Percent("rate", _("Rate"), zero=True), ui.Link("account", _("Owed on")))),
        ui.Table(
            title=_("Carried by"),
            rows=lambda tax: tax.rules.order_by("tax_category", "starts_on"),
            linked=True,
            empty=_("No goods or services carry it yet, so no invoice asks for it. Say from when they do."),
            cells=(
                ui.Text("get_tax_category_display", _("Tax category")),
                ui.Day("starts_on", _("From"), exact=True),
                ui.Day("ends_on", _("Until"), exact=True),
            ),
        ),
        ui.History(),
    )


class NewTax(ui.CreateScreen):
    """Know a new tax."""

    model = Tax
    route = "taxes"
    form_class = forms.TaxForm
    operation = create_tax


class TaxRuleRecord(ui.RecordScreen):
    """One tax category that carries one tax."""

    model = TaxRule
    route = "tax-rules"
    stands_in = "finance:taxes"
    related = ("tax",)
    status = None
    verbs = (
        ui.Verb(
            end_tax,
            _("End"),
            form=forms.EndTaxForm,
            slug="end",
            permission="finance.create_tax",
            when=lambda rule: rule.ends_on is None,
            danger=True,
        ),
    )
    sections = (
        ui.Facts(
            place="main",
            cells=(
                ui.Text("get_tax_category_display", _("Tax category")),
                ui.Link("tax", _("Tax")),
                ui.Day("starts_on", _("From"), exact=True),
                ui.Day("ends_on", _("Until"), exact=True),
            ),
        ),
    )

    def heading(self) -> str:
        """What carries what."""
        return f"{self.record.get_tax_category_display()}: {self.record.tax}"
