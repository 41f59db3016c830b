"""What every operation asks and hardly anybody changes: the company, accounts, journals, taxes, places, products. Read once in a process.

Nothing is believed without proof. Each statement that changes such a table leaves a new random mark in the same transaction
(``core_reference_changed``), and a transaction reads the marks before it uses what the process keeps: an answer counts only under the
marks it was read under. So nobody sees what another process changed or took back otherwise than the database would show it. Why it is
done like this: docs/decisions/0012-reference-marks.md.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, TypeVar

import pgtrigger
from django.db import connection, models
from django.db.models.base import ModelState

from core.guards import Guard
from core.once import once
from core.standing import standing_now

Answer = TypeVar("Answer")
Row = TypeVar("Row", bound=models.Model)

REFERENCE = Guard(
    name="reference",
    level=pgtrigger.Statement,
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
    func="PERFORM core_reference_changed(); RETURN NULL;",
)
"""For a table that is reference: whoever changes it says so, in the commit of the change."""

MARK = "(SELECT md5(string_agg(mark::text, ' ' ORDER BY transaction)) FROM core_referencemark)"
"""Where the reference tables stand now; NULL when nothing says so. Read before the answer, so that no answer is older than its mark."""
ASK = f"SELECT {MARK}"

MOST_ROWS = 10_000
"""So many rows of one kind are kept, such as products; beyond it they are read anew."""


_kept: dict[Hashable, tuple[str, Any]] = {}


def in_use() -> bool:
    """Whether the transaction at hand looks at the marks, so that what the process keeps counts in it."""
    return _mark() is not None


def reference(key: Hashable, ask: Callable[[], Answer]) -> Answer:
    """The answer as the database would give it now. Outside of a transaction that looks at the marks: ``once``.

    The answer belongs to everybody: give ``copied`` rows away, or what nobody can change.
    """
    mark = _mark()
    if mark is None:
        return once(key, ask)
    kept = _kept.get(key)
    if kept is None or kept[0] != mark:
        kept = _kept[key] = (mark, ask())
    answer: Answer = kept[1]
    return answer


def reference_rows(key: Hashable, wanted: Iterable[int], ask: Callable[[set[int]], Mapping[int, Row]]) -> dict[int, Row]:
    """The rows of these ids that there are, as copies; ``ask`` reads those that are not kept."""
    ids, mark = set(wanted), _mark()
    if mark is None:
        return dict(ask(ids))
    kept = _kept.get(key)
    if kept is None or kept[0] != mark or len(kept[1]) > MOST_ROWS:
        kept = _kept[key] = (mark, {})
    rows: dict[int, Row] = kept[1]
    missing = ids - rows.keys()
    found = dict(ask(missing)) if missing else {}
    rows.update(found)
    return {pk: copied(row) for pk in ids if (row := found.get(pk) or rows.get(pk)) is not None}


def copied(row: Row) -> Row:
    """A row of one's own, with the rows it was read with: whatever is done to it, others do not see."""
    twin = row.__class__.__new__(row.__class__)
    twin.__dict__.update(row.__dict__)
    twin._state = ModelState()
    twin._state.adding, twin._state.db = row._state.adding, row._state.db
    for name, related in row._state.fields_cache.items():
        twin._state.fields_cache[name] = copied(related) if isinstance(related, models.Model) else related
    return twin


def _mark() -> str | None:
    standing = standing_now()
    if standing is None or not connection.in_atomic_block:
        return None
    if standing.mark is None:
        with connection.cursor() as cursor:
            cursor.execute(ASK)
            standing.mark = cursor.fetchone()[0]
    return standing.mark
