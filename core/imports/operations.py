"""What is done with imports: a table uploaded, its columns matched, its rows corrected, imported, and all of it taken back."""

from collections.abc import Mapping, Sequence

from django.core.files.base import ContentFile
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from core.db import locked
from core.errors import Refused
from core.files.ageing import long_ago, remove_files_of
from core.files.models import Attachment
from core.files.operations import keep_file
from core.imports.kinds import ImportKind, guess, loaded, normal
from core.imports.models import ImportRow, ImportRun
from core.imports.rows import CHECKED, RowTaker, required_but_missing
from core.imports.uploads import look
from core.jobs.operations import register_job
from core.people.models import User

MEDIA_TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
Status = ImportRun.Status
State = ImportRow.State


class NotImportable(Refused):
    """Records of this kind are not imported, or not by this person."""

    status = 403


class ColumnsMissing(Refused):
    """Without some columns no row makes a record."""


class ColumnTwice(Refused):
    """Two columns of a file cannot fill one field."""


class NothingToImport(Refused):
    """No row is ready."""


class StillBusy(Refused):
    """A worker is at it."""


def kind_for(name: str, user: User) -> ImportKind:
    """The kind of this name, when this person may import it."""
    kind = loaded().get(name)
    if kind is None or not kind.may(user):
        raise NotImportable(_("You may not import this."), fix=_("Ask somebody whose role creates such records."))
    return kind


def upload_table(kind_name: str, *, name: str, content: bytes, by: User) -> ImportRun:
    """Take a CSV or XLSX file in, find its table, and guess its columns; nothing is imported yet."""
    kind = kind_for(kind_name, by)
    table = look(name, content)
    fields = guess(kind, table.header, remembered(kind_name, by))
    with locked(by=by):
        run = ImportRun.objects.create(
            kind=kind_name,
            user=by,
            name=name[:200],
            header=table.header,
            header_line=table.header_line,
            sample=table.sample,
            encoding=table.encoding,
            separator=table.separator,
            sheet=table.sheet[:100],
            fields=fields,
            existing=ImportRun.Existing.UPDATE if kind.may_change(by) else ImportRun.Existing.SKIP,
        )
        media_type = MEDIA_TYPES.get(name.rpartition(".")[2].lower(), "text/csv")
        keep_file("imports.importrun", run.pk, name[:200], ContentFile(content), media_type, by=by)
    return run


def remembered(kind_name: str, user: User) -> dict[str, str]:
    """How columns of these names were matched last time, by this person or else by anybody."""
    runs = ImportRun.objects.filter(kind=kind_name).exclude(status=Status.UPLOADED).order_by("-pk")
    run = runs.filter(user=user).first() or runs.first()
    return {normal(name): field for name, field in zip(run.header, run.fields, strict=False)} if run else {}


def match_columns(run: ImportRun, *, fields: Sequence[str], existing: str = "", by: User) -> ImportRun:
    """Say which field each column fills ("" none) and what happens to records that exist; a job then checks every row."""
    kind = kind_for(run.kind, by)
    known = {column.field for column in kind.all_columns}
    chosen = [field if field in known else "" for field in fields][: len(run.header)]
    twice = next((field for field in chosen if field and chosen.count(field) > 1), None)
    if twice is not None:
        raise ColumnTwice(
            _("Two columns are matched with “%(field)s”.") % {"field": kind.column(twice).name},
            fix=_("Leave one of them out."),
            field="fields",
        )
    missing = required_but_missing(kind, chosen)
    if missing:
        raise ColumnsMissing(
            _("No column is matched with: %(names)s.") % {"names": ", ".join(map(str, missing))},
            fix=_("Choose the column that holds it."),
            field="fields",
        )
    with locked(run, by=by) as run:
        if existing:
            run.existing = ImportRun.Existing(existing)
        job = register_job("imports.check", _what(run), back=_page(run), user=by)
        run.move_to(Status.CHECKING, fields=chosen, existing=run.existing, job=job, counts={})
        run.rows.update(state=State.WAITING, problems=[])
    return run


def match_again(run: ImportRun, *, by: User) -> ImportRun:
    """Go back to the columns."""
    with locked(run, by=by) as run:
        run.move_to(Status.UPLOADED)
    return run


def correct_rows(run: ImportRun, corrections: Mapping[int, Mapping[int, str]], *, by: User) -> list[ImportRow]:
    """Write other values into cells (row id -> column -> value), and check those rows and whatever they were mistaken for."""
    kind = kind_for(run.kind, by)
    with locked(run, run.rows.filter(pk__in=list(corrections), state__in=(*ImportRow.READY, *ImportRow.WRONG)), by=by) as (run, rows):
        if run.status not in {Status.CHECKED, Status.IMPORTED}:
            raise StillBusy(_("This import is not to be corrected now."), fix=_("Wait until it was checked."))
        for row in rows:
            for position, value in corrections[row.pk].items():
                if 0 <= position < len(row.cells):
                    row.cells[position] = value.strip()
            row.is_corrected = True
        ImportRow.objects.bulk_update(rows, ["cells", "is_corrected"])
    taker = RowTaker(run, kind, by)
    doubles = taker.doubled(run.rows.only("line", "cells", "run_id").order_by("line").iterator(2000))
    mistaken = run.rows.filter(state__in=ImportRow.WRONG, problems__0__has_key="double").exclude(pk__in=list(corrections))
    checked = [row for row in mistaken.order_by("line")[:200] if row.line not in doubles]
    groups = _touched(run, rows, taker) if kind.group else [[row] for row in (*rows, *checked)]
    for group in groups:
        taker.check(group, doubles)
    ImportRow.objects.bulk_update([row for group in groups for row in group], CHECKED)
    count_rows(run)
    return [row for group in groups for row in group if row.pk in corrections]


