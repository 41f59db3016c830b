"""One row of an import, or the rows that make one record: tried, taken in, taken back. Each in a transaction of its own, through the
module's operations.

Checking a row runs the very operations that importing it would, and takes all of it back: what the check says is what the import
does, down to a tax number's digits and a code somebody else took. A row's locks are held for that row only, never for the file.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import DataError, IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from core.audit.history import history
from core.errors import Refused, WaitsForSecond
from core.imports.groups import Problems, together
from core.imports.importer import fingerprint, remember
from core.imports.kinds import ImportKind, RowRefused
from core.imports.mapping import Facts, facts_of
from core.imports.models import ExternalId, ImportRow, ImportRun
from core.imports.reading import SourceRow
from core.people.models import User
from core.people.visibility import seen_of

SOURCE = "file"
"""The source under which the wizard remembers external ids."""

CHECKED = ("state", "problems", "note", "object_id", "head_line")
"""What a check writes into rows."""

State = ImportRow.State


class CannotTakeBack(Refused):
    """Something came of the record meanwhile."""


class WaitsAlready(Refused):
    """A row of the same name waits for a second person."""


class OutOfReach(Refused):
    """The record a row is about is not the person's to see."""


class RowTaker:
    """Takes the rows of one import, for one person."""

    def __init__(self, run: ImportRun, kind: ImportKind, by: User) -> None:
        self.run, self.kind, self.by = run, kind, by
        self.may_change = kind.may_change(by)
        self._columns = [
            replace(column, name=column.field) for column in kind.all_columns if column.field in set(run.fields) - kind.hidden_from(by)
        ]

    def said(self, row: ImportRow) -> dict[str, str]:
        """A row's cells by field."""
        return {field: cell for field, cell in zip(self.run.fields, row.cells, strict=False) if field}

    def doubled(self, rows: Iterable[ImportRow]) -> dict[int, int]:
        """Rows that name what an earlier row names: line -> the earlier line."""
        if self.kind.group:
            return {}
        first: dict[str, int] = {}
        doubles: dict[int, int] = {}
        for row in rows:
            said = self.said(row)
            for key in filter(None, (self.kind.key_of(said), said.get("external_id") and f"id\x1f{said['external_id']}")):
                if first.setdefault(key, row.line) != row.line:
                    doubles[row.line] = first[key]
        return doubles

    def grouped(self, rows: Iterable[ImportRow]) -> Iterator[list[ImportRow]]:
        """The rows of each record, in the order of their first lines: every row alone, unless the kind says what holds them together."""
        if not self.kind.group:
            yield from ([row] for row in rows)
            return
        found: dict[str, list[ImportRow]] = {}
        for row in rows:
            found.setdefault(self.said(row).get(self.kind.group, "").strip().casefold() or f"\x1f{row.line}", []).append(row)
        yield from found.values()

    def members(self, head: ImportRow) -> list[ImportRow]:
        """A row with those that belong to it."""
        return [head, *self.run.rows.filter(head_line=head.line).order_by("line")] if self.kind.group else [head]

    def check(self, rows: Sequence[ImportRow], doubles: Mapping[int, int]) -> None:
        """Find out what would become of the rows of a record; nothing of it stays."""
        self._take(rows, doubles.get(rows[0].line), dry=True)

    def take(self, rows: Sequence[ImportRow]) -> None:
        """Bring the rows of a record in, and note what became of it in the same commit."""
        self._take(rows, None, dry=False)

    def _take(self, rows: Sequence[ImportRow], double_of: int | None, *, dry: bool) -> None:
        head = rows[0]
        cells, facts, found = together(rows, [self.said(row) for row in rows], self.kind, self._columns)
        if double_of is not None:
            key = next((key for key in self.kind.keys if cells.get(key)), "")
            found[0].append(
                {"field": key, "reason": _("Line %(line)s is about the same record.") % {"line": double_of}, "double": str(double_of)}
            )
        for row in rows:
            row.head_line, row.note = (None if row is head else head.line), ""
        if not any(found):
            try:
                with transaction.atomic():
                    state = self._write_or_hold(head, cells, facts, dry=dry)
                    if not dry:
                        self._settle(rows, state)
                        for row in rows:
                            row.save()
                    transaction.set_rollback(dry)
            except Refused as refusal:
                place = refusal.place if isinstance(refusal, RowRefused) else 0
                found[place] = [{"field": self._field_of(refusal), "reason": str(refusal)}]
            except (IntegrityError, DataError) as error:
                found[0] = [{"field": "", "reason": _("The database does not take it: %(why)s") % {"why": str(error).partition("\n")[0]}}]
            else:
                self._settle(rows, state)
                return
        self._refuse(rows, found, State.BAD if dry else State.REFUSED)
        if not dry:
            ImportRow.objects.bulk_update(rows, ["state", "problems", "note"])

    def _refuse(self, rows: Sequence[ImportRow], found: Sequence[Problems], state: ImportRow.State) -> None:
        culprit = next(row.line for row, problems in zip(rows, found, strict=True) if problems)
        beside = {"field": "", "reason": _("Line %(line)s, about the same, has a mistake.") % {"line": culprit}}
        for row, problems in zip(rows, found, strict=True):
            row.state, row.problems = state, problems or [beside]

    def _settle(self, rows: Sequence[ImportRow], state: ImportRow.State) -> None:
        head = rows[0]
        head.state, head.problems = state, []
        for row in rows[1:]:
            row.state, row.problems = State.PART, []
            row.object_id = head.object_id if state == State.CREATED else None
            row.note = _("With line %(line)s.") % {"line": head.line}

    def _write_or_hold(self, row: ImportRow, cells: Mapping[str, str], facts: Facts, *, dry: bool) -> ImportRow.State:
        """Write it; where a second person has to check it first, the row becomes its record when they have."""
        external_id = facts.pop("external_id", "") or facts.get(self.kind.group, "")
        try:
            return self._write(row, cells, facts, external_id, dry=dry)
        except WaitsForSecond as waits:  # inside the transaction: what was asked for is to be kept
            return self._hold(row, waits, self._known(external_id, facts), dry=dry)

    def _write(self, row: ImportRow, cells: Mapping[str, str], facts: Facts, external_id: str, *, dry: bool) -> ImportRow.State:
        mark = fingerprint(SourceRow(self.run.name, row.line, dict(cells)))
        known = self._known(external_id, facts)
        given = {field: value for field, value in facts.items() if cells.get(field)}
        if known is None:
            self._must_not_wait_already(row, external_id)
            asked = {field: value for field, value in facts.items() if cells.get(field) or value not in ("", None)}
            record = self.kind.create(asked, self.by)
            if not dry:
                self._note(row, record, created=True)
        else:
            if self.run.existing != ImportRun.Existing.UPDATE or self.kind.update is None:
                return self._leave(row, known, dry=dry)
            if not self.may_change:
                raise CannotTakeBack(_("%(record)s exists already, and you may not change it.") % {"record": known})
            if not dry and external_id and self._is_unchanged(external_id, mark):
                row.object_id = known.pk
                return State.UNCHANGED
            record, before = known, self._cells(known)
            self.kind.update(known, given, self.by)
            if not dry:
                self._note(row, record, created=False)
                row.before = before
                if before is not None and before == row.after:
                    return State.UNCHANGED
        if external_id and not dry:
            remember(SOURCE, self.kind.kind, external_id, record.pk, mark)
        if dry:
            return State.NEW if known is None else State.CHANGE
        return State.CREATED if known is None else State.UPDATED

    def _hold(self, row: ImportRow, waits: WaitsForSecond, known: Model | None, *, dry: bool) -> ImportRow.State:
        """Note that a row waits; a check takes even the asking back."""
        row.note = _("Waits for a second person once it is imported.") if dry else str(waits.title)
        row.object_id = known.pk if known is not None else None
        if dry:
            return State.NEW if known is None else State.CHANGE
        row.approval, row.was_created = waits.approval, known is None
        row.before = self._cells(known) if known is not None else None
        return State.HELD

    def _must_not_wait_already(self, row: ImportRow, external_id: str) -> None:
        """What was imported and waits for a second person is not imported again."""
        if not external_id:
            return
        held = ImportRow.objects.filter(run__kind=self.kind.kind, state=State.HELD, cells__contains=[external_id])
        for other in held.exclude(pk=row.pk).select_related("run"):
            said = {field: cell.strip() for field, cell in zip(other.run.fields, other.cells, strict=False) if field}
            if external_id in {said.get("external_id"), said.get(self.kind.group) if self.kind.group else None}:
                raise WaitsAlready(
                    _("That was imported already, and waits for a second person: line %(line)s of %(file)s.")
                    % {"line": other.line, "file": other.run.name}
                )

    def _leave(self, row: ImportRow, known: Model, *, dry: bool) -> ImportRow.State:
        if self.run.existing == ImportRun.Existing.REFUSE:
            raise CannotTakeBack(_("%(record)s exists already.") % {"record": known})
        row.note = (_("%(record)s exists already.") % {"record": known})[:500]
        row.object_id = known.pk
        return State.SKIP if dry else State.SKIPPED

    def _known(self, external_id: str, facts: Facts) -> Any:
        if external_id:
            known = ExternalId.objects.filter(source=SOURCE, kind=self.kind.kind, external_id=external_id).first()
            record = self.kind.model._base_manager.filter(pk=known.object_id).first() if known else None
            if record is not None:
                return self._within_reach(record)
        return self._within_reach(self.kind.find(facts))

    def _within_reach(self, known: Any) -> Any:
        """The record a row is about, which the person must see to change it."""
        if known is not None and not seen_of(self.kind.model._meta.label_lower, [known.pk], self.by):
            raise OutOfReach(_("There is such a record already, and you may not see it."), fix=_("Ask whose it is."))
        return known

    def _is_unchanged(self, external_id: str, mark: str) -> bool:
        return ExternalId.objects.filter(source=SOURCE, kind=self.kind.kind, external_id=external_id, fingerprint=mark).exists()

    def _note(self, row: ImportRow, record: Model, *, created: bool) -> None:
        fresh = self.kind.model._base_manager.get(pk=record.pk)
        row.object_id, row.was_created = record.pk, created
        row.row_version = getattr(fresh, "version", None)
        row.after = self._cells(fresh)

    def _cells(self, record: Any) -> dict[str, str] | None:
        return dict(self.kind.cells(record)) if self.kind.cells else None

    def _field_of(self, refusal: Refused) -> str:
        return refusal.field if refusal.field in self.run.fields else ""

    # -- Taking back ---------------------------------------------------------------------------------------------------
    def take_back(self, row: ImportRow) -> None:
        """Undo what a row did, all of it, or say why it stays."""
        try:
            with transaction.atomic():
                try:
                    row.note, row.state = str(self._undo(row))[:500], State.REVERTED
                except WaitsForSecond as waits:
                    row.note, row.state, row.approval = str(waits.title), State.KEPT, waits.approval
                row.save(update_fields=["state", "note", "approval"])
        except Refused as refusal:
            row.state, row.note = State.KEPT, str(refusal)[:500]
            row.save(update_fields=["state", "note"])

    # -- What a second person had to check -----------------------------------------------------------------------------
    def finish(self, row: ImportRow, result_kind: str, result_id: int | None) -> None:
        """What a row waited for was done: the record it became, or that it was taken back."""
        made = result_id if result_kind == self.kind.model._meta.label_lower else None
        record = self.kind.model._base_manager.filter(pk=row.object_id or made or 0).first()
        if row.state == State.KEPT:
            ExternalId.objects.filter(source=SOURCE, kind=self.kind.kind, object_id=row.object_id or 0).delete()
            row.state, row.note = State.REVERTED, str(self.kind.kept_as)[:500]
        elif record is not None:
            rows = self.members(row)
            cells, facts, _found = together(rows, [self.said(one) for one in rows], self.kind, self._columns)
            external_id = facts.get("external_id", "") or facts.get(self.kind.group, "")
            self._note(row, record, created=row.was_created)
            row.note = ""
            if external_id:
                remember(SOURCE, self.kind.kind, external_id, record.pk, fingerprint(SourceRow(self.run.name, row.line, dict(cells))))
            self._settle(rows, State.CREATED if row.was_created else State.UPDATED)
            for other in rows[1:]:
                other.save()
        row.save()

    def give_up(self, row: ImportRow, why: str) -> None:
        """What a row waited for was not done: it can be corrected and imported again, or taken back again."""
        if row.state != State.HELD:
            row.note = why[:500]
            row.save()
            return
        rows, row.note = self.members(row), ""
        self._refuse(rows, [[{"field": "", "reason": why}], *([] for _other in rows[1:])], State.REFUSED)
        for one in rows:
            one.save()

    def _undo(self, row: ImportRow) -> Any:
        record = self.kind.model._base_manager.filter(pk=row.object_id).first()
        memory = ExternalId.objects.filter(source=SOURCE, kind=self.kind.kind, object_id=row.object_id or 0)
        if record is None:
            memory.delete()
            return _("It was gone already.")
        now = self._cells(record)
        if now != row.after or (not self.kind.by_cells and getattr(record, "version", None) != row.row_version):
            raise CannotTakeBack(self._who_changed(record))
        if row.was_created:
            if self.kind.remove is None:
                raise CannotTakeBack(_("Records of this kind are never removed."))
            self.kind.remove(record, self.by)
            memory.delete()
            return self.kind.kept_as
        if self.kind.update is None or row.before is None or row.after is None:
            raise CannotTakeBack(_("What it was before is not known."))
        changed = [field for field, cell in row.before.items() if row.after.get(field) != cell]
        columns = [replace(self.kind.column(field), name=field, required=False) for field in changed]
        facts, problems = facts_of(SourceRow(self.run.name, row.line, {field: row.before[field] for field in changed}), columns)
        if problems:
            raise CannotTakeBack(problems[0].reason)
        self.kind.update(record, facts, self.by)
        memory.update(fingerprint="")
        return ""

    def _who_changed(self, record: Model) -> str:
        latest = history(record).first()
        who = User.objects.filter(pk=latest.actor_id).first() if latest and latest.actor_id else None
        if who is None or latest is None:
            return _("%(record)s was changed since.") % {"record": record}
        return _("%(record)s was changed since by %(who)s.") % {"record": record, "who": who}


def required_but_missing(kind: ImportKind, fields: Sequence[str]) -> list[Any]:
    """The names of the columns without which no row can be taken."""
    return [column.name for column in kind.columns if column.required and column.field not in fields]


def in_batches(rows: Iterable[list[ImportRow]], size: int = 200) -> Iterator[list[list[ImportRow]]]:
    """Records with their rows, so many at a time."""
    batch: list[list[ImportRow]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
