"""What is never written in this code, read from its syntax tree: each rule is shown to notice what it is about."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture import code

COMPILED = {  # who asks a statement that is not written out where it is asked, and why no value is in it
    "core/tracing.py": "puts a comment with the story's id before a statement, the values stay beside it",
    "core/web/finding.py": "a statement Django compiled, asked again with other values beside it",
    "core/web/gathering.py": "parts that Django compiled, put one under another, their values beside them",
    "core/events/publishing.py": "conditions of who carries events outside, constants of their modules, the values stay beside",
    "core/db.py": "a row that is made unless it is there: the columns of its model, the values stay beside",
    "backoffice/inventory/operations/stock.py": "its own UPDATEs and the columns of a move, the values stay beside",
    "core/writing.py": "the columns and types of models, put together once each, the values stay beside",
    "integration/delivery/running.py": "the columns of a person, read with the delivery, the values stay beside",
    "core/people/holding.py": "a statement Django compiled, asked again for another person",
    "config/management/commands/up.py": "the name of the embedded database, a constant of ours: names take no parameter",
}
TOLD_AS_SQL = re.compile(r"(^|\.)(execute|executemany|RawSQL|RunSQL|raw|extra)$")
FOREIGN = {  # modules nobody imports, and what is used instead
    "pickle": "JSON", "cPickle": "JSON", "dill": "JSON", "shelve": "the database", "marshal": "JSON", "jinja2": "Django's templates",
    "xml": "defusedxml", "lxml": "defusedxml", "xmlrpc": "JSON", "telnetlib": "nothing", "ftplib": "nothing", "imp": "importlib",
}  # fmt: skip
CALLS = {
    "eval": r"(^|\.)eval$",
    "exec": r"^exec$",
    "compile": r"^compile$",
    "__import__": r"^__import__$",
    "os.system": r"^os\.(system|popen|spawn\w*)$",
    "mktemp": r"(^|\.)mktemp$",
    "mark_safe": r"(^|\.)mark_safe$",
    "extra": r"\.extra$",
    "raw": r"objects\.raw$",
    "a template from text": r"(^|\.)(Template|from_string)$",
}
ALLOWED_CALLS: dict[str, set[str]] = {}
SCRIPTS = {  # where our scripts put markup into a page, and where it comes from
    "live.js": "a part of the page, drawn by our server",
    "rows.js": "a preview or a cell, drawn by our server",
    "pop.js": "a menu, drawn by our server",
    "grid.js": "the row of this form that stands ready as its template",
    "board.js": "a board, a question or a toast, drawn by our server",
    "palette.js": "what was found, drawn by our server",
}
MARKUP = re.compile(r"\.(innerHTML|outerHTML)\s*=[^=]|insertAdjacentHTML|document\.write|createContextualFragment|\bsrcdoc\b")
NEVER = re.compile(
    r"\beval\(|new Function\b|setTimeout\(\s*[\"'`]|setInterval\(\s*[\"'`]|DOMParser|javascript:|document\.domain|postMessage\([^)]*\"\*\""
)


def constants_of(tree: ast.Module) -> dict[str, ast.expr]:
    """What is assigned at the top of a module under a name in capitals."""
    found = {}
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        for target in targets:
            if isinstance(target, ast.Name) and node.value is not None:  # type: ignore[attr-defined]
                found[target.id] = node.value  # type: ignore[attr-defined]
    return found


def is_written_out(node: ast.expr, known: dict[str, ast.expr], deep: int = 0) -> bool:
    """Whether a statement is text of ours and nothing else, however it is cut into pieces."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.JoinedStr):
        return all(is_written_out(part.value if isinstance(part, ast.FormattedValue) else part, known, deep) for part in node.values)
    if isinstance(node, ast.Name) and deep < 5:
        return node.id in known and is_written_out(known[node.id], known, deep + 1)
    return (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Add)
        and all(is_written_out(one, known, deep) for one in (node.left, node.right))
    )


