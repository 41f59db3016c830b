"""Reports: a filter form, then tables with sections and totals; on the page, on paper, as CSV and XLSX."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.web import exports, figures, markup
from core.web.cells import plain
from core.web.registry import OFFICES, Text
from core.web.screen import Crumb, Screen


@dataclass(frozen=True)
class Head:
    """A column of a report: ``kind`` is text, money, number, percent or date."""

    label: Text
    kind: str = "text"

    @property
    def align(self) -> str:
        """Figures stand at the right."""
        return "end" if self.kind in {"money", "number", "percent"} else ""


@dataclass(frozen=True)
class Row:
    """A line of a report. ``style`` is normal, group, subtotal or total; ``level`` indents; ``url`` leads further."""

    cells: Sequence[Any]
    style: str = "normal"
    level: int = 0
    url: str = ""


@dataclass(frozen=True)
class Report:
    """A table with its columns and rows, the currency of its money, and one line that says as of when and of what."""

    heads: Sequence[Head]
    rows: Sequence[Row]
    currency: str = ""
    note: Text = ""
    chart: SafeString | str = ""
    figures: Sequence[tuple[Text, str]] = field(default=())

    @cached_property
    def has_cents(self) -> bool:
        """Whether any figure has cents: then all show them, so that they line up."""
        return any(isinstance(cell, Decimal) and cell != cell.to_integral_value() for row in self.rows for cell in row.cells)


class NoQuestions(forms.Form):
    """A report that asks nothing."""


class ReportScreen(Screen):
    """One report. Subclasses give ``report(data)``; ``data`` are the cleaned filter fields."""

    template_name = "web/report.html"
    form_class: ClassVar[type[forms.Form]] = NoQuestions

    @classmethod
    def is_report(cls) -> bool:
        """It stands on the page of reports."""
        return True

    def nav_name(self) -> str:
        """The side bar marks the page of reports."""
        return "web:reports"

    def report(self, data: dict[str, Any]) -> Report:
        """The table for these filters."""
        raise NotImplementedError

    def initial(self) -> dict[str, Any]:
        """What the filters say before anybody chooses."""
        return {}

    def crumbs(self) -> list[Crumb]:
        """Office, then the report."""
        return [Crumb(OFFICES.get(self.office(), "")), Crumb(self.title)]

    def bound(self) -> forms.Form:
        """The filter form with what was chosen, and the initial values where nothing was."""
        initial = {name: value for name, value in self.initial().items() if value is not None}
        chosen = self.request.GET.dict()
        return self.form_class({**{name: _entered(value) for name, value in initial.items()}, **chosen}, initial=initial)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The report on the page, or as a file."""
        form = self.bound()
        report = self.report(form.cleaned_data) if form.is_valid() else None
        wanted = request.GET.get("export", "")
        if wanted in exports.FORMATS and report is not None:
            header = [str(head.label) for head in report.heads]
            rows = ([plain(cell) for cell in row.cells] for row in report.rows)
            return exports.download(wanted, str(self.title), header, rows)  # type: ignore[return-value]
        live = self.request.htmx and self.request.htmx.target == "results"
        query = request.GET.copy()
        query.pop("export", None)
        lines = [] if report is None else [(row, drawn(report, row)) for row in report.rows]
        template = "web/report_results.html" if live else ""
        return self.show(template, form=form, report=report, lines=lines, query=query.urlencode())


def _entered(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def drawn(report: Report, row: Row) -> list[tuple[Head, Any]]:
    """A row's cells as the page shows them; short rows are filled up."""
    cells = [*row.cells, *([None] * (len(report.heads) - len(row.cells)))]
    cents = report.has_cents
    return [(head, _cell(head, cell, report.currency, cents=cents)) for head, cell in zip(report.heads, cells, strict=False)]


def _cell(head: Head, value: Any, currency: str, *, cents: bool) -> Any:
    if value is None:
        return ""
    if head.kind == "money" and isinstance(value, (Decimal, int)):
        return format_html('<span class="num">{}</span>', figures.money(Decimal(value), currency, plain=True, cents=cents))
    if head.kind == "number":
        return format_html('<span class="num">{}</span>', figures.quantity(value))
    if head.kind == "percent":
        return format_html('<span class="num">{}</span>', figures.percent(value))
    if isinstance(value, date):
        return markup.day(value, relative=False)
    return value
