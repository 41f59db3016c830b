"""Reading what people upload: CSV of any encoding and separator, and XLSX, within limits, with the header row found.

What is in a file is data: formulas are read by the value their program last computed, macros are never run, and nothing is followed. Its
XML is read by defusedxml, which openpyxl takes where it is installed.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from core.errors import Refused
from core.imports.notation import cell_of

LARGEST_FILE = 20 * 1024 * 1024
LARGEST_UNPACKED = 300 * 1024 * 1024
LARGEST_RATIO = 200
MOST_ROWS = 50_000
MOST_COLUMNS = 100
LONGEST_CELL = 5_000
LOOKED_AT = 30
"""Lines in which the header row is looked for."""

DAMAGED = (InvalidFileException, KeyError, ValueError, IndexError, zipfile.BadZipFile, SyntaxError)
"""What reading a workbook raises that is none."""

XLSX_MAGIC = b"PK\x03\x04"
ENCODINGS = ("utf-8-sig", "cp1252")
SEPARATORS = (",", ";", "\t", "|")

Line = tuple[int, list[str]]


class UnreadableUpload(Refused):
    """A file that is no table, or one too large to be taken."""


@dataclass(frozen=True)
class Table:
    """A table as it was found in a file: its header, where it stands, and how the file is written."""

    header: list[str]
    header_line: int
    sample: list[list[str]]
    encoding: str
    separator: str
    sheet: str


def look(name: str, content: bytes) -> Table:
    """Find the table in a file: its encoding, its separator, its header row, its first rows."""
    _within_limits(name, content)
    if content.startswith(XLSX_MAGIC):
        sheet, lines = _xlsx(name, content)
        encoding = separator = ""
    else:
        encoding = _encoding(name, content)
        separator = _separator(content, encoding)
        sheet, lines = "", _csv(content, encoding, separator)
    first = list(islice(lines, LOOKED_AT + 25))
    position = _header_at([cells for _line, cells in first])
    if position is None:
        raise UnreadableUpload(
            _("%(name)s has no line with column names.") % {"name": name},
            fix=_("Put the names of the columns in its first line."),
            field="file",
        )
    header_line, header = first[position]
    header = _trimmed(header)
    if len(header) > MOST_COLUMNS:
        raise UnreadableUpload(_("%(name)s has more than %(most)s columns.") % {"name": name, "most": MOST_COLUMNS}, field="file")
    sample = [_fitted(cells, len(header)) for _line, cells in first[position + 1 :] if any(cells)][:5]
    if not sample:
        raise UnreadableUpload(
            _("%(name)s has column names but no rows.") % {"name": name}, fix=_("Put one record on each line below."), field="file"
        )
    return Table(_named(header), header_line, sample, encoding, separator, sheet)


def rows(name: str, content: bytes, table: Table) -> Iterator[Line]:
    """Every row below the header that holds something: the line it starts on and as many cells as the header has."""
    _within_limits(name, content)
    lines = _xlsx(name, content)[1] if content.startswith(XLSX_MAGIC) else _csv(content, table.encoding, table.separator)
    found = 0
    for line, cells in lines:
        if line <= table.header_line or not any(cells):
            continue
        found += 1
        if found > MOST_ROWS:
            raise UnreadableUpload(
                _("%(name)s has more than %(most)s rows.") % {"name": name, "most": MOST_ROWS},
                fix=_("Split it into several files."),
                field="file",
            )
        yield line, _fitted(cells, len(table.header))


def _within_limits(name: str, content: bytes) -> None:
    if not content:
        raise UnreadableUpload(_("%(name)s is empty.") % {"name": name}, field="file")
    if len(content) > LARGEST_FILE:
        raise UnreadableUpload(
            _("%(name)s is larger than %(mb)s MB.") % {"name": name, "mb": LARGEST_FILE // 1024 // 1024},
            fix=_("Split it into several files."),
            field="file",
        )
    ending = name.rpartition(".")[2].lower()
    if ending == "xls" or content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableUpload(_("%(name)s is in the old Excel format.") % {"name": name}, fix=_("Save it as .xlsx or .csv."), field="file")
    if content.startswith(XLSX_MAGIC) is not (ending in {"xlsx", "xlsm"}) or ending not in {"csv", "txt", "tsv", "xlsx"}:
        raise UnreadableUpload(
            _("%(name)s is not what its name says.") % {"name": name}, fix=_("Choose a .csv or .xlsx file."), field="file"
        )
    if content.startswith(XLSX_MAGIC):
        _no_bomb(name, content)


def _no_bomb(name: str, content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
    except zipfile.BadZipFile as error:
        raise _damaged(name) from error
    unpacked = sum(part.file_size for part in parts)
    if unpacked > LARGEST_UNPACKED or unpacked > LARGEST_RATIO * len(content) or any(".." in part.filename for part in parts):
        raise UnreadableUpload(
            _("%(name)s unpacks to far more than a table holds.") % {"name": name}, fix=_("Save it as .csv."), field="file"
        )


def _damaged(name: str) -> UnreadableUpload:
    return UnreadableUpload(_("%(name)s is damaged.") % {"name": name}, fix=_("Save it again and upload it."), field="file")


def _encoding(name: str, content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\0" in content[:4096]:
        raise UnreadableUpload(_("%(name)s is not a text file.") % {"name": name}, fix=_("Save it as .csv or .xlsx."), field="file")
    for encoding in ENCODINGS:
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "latin-1"


def _separator(content: bytes, encoding: str) -> str:
    """The separator that cuts the first lines into the most, and the most even, columns."""
    start = content[:64_000].decode(encoding, errors="replace").splitlines()[:LOOKED_AT]
    said = re.fullmatch(r"(?i)sep=(.)", start[0].strip()) if start else None
    if said:
        return said[1]

    def evenness(separator: str) -> tuple[int, int]:
        widths = [len(cells) for cells in csv.reader(start, delimiter=separator) if any(cells)]
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        return (widths.count(usual) * (usual > 1), usual)

    return max(SEPARATORS, key=evenness)


def _csv(content: bytes, encoding: str, separator: str) -> Iterator[Line]:
    text = content.decode(encoding, errors="replace")
    csv.field_size_limit(1_000_000)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    line = 1
    try:
        for cells in reader:
            if not (line == 1 and len(cells) <= 2 and cells and cells[0].lower().startswith("sep=")):
                yield line, [_clean(cell) for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableUpload(_("Line %(line)s cannot be read: %(why)s") % {"line": line, "why": error}, field="file") from error


def _xlsx(name: str, content: bytes) -> tuple[str, Iterator[Line]]:
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), book.worksheets[0])
    except DAMAGED as error:
        raise _damaged(name) from error
    sheet.reset_dimensions()  # what the file says about its own size may be wrong, on purpose or not

    def lines() -> Iterator[Line]:
        try:
            for number, cells in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1), start=1):
                yield number, [_written(cell) for cell in cells]
        except DAMAGED as error:  # a sheet is read while its rows are taken: also one that defines entities, to grow or to fetch
            raise _damaged(name) from error

    return str(sheet.title), lines()


def _written(value: Any) -> str:
    """A cell of a sheet as text that reads back as the same value."""
    if isinstance(value, float):
        return cell_of(Decimal(repr(value)))
    if isinstance(value, datetime):
        return value.date().isoformat() if not (value.hour or value.minute or value.second) else value.isoformat(" ")
    return _clean(cell_of(value))


def _clean(cell: str) -> str:
    said = cell.replace("\0", "").replace("\N{NO-BREAK SPACE}", " ").replace("\ufeff", "").strip()
    if len(said) > 1 and said[0] == "'" and said[1] in "=+-@":  # our own exports keep formulas harmless this way
        said = said[1:]
    return said[:LONGEST_CELL]


def _header_at(lines: Sequence[Sequence[str]]) -> int | None:
    """The first line that looks like names: words, and no addresses, in at least half of the table's columns."""
    width = max((len(_trimmed(cells)) for cells in lines), default=0)
    for position, cells in enumerate(lines[:LOOKED_AT]):
        named = [cell for cell in cells if cell]
        words = [cell for cell in named if re.search(r"[^\W\d_]", cell)]
        if named and len(words) == len(named) and len(named) * 2 >= width and not any("@" in cell for cell in named):
            return position
    return None


def _trimmed(cells: Sequence[str]) -> list[str]:
    last = max((position for position, cell in enumerate(cells) if cell), default=-1)
    return list(cells[: last + 1])


def _named(header: Sequence[str]) -> list[str]:
    return [cell[:100] or _("Column %(number)s") % {"number": number} for number, cell in enumerate(header, start=1)]


def _fitted(cells: Sequence[str], width: int) -> list[str]:
    return [*cells[:width], *[""] * (width - len(cells))]
