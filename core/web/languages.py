"""The languages of the product: which messages the code says, and what they are in each language.

`manage.py messages` writes new messages into `locale/*/LC_MESSAGES/django.po`, `manage.py build_assets` compiles them. Babel does
both, so no gettext needs to be installed. How to translate: `docs/translating.md`.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("config", "core", "integration", "frontoffice", "backoffice")
TEMPLATES = ("templates", *FLOORS)
WIDTH = 140
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "_": None,
    "_now": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def python_files() -> Iterator[Path]:
    """Every Python file of the product, without migrations."""
    for floor in FLOORS:
        yield from (path for path in sorted((ROOT / floor).rglob("*.py")) if "migrations" not in path.parts)


def template_files() -> Iterator[Path]:
    """Every template of the product, of pages, of mails and of PDFs."""
    for floor in TEMPLATES:
        yield from sorted(
            path for path in (ROOT / floor).rglob("*") if path.suffix in {".html", ".txt", ".typ"} and "templates" in path.parts
        )


def said() -> Catalog:
    """Every message the code says, with the files that say it."""
    catalog = Catalog()
    for path in python_files():
        _read(catalog, path, path.read_text())
    for path in template_files():
        _read(catalog, path, "\n".join(line.strip() for line in templatize(path.read_text(), origin=str(path)).splitlines()))
    return catalog


def _read(catalog: Catalog, path: Path, source: str) -> None:
    for line, message, comments, context in extract("python", BytesIO(source.encode()), keywords=KEYWORDS, comment_tags=("Translators:",)):
        catalog.add(message, None, [(path.relative_to(ROOT).as_posix(), line)], auto_comments=comments, context=context)


def sources() -> list[Path]:
    """The `.po` file of each language."""
    return [source for folder in settings.LOCALE_PATHS for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po"))]


def read(source: Path) -> Catalog:
    """What a `.po` file says."""
    with source.open("rb") as words:
        return read_po(words, locale=source.parent.parent.name)


def update(source: Path, messages: Catalog) -> Catalog:
    """Bring a `.po` file up to date: what is new comes in empty, what nobody says any more goes."""
    catalog = read(source)
    catalog.update(messages, no_fuzzy_matching=True, update_creation_date=False)
    stream = BytesIO()
    write_po(stream, catalog, width=WIDTH, no_location=True, sort_output=True, ignore_obsolete=True)
    source.write_bytes(stream.getvalue())
    return catalog


def missing(catalog: Catalog) -> list[Message]:
    """Messages without words in this language, and those whose words are only guessed."""
    return [message for message in catalog if message.id and (message.fuzzy or not all(words(message)))]


def words(message: Message) -> tuple[str, ...]:
    """What a message is in a language: one text, or one for each plural form."""
    return tuple(message.string) if isinstance(message.string, (tuple, list)) else (message.string or "",)


def compile_all() -> None:
    """Make the files Django reads, where the source is newer."""
    for source in sources():
        made = source.with_suffix(".mo")
        if made.exists() and made.stat().st_mtime >= source.stat().st_mtime:
            continue
        stream = BytesIO()
        write_mo(stream, read(source))
        new = made.with_suffix(".new")
        new.write_bytes(stream.getvalue())
        new.replace(made)
