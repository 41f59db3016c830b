"""Tables as files: CSV and XLSX, with cells no spreadsheet will run as a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.text import slugify
from openpyxl import Workbook

from core import clock

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
FORMATS = ("csv", "xlsx")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def harmless(value: Any) -> Any:
    """A cell that stays what it is: words that look like a formula get an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _for_sheet(value: Any) -> Any:
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    return harmless(value)


class _Line:
    """What a csv writer writes to when each line is wanted back at once."""

    def write(self, line: str) -> str:
        return line


def download(kind: str, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponseBase:
    """The table as a file named after it and today's date."""
    filename = f"{slugify(name) or 'table'}-{clock.today().isoformat()}.{kind}"
    response: HttpResponseBase
    if kind == "xlsx":
        response = HttpResponse(_workbook(name, header, rows), content_type=XLSX)
    else:
        response = StreamingHttpResponse(_csv(header, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff"
    yield writer.writerow([harmless(cell) for cell in header])
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])


def _workbook(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(slugify(name)[:31] or "table")
    sheet.append([harmless(cell) for cell in header])
    for row in rows:
        sheet.append([_for_sheet(cell) for cell in row])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()
