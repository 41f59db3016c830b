"""Reading and writing the links between documents."""

from dataclasses import dataclass

from django.db.models import Q

from core.docflow.models import Link
from core.writing import Part


@dataclass(frozen=True)
class Related:
    """A document beside another: ``relation`` reads from the older to the newer, ``came_after`` says which this one is."""

    kind: str
    id: int
    number: str
    relation: str
    came_after: bool


def link(
    source_kind: str, source_id: int, source_number: str, target_kind: str, target_id: int, target_number: str, *, relation: str
) -> None:
    """Note that the target came of the source. Noting it twice is noting it once. Call it inside the operation's lock."""
    noted = Link(
        source_kind=source_kind,
        source_id=source_id,
        source_number=source_number,
        target_kind=target_kind,
        target_id=target_id,
        target_number=target_number,
        relation=relation,
    )
    Link.objects.bulk_create([noted], ignore_conflicts=True)


def came_of(target_kind: str, *sources: tuple[str, int, str, str]) -> Part:
    """The links to a document that is being written, from those it comes of: kind, id, number and relation of each."""
    return Part(
        [
            Link(source_kind=kind, source_id=pk, source_number=number, target_kind=target_kind, relation=relation)
            for kind, pk, number, relation in sources
        ],
        "target_id",
        "target_number",
    )


def related(kind: str, pk: int) -> list[Related]:
    """The documents next to this one, oldest link first."""
    links = Link.objects.filter(Q(source_kind=kind, source_id=pk) | Q(target_kind=kind, target_id=pk)).order_by("created_at", "pk")
    return [
        Related(row.target_kind, row.target_id, row.target_number, row.relation, came_after=True)
        if (row.source_kind, row.source_id) == (kind, pk)
        else Related(row.source_kind, row.source_id, row.source_number, row.relation, came_after=False)
        for row in links
    ]
