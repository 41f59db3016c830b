"""Stock is written in one place."""

import ast
from pathlib import Path

import backoffice
import core
import frontoffice
import integration

WRITER = "stock.py"
STOCK = {"StockLevel", "StockMove", "Valuation"}
TABLES = ("inventory_stocklevel", "inventory_stockmove", "inventory_valuation")
WRITES = {"create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create", "save"}
ROOTS = [Path(package.__path__[0]) for package in (backoffice, core, frontoffice, integration)]


def sources():
    """Every file of the product but the writer and the migrations."""
    for root in ROOTS:
        for path in sorted(root.rglob("*.py")):
            if "migrations" not in path.parts and not path.as_posix().endswith(f"inventory/operations/{WRITER}"):
                yield path


def names_in(node):
    """Every name an expression mentions."""
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def writes_of(tree):
    """(line, what) of every write to a stock model in a file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in STOCK:
            yield node.lineno, node.func.id
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            touched = names_in(node.func.value) & STOCK
            if touched:
                yield node.lineno, f"{touched.pop()}.{node.func.attr}"


def test_only_the_writer_makes_moves_and_changes_levels():
    found = [(str(path), *write) for path in sources() for write in writes_of(ast.parse(path.read_text()))]
    assert found == []


def test_only_the_writer_knows_the_tables_of_the_stock():
    assert [str(path) for path in sources() if any(table in path.read_text() for table in TABLES)] == []


def test_the_check_would_notice():
    tree = ast.parse("StockLevel.objects.filter(pk=1).update(on_hand=2)\nStockMove(quantity=1)")
    assert list(writes_of(tree)) == [(1, "StockLevel.update"), (2, "StockMove")]
