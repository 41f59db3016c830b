"""Setting a paper: data in, PDF or pictures of its pages out. No network, no shell, no file of the machine."""

import json
import re
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import get_language, gettext

from core.printing.fonts import fonts
from core.printing.letterhead import Letterhead
from core.printing.paper import Paper, Remark

LAYOUT = Path(__file__).resolve().parent / "layout" / "paper.typ"
WESTERN = "\N{LATIN SMALL LETTER Y WITH STROKE}"
"""The last letter of Latin and its additions, which Inter has."""
ARCHIVAL = "a-3b"
"""PDF/A, so that a paper can still be read in thirty years; only a letter that no font has stands in its way."""


@dataclass(frozen=True)
class Sheets:
    """A paper as typst takes it: its words as JSON, the day it was made, and the logo."""

    words: str
    made_at: datetime
    logo: bytes = b""


def pdf(paper: Paper, head: Letterhead) -> bytes:
    """The paper as PDF; the same paper gives the same bytes."""
    return _archived(sheets(paper, head))[0]


def unprintable(paper: Paper, head: Letterhead) -> str:
    """The first letter of the paper that no font of this machine has; "" when every letter can be read."""
    sheet = sheets(paper, head)
    return _archived(sheet)[1] if any(letter > WESTERN and letter.isalpha() for letter in sheet.words) else ""


def pictures(paper: Paper, head: Letterhead) -> tuple[bytes, ...]:
    """The paper as PNG pictures, a page each."""
    return _pictures(sheets(paper, head))


def sheets(paper: Paper, head: Letterhead) -> Sheets:
    """The data of the layout. Words of the layout itself are in the language that is active now."""
    remarks = list(paper.remarks)
    if paper.with_bank_details and head.bank_details:
        remarks.insert(0, Remark(gettext("Payment"), head.bank_details))
    if paper.with_terms and head.terms:
        remarks.append(Remark(gettext("Terms"), head.terms))
    words: dict[str, Any] = {
        **asdict(paper),
        "made_on": [paper.made_on.year, paper.made_on.month, paper.made_on.day],
        "file_title": " ".join(part for part in (paper.title, paper.number) if part),
        "language": (get_language() or "en").partition("-")[0],
        "remarks": [{"heading": remark.heading, "lines": remark.text.splitlines()} for remark in remarks],
        "from_label": gettext("From"),
        "page_words": gettext("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
        "house": {
            "name": head.name,
            "address": head.address,
            "footer": head.footer.splitlines(),
            "logo": f"logo{head.logo_ending}" if head.logo else "",
        },
    }
    midnight = datetime.combine(paper.made_on, time(), UTC)
    return Sheets(json.dumps(words, sort_keys=True, ensure_ascii=False), midnight, head.logo)


@lru_cache(maxsize=16)
def _archived(sheet: Sheets) -> tuple[bytes, str]:
    """The paper, and the letter that kept it from being archival."""
    try:
        return _compiled(sheet, format="pdf", pdf_standards=[ARCHIVAL])[0], ""
    except typst.TypstError as error:
        if "could not be displayed" not in error.message and "font" not in error.message:
            raise
        letter = re.search(r'`"(.+?)"` could not be displayed', error.message)
        return _compiled(sheet, format="pdf")[0], letter[1] if letter else "\N{REPLACEMENT CHARACTER}"


@lru_cache(maxsize=8)
def _pictures(sheet: Sheets) -> tuple[bytes, ...]:
    return tuple(_compiled(sheet, format="png", ppi=132.0))


def _compiled(sheet: Sheets, **options: Any) -> Sequence[bytes]:
    """Typst sees one folder with these three files, and nothing else of the machine but its fonts."""
    with tempfile.TemporaryDirectory(prefix="satu-paper-") as folder:
        root = Path(folder)
        (root / "paper.json").write_text(sheet.words)
        if sheet.logo:
            (root / json.loads(sheet.words)["house"]["logo"]).write_bytes(sheet.logo)
        main = root / "paper.typ"
        main.write_bytes(LAYOUT.read_bytes())
        made = typst.Compiler(str(main), root=str(root), font_paths=fonts()).compile(timestamp=sheet.made_at, **options)
    return made if isinstance(made, list) else [made or b""]
