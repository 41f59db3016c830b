"""The letters papers are set in: Inter, made readable for typst once, into a folder that git ignores."""

import tempfile
from functools import cache
from pathlib import Path

import typst
from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont

FOLDER = Path(__file__).resolve().parent / "build"
WEIGHTS = ("Regular", "Medium", "SemiBold", "Bold")


def build_fonts(folder: Path = FOLDER) -> Path:
    """Unpack the theme's web fonts, unless that has been done."""
    folder.mkdir(parents=True, exist_ok=True)
    for weight in WEIGHTS:
        source = finders.find(f"unfold/fonts/inter/Inter-{weight}.woff2")
        made = folder / f"Inter-{weight}.ttf"
        if not isinstance(source, str) or (made.exists() and made.stat().st_mtime >= Path(source).stat().st_mtime):
            continue
        font = TTFont(source)
        font.flavor = None
        unfinished = folder / f"Inter-{weight}.part"
        font.save(unfinished)
        unfinished.replace(made)
    return folder


@cache
def fonts() -> typst.Fonts:
    """The fonts of this process. What Inter lacks (other scripts, emoji) is taken from the machine's own fonts where it has them."""
    try:
        folder = build_fonts()
    except OSError:  # the code lies on a disk that cannot be written to
        folder = build_fonts(Path(tempfile.gettempdir()) / "satu-fonts")
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=[str(folder)])
