"""Papers: every word a person typed is text, the figures are exact, and the same paper is the same file."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from io import BytesIO
from threading import Thread

import pytest
from pypdf import PdfReader

from core.printing import typesetting
from core.printing.letterhead import Letterhead
from core.printing.paper import Addressee, Column, Fact, Paper, Remark, Row, Table, Total

HEAD = Letterhead("PT Nusantara Maju", ["Jl. Sudirman 1", "Jakarta"], footer="NIB 912", bank_details="Bank Nusantara\n123", terms="30 days")
NASTY = r"""#let x = 1; *bold* _it_ $x$ `raw` \ <label> @ref "quoted" // comment /* c */ = Head #image("/etc/passwd")"""


def paper(rows: int = 1, **more: object) -> Paper:
    wanted: dict[str, object] = {
        "title": "Invoice",
        "number": "INV/2026/00001",
        "made_on": date(2026, 3, 16),
        "to_label": "Bill to",
        "to": Addressee("PT Fajar Teknologi", ("Jl. Asia Afrika 1", "Bandung")),
        "tables": (
            Table(
                (Column("Description", wide=True), Column("Amount", figures=True)),
                tuple(Row((f"Thing {number}", f"Rp {number}.000"), note=f"SKU-{number}") for number in range(1, rows + 1)),
            ),
        ),
        "totals": (Total("Net", "Rp 1.000"), Total("Total", "Rp 1.110", strong=True)),
    } | more
    return Paper(**wanted)  # type: ignore[arg-type]


def text_of(content: bytes) -> list[str]:
    """What stands on each page, with the spaces as one."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages]


def made(one: Paper, head: Letterhead = HEAD) -> list[str]:
    return text_of(typesetting.pdf(one, head))


def test_a_paper_says_who_what_and_how_much() -> None:
    [page] = made(
        paper(facts=(Fact("Due date", "15 April 2026"),), remarks=(Remark("Note", "Gate 3"),), with_bank_details=True, with_terms=True)
    )
    for words in (
        "Invoice INV/2026/00001",
        "PT Nusantara Maju Jl. Sudirman 1 Jakarta",
        "PT Fajar Teknologi Jl. Asia Afrika 1 Bandung",
        "Due date 15 April 2026",
        "Thing 1 SKU-1 Rp 1.000",
        "Total Rp 1.110",
        "Note Gate 3",
        "Bank Nusantara 123",
        "30 days",
        "NIB 912",
        "Page 1 of 1",
    ):
        assert words in page, words


def test_two_hundred_lines_run_over_pages_with_their_heads() -> None:
    pages = made(paper(200))
    assert len(pages) == 9
    assert all("Description Amount" in page for page in pages)
    assert [f"Page {number} of 9" in page for number, page in enumerate(pages, 1)] == [True] * 9
    assert all(sum(f"SKU-{number} " in f"{page} " for page in pages) == 1 for number in range(1, 201))
    assert "Total Rp 1.110" in pages[-1]
    assert "PT Nusantara Maju Invoice INV/2026/00001" in pages[1]
    assert "Bandung" not in pages[1]


@pytest.mark.parametrize("place", ["title", "number", "to", "fact", "row", "note", "remark", "footer", "stamp", "house"])
def test_what_a_person_typed_is_text_wherever_it_stands(place: str) -> None:
    head = Letterhead(NASTY if place == "house" else "PT Nusantara Maju", footer=NASTY if place == "footer" else "", terms="")
    more = {
        "title": {"title": NASTY},
        "number": {"number": NASTY},
        "to": {"to": Addressee(NASTY, (NASTY,))},
        "fact": {"facts": (Fact(NASTY, NASTY),)},
        "row": {"tables": (Table((Column(NASTY, wide=True),), (Row((NASTY,)),)),)},
        "note": {"tables": (Table((Column("A", wide=True),), (Row(("x",), note=NASTY),)),)},
        "remark": {"remarks": (Remark(NASTY, f"{NASTY}\n{NASTY}"),)},
        "stamp": {"stamp": "#x *y*"},
    }.get(place, {})
    pages = made(paper(**more), head)
    assert ("#x *y*" if place == "stamp" else r"\ <label> @ref") in " ".join(pages)


def test_long_words_wrap_and_other_scripts_do_not_stop_it() -> None:
    content = typesetting.pdf(
        paper(to=Addressee("W" * 160, ("漢字 ひらがな 한국어", "😀 مرحبا", "Ñandú čšž")), remarks=(Remark("x", "Y" * 400),)), HEAD
    )
    reader = PdfReader(BytesIO(content))
    assert "".join(text_of(content)).replace("\u200b", "").replace(" ", "").count("W" * 20) >= 1
    assert len(reader.pages) == 1
    assert "Ñandú čšž" in text_of(content)[0]


def test_the_same_paper_is_the_same_file() -> None:
    first = typesetting.pdf(paper(), HEAD)
    typesetting._archived.cache_clear()
    again = typesetting.pdf(paper(), HEAD)
    assert first == again
    assert typesetting.pdf(paper(number="INV/2026/00002"), HEAD) != first
    facts = PdfReader(BytesIO(first)).metadata
    assert facts is not None
    assert (facts.title, facts.author) == ("Invoice INV/2026/00001", "PT Nusantara Maju")
    assert facts.creation_date is not None
    assert facts.creation_date.date() == date(2026, 3, 16)


def test_a_paper_is_archival_and_carries_its_own_fonts() -> None:
    reader = PdfReader(BytesIO(typesetting.pdf(paper(), HEAD)))
    fonts = reader.pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    names = {str(fonts[name]["/BaseFont"]) for name in fonts}
    assert all("Inter" in name for name in names), names
    assert b"pdfaid:part>3<" in reader.root_object["/Metadata"].get_object().get_data()  # type: ignore[attr-defined]


def test_a_letter_that_no_font_has_is_named_and_the_paper_is_made_all_the_same() -> None:
    nobodys = "\N{CUNEIFORM SIGN A}"  # a letter, and in no font that comes with a system
    assert typesetting.unprintable(paper(), HEAD) == ""
    assert typesetting.unprintable(paper(number=f"INV {nobodys}"), HEAD) == nobodys
    assert len(PdfReader(BytesIO(typesetting.pdf(paper(number=f"INV {nobodys}"), HEAD))).pages) == 1


def test_a_draft_says_so_across_the_page() -> None:
    assert "DRAFT" in made(paper(stamp="DRAFT"))[0]


def test_pages_are_pictures_too() -> None:
    pictures = typesetting.pictures(paper(60), HEAD)
    assert len(pictures) == 3
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)


@pytest.fixture
def way_out(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """What anything in a process of this environment asks of the network: a proxy that only writes down."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            with suppress(OSError):
                while True:
                    line, _who = server.accept()
                    with line:
                        heard.append(line.recv(400))

        Thread(target=listen, daemon=True).start()
        for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{server.getsockname()[1]}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        yield heard


