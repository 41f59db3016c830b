"""Reading tables: CSV in UTF-8, and XLSX."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from openpyxl import load_workbook

from core.errors import Refused


@dataclass(frozen=True)
class SourceRow:
    """One row as it stands in the file: the line it starts on, and its cells by column name."""

    file: str
    line: int
    cells: dict[str, str]


class UnreadableTable(Refused):
    """The file is missing, or not a table."""


def read_table(path: Path, *, null: str = "NULL") -> Iterator[SourceRow]:
    """The rows of a ``.csv`` or ``.xlsx`` file. Cells are stripped; ``null`` reads as empty.

    Bytes that are not UTF-8 stay in the cell as surrogates, so that only the row they stand in is refused later.
    """
    if not path.is_file():
        raise UnreadableTable(f"{path} does not exist.", fix="Name the folder that holds the file.")
    rows = _xlsx_rows(path) if path.suffix.lower() == ".xlsx" else _csv_rows(path)
    _line, header = next(rows, (0, []))
    names = [name.strip().removeprefix("\ufeff") for name in header]
    if not any(names):
        raise UnreadableTable(f"{path.name} has no header line.", fix="Put the column names in its first line.")
    for line, cells in rows:
        if any(cells):
            values = [cell.strip() for cell in cells] + [""] * (len(names) - len(cells))
            yield SourceRow(path.name, line, {name: "" if value == null else value for name, value in zip(names, values, strict=False)})


def _csv_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        reader = csv.reader(file)
        line = 1
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1


def _xlsx_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    sheet = load_workbook(path, read_only=True, data_only=True).worksheets[0]
    for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        yield line, ["" if cell is None else str(cell) for cell in cells]
