"""The source code as the architecture tests read it."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("config", "core", "integration", "frontoffice", "backoffice")


@cache
def files() -> tuple[Path, ...]:
    """Every Python file of the product, without migrations."""
    found = (path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))
    return tuple(sorted(path for path in found if "migrations" not in path.parts))


def name(path: Path) -> str:
    """The path as it is written in lists: from the root of the repository."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def templates() -> Iterator[Path]:
    """Every template of the product."""
    for folder in ("templates", *FLOORS):
        yield from sorted((ROOT / folder).rglob("*.html"))


def dotted(node: ast.expr) -> str:
    """`a.b.c` of an attribute or a name; what is not one of these is left out."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call in a file, with the dotted name of what is called."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield dotted(node.func), node


def expect_none(found: Iterable[str], otherwise: str = "") -> None:
    """Fail with the whole list, one a line, and with what to do about it."""
    wrong = sorted(set(found))
    assert not wrong, "\n  ".join([f"{otherwise or 'not allowed'}:", *wrong])


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    """The functions at the top of a file."""
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef):
            yield node
