"""The importer: rows in, records out, by external id; each row whole or not at all."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.db import models, transaction

from core.errors import Refused
from core.imports.mapping import Column, Facts, Problem, facts_of
from core.imports.models import ExternalId
from core.imports.reading import SourceRow

Write = Callable[[Facts, int | None], models.Model]
"""Makes (second argument None) or changes (the record's id) the record of a row, through operations."""


@dataclass
class Report:
    """What an import did, in rows."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Importer:
    """One kind of record from one source. ``id_column`` is the column that names a row for good."""

    source: str
    kind: str
    id_column: str
    columns: Sequence[Column]
    write: Write

    def run(self, rows: Iterable[SourceRow], *, dry: bool = False, after_each: Callable[[], None] = lambda: None) -> Report:
        """Take every good row; report every bad one and leave nothing of it. ``dry`` tries each row and takes it back.

        A row that was imported before with the same content is left alone, so that a repeated import doubles nothing.
        """
        report = Report()
        seen: set[str] = set()
        for row in rows:
            facts, problems = facts_of(row, self.columns)
            external_id = row.cells.get(self.id_column, "")
            if not external_id:
                problems.append(Problem(row.file, row.line, self.id_column, "it is empty."))
            elif external_id in seen:
                problems.append(Problem(row.file, row.line, self.id_column, f"{external_id} stands here a second time."))
            seen.add(external_id)
            if not problems:
                problems = self._take(row, external_id, facts, report, dry=dry)
            report.problems += problems
            after_each()
        return report

    def _take(self, row: SourceRow, external_id: str, facts: Facts, report: Report, *, dry: bool) -> list[Problem]:
        known = ExternalId.objects.filter(source=self.source, kind=self.kind, external_id=external_id).first()
        mark = fingerprint(row)
        if known is not None and known.fingerprint == mark:
            report.unchanged += 1
            return []
        try:
            with transaction.atomic():
                record = self.write(facts, known.object_id if known else None)
                remember(self.source, self.kind, external_id, record.pk, mark)
                transaction.set_rollback(dry)
        except Refused as refusal:
            return [Problem(row.file, row.line, "", str(refusal))]
        if known is None:
            report.created += 1
        else:
            report.changed += 1
        return []


def fingerprint(row: SourceRow) -> str:
    """A digest of everything a row says (SHA-256, hex)."""
    said = "\x1f".join(f"{name}\x1e{value}" for name, value in sorted(row.cells.items()))
    return hashlib.sha256(said.encode("utf-8", "surrogateescape")).hexdigest()


def remember(source: str, kind: str, external_id: str, object_id: int, mark: str = "") -> None:
    """Note what a row of another system became here. Call it in the transaction that made the record."""
    ExternalId.objects.update_or_create(
        source=source, kind=kind, external_id=external_id, defaults={"object_id": object_id, "fingerprint": mark}
    )


def imported(source: str, kind: str) -> dict[str, int]:
    """Everything imported of one kind: external id -> our id."""
    return dict(ExternalId.objects.filter(source=source, kind=kind).values_list("external_id", "object_id"))
