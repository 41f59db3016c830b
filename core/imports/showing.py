"""What the pages of an import show: its steps, its columns, its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.errors import Text
from core.imports.kinds import ImportKind
from core.imports.mapping import Column
from core.imports.models import ImportRow, ImportRun
from core.web import registry

PAGE = 25
State = ImportRow.State
STEPS: tuple[Text, ...] = (_("Choose"), _("Upload"), _("Match columns"), _("Check"), _("Import"))
TONES = {
    State.CREATED: "good",
    State.UPDATED: "info",
    State.BAD: "bad",
    State.REFUSED: "bad",
    State.KEPT: "warn",
    State.HELD: "warn",
    State.NEW: "good",
    State.CHANGE: "info",
}
FIGURES: tuple[tuple[str, Text], ...] = (
    (State.NEW, _("will be created")),
    (State.CHANGE, _("will be changed")),
    (State.SKIP, _("will be skipped")),
    (State.CREATED, _("created")),
    (State.UPDATED, _("changed")),
    (State.UNCHANGED, _("unchanged")),
    (State.SKIPPED, _("skipped")),
    (State.HELD, _("wait for a second person")),
    (State.REFUSED, _("refused")),
    (State.BAD, _("with mistakes")),
    (State.REVERTED, _("taken back")),
    (State.KEPT, _("could not be taken back")),
    (State.WAITING, _("not checked")),
    (State.PART, _("further rows of them")),
)


@dataclass(frozen=True)
class Step:
    """One step on the way, and whether it is behind, here or ahead."""

    label: Text
    number: int
    state: str


def steps(at: int) -> list[Step]:
    """The way through an import, standing at a step (1 to 5; 6: all behind)."""
    return [
        Step(label, number, "done" if number < at else "here" if number == at else "ahead") for number, label in enumerate(STEPS, start=1)
    ]


def step_of(run: ImportRun) -> int:
    """Where an import stands."""
    status = ImportRun.Status
    return {status.UPLOADED: 3, status.CHECKING: 4, status.CHECKED: 4, status.IMPORTING: 5}.get(status(run.status), 6)


@dataclass
class Match:
    """One column of the file, and what it may fill."""

    position: int
    name: str
    samples: list[str]
    field: str


def matches(run: ImportRun) -> list[Match]:
    """Every column of the file with some of its values."""
    found = []
    for position, name in enumerate(run.header):
        samples = [row[position] for row in run.sample if position < len(row) and row[position]]
        found.append(Match(position, name, samples[:3], run.fields[position] if position < len(run.fields) else ""))
    return found


@dataclass
class ShownCell:
    """One cell of a row, what is wrong with it, and the name it is corrected under."""

    column: Column
    value: str
    reasons: list[str]
    name: str


@dataclass
class ShownRow:
    """One row as the page draws it."""

    row: ImportRow
    label: Text
    tone: str
    cells: list[ShownCell]
    reasons: list[str]
    editable: bool
    url: str = ""
    anchors: list[str] = field(default_factory=list)


def shown(run: ImportRun, kind: ImportKind, rows: Sequence[ImportRow], *, may_correct: bool) -> list[ShownRow]:
    """Rows with their reasons at the cells they are about; what concerns the whole row stands beside its line."""
    columns = [(position, kind.column(name)) for position, name in enumerate(run.fields) if name]
    held = {column.field for _position, column in columns}
    lines = []
    for row in rows:
        cells = [
            ShownCell(
                column,
                row.cells[position] if position < len(row.cells) else "",
                [problem["reason"] for problem in row.problems if problem["field"] == column.field],
                f"cell-{row.pk}-{position}",
            )
            for position, column in columns
        ]
        lines.append(
            ShownRow(
                row,
                State(row.state).label,
                TONES.get(State(row.state), ""),
                cells,
                [problem["reason"] for problem in row.problems if problem["field"] not in held],
                may_correct and row.state in ImportRow.WRONG,
                _page_of(kind, row),
            )
        )
    return lines


def _page_of(kind: ImportKind, row: ImportRow) -> str:
    """The record a row became; while it waits for a second person, where that stands."""
    if row.state == State.HELD:
        return registry.url_for("approvals.approval", row.approval_id)
    return registry.url_for(kind.model._meta.label_lower, row.object_id) if row.object_id and row.state != State.REVERTED else ""


def filters(run: ImportRun) -> list[tuple[str, Text, int]]:
    """What the rows may be narrowed to: every state there is, with its count."""
    names = dict(FIGURES)
    return [(str(state), State(state).label, run.counts[state]) for state in names if run.counts.get(state)]


def page_of(run: ImportRun, state: str, number: str) -> Page[Any]:
    """One page of rows in a state, or of all."""
    rows: QuerySet[ImportRow] = run.rows.order_by("line")
    return Paginator(rows.filter(state=state) if state else rows, PAGE).get_page(number)


def start_state(run: ImportRun) -> str:
    """Where somebody looks first: at what is wrong, else at everything."""
    return next((str(state) for state in (State.KEPT, State.BAD, State.REFUSED) if run.counts.get(state)), "")


def figures_of(counts: Mapping[str, int]) -> list[tuple[int, Text, str]]:
    """The counts worth showing, in words, with their tone."""
    return [(counts[state], words, TONES.get(State(state), "")) for state, words in FIGURES if counts.get(state)]
