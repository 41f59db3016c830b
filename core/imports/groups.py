"""The rows that make one record, read as one: what they say once, and what each of them says."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from core.imports.kinds import ImportKind
from core.imports.mapping import Column, Facts, facts_of
from core.imports.models import ImportRow
from core.imports.reading import SourceRow

Problems = list[dict[str, str]]


def together(
    rows: Sequence[ImportRow], said: Sequence[dict[str, str]], kind: ImportKind, columns: Sequence[Column]
) -> tuple[dict[str, str], Facts, list[Problems]]:
    """The cells and facts of a record, and what is wrong with each of its rows.

    What a record says once may stand in any of its rows, and in several when they agree.
    """
    if not kind.group:
        facts, problems = _read(rows[0], said[0], columns)
        return said[0], facts, [problems]
    once = [column for column in columns if column.field not in kind.lines]
    each = [column for column in columns if column.field in kind.lines]
    cells, at = _once(rows, said, once)
    facts, problems = _read(rows[0], cells, once)
    found: list[Problems] = [[] for _row in rows]
    for problem in problems:
        found[at.get(problem["field"], 0)].append(problem)
    lines = []
    for place, (row, own) in enumerate(zip(rows, said, strict=True)):
        found[place] += [
            {"field": field, "reason": _("Line %(line)s, about the same, says “%(cell)s”.") % {"line": rows[at[field]].line, "cell": cell}}
            for field, cell in cells.items()
            if own[field] and own[field].casefold() != cell.casefold()
        ]
        told, problems = _read(row, own, each)
        found[place] += problems
        lines.append({field: value for field, value in told.items() if own.get(field) or value not in {"", None}})
    facts["lines"] = lines
    whole = "\x1d".join("\x1e".join(own.get(column.field, "") for column in each) for own in said)
    return {**cells, "lines": whole}, facts, found


def _once(rows: Sequence[ImportRow], said: Sequence[dict[str, str]], columns: Sequence[Column]) -> tuple[dict[str, str], dict[str, int]]:
    """What is said once, and the place of the row that says it first."""
    cells, at = {}, {}
    for column in columns:
        field = column.field
        at[field] = next((place for place in range(len(rows)) if said[place].get(field)), 0)
        cells[field] = said[at[field]].get(field, "")
    return cells, at


def _read(row: ImportRow, cells: dict[str, str], columns: Sequence[Column]) -> tuple[Facts, Problems]:
    facts, problems = facts_of(SourceRow("", row.line, cells), columns)
    return facts, [{"field": problem.column, "reason": problem.reason} for problem in problems]
