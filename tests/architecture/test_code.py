"""What the linters cannot see in the source: each test is a rule of the house style that was, or would be, broken twice."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture import code

RAW_SQL = {  # where SQL is written by hand, and why
    "config/health.py": "asks the database whether it is there",
    "config/management/commands/up.py": "drops and creates the embedded database",
    "core/audit/history.py": "reads the trail the triggers write",
    "core/db.py": "the triggers that count versions and write the trail",
    "core/guards.py": "constraints that Django has no words for",
    "core/numbering.py": "takes the next number in one statement",
    "core/api/idempotency.py": "holds an Idempotency-Key with an advisory lock",
    "core/tracing.py": "a cursor that puts the story's id before each statement",
    "core/web/finding.py": "asks again the statement that was compiled once for a reader and a shape of words",
    "core/web/gathering.py": "asks for all of the first page in one statement, put together from compiled parts",
    "core/events/cause.py": "tells the database who acts",
    "core/events/noting.py": "notes a fact unless it is noted, and says which",
    "core/events/publishing.py": "takes an event's place in the order of its key",
    "core/reference.py": "reads the marks of what changed in the reference tables",
    "core/writing.py": "writes a document with its parts and its number in one statement, and many rows in one UPDATE",
    "core/people/holding.py": "the statement that reads a person with every request, compiled once",
    "backoffice/inventory/operations/stock.py": "the one writer of stock: guarded UPDATEs that fail rather than oversell",
    "integration/verification.py": "asks for one moment's view of the whole database",
    "integration/console/causes.py": "walks the tree of causes in one recursive statement",
    "integration/memory.py": "one upsert in which the later event wins",
    "integration/delivery/archiving.py": "moves rows from table to table in one statement",
    "integration/delivery/claiming.py": "a worker's advisory lock, by which others see that it lives",
    "integration/delivery/running.py": "reads a delivery with its record and tells the triggers whose story it is, in one statement",
    "integration/delivery/lines.py": "advisory locks of lines; marks done and takes the lock in one statement",
}
SAFE_MARKUP = {  # where text is declared to be HTML, and why
    "core/web/markup.py": "the one place that builds markup from parts it has escaped",
}
LONG_FILES: dict[str, str] = {}
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "managers", "base", "misc", "common", "shared", "tools"}


def used(pattern: str) -> set[str]:
    return {code.name(path) for path in code.files() if re.search(pattern, path.read_text())}


def test_sql_by_hand_stands_in_few_known_places() -> None:
    found = {
        code.name(path)
        for path in code.files()
        for called, _node in code.calls(path)
        if re.search(r"(^|\.)(RawSQL|RunSQL|execute|executemany|raw|extra)$", called) and not called.startswith("logger.")
    }
    code.expect_none(found - set(RAW_SQL) - subprocess_like(found), "add the file with its reason, or use the ORM")


def subprocess_like(found: set[str]) -> set[str]:
    """Files where `execute` is a command's, not a cursor's."""
    return {name for name in found if "cursor" not in (code.ROOT / name).read_text() and "RawSQL" not in (code.ROOT / name).read_text()}


def test_sql_is_never_put_together_from_values() -> None:
    wrong = []
    for path in code.files():
        for called, node in code.calls(path):
            if re.search(r"(cursor|connection)\w*\.execute$", called) and node.args and isinstance(node.args[0], ast.JoinedStr):
                names = {code.dotted(part.value) for part in node.args[0].values if isinstance(part, ast.FormattedValue)}
                if not all(re.fullmatch(r"[\w.]*[A-Z_]{3,}", one) for one in names):
                    wrong.append(f"{code.name(path)}:{node.lineno} {names}")
    code.expect_none(wrong)


def test_text_is_declared_html_in_few_known_places() -> None:
    """What a template has made is HTML by right; everything else is text until it is escaped."""
    code.expect_none(
        f"{code.name(path)}:{node.lineno}"
        for path in code.files()
        for called, node in code.calls(path)
        if re.search(r"(^|\.)(mark_safe|SafeString|SafeText)$", called)
        and code.name(path) not in SAFE_MARKUP
        and not (node.args and (isinstance(node.args[0], ast.Constant) or is_call_of(node.args[0], "render_to_string")))
    )


def is_call_of(node: ast.expr, called: str) -> bool:
    return isinstance(node, ast.Call) and code.dotted(node.func) == called


def test_no_template_turns_escaping_off() -> None:
    wrong = [
        f"{code.name(path)}: {found}"
        for path in code.templates()
        for found in re.findall(r"\|\s*safe\b|\{%\s*autoescape off|\|\s*safeseq\b", path.read_text())
    ]
    code.expect_none(wrong)


def test_no_template_writes_style_or_script_into_the_page() -> None:
    """The content security policy would refuse it."""
    wrong = [
        f"{code.name(path)}: {found}"
        for path in code.templates()
        if "/admin/" not in code.name(path)
        for found in re.findall(r"\sstyle=\"|\son\w+=\"|<style|<script(?![^>]*(?:\ssrc=|nonce=))", path.read_text())
    ]
    code.expect_none(wrong)


@pytest.mark.parametrize(
    "forbidden",
    [
        r"(^|\.)eval$",
        r"(^|\.)exec$",
        r"^pickle\.",
        r"^marshal\.",
        r"^yaml\.load$",
        r"^os\.system$",
        r"^timezone\.now$",
        r"^datetime\.(now|utcnow|today)$",
        r"^date\.today$",
        r"\.(delay|apply_async)$",
    ],
)
def test_dangerous_calls_are_not_made(forbidden: str) -> None:
    allowed = {
        r"^timezone\.now$": {
            "core/clock.py",
            "core/jobs/worker.py",  # leases
            "integration/effects.py",  # leases, too
            "integration/metrics.py",  # how long leases and deliveries wait, by the wall clock
            "integration/delivery/claiming.py",  # leases and pauses run by the wall clock, also while a past year is replayed
            "integration/delivery/archiving.py",
            "integration/delivery/running.py",
            "integration/delivery/operations.py",
            "integration/demo/year.py",  # the demo's year ends today
        },
        r"^date\.today$": {"core/clock.py"},
        r"^datetime\.(now|utcnow|today)$": {"core/clock.py"},
        r"\.(delay|apply_async)$": {"integration/tasks.py"},
    }.get(forbidden, set())
    found = {code.name(path) for path in code.files() for called, _node in code.calls(path) if re.search(forbidden, called)}
    code.expect_none(found - allowed)


def test_nothing_is_caught_wholesale() -> None:
    """Except where a handler's failure must not stop the others: there it is counted and shown."""
    allowed = {"core/jobs/worker.py", "integration/delivery/running.py", "integration/effects.py"}
    found = {
        code.name(path)
        for path in code.files()
        for node in ast.walk(code.tree(path))
        if isinstance(node, ast.ExceptHandler) and (node.type is None or code.dotted(node.type) in {"Exception", "BaseException"})
    }
    code.expect_none(found - allowed)


