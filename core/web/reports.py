"""Reports: a filter form, then tables with sections and totals; on the page, on paper, as CSV and XLSX."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core import clock
from core.web import entry, exports, figures, markup, reportfiles
from core.web.home import Kpi
from core.web.house import house
from core.web.registry import OFFICES, Text
from core.web.screen import Crumb, Screen
from core.web.spans import named_days, named_spans

SIDE_BY_SIDE = 2
"""As many figures as a phone shows in a row."""


@dataclass(frozen=True)
class Head:
    """A column of a report: ``kind`` is text, money, change (money with its sign), number, percent or date. On the page and on paper
    a column with ``under`` stands as a second line below the one before it; files keep it apart. A ``detail`` is left out on a phone."""

    label: Text
    kind: str = "text"
    under: bool = False
    detail: bool = False

    @property
    def align(self) -> str:
        """Figures stand at the right."""
        return "end" if self.kind in {"money", "change", "number", "percent"} else ""

    @property
    def classes(self) -> str:
        """How its cells are drawn."""
        return " ".join(filter(None, (self.align, "report-detail" if self.detail else "")))


@dataclass(frozen=True)
class Row:
    """A line of a report. ``style`` is normal, group, subtotal or total; ``level`` indents; ``url`` leads further from its first
    cell, ``urls`` from each figure (one per cell, empty where there is nowhere to go). A group folds the rows below it."""

    cells: Sequence[Any]
    style: str = "normal"
    level: int = 0
    url: str = ""
    urls: Sequence[str] = ()


@dataclass(frozen=True)
class Report:
    """A table with its columns and rows, the currency of its money, and one line that says as of when and of what.

    ``chart`` stands above it, ``figures`` above that. ``wide`` prints across the sheet.
    """

    heads: Sequence[Head]
    rows: Sequence[Row]
    currency: str = ""
    note: Text = ""
    chart: SafeString | str = ""
    figures: Sequence[Kpi] = field(default=())
    wide: bool = False

    @property
    def columns(self) -> list[Head]:
        """The columns the page shows."""
        return [head for head in self.heads if not head.under]

    @cached_property
    def key(self) -> Head | None:
        """The figure a row is about when it has more than a phone can show side by side; the others then stand below it by name."""
        shown = [head for head in self.columns if head.align and not head.detail]
        money = [head for head in shown if head.kind == "money"] or shown
        if len(shown) <= SIDE_BY_SIDE:
            return None
        return money[0] if any(head.kind == "change" for head in shown) else money[-1]

    @cached_property
    def has_cents(self) -> bool:
        """Whether any figure has cents: then all show them, so that they line up."""
        columns = [index for index, head in enumerate(self.heads) if head.kind in {"money", "change"}]
        cells = (row.cells[index] for row in self.rows for index in columns if index < len(row.cells))
        return any(isinstance(cell, Decimal) and cell != cell.to_integral_value() for cell in cells)


@dataclass(frozen=True)
class Drawn:
    """One cell as the page shows it."""

    head: Head
    html: Any
    url: str = ""
    below: Any = ""


@dataclass(frozen=True)
class Block:
    """A group of rows that folds together, or rows that stand alone (without a head)."""

    head: tuple[Row, list[Drawn]] | None
    lines: list[tuple[Row, list[Drawn]]]


ZERO_SHOWN = SafeString('<span class="num muted">–</span>')


class NoQuestions(forms.Form):
    """A report that asks nothing."""


class ReportScreen(Screen, ABC):
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

    @abstractmethod
    def report(self, data: dict[str, Any]) -> Report:
        """The table for these filters."""

    def initial(self) -> dict[str, Any]:
        """What the filters say before anybody chooses."""
        return {}

    span_fields: ClassVar[tuple[str, ...]] = ()

    def year_start(self, day: date) -> date:
        """The first day of the year a day lies in."""
        return day.replace(month=1, day=1)

    def spans(self) -> list[tuple[str, str, bool]]:
        """Named spans for ``span_fields`` (first and last day, or one day): label, query, whether it is the one shown."""
        today = clock.today()
        if not self.span_fields:
            return []
        named = named_days if len(self.span_fields) == 1 else named_spans
        asked = {name: _entered(value) for name, value in self.initial().items()} | {
            name: _plain(value) for name, value in self.request.GET.dict().items() if name in self.span_fields
        }
        found = []
        for span in named(today, self.year_start(today)):
            wanted = {self.span_fields[-1]: span.end.isoformat()}
            if len(self.span_fields) == 2:
                wanted[self.span_fields[0]] = span.start.isoformat()
            params = self.request.GET.copy()
            params.pop("export", None)
            for name, value in wanted.items():
                params[name] = value
            found.append((span.label, f"?{params.urlencode()}", all(asked.get(name) == value for name, value in wanted.items())))
        return found

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
            return reportfiles.download(wanted, str(self.title), report)  # type: ignore[return-value]
        live = self.request.htmx and self.request.htmx.target == "results"
        query = request.GET.copy()
        query.pop("export", None)
        blocks = [] if report is None else blocks_of(report)
        template = "web/report_results.html" if live else ""
        printed: dict[str, Any] = {"printed_by": self.user.name, "printed_at": figures.moment(clock.now()), "company": house().name}
        return self.show(template, form=form, report=report, blocks=blocks, query=query.urlencode(), spans=self.spans(), **printed)


def _plain(text: str) -> str:
    """A day as addresses write it, however it was typed."""
    with suppress(ValueError):
        return entry.read_day(text).isoformat()
    return text


def _entered(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def blocks_of(report: Report) -> list[Block]:
    """The rows in blocks: a group with what is under it up to the next group or total."""
    blocks: list[Block] = []
    for row in report.rows:
        line = (row, drawn(report, row))
        if row.style == "group":
            blocks.append(Block(line, []))
        elif not blocks or (row.level == 0 and row.style != "normal" and blocks[-1].head and _closed(blocks[-1])) or row.style == "total":
            blocks.append(Block(None, [line]))
        else:
            blocks[-1].lines.append(line)
    return blocks


def _closed(block: Block) -> bool:
    """Whether a group has had its sum: a further one is no part of it."""
    return bool(block.lines) and block.lines[-1][0].style == "subtotal"


def drawn(report: Report, row: Row) -> list[Drawn]:
    """A row's cells as the page shows them; short rows are filled up."""
    cells = [*row.cells, *([None] * (len(report.heads) - len(row.cells)))]
    urls = [row.url, *([""] * len(cells))] if not row.urls else [*row.urls, *([""] * len(cells))]
    cents = report.has_cents
    found: list[Drawn] = []
    for head, cell, url in zip(report.heads, cells, urls, strict=False):
        html = _cell(head, cell, report.currency, cents=cents)
        if head.under:
            found[-1] = replace(found[-1], below=html)
        else:
            found.append(Drawn(head, html, url))
    return found


def _cell(head: Head, value: Any, currency: str, *, cents: bool) -> Any:
    if value is None:
        return ""
    if head.kind in {"money", "change"} and isinstance(value, (Decimal, int)):
        return _money(head, Decimal(value), currency, cents=cents)
    if head.kind == "number":
        return format_html('<span class="num">{}</span>', figures.quantity(value))
    if head.kind == "percent":
        return format_html('<span class="num">{}</span>', figures.percent(value))
    return markup.day(value, relative=False) if isinstance(value, date) else value


def _money(head: Head, amount: Decimal, currency: str, *, cents: bool) -> SafeString:
    if not amount:
        return ZERO_SHOWN
    sign = "+" if head.kind == "change" and amount > 0 else ""
    return format_html('<span class="num">{}{}</span>', sign, figures.money(amount, currency, plain=True, cents=cents))
