"""Every word a person reads is translatable, and every language has it.

What fails here is mended with `python3 manage.py messages`, which brings new messages into `locale/*/LC_MESSAGES/django.po`, and with
words for them: see docs/translating.md.
"""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from core.web import languages
from tests.architecture.code import ROOT, dotted, expect_none, files, name, templates, tree

WORD = re.compile(r"[^\W\d_]{2,}")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%\w+%%|%[sd]|\{\w*\}|<[^>]+>")
NAMES = {
    "Satu",
    "English",
    "Bahasa Indonesia",
    "Ctrl",
    "Esc",
    "Enter",
    "Shift",
    "CSV",
    "XLSX",
    "PDF",
    "API",
    "SKU",
    "OK",
}  # the same everywhere

# What a person reads, by the name it is given under.
SHOWN = {
    "title", "label", "help_text", "hint", "search_hint", "submit", "done", "confirm", "heading", "empty", "caption",
    "placeholder", "short_description", "verbose_name", "verbose_name_plural", "fix", "why_not", "axis", "unit_label",
}  # fmt: skip
CELLS = {
    "Text", "Number", "Quantity", "Percent", "Money", "Day", "Moment", "Status", "Person", "Party", "Link", "Meter", "YesNo", "Custom",
    "Segment", "Select", "Verb", "Nav", "Head", "Empty", "Kpi", "Note", "Action", "Series", "Chart", "Signal",
}  # fmt: skip
SPEAKING_ATTRIBUTES = {"aria-label", "title", "placeholder", "alt", "aria-description", "aria-roledescription"}

NOT_FOR_STAFF = (
    "integration/demo/",
    "integration/importing/",
    "core/imports/mapping.py",
    "core/imports/reading.py",
    "/management/",
    "config/",
)


@pytest.fixture(scope="module")
def said():
    return languages.said()


def words_of(source: Path) -> list[Message]:
    """The messages of the code, and of the admin, with the words a language has for them."""
    catalog = languages.read(source)
    catalog.update(languages.wanted(languages.language_of(source)), no_fuzzy_matching=True)
    return [message for message in catalog if message.id]


