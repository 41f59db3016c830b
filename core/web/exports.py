"""Tables as files: CSV and XLSX, with cells no spreadsheet will run as a formula, and figures with the digits that mean something."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import IO, Any

from babel.numbers import get_currency_precision
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.text import slugify
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from core import clock

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
FORMATS = ("csv", "xlsx")
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def harmless(value: Any) -> Any:
    """A cell that stays what it is: words that look like a formula get an apostrophe in front."""
    if value is None or isinstance(value, (int, float, Decimal, date, time)):
        return value
    words = legible(str(value))
    return f"'{words}" if words.startswith(FORMULA) else words


def legible(words: str) -> str:
    """Words without the signs no workbook may hold."""
    return str(ILLEGAL_CHARACTERS_RE.sub("", words))


def in_currency(amount: Any, currency: str) -> Any:
    """An amount with its currency's digits; a price finer than that keeps what it has."""
    if not isinstance(amount, Decimal):
        return amount
    digits = get_currency_precision(currency) if currency else 2
    plain = trimmed(amount)
    exponent = plain.as_tuple().exponent
    return plain.quantize(Decimal(1).scaleb(-digits)) if isinstance(exponent, int) and -exponent <= digits else plain


def trimmed(number: Decimal) -> Decimal:
    """A number without the zeros its column gave it."""
    short = number.normalize()
    exponent = short.as_tuple().exponent
    return short.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else short


def _for_sheet(value: Any, sheet: Any) -> Any:
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        digits = -exponent if isinstance(exponent, int) and exponent < 0 else 0
        cell = WriteOnlyCell(sheet, value=value)  # type: ignore[arg-type]  # it writes Decimals as they are
        cell.number_format = "#,##0." + "0" * digits if digits else "#,##0"
        return cell
    return harmless(value)


class _Line:
    """What a csv writer writes to when each line is wanted back at once."""

    def write(self, line: str) -> str:
        return line


def file_name(name: str, kind: str) -> str:
    """A file's name: what it holds, and today's date."""
    return f"{slugify(name) or 'table'}-{clock.today().isoformat()}.{kind}"


def download(kind: str, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponseBase:
    """The table as a file named after it and today's date."""
    response: HttpResponseBase
    if kind == "xlsx":
        stream = BytesIO()
        write_xlsx(stream, name, header, rows)
        response = HttpResponse(stream.getvalue(), content_type=XLSX)
    else:
        response = StreamingHttpResponse(csv_lines(header, rows), content_type=CSV)
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(name, kind)}"'
    return response


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The table line by line, with the mark by which spreadsheets know UTF-8."""
    writer = csv.writer(_Line())
    yield "\ufeff"
    yield writer.writerow([harmless(cell) for cell in header])
    for row in rows:
        yield writer.writerow([harmless(_for_csv(cell)) for cell in row])


def _for_csv(value: Any) -> Any:
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S") if isinstance(value, datetime) and timezone.is_aware(value) else value


def write_xlsx(stream: IO[bytes], name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """The table as a workbook, row by row."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(slugify(name)[:31] or "table")
    sheet.freeze_panes = "A2"
    sheet.append([harmless(cell) for cell in header])
    for row in rows:
        sheet.append([_for_sheet(cell, sheet) for cell in row])
    book.save(stream)
