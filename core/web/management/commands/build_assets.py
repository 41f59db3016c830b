"""Builds what the pages load: Inter subset to Latin, one style sheet and one script instead of many, the languages."""

import gzip
import json
import os
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.core.management.base import BaseCommand
from fontTools.subset import Options, Subsetter, load_font, save_font

from core.printing.fonts import build_fonts
from core.web import languages
from core.web.templatetags.web import STATIC, script_files, style_files

WEIGHTS = (("Regular", 400), ("Medium", 500), ("SemiBold", 600))
SINGLES = ((0x20AC, 0x20AC), (0x2122, 0x2122), (0x2212, 0x2212), (0x2260, 0x2260), (0x2264, 0x2265), (0x21B5, 0x21B5), (0x2318, 0x2318))
RANGES = ((0x20, 0x7E), (0xA0, 0xFF), (0x2010, 0x2027), (0x202F, 0x203A), (0x2190, 0x2199), *SINGLES)
RARE = ((0x100, 0x17F), (0x20A0, 0x20AB), (0x20AD, 0x20BF))  # in a file of its own, loaded by the pages on which such a letter stands
CUTS = (("", RANGES), ("-rare", RARE))
REMARK = re.compile(r"^[ \t]*(?://.*$|/\*(?:[^*]|\*(?!/))*\*/[ \t]*$)", re.MULTILINE)
INDENT = re.compile(r"^\s+", re.MULTILINE)


class Command(BaseCommand):
    """Skips whatever is up to date."""

    help = "Build the fonts, the style sheet, the script and the languages of the staff pages."

    def handle(self, *args: Any, **options: Any) -> None:
        """Fonts, bundles, languages."""
        faces = self.fonts(STATIC / "fonts").replace('url("', 'url("../fonts/')
        self.bundle("app.css", [STATIC / "css" / name for name in style_files()], "/* {} */\n{}\n", before=faces)
        self.bundle("app.js", [STATIC / "js" / name for name in script_files()], "// {}\n{{\n{}\n}}\n", before=htmx())
        languages.compile_all()
        build_fonts()  # the papers' own

    def fonts(self, folder: Path) -> str:
        """Inter in three weights, only the letters European languages and Indonesian need; gives back the style sheet that names them.

        `optional`: a font that is not there at the first paint waits for the next page, so that no line moves under the reader's eye.
        """
        folder.mkdir(parents=True, exist_ok=True)
        faces = []
        for name, weight in WEIGHTS:
            source = finders.find(f"unfold/fonts/inter/Inter-{name}.woff2")
            if not isinstance(source, str):
                continue
            for part, ranges in CUTS:
                made = folder / f"Inter-{name}{part}.woff2"
                if not made.exists() or made.stat().st_mtime < max(one.stat().st_mtime for one in (Path(source), Path(__file__))):
                    subset(Path(source), made, ranges)
                letters = ",".join(f"U+{first:X}-{last:X}" for first, last in ranges)
                faces.append(
                    f'@font-face{{font-family:"Inter";font-weight:{weight};font-display:optional;'
                    f'src:url("{made.name}") format("woff2");unicode-range:{letters}}}'
                )
        sheet = "\n".join(faces) + "\n"
        write(folder / "inter.css", sheet.encode())
        return sheet

    def bundle(self, name: str, sources: list[Path], frame: str, *, before: str) -> None:
        """One file of many, in their order, and beside it the same compressed, which is served where nobody collected files."""
        folder = STATIC / "build"
        folder.mkdir(parents=True, exist_ok=True)
        text = before + "".join(frame.format(path.name, plain(path.read_text())) for path in sources)
        write(folder / f"{name}.gz", gzip.compress(text.encode(), mtime=0))
        if write(folder / name, text.encode()):
            self.stdout.write(json.dumps({"built": name, "sha": sha256(text.encode()).hexdigest()[:12], "bytes": len(text)}))


def htmx() -> str:
    """htmx as django-htmx ships it, still known to everybody by its name."""
    source = finders.find("django_htmx/htmx-2.min.js")
    assert isinstance(source, str)
    return f"{Path(source).read_text().strip()}\nwindow.htmx = htmx;\n"


def plain(text: str) -> str:
    """A source without what only its reader needs: whole lines of remarks and the indents."""
    return INDENT.sub("", REMARK.sub("", text)).strip()


def subset(source: Path, made: Path, ranges: tuple[tuple[int, int], ...]) -> None:
    """Keep the letters we write, their figures and features; drop the rest."""
    options = Options()
    options.flavor = "woff2"
    options.layout_features = ["kern", "ccmp", "locl", "mark", "mkmk", "tnum", "cv11", "ss03"]
    font = load_font(str(source), options)
    shears = Subsetter(options)
    shears.populate(unicodes=[code for first, last in ranges for code in range(first, last + 1)])
    shears.subset(font)
    save_font(font, str(made), options)


def write(path: Path, content: bytes) -> bool:
    """Write a file unless it says the same already; nobody ever reads half of it."""
    if path.exists() and path.read_bytes() == content:
        path.touch()
        return False
    half = path.with_name(f"{path.name}.{os.getpid()}")
    half.write_bytes(content)
    half.replace(path)
    return True