def shown(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


@pytest.mark.parametrize("source", languages.sources(), ids=lambda source: source.parent.parent.name)
def test_every_message_has_words_in_every_language(source: Path) -> None:
    untranslated = (shown(message) for message in words_of(source) if message.fuzzy or not all(languages.words(message)))
    expect_none(untranslated, "no translation (run `manage.py messages`, then write it)")


@pytest.mark.parametrize("source", languages.sources(), ids=lambda source: source.parent.parent.name)
def test_a_translation_keeps_the_placeholders(source: Path) -> None:
    wrong = []
    for message in words_of(source):
        originals = [message.id] if isinstance(message.id, str) else list(message.id)
        wanted = {frozenset(PLACEHOLDER.findall(text)) for text in originals}
        wrong += [
            f"{shown(message)} → {text}" for text in languages.words(message) if text and frozenset(PLACEHOLDER.findall(text)) not in wanted
        ]
    expect_none(wrong, "the placeholders differ")


def test_messages_are_found_in_python_and_in_templates(said) -> None:
    assert {"Orders", "The note is empty.", "Sign in"} <= {shown(message) for message in said}


class Speech(HTMLParser):
    """What stands in a template for people to read, outside its tags and variables."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.silent = 0
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in {"script", "style", "kbd", "code"}
        self.found += [f'{key}="{value}"' for key, value in attrs if key in SPEAKING_ATTRIBUTES and value and speaks(value)]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"script", "style", "kbd", "code"}

    def handle_data(self, data: str) -> None:
        if not self.silent and speaks(data):
            self.found.append(" ".join(data.split()))


def speaks(text: str) -> bool:
    """Whether there are words in it besides names."""
    rest = text
    for known in sorted(NAMES, key=len, reverse=True):
        rest = rest.replace(known, "")
    return bool(WORD.search(rest))


TAGS = re.compile(
    r"{%\s*comment.*?endcomment\s*%}|{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}|{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL
)
HANDED_OVER = re.compile(r"\b(?:label|title|text|hint|placeholder|caption|heading|message|empty)=\"([^\"]*)\"")


@pytest.mark.parametrize("template", list(templates()), ids=name)
def test_a_template_says_nothing_untranslated(template: Path) -> None:
    source = template.read_text()
    speech = Speech()
    speech.feed(TAGS.sub(" ", source))
    handed = [word for tag in re.findall(r"{%\s*include\b.*?%}", source, re.DOTALL) for word in HANDED_OVER.findall(tag) if speaks(word)]
    expect_none([*speech.found, *handed], f"{name(template)} says this without {{% translate %}}")


def literal(node: ast.expr | None) -> str:
    """The text of a literal with words in it, else nothing."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value if speaks(node.value) and not re.fullmatch(r"[a-z_.:0-9-]+", node.value) else ""
    if isinstance(node, ast.JoinedStr):
        return next((text for part in node.values if (text := literal(part)) and " " in text.strip()), "")
    return ""


def unmarked(path: Path) -> Iterator[str]:
    """Literals given where a person reads them."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            cell = dotted(node.func).rpartition(".")[2] in CELLS
            given = [keyword.value for keyword in node.keywords if keyword.arg in SHOWN]
            given += node.args[1:2] if cell else []
            yield from (f"{name(path)}:{value.lineno} {text}" for value in given if (text := literal(value)))
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id in SHOWN for target in targets) and (text := literal(node.value)):
                yield f"{name(path)}:{node.lineno} {text}"
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            yield from (
                f"{name(path)}:{node.lineno} {text}" for given in node.exc.args[:1] if (text := literal(given)) and refuses(node.exc)
            )


def refuses(call: ast.Call) -> bool:
    """Whether this goes to a person: a refusal or a form's error, not a fault of the program."""
    return dotted(call.func).rpartition(".")[2] not in PROGRAM_FAULTS


PROGRAM_FAULTS = {
    "ValueError", "TypeError", "KeyError", "LookupError", "RuntimeError", "ImproperlyConfigured", "CommandError", "NotImplementedError",
    "AttributeError", "AssertionError", "SystemExit", "CannotStart", "TooSoon", "UnknownEvent", "UnknownPermission",
    "TryLater", "RefusedForGood", "NotKept",
}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("<p>{% translate 'Orders' %} · {{ name }} <kbd>Ctrl</kbd></p>", []),
        ("<p>Orders {{ count }}</p>", ["Orders"]),
        ('<button aria-label="Close"></button>', ['aria-label="Close"']),
        ("{% blocktranslate %}Orders of {{ name }}{% endblocktranslate %}", []),
    ],
)
def test_bare_words_in_a_template_are_noticed(said: str, found: list[str]) -> None:
    speech = Speech()
    speech.feed(TAGS.sub(" ", said))
    assert speech.found == found


def test_python_says_nothing_untranslated() -> None:
    faces = [path for path in files() if not any(part in name(path) for part in NOT_FOR_STAFF)]
    expect_none((said for path in faces for said in unmarked(path)), "said without _()")


def scripts() -> list[Path]:
    return sorted((ROOT / "core/web/static/web/js").rglob("*.js"))


@pytest.mark.parametrize("script", scripts(), ids=name)
def test_a_script_takes_its_words_from_the_page(script: Path) -> None:
    source = re.sub(r"/\*.*?\*/|(?<![:\"'`])//.*", "", script.read_text())
    assert "documentElement.lang ===" not in source, "words belong into data- attributes, where {% translate %} reaches them"
    sentences = re.findall(r"[\"'`]([A-Z][a-z]+ [a-z][^\"'`]*)[\"'`]", source)
    expect_none(sentences, f"{name(script)} says this in English only")
