"""Builds what the pages load: Inter subset to Latin, one style sheet and one script instead of many, the languages."""

import json
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
RANGES = ((0x20, 0x7E), (0xA0, 0x17F), (0x2010, 0x2027), (0x202F, 0x203A), (0x20A0, 0x20BF), (0x2190, 0x2199))
SINGLES = (0x2122, 0x2212, 0x2260, 0x2264, 0x2265, 0x21B5, 0x2318)


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
            made = folder / f"Inter-{name}.woff2"
            if not made.exists() or made.stat().st_mtime < Path(source).stat().st_mtime:
                subset(Path(source), made)
            faces.append(
                f'@font-face{{font-family:"Inter";font-weight:{weight};font-display:optional;src:url("Inter-{name}.woff2") format("woff2")}}'
            )
        sheet = "\n".join(faces) + "\n"
        write(folder / "inter.css", sheet)
        return sheet

    def bundle(self, name: str, sources: list[Path], frame: str, *, before: str) -> None:
        """One file of many, in their order."""
        folder = STATIC / "build"
        folder.mkdir(parents=True, exist_ok=True)
        text = before + "".join(frame.format(path.name, path.read_text().strip()) for path in sources)
        if write(folder / name, text):
            self.stdout.write(json.dumps({"built": name, "sha": sha256(text.encode()).hexdigest()[:12], "bytes": len(text)}))


def htmx() -> str:
    """htmx as django-htmx ships it, still known to everybody by its name."""
    source = finders.find("django_htmx/htmx-2.min.js")
    assert isinstance(source, str)
    return f"{Path(source).read_text().strip()}\nwindow.htmx = htmx;\n"


def subset(source: Path, made: Path) -> None:
    """Keep the letters we write, their figures and features; drop the rest."""
    options = Options()
    options.flavor = "woff2"
    options.layout_features = ["kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk", "tnum", "cv11", "ss03", "case"]
    font = load_font(str(source), options)
    letters = [code for first, last in RANGES for code in range(first, last + 1)]
    shears = Subsetter(options)
    shears.populate(unicodes=[*letters, *SINGLES])
    shears.subset(font)
    save_font(font, str(made), options)


def write(path: Path, text: str) -> bool:
    """Write a file unless it says the same already."""
    if path.exists() and path.read_text() == text:
        path.touch()
        return False
    path.write_text(text)
    return True