SET_ELSEWHERE = """
import sys, tempfile, pathlib, typst
main = pathlib.Path(tempfile.mkdtemp()) / "main.typ"
main.write_text(sys.stdin.read())
try:
    typst.Compiler(str(main), root=str(main.parent)).compile(format="pdf")
except typst.TypstError as error:
    print(error.message)
"""


def set_elsewhere(layout: str) -> str:
    """What typst says of a layout, in a process of its own."""
    done = subprocess.run([sys.executable, "-c", SET_ELSEWHERE], input=layout, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout


def test_no_paper_asks_the_network_or_reads_a_file_of_the_machine(way_out: list[bytes]) -> None:
    """A layout that wanted a package of the network would be heard here; ours wants none, and no word of anybody's is read as layout."""
    assert "failed to download" in set_elsewhere('#import "@preview/cetz:0.3.0"\nHello')
    assert any(b"packages.typst.org" in asked for asked in way_out)
    assert "denied" in set_elsewhere('#read("/etc/passwd")') or "not found" in set_elsewhere('#read("/etc/passwd")')
    way_out.clear()
    nasty = '#import "@preview/cetz:0.3.0": * #image("http://evil.example/x.png") #read("/etc/passwd") #eval("1+1") #include "x.typ"'
    told = made(paper(title=nasty, to=Addressee(nasty, (nasty,)), remarks=(Remark(nasty, nasty),)), Letterhead(nasty, footer=nasty))
    assert '#read("/etc/passwd")' in told[0].replace("\u200b", "").replace(" ", "")
    typesetting.pictures(paper(number=nasty), HEAD)
    assert way_out == []
    layout = typesetting.LAYOUT.read_text()
    assert re.findall(r"\b(?:import|include|eval|plugin|read|csv|yaml|toml|xml|cbor)\b\s*[(\"]", layout) == []
    assert re.findall(r"\bjson\(([^)]*)\)", layout) == ['"paper.json"']


def test_a_file_name_holds_letters_and_dashes() -> None:
    assert paper().file_name == "Invoice-INV-2026-00001.pdf"
