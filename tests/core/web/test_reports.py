"""Reports: blocks that fold, figures that lead on, spans with names, and files with the right digits."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from core.web import reportfiles, reports
from core.web.reports import Head, Report, Row
from core.web.spans import compared, named_days, named_spans

pytestmark = pytest.mark.usefixtures("company")

TABLE = Report(
    heads=(Head("Account"), Head("Amount", "money"), Head("Change", "change"), Head("Share", "percent"), Head("Pieces", "number")),
    rows=(
        Row(("Assets",), "group"),
        Row(
            ("1100 Bank", Decimal("1250000.5000"), Decimal("250000.2500"), Decimal("0.5000"), Decimal("3.0000")),
            level=1,
            urls=("", "/bank/"),
        ),
        Row(("Total assets", Decimal("1250000.5000")), "subtotal"),
        Row(("Liabilities",), "group"),
        Row(("2100 Loan", Decimal("0.0000")), level=1),
        Row(("Total liabilities", Decimal(0)), "subtotal"),
        Row(("Gross", Decimal(1)), "subtotal"),
        Row(("Total", Decimal("1250001.5")), "total"),
    ),
    currency="IDR",
    note="As of today",
)


def test_a_group_folds_its_rows_and_keeps_its_sum_to_itself() -> None:
    blocks = reports.blocks_of(TABLE)
    assert [(block.head[0].cells[0] if block.head else None, [row.cells[0] for row, _cells in block.lines]) for block in blocks] == [
        ("Assets", ["1100 Bank", "Total assets"]),
        ("Liabilities", ["2100 Loan", "Total liabilities"]),
        (None, ["Gross"]),
        (None, ["Total"]),
    ]


def test_a_figure_leads_to_what_is_behind_it_and_zero_is_a_dash() -> None:
    bank, loan = (reports.drawn(TABLE, TABLE.rows[index]) for index in (1, 4))
    assert [(str(cell.html), cell.url) for cell in bank] == [
        ("1100 Bank", ""),
        ('<span class="num">1.250.000,50</span>', "/bank/"),
        ('<span class="num">+250.000,25</span>', ""),
        ('<span class="num">50\N{NO-BREAK SPACE}%</span>', ""),
        ('<span class="num">3</span>', ""),
    ]
    assert str(loan[1].html) == '<span class="num muted">–</span>'


def test_a_file_has_the_digits_of_its_currency() -> None:
    assert [[str(cell) for cell in row] for row in reportfiles.rows(TABLE)][1] == ["1100 Bank", "1250000.50", "250000.25", "0.5", "3"]
    yen = Report(heads=(Head("Amount", "money"),), rows=(Row((Decimal("12.0000"),)),), currency="JPY")
    assert [str(cell) for cell in next(reportfiles.rows(yen))] == ["12"]


def test_a_workbook_counts_with_its_figures_and_stands_as_on_paper() -> None:
    sheet = load_workbook(BytesIO(reportfiles.workbook("Balance & more", TABLE))).worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["Account", "Amount", "Change", "Share", "Pieces"]
    assert (sheet["B3"].value, sheet["B3"].number_format) == (1250000.5, "#,##0.00")
    assert (sheet["A3"].alignment.indent, sheet["A4"].font.bold, sheet["A3"].font.bold) == (1, True, False)
    assert (sheet.freeze_panes, sheet.oddHeader.center.text) == ("A2", "Balance && more")


def test_a_formula_in_a_name_stays_a_name() -> None:
    evil = Report(heads=(Head("Account"),), rows=(Row(("=1+1",)),))
    assert load_workbook(BytesIO(reportfiles.workbook("x", evil))).worksheets[0]["A2"].value == "'=1+1"


@pytest.mark.parametrize(
    ("how", "span", "other"),
    [
        ("previous", ("2026-11-01", "2026-11-30"), ("2026-10-01", "2026-10-31")),
        ("previous", ("2026-03-01", "2026-03-31"), ("2026-02-01", "2026-02-28")),
        ("previous", ("2026-11-01", "2026-11-23"), ("2026-10-01", "2026-10-23")),
        ("previous", ("2026-10-01", "2026-12-31"), ("2026-07-01", "2026-09-30")),
        ("previous", ("2026-01-10", "2026-01-19"), ("2025-12-31", "2026-01-09")),
        ("year", ("2026-01-01", "2026-11-23"), ("2025-01-01", "2025-11-23")),
        ("year", ("2024-02-01", "2024-02-29"), ("2023-02-01", "2023-02-28")),
        ("year", ("2025-02-01", "2025-02-28"), ("2024-02-01", "2024-02-29")),
    ],
)
def test_a_span_is_compared_with_the_same_stretch_before(how: str, span: tuple[str, str], other: tuple[str, str]) -> None:
    start, end = map(date.fromisoformat, span)
    assert compared(how, start, end) == tuple(map(date.fromisoformat, other))
    assert compared("", start, end) is None


def test_named_spans_follow_the_fiscal_year_and_end_today() -> None:
    spans = named_spans(date(2026, 11, 23), date(2026, 4, 1))
    assert [(span.start.isoformat(), span.end.isoformat()) for span in spans] == [
        ("2026-11-01", "2026-11-23"),
        ("2026-10-01", "2026-10-31"),
        ("2026-10-01", "2026-11-23"),
        ("2026-07-01", "2026-09-30"),
        ("2026-04-01", "2026-11-23"),
        ("2025-04-01", "2026-03-31"),
        ("2025-12-01", "2026-11-23"),
    ]
    assert [day.end.isoformat() for day in named_days(date(2026, 11, 23), date(2026, 1, 1))] == [
        "2026-11-23",
        "2026-10-31",
        "2026-09-30",
        "2025-12-31",
    ]


@pytest.mark.usefixtures("trial")
def test_a_report_says_on_paper_whose_it_is_and_as_of_when(as_seller: Client) -> None:
    page = as_seller.get("/trial/reports/sums/", {"name": "Liabilities"}).content.decode()
    assert '<p class="print-company">PT Nusantara Maju</p>' in page
    assert "As of today · IDR" in page
    assert "by Dewi Lestari" in page
    assert 'class="report-fold" aria-expanded="true"' in page


def test_a_column_may_stand_under_the_one_before_it_and_apart_in_a_file() -> None:
    stock = Report(
        heads=(Head("Product"), Head("SKU", under=True), Head("Pieces", "number")), rows=(Row(("Desk", "D-1", 3), urls=("/d/",)),)
    )
    cells = reports.drawn(stock, stock.rows[0])
    assert [str(head.label) for head in stock.columns] == ["Product", "Pieces"]
    assert [(str(cell.html), cell.url, cell.below) for cell in cells] == [("Desk", "/d/", "D-1"), ('<span class="num">3</span>', "", "")]
    assert list(reportfiles.rows(stock)) == [["Desk", "D-1", 3]]