def test_only_the_settings_read_the_environment() -> None:
    code.expect_none({name for name in used(r"\bos\.environ\b|\bgetenv\(") if not name.startswith("config/")})


def test_models_have_no_save_of_their_own() -> None:
    found = [
        f"{code.name(path)}: {node.name}.{method.name}"
        for path in code.files()
        for node in ast.walk(code.tree(path))
        if isinstance(node, ast.ClassDef) and any("Model" in code.dotted(base) or base_is_ours(base) for base in node.bases)
        for method in node.body
        if isinstance(method, ast.FunctionDef) and method.name in {"save", "delete", "clean"} and is_models_file(path)
    ]
    code.expect_none(found)


def base_is_ours(base: ast.expr) -> bool:
    return code.dotted(base).rpartition(".")[2] in {"Tracked", "Stateful"}


def is_models_file(path: Path) -> bool:
    return path.name == "models.py" or path.parent.name == "models"


def test_who_writes_says_by_whom_and_what_it_means() -> None:
    """An operation takes `by` by keyword, and its docstring speaks of the business."""
    wrong = []
    for path in code.files():
        if path.name != "operations.py" and path.parent.name != "operations":
            continue
        for function in code.functions(path):
            called = {code.dotted(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}
            if function.name.startswith("_") or "locked" not in called:
                continue
            keywords = {argument.arg for argument in function.args.kwonlyargs}
            if "by" not in keywords:
                wrong.append(f"{code.name(path)}: {function.name} does not take `by` by keyword")
            if not ast.get_docstring(function):
                wrong.append(f"{code.name(path)}: {function.name} does not say what it means")
    code.expect_none(wrong)


def test_names_say_what_is_inside() -> None:
    code.expect_none({code.name(path) for path in code.files() if path.stem in FORBIDDEN_NAMES})


def test_a_long_file_becomes_a_package() -> None:
    long = {code.name(path): lines for path in code.files() if (lines := len(path.read_text().splitlines())) > 400}
    code.expect_none(f"{name}: {lines} lines" for name, lines in long.items() if name not in LONG_FILES)


def test_third_party_assets_come_from_packages() -> None:
    vendored = [
        path
        for pattern in ("*.min.js", "*.min.css", "*.woff2")
        for path in code.ROOT.glob(f"*/**/static/**/{pattern}")
        if "fonts" not in path.parts
    ]
    assert [code.name(path) for path in vendored if ".venv" not in path.parts and ".satu" not in path.parts] == []
