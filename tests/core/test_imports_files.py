"""Files as people have them: other encodings and separators, titles above the header, merged cells, dates and numbers in text."""

import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils.translation import override
from openpyxl import DEFUSEDXML, Workbook

from core.imports import uploads
from core.imports.kinds import ImportKind, guess, loaded
from core.imports.mapping import BadCell
from core.imports.notation import choice, day, number, yes_or_no
from core.imports.uploads import UnreadableUpload, look, rows


def read(name: str, content: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    table = look(name, content)
    return table.header, list(rows(name, content, table))


@pytest.mark.parametrize(
    ("content", "encoding", "separator"),
    [
        ("Nama,Kota\nPT Café,Bandung\n".encode(), "utf-8-sig", ","),
        ("Nama,Kota\nPT Café,Bandung\n".encode("utf-8-sig"), "utf-8-sig", ","),
        ("Nama;Kota\nPT Café;Bandung\n".encode("cp1252"), "cp1252", ";"),
        ("Nama\tKota\r\nPT Café\tBandung\r\n".encode("utf-16"), "utf-16", "\t"),
        ("sep=;\nNama;Kota\nPT Café;Bandung\n".encode(), "utf-8-sig", ";"),
        ('Nama|Kota\n"PT Café"|Bandung\n'.encode(), "utf-8-sig", "|"),
    ],
)
def test_encoding_and_separator_are_found_out(content: bytes, encoding: str, separator: str) -> None:
    table = look("pelanggan.csv", content)
    assert (table.encoding, table.separator) == (encoding, separator)
    assert read("pelanggan.csv", content)[0] == ["Nama", "Kota"]
    assert [cells for _line, cells in read("pelanggan.csv", content)[1]] == [["PT Café", "Bandung"]]


def test_a_title_and_empty_lines_above_the_header_are_passed_over_and_lines_keep_their_numbers() -> None:
    content = b"Daftar pelanggan 2026,,\n\nName,E-mail,Phone\nAlpha,a@a.example,1\n,,\nBeta,b@b.example\n"
    assert read("a.csv", content) == (
        ["Name", "E-mail", "Phone"],
        [(4, ["Alpha", "a@a.example", "1"]), (6, ["Beta", "b@b.example", ""])],
    )


def test_a_cell_may_hold_separators_quotes_and_line_breaks() -> None:
    content = b'Name;Note\n"Alpha; Ltd";"says ""hi""\nand goes"\nBeta;x\n'
    assert read("a.csv", content)[1] == [(2, ["Alpha; Ltd", 'says "hi"\nand goes']), (4, ["Beta", "x"])]


def test_a_sheet_with_merged_cells_dates_figures_and_formulas_is_read_by_its_values() -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["Daftar harga"])
    sheet.merge_cells("A1:D1")
    sheet.append(["SKU", "Price", "Since", "Formula"])
    sheet.append(["D-1", 1234.125, datetime(2026, 11, 23), "=1+1"])  # noqa: DTZ001 - sheets know no time zones
    sheet.append([1200, 2500000, date(2026, 1, 2), "'=danger"])
    hidden = book.create_sheet("hidden", 0)
    hidden.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    header, found = read("a.xlsx", stream.getvalue())
    assert header == ["SKU", "Price", "Since", "Formula"]
    assert found == [(3, ["D-1", "1234.125", "2026-11-23", ""]), (4, ["1200", "2500000", "2026-01-02", "=danger"])]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"1,2,3\n4,5,6\n", "no line with column names"),
        ("a.csv", b"Name,Phone\n", "no rows"),
        ("a.csv", b"PK\x03\x04rest", "not what its name says"),
        ("a.xlsx", b"Name,Phone\nA,1\n", "not what its name says"),
        ("a.xlsx", b"PK\x03\x04rest", "damaged"),
        ("a.xls", b"\xd0\xcf\x11\xe0rest", "old Excel format"),
        ("a.csv", b"Name\0,Phone\n", "not a text file"),
        ("a.exe", b"MZ", "not what its name says"),
    ],
)
def test_what_is_no_table_is_refused_in_words(name: str, content: bytes, words: str) -> None:
    with pytest.raises(UnreadableUpload, match=words):
        look(name, content)


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    with pytest.raises(UnreadableUpload, match="unpacks to far more"):
        look("a.xlsx", stream.getvalue())


LAUGHS = "".join(f'<!ENTITY {chr(98 + n)} "{10 * f"&{chr(97 + n)};"}">' for n in range(9))
BOMB = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">{LAUGHS}]>'
FETCH = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY j SYSTEM "file:///etc/passwd">]>'


def a_workbook() -> bytes:
    book, stream = Workbook(), io.BytesIO()
    for row in (["Name", "City"], ["A", "B"]):
        book.worksheets[0].append(row)
    book.save(stream)
    return stream.getvalue()


