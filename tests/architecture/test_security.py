"""`docs/security.md` tells which test proves each promise of security: the page and the tests must agree."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.architecture import code

PAGE = code.ROOT / "docs" / "security.md"
NOT_YET = "**Not there yet**"
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
CELL = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class Row:
    """A promise with where it is done and the tests that prove it."""

    part: str
    promise: str
    where: str
    tests: tuple[tuple[str, str], ...]


def plain(text: str) -> str:
    """Words without what is only their dress."""
    return re.sub(r"\s+", " ", text.replace("\\|", "|")).strip().rstrip(".")


def promised(page: str) -> Iterator[tuple[str, str]]:
    """Every promise of the list at the top, with the part it stands in."""
    listed = page.partition("## The promises")[2].partition("\n## ")[0]
    for paragraph in filter(None, map(plain, listed.split("\n\n"))):
        part, _colon, promises = paragraph.partition(": ")
        yield from ((part, plain(one)) for one in promises.split(" · "))


def rows(page: str) -> Iterator[Row]:
    """The rows of the tables."""
    for section in page.split("\n## ")[2:]:
        part = section.partition("\n")[0].strip()
        for line in section.splitlines():
            if line.startswith("| ") and not line.startswith(("| Promise", "|---")):
                promise, where, proof = (cell.strip() for cell in CELL.split(line)[1:4])
                yield Row(part, plain(promise), where, tuple(NAMED.findall(proof)))


def named_in(path: str) -> set[str]:
    """The tests of a file, whatever marks they wear."""
    file = code.ROOT / path
    return {node.name for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.FunctionDef)} if file.exists() else set()


def faults(page: str) -> Iterator[str]:
    """What is wrong with a page."""
    listed, told = list(promised(page)), list(rows(page))
    yield from (
        f"{part}: “{promise}” has no row" for part, promise in listed if (part, promise) not in {(row.part, row.promise) for row in told}
    )
    for row in told:
        if (row.part, row.promise) not in listed:
            yield f"{row.part}: “{row.promise}” is promised nowhere"
        if not row.tests and NOT_YET not in row.where:
            yield f"{row.part}: “{row.promise}” has no test"
        if not row.where:
            yield f"{row.part}: “{row.promise}” says not where it is done"
        yield from (f"{path}::{test} does not exist" for path, test in row.tests if test not in named_in(path))


def test_every_promise_names_tests_that_exist() -> None:
    page = PAGE.read_text()
    assert len(list(promised(page))) == 35
    assert len({test for row in rows(page) for test in row.tests}) > 90
    code.expect_none(faults(page))


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("::test_tokens_die`", "::test_tokens_live`", "test_tokens_live does not exist"),
        ("tests/core/test_leaving.py::test_tokens_die", "tests/core/test_staying.py::test_tokens_die", "test_staying.py::test_tokens_die does not exist"),
        ("| random storage names |", "| random names |", "“random storage names” has no row"),
        (" · random storage names · ", " · ", "“random storage names” is promised nowhere"),
        ("`tests/core/test_files.py::test_a_file_is_stored_under_a_name_that_tells_nothing`", "", "“random storage names” has no test"),
        ("**Not there yet**: there is no assistant", "Somewhere", "unauthorised calls” has no test"),
    ],
)  # fmt: skip
def test_a_page_that_says_too_much_or_too_little_is_noticed(was: str, becomes: str, told: str) -> None:
    page = PAGE.read_text()
    assert page.count(was) == 1
    assert any(told in fault for fault in faults(page.replace(was, becomes)))
