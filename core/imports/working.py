"""The jobs of an import: checking every row, bringing them in, taking them back. Each may be interrupted and goes on where it was."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import clock
from core.db import locked
from core.events.publishing import quietly
from core.files.models import Attachment
from core.imports.models import ImportRow, ImportRun
from core.imports.operations import count_rows, kind_for
from core.imports.rows import CHECKED, RowTaker, in_batches
from core.imports.uploads import Table, rows
from core.jobs.registry import job
from core.jobs.work import Work

State = ImportRow.State
Status = ImportRun.Status


@job("imports.check", title=gettext_lazy("Check of %(what)s"), icon="list-checks", tells=False)
def check(work: Work, run: int, what: str = "") -> None:
    """Try every row through the real operations, each in a transaction that is rolled back."""
    the_run = ImportRun.objects.get(pk=run)
    taker = RowTaker(the_run, kind_for(the_run.kind, work.user), work.user)
    _read_rows(the_run)
    work.total(the_run.rows.count())
    doubles = taker.doubled(the_run.rows.order_by("line").iterator(2000))
    for batch in in_batches(taker.grouped(the_run.rows.order_by("line").iterator(2000))):
        for rows_of_one in batch:
            taker.check(rows_of_one, doubles)
            work.step(len(rows_of_one), note=_("Line %(line)s") % {"line": rows_of_one[0].line})
        ImportRow.objects.bulk_update([row for rows_of_one in batch for row in rows_of_one], CHECKED)
    _move_on(work, the_run, Status.CHECKED)


@job("imports.import", title=gettext_lazy("Import of %(what)s"), icon="upload")
def bring_in(work: Work, run: int, what: str = "") -> None:
    """Bring in every row that is ready, each in a transaction of its own: a worker that dies leaves no row half done."""
    the_run = ImportRun.objects.get(pk=run)
    taker = RowTaker(the_run, kind_for(the_run.kind, work.user), work.user)
    ready = the_run.rows.filter(state__in=ImportRow.READY).order_by("line")
    work.total(ready.count())
    with quietly():  # a message to the workers for every row would help nobody: the clock drains every second
        for row in ready.iterator(2000):
            with transaction.atomic():
                if ImportRow.objects.select_for_update().filter(pk=row.pk, state__in=ImportRow.READY).exists():
                    taker.take(taker.members(row))
            work.step(note=_("Line %(line)s") % {"line": row.line})
    _move_on(work, the_run, Status.IMPORTED, imported_at=clock.now())
    work.result({"url": reverse("imports:run", args=[run]), "text": _said(the_run)})


@job("imports.revert", title=gettext_lazy("Reverting of %(what)s"), icon="undo-2")
def take_back(work: Work, run: int, what: str = "") -> None:
    """Undo every row, the last one first; what something came of meanwhile stays, with the reason."""
    the_run = ImportRun.objects.get(pk=run)
    taker = RowTaker(the_run, kind_for(the_run.kind, work.user), work.user)
    written = the_run.rows.filter(state__in=ImportRow.WRITTEN).order_by("-line")
    work.total(written.count())
    with quietly():
        for row in list(written.values_list("pk", flat=True)):
            with transaction.atomic():
                mine = ImportRow.objects.select_for_update().filter(pk=row, state__in=ImportRow.WRITTEN).first()
                if mine is not None:
                    taker.take_back(mine)
            work.step()
    _move_on(work, the_run, Status.REVERTED, reverted_at=clock.now())
    work.result({"url": reverse("imports:run", args=[run]), "text": _said(the_run)})


def _read_rows(run: ImportRun) -> None:
    if run.rows.exists():
        return
    source = Attachment.objects.get(kind="imports.importrun", object_id=run.pk)
    with source.file.open("rb") as file:
        content: bytes = file.read()
    table = Table(run.header, run.header_line, run.sample, run.encoding, run.separator, run.sheet)
    with transaction.atomic():
        found = (ImportRow(run=run, line=line, cells=cells) for line, cells in rows(run.name, content, table))
        ImportRow.objects.bulk_create(found, batch_size=1000)


def _move_on(work: Work, run: ImportRun, status: Status, **together: object) -> None:
    work.flush()
    with locked(run, by=work.user) as fresh:
        if fresh.status != status:
            fresh.move_to(status, **together)
    count_rows(run)


def _said(run: ImportRun) -> str:
    """What came of it, in a sentence."""
    words = {
        State.CREATED: ngettext("%d created", "%d created", run.counts.get(State.CREATED, 0)),
        State.UPDATED: ngettext("%d changed", "%d changed", run.counts.get(State.UPDATED, 0)),
        State.UNCHANGED: ngettext("%d unchanged", "%d unchanged", run.counts.get(State.UNCHANGED, 0)),
        State.SKIPPED: ngettext("%d skipped", "%d skipped", run.counts.get(State.SKIPPED, 0)),
        State.REFUSED: ngettext("%d refused", "%d refused", run.counts.get(State.REFUSED, 0)),
        State.HELD: ngettext("%d waits for a second person", "%d wait for a second person", run.counts.get(State.HELD, 0)),
        State.BAD: ngettext("%d left out", "%d left out", run.counts.get(State.BAD, 0)),
        State.REVERTED: ngettext("%d taken back", "%d taken back", run.counts.get(State.REVERTED, 0)),
        State.KEPT: ngettext("%d could not be taken back", "%d could not be taken back", run.counts.get(State.KEPT, 0)),
    }
    said = [text % run.counts[state] for state, text in words.items() if run.counts.get(state)]
    return f"{run.kind_title}: {', '.join(said) or _('nothing to do')}."