def with_head(part: str, head: str) -> bytes:
    """A workbook one part of which defines entities, and uses one."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(a_workbook())) as whole, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in whole.namelist():
            said = whole.read(name).decode()
            body = re.sub(r"^<\?xml[^>]*\?>\s*", "", said)
            packed.writestr(name, (head + body.replace(">A<", ">&j;<")) if name == part else said)
    return stream.getvalue()


@pytest.mark.parametrize("head", [BOMB, FETCH], ids=["grows", "fetches"])
def test_a_sheet_that_grows_or_fetches_while_it_is_read_is_refused(head: str) -> None:
    """Entities of XML that multiply, or name a file of this machine."""
    assert DEFUSEDXML, "openpyxl has to read with defusedxml"
    with pytest.raises(UnreadableUpload, match="damaged"):
        look("a.xlsx", with_head("xl/worksheets/sheet1.xml", head))


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels", "docProps/core.xml"]
)
@pytest.mark.parametrize("head", [BOMB, FETCH], ids=["grows", "fetches"])
def test_in_every_other_part_of_a_workbook_they_are_left_as_they_are(head: str, part: str) -> None:
    table = look("a.xlsx", with_head(part, head))
    assert (table.header, table.sample) == (["Name", "City"], [["A", "B"]])


def test_a_file_with_too_many_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_ROWS", 2)
    with pytest.raises(UnreadableUpload, match="more than 2 rows"):
        read("a.csv", b"Name\nA\nB\nC\n")


@pytest.mark.parametrize(
    ("language", "cell", "meant"),
    [
        ("id", "1.250.000,50", "1250000.50"),
        ("en", "1,250,000.50", "1250000.50"),
        ("id", "Rp 2.500.000", "2500000"),
        ("en", "2.500.000", "2500000"),
        ("id", "2.500", "2500"),
        ("en", "2.500", "2.500"),
        ("en", "2,500", "2500"),
        ("id", "2,500", "2.500"),
        ("id", "1234.125", "1234.125"),
        ("id", "12,5", "12.5"),
        ("en", "12.5", "12.5"),
        ("en", "(1,000)", "-1000"),
        ("id", "−15", "-15"),
        ("en", "0.125", "0.125"),
    ],
)
def test_a_number_is_read_as_people_write_it(language: str, cell: str, meant: str) -> None:
    with override(language):
        assert number(cell) == Decimal(meant)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-11-23",
        "23/11/2026",
        "23-11-26",
        "23.11.2026",
        "23 Nov 2026",
        "23 November 2026",
        "November 23, 2026",
        "11/23/2026",
        "2026/11/23",
    ],
)
def test_a_date_is_read_as_people_write_it(cell: str) -> None:
    assert day(cell) == date(2026, 11, 23)


def test_a_month_may_be_indonesian() -> None:
    assert [day(f"5 {name} 2026").month for name in ("Mei", "Agustus", "Okt", "Desember")] == [5, 8, 10, 12]


@pytest.mark.parametrize(
    ("parse", "cell"),
    [
        (number, "twelve"),
        (number, "1.2.3,4,5"),
        (day, "31/02/2026"),
        (day, "soon"),
        (yes_or_no, "maybe"),
        (choice([("a", "Alpha")]), "b"),
        (number, "NaN"),
    ],
)
def test_what_cannot_be_meant_is_said_at_the_cell(parse: object, cell: str) -> None:
    with pytest.raises(BadCell, match=cell.replace(".", r"\.")):
        parse(cell)  # type: ignore[operator]


@pytest.fixture
def customers() -> ImportKind:
    return loaded()["parties.customer"]


def test_columns_are_guessed_from_english_and_indonesian_names_each_once(customers: ImportKind) -> None:
    header = [
        "Kode Pelanggan",
        "NAMA PERUSAHAAN",
        "Alamat E-mail",
        "No. Telepon",
        "Kota",
        "Kode Pos",
        "Warna",
        "Customer Name",
        "NPWP (15 digit)",
    ]
    assert guess(customers, header, {}) == ["code", "name", "email", "phone", "city", "postal_code", "", "", "tax_id"]


def test_what_was_chosen_last_time_comes_before_the_guess(customers: ImportKind) -> None:
    assert guess(customers, ["Name", "Klien"], {"name": "legal_name", "klien": "name"}) == ["legal_name", "name"]
    assert guess(customers, ["Name", "Note"], {"name": ""}) == ["", ""]


def test_every_kind_can_be_found_by_its_own_template() -> None:
    kinds = loaded()
    assert {kind for kind in kinds if "trial" not in kind} >= {
        "parties.customer",
        "parties.supplier",
        "parties.contact",
        "catalog.product",
        "crm.lead",
        "crm.deal",
        "sales.price",
        "inventory.opening",
        "inventory.count",
        "finance.account",
        "finance.opening",
        "finance.terms",
        "finance.invoice",
        "finance.payment",
        "finance.entry",
        "sales.order",
        "crm.activity",
        "people.user",
    }
    for kind in kinds.values():
        header = [str(column.name) for column in kind.columns]
        assert guess(kind, header, {}) == [column.field for column in kind.columns], kind.kind
