"""The languages of the product: which messages the code says, and what they are in each language.

`manage.py messages` writes new messages into `locale/*/LC_MESSAGES/django.po`, `manage.py build_assets` compiles them. Babel does
both, so no gettext needs to be installed. How to translate: `docs/translating.md`.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from io import BytesIO
from pathlib import Path

import django
import unfold
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.apps import apps
from django.conf import settings
from django.urls import get_resolver
from django.utils.text import camel_case_to_spaces
from django.utils.translation.template import templatize

from core.web import hooks

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("config", "core", "integration", "frontoffice", "backoffice")
TEMPLATES = ("templates", *FLOORS)
ADMIN = Path(unfold.__file__).parent  # speaks fewer languages than Django: what it says of its own is ours to translate
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
    """Every message the code says, with the files that say it. Models say what a role may do, and how they and their fields are called."""
    catalog = Catalog()
    for path in (*python_files(), *template_files()):
        _read(catalog, path)
    for model in apps.get_models():
        if model.__module__.startswith(FLOORS):
            rights = [str(words) for _codename, words in model._meta.permissions]
            nameless = [field.name.replace("_", " ") for field in model._meta.local_fields if field._verbose_name is None]  # type: ignore[attr-defined]
            if "verbose_name" not in model._meta.original_attrs:
                nameless.append(camel_case_to_spaces(model.__name__))
            for words in (*rights, *nameless):
                catalog.add(words, None, [(f"{model.__module__.replace('.', '/')}.py", 1)])
    get_resolver().url_patterns  # noqa: B018 - whoever has pages has loaded its code by then
    for message in hooks.messages():
        catalog.add(message, None, [("integration/words.py", 1)])
    return catalog


def said_by_the_admin(language: str) -> Catalog:
    """What the admin says beyond Django's own words, where it has no translation into this language."""
    catalog = Catalog()
    known: set[str] = set()
    if (ADMIN / "locale" / language).exists():
        return catalog
    for application in ("django.conf", *settings.INSTALLED_APPS):
        source = Path(django.__file__).parents[1] / application.replace(".", "/") / "locale" / language / "LC_MESSAGES" / "django.po"
        if application.startswith("django.") and source.exists():
            known |= {_key(message) for message in read(source) if message.string}
    for path in sorted(path for path in ADMIN.rglob("*") if path.suffix in {".py", ".html"} and _is_shown(path)):
        _read(catalog, path, known)
    return catalog


def _is_shown(path: Path) -> bool:
    """Whether this part of the admin is in use here."""
    parts = path.relative_to(ADMIN).parts
    return "unfold_crispy" not in parts and (parts[0] != "contrib" or f"unfold.contrib.{parts[1]}" in settings.INSTALLED_APPS)


def wanted(language: str, messages: Catalog | None = None) -> Catalog:
    """Every message that needs words in this language."""
    catalog = messages or said()
    for message in said_by_the_admin(language):
        if message.id:
            catalog.add(message.id, None, message.locations, context=message.context)
    return catalog


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _read(catalog: Catalog, path: Path, known: AbstractSet[str] = frozenset()) -> None:
    source = path.read_text()
    if path.suffix != ".py":
        source = "\n".join(line.strip() for line in templatize(source, origin=str(path)).splitlines())
    for line, message, comments, context in extract("python", BytesIO(source.encode()), keywords=KEYWORDS, comment_tags=("Translators:",)):
        if (message if isinstance(message, str) else message[0]) not in known:
            catalog.add(
                message,
                None,
                [((path.relative_to(ROOT) if path.is_relative_to(ROOT) else path).as_posix(), line)],
                auto_comments=comments,
                context=context,
            )


def sources() -> list[Path]:
    """The `.po` file of each language."""
    return [source for folder in settings.LOCALE_PATHS for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po"))]


def read(source: Path) -> Catalog:
    """What a `.po` file says."""
    with source.open("rb") as words:
        return read_po(words, locale=language_of(source))


def language_of(source: Path) -> str:
    """The language a `.po` file is in."""
    return source.parent.parent.name


def update(source: Path) -> Catalog:
    """Bring a `.po` file up to date: what is new comes in empty, what nobody says any more goes."""
    catalog = read(source)
    catalog.update(wanted(language_of(source)), no_fuzzy_matching=True, update_creation_date=False)
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