def _touched(run: ImportRun, corrected: Sequence[ImportRow], taker: RowTaker) -> list[list[ImportRow]]:
    """The records that corrected rows belong to now, and those they belonged to before."""
    ids, heads = {row.pk for row in corrected}, {row.head_line or row.line for row in corrected}
    waiting = run.rows.filter(Q(state__in=(*ImportRow.READY, *ImportRow.WRONG)) | Q(state=State.PART, object_id=None)).order_by("line")
    return [group for group in taker.grouped(waiting) if any(row.pk in ids or (row.head_line or row.line) in heads for row in group)]


def start_import(run: ImportRun, *, by: User) -> ImportRun:
    """Bring in every row that is ready; rows with mistakes stay out."""
    kind_for(run.kind, by)
    with locked(run, by=by) as run:
        if not run.rows.filter(state__in=ImportRow.READY).exists():
            raise NothingToImport(_("No row is ready to be imported."), fix=_("Correct the rows with mistakes first."))
        job = register_job("imports.import", _what(run), back=_page(run), user=by)
        run.move_to(Status.IMPORTING, job=job)
    return run


def revert_import(run: ImportRun, *, by: User) -> ImportRun:
    """Take the whole import back: remove what it created, restore what it changed, where nothing has happened to it since."""
    kind_for(run.kind, by)
    with locked(run, by=by) as run:
        job = register_job("imports.revert", _what(run), back=_page(run), user=by)
        run.move_to(Status.REVERTING, job=job)
    return run


def settle_import(run: ImportRun, *, by: User) -> ImportRun:
    """Go on with an import whose job was cancelled or failed: as far as it came, it counts."""
    with locked(run, by=by) as run:
        if run.job is not None and run.job.is_open:
            raise StillBusy(_("A worker is still at it."), fix=_("Wait, or cancel its job."))
        after = {Status.CHECKING: Status.UPLOADED, Status.IMPORTING: Status.IMPORTED, Status.REVERTING: Status.REVERTED}
        run.move_to(after.get(Status(run.status), Status.IMPORTED))
    count_rows(run)
    return run


def finish_held_row(approval_id: int, result_kind: str, result_id: int | None, *, by: User) -> None:
    """What a row of an import waited for was approved and done: the row becomes its record, or is taken back."""
    with locked(ImportRow.objects.filter(approval=approval_id), by=by) as rows:
        for row in rows:
            _taker_of(row).finish(row, result_kind, result_id)
            count_rows(row.run)


def give_up_held_row(approval_id: int, why: str, *, by: User) -> None:
    """What a row of an import waited for was declined or withdrawn: the row says why, and may be imported again."""
    with locked(ImportRow.objects.filter(approval=approval_id), by=by) as rows:
        for row in rows:
            _taker_of(row).give_up(row, why)
            count_rows(row.run)


def _taker_of(row: ImportRow) -> RowTaker:
    return RowTaker(row.run, loaded()[row.run.kind], row.run.user)


def remove_old_sources(*, by: User) -> int:
    """Remove files of imports that came to their end longer ago than files are kept, a portion of them; gives back how many.

    Their rows stay, and with them what an import needs to be gone on with or taken back. One that is under way keeps its file.
    """
    until = long_ago()
    if until is None:
        return 0
    over = Q(status=Status.IMPORTED, imported_at__lt=until) | Q(status=Status.REVERTED, reverted_at__lt=until)
    return remove_files_of("imports.importrun", ImportRun.objects.filter(over), by=by)


def discard_import(run: ImportRun, *, by: User) -> ImportRun:
    """Drop an upload nothing was imported from, its rows and its file."""
    with locked(run, by=by) as run:
        run.move_to(Status.DISCARDED, counts={})
        run.rows.all().delete()
        for attachment in Attachment.objects.filter(kind="imports.importrun", object_id=run.pk):
            attachment.file.delete(save=False)
            attachment.delete()
    return run


def count_rows(run: ImportRun) -> dict[str, int]:
    """Count the rows by what became of them, and keep the figures with the import."""
    counts = dict(run.rows.order_by("state").values_list("state").annotate(count=Count("pk")))
    ImportRun.objects.filter(pk=run.pk).update(counts=counts)
    run.counts = counts
    return counts


def _what(run: ImportRun) -> dict[str, object]:
    return {"run": run.pk, "what": f"{run.kind_title}, {run.name}"}


def _page(run: ImportRun) -> str:
    return reverse("imports:run", args=[run.pk])
