"""A report as a file: figures with the digits of their currency, and in a workbook as they stand on paper."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.text import slugify
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from core import clock, money
from core.web import exports
from core.web.cells import plain
from core.web.house import house

if TYPE_CHECKING:
    from core.web.reports import Head, Report

THIN = Border(top=Side(style="thin"))
WIDTHS = {"text": 34, "date": 12, "percent": 10, "number": 14}


def download(kind: str, name: str, report: "Report") -> HttpResponseBase:
    """The report as a file named after it and today's date."""
    if kind == "csv":
        return exports.download(kind, name, [str(head.label) for head in report.heads], rows(report))
    filename = f"{slugify(name) or 'report'}-{clock.today().isoformat()}.xlsx"
    return HttpResponse(
        workbook(name, report), content_type=exports.XLSX, headers={"Content-Disposition": f'attachment; filename="{filename}"'}
    )


def rows(report: "Report") -> Iterator[list[Any]]:
    """Every row with plain values: money with its currency's digits."""
    for row in report.rows:
        yield [plain(figure(head, cell, report.currency)) for head, cell in zip(report.heads, row.cells, strict=False)]


def figure(head: "Head", value: Any, currency: str) -> Any:
    """A value as a file writes it."""
    if not isinstance(value, Decimal):
        return value
    if head.kind in {"money", "change"}:
        return money.round_money(value, currency) if currency else value
    return Decimal(f"{value.normalize():f}")


def number_format(head: "Head", report: "Report") -> str:
    """How a spreadsheet writes a column."""
    if head.kind in {"money", "change"}:
        digits = money.digits(report.currency) if report.currency and report.has_cents else 0
        return f"#,##0.{'0' * digits}" if digits else "#,##0"
    return {"number": "#,##0.######", "percent": "0.0%", "date": "yyyy-mm-dd"}.get(head.kind, "General")


def workbook(name: str, report: "Report") -> bytes:
    """The report as a sheet that may be printed as it is: bold sums, indents, the head on every page."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = slugify(name)[:31] or "report"
    sheet.append([exports.harmless(str(head.label)) for head in report.heads])
    for row in report.rows:
        sheet.append([exports.harmless(_value(head, cell, report.currency)) for head, cell in zip(report.heads, row.cells, strict=False)])
        for cell, head in zip(sheet[sheet.max_row], report.heads, strict=False):
            cell.number_format = number_format(head, report)
            cell.font = Font(bold=row.style != "normal")
            if cell.column == 1 and row.level:
                cell.alignment = Alignment(indent=row.level)
            if row.style in {"subtotal", "total"}:
                cell.border = THIN
    for index, (cell, head) in enumerate(zip(sheet[1], report.heads, strict=True), start=1):
        cell.font = Font(bold=True)
        cell.alignment = Alignment(horizontal="right" if head.align else "left")
        sheet.column_dimensions[get_column_letter(index)].width = WIDTHS.get(head.kind, 20)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    header: Any = sheet.oddHeader
    footer: Any = sheet.oddFooter
    header.left.text, header.center.text, header.right.text = (
        exports.legible(words).replace("&", "&&") for words in (house().name, name, str(report.note))
    )
    footer.right.text = "&P / &N"
    sheet.page_setup.orientation = "landscape" if report.wide else "portrait"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _value(head: "Head", value: Any, currency: str) -> Any:
    found = figure(head, value, currency)
    return found if isinstance(found, (Decimal, int, float, date)) or found is None else str(found)