def statements_of_values(tree: ast.Module) -> Iterator[int]:
    """The lines where a statement is asked that is not written out: a value may be in it."""
    known = constants_of(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and TOLD_AS_SQL.search(code.dotted(node.func)):
            asked = node.args[0] if node.args else next((word.value for word in node.keywords if word.arg == "sql"), None)
            if asked is not None and not is_written_out(asked, known):
                yield node.lineno


def foreign(tree: ast.Module) -> Iterator[str]:
    """Modules that nobody imports."""
    for node in ast.walk(tree):
        names = (
            [one.name for one in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
        yield from (f"{name}, instead of {FOREIGN[name.split('.')[0]]}" for name in names if name.split(".")[0] in FOREIGN)


def dangerous(tree: ast.Module) -> Iterator[str]:
    """Calls that are never made, and words that make a call dangerous."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = code.dotted(node.func)
        yield from (what for what, pattern in CALLS.items() if re.search(pattern, called))
        said = {word.arg: word.value for word in node.keywords}
        if _is(said.get("shell"), True):
            yield "shell=True"
        if _is(said.get("verify"), False) or "CERT_NONE" in ast.dump(node):
            yield "unchecked certificates"
        if called.endswith("yaml.load"):
            yield "yaml.load"


def _is(node: ast.expr | None, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


def test_no_statement_is_put_together_from_values() -> None:
    code.expect_none(
        f"{code.name(path)}:{line}"
        for path in code.files()
        for line in statements_of_values(code.tree(path))
        if code.name(path) not in COMPILED
    )


def test_nothing_stands_in_the_list_of_statements_that_needs_it_no_more() -> None:
    asked = {code.name(path) for path in code.files() if list(statements_of_values(code.tree(path)))}
    code.expect_none(set(COMPILED) - asked)


@pytest.mark.parametrize(
    "line",
    [
        'cursor.execute(f"SELECT {name}")', 'cursor.execute("SELECT %s" % name)', 'cursor.execute("SELECT " + name)', 'cursor.execute("SELECT {}".format(name))',
        "cursor.execute(query)", 'connection.cursor().execute(f"SELECT {self.name}")', 'Row.objects.raw(f"SELECT {name}")', "rows.annotate(x=RawSQL(name, []))",
        'rows.extra(where=[name], select={"x": name}) or rows.extra(name)', 'NAME = input()\ncursor.execute(f"SELECT {NAME}")', "cursor.executemany(words, rows)",
    ],
)  # fmt: skip
def test_a_statement_with_a_value_in_it_is_noticed(line: str) -> None:
    assert list(statements_of_values(ast.parse(line)))


@pytest.mark.parametrize(
    "line", ['cursor.execute("SELECT %s", [name])', 'A = "x"\nB = f"SELECT {A}"\ncursor.execute(B + " LIMIT 1", [name])', 'cursor.execute(f"SELECT {1}")']
)  # fmt: skip
def test_a_statement_with_its_values_beside_it_is_fine(line: str) -> None:
    assert not list(statements_of_values(ast.parse(line)))


def test_nobody_imports_what_runs_or_reads_anything() -> None:
    code.expect_none(f"{code.name(path)}: {found}" for path in code.files() for found in foreign(code.tree(path)))


def test_nothing_dangerous_is_called() -> None:
    code.expect_none(
        f"{code.name(path)}: {found}"
        for path in code.files()
        for found in dangerous(code.tree(path))
        if code.name(path) not in ALLOWED_CALLS.get(found, set())
    )


@pytest.mark.parametrize(
    "line", ["import pickle", "from pickle import loads", "import xml.etree.ElementTree as ET", "from lxml import etree", "import shelve"]
)
def test_an_import_of_that_kind_is_noticed(line: str) -> None:
    assert list(foreign(ast.parse(line)))


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("eval(x)", "eval"), ("builtins.eval(x)", "eval"), ("exec(x)", "exec"), ("os.system(x)", "os.system"), ("os.popen(x)", "os.system"),
        ("run(x, shell=True)", "shell=True"), ("subprocess.Popen(x, shell=True)", "shell=True"), ("requests.get(x, verify=False)", "unchecked certificates"),
        ("context(ssl.CERT_NONE)", "unchecked certificates"), ("yaml.load(x)", "yaml.load"), ("mark_safe(x)", "mark_safe"),
        ("safestring.mark_safe(x)", "mark_safe"), ("rows.extra(where=x)", "extra"), ("Row.objects.raw(x)", "raw"), ("tempfile.mktemp()", "mktemp"),
        ("engines['django'].from_string(x)", "a template from text"), ("Template(user.text).render(c)", "a template from text"), ("__import__(x)", "__import__"),
    ],
)  # fmt: skip
def test_a_call_of_that_kind_is_noticed(line: str, what: str) -> None:
    assert what in set(dangerous(ast.parse(line)))


def scripts() -> Iterator[Path]:
    """Our own scripts, not what is built of them."""
    for floor in code.FLOORS:
        yield from (path for path in sorted((code.ROOT / floor).rglob("*.js")) if "build" not in path.parts)


def test_our_scripts_put_markup_into_a_page_in_few_known_places() -> None:
    found = {path.name for path in scripts() if MARKUP.search(path.read_text())}
    code.expect_none(found - set(SCRIPTS), "put text in by textContent, or say here where its markup comes from")
    code.expect_none(set(SCRIPTS) - found)


def test_our_scripts_make_no_code_of_words() -> None:
    code.expect_none(f"{path.name}: {found[0]}" for path in scripts() for found in NEVER.finditer(path.read_text()))
    assert MARKUP.search('box.innerHTML = "<b>" + name;')
    assert all(NEVER.search(line) for line in ("eval(x)", "new Function(x)", 'setTimeout("x()", 1)', 'a.href = "javascript:x()"'))


def test_what_people_write_is_no_template_anywhere() -> None:
    """Letters, reminders and papers are words of ours with words of theirs put in by name; nothing of theirs is read as a template."""
    wrong = []
    for path in code.files():
        for called, node in code.calls(path):
            if called.rpartition(".")[2] in {"format", "format_map", "substitute", "safe_substitute"} and isinstance(
                node.func, ast.Attribute
            ):
                whose = node.func.value
                if not isinstance(whose, ast.Constant) and code.name(path) not in FORMATS:
                    wrong.append(f"{code.name(path)}:{node.lineno}")
    code.expect_none(wrong)


FORMATS = {  # where a text that does not stand there is filled in, and whose it is
    "core/db.py": "a statement of ours, with the columns of a model",
    "core/writing.py": "statements of ours, with the columns and types of models",
    "backoffice/inventory/operations/stock.py": "a statement of ours, with its parts",
    "core/web/conditions.py": "the name of a comparison, from a table of ours",
    "core/web/management/commands/build_assets.py": "a frame around a script of ours",
    "integration/demo/year.py": "names of the demo's deals",
}
