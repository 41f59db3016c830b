"""Northwind's orders: read, checked row by row, and put together with their lines."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from core.catalog.models import Product
from core.imports.importer import Report, imported
from core.imports.mapping import Column, Facts, Problem, day, facts_of, fraction, not_negative, one_of, positive, text
from core.imports.reading import read_table
from core.parties.models import Party, PartyRole
from core.people.models import User
from integration.importing.northwind.source import SOURCE


@dataclass(frozen=True)
class SourceLine:
    """One line as the file tells it: ``discount`` is a fraction, ``unit_price`` dollars before it."""

    product: Product
    quantity: Decimal
    unit_price: Decimal
    discount: Decimal


@dataclass(frozen=True)
class SourceOrder:
    """One order as the files tell it. ``shipped_on`` is None while it has not left."""

    external_id: str
    customer: Party
    seller: User
    ordered_on: date
    required_on: date | None
    shipped_on: date | None
    freight: Decimal
    lines: tuple[SourceLine, ...]


def read_orders(folder: Path) -> tuple[list[SourceOrder], dict[str, Report]]:
    """Every good order, oldest first, and a report per file. An order with a bad line is left out whole."""
    lines, line_report, broken = _read_lines(folder)
    columns = _order_columns()
    report = Report()
    orders = []
    seen: set[str] = set()
    for row in read_table(folder / "orders.csv"):
        facts, problems = facts_of(row, columns)
        external_id = row.cells.get("orderID", "")
        if external_id in seen:
            problems.append(Problem(row.file, row.line, "orderID", f"{external_id} stands here a second time."))
        seen.add(external_id)
        if not problems and facts["shipped_on"] and facts["shipped_on"] < facts["ordered_on"]:
            problems.append(Problem(row.file, row.line, "shippedDate", "it is before the order date."))
        if not problems and external_id in broken:
            problems.append(Problem(row.file, row.line, "", "one of its lines cannot be used, so the order is left out whole."))
        if not problems and not lines[external_id]:
            problems.append(Problem(row.file, row.line, "", "it has no lines."))
        report.problems += problems
        if not problems:
            orders.append(SourceOrder(lines=tuple(lines[external_id]), **facts))
    for external_id in lines.keys() - seen:
        line_report.problems.append(Problem("order-details.csv", 0, "orderID", f"there is no order {external_id}."))
    return sorted(orders, key=lambda order: (order.ordered_on, order.external_id)), {"orders": report, "order lines": line_report}


def _read_lines(folder: Path) -> tuple[dict[str, list[SourceLine]], Report, set[str]]:
    columns = _line_columns()
    lines: dict[str, list[SourceLine]] = defaultdict(list)
    report, broken = Report(), set()
    seen: set[tuple[str, int]] = set()
    for row in read_table(folder / "order-details.csv"):
        facts, problems = facts_of(row, columns)
        external_id = row.cells.get("orderID", "")
        if not problems and (external_id, facts["product"].pk) in seen:
            problems.append(Problem(row.file, row.line, "productID", f"order {external_id} has this product a second time."))
        if problems:
            report.problems += problems
            broken.add(external_id)
            continue
        seen.add((external_id, facts["product"].pk))
        lines[external_id].append(SourceLine(**facts))
    return lines, report, broken


def _line_columns() -> list[Column]:
    products = Product.objects.in_bulk(list(imported(SOURCE, "product").values()))
    by_code = {code: products[pk] for code, pk in imported(SOURCE, "product").items()}
    return [
        Column("product", "productID", one_of(by_code, "product"), required=True),
        Column("quantity", "quantity", positive, required=True),
        Column("unit_price", "unitPrice", not_negative, required=True),
        Column("discount", "discount", fraction, default=Decimal(0)),
    ]


def _order_columns() -> list[Column]:
    parties = Party.objects.in_bulk(list(imported(SOURCE, PartyRole.Role.CUSTOMER).values()))
    customers: Facts = {code: parties[pk] for code, pk in imported(SOURCE, PartyRole.Role.CUSTOMER).items()}
    users = User.objects.in_bulk(list(imported(SOURCE, "employee").values()))
    sellers: Facts = {code: users[pk] for code, pk in imported(SOURCE, "employee").items()}
    return [
        Column("external_id", "orderID", text, required=True),
        Column("customer", "customerID", one_of(customers, "customer"), required=True),
        Column("seller", "employeeID", one_of(sellers, "employee"), required=True),
        Column("ordered_on", "orderDate", day, required=True),
        Column("required_on", "requiredDate", day, default=None),
        Column("shipped_on", "shippedDate", day, default=None),
        Column("freight", "freight", not_negative, default=Decimal(0)),
    ]
