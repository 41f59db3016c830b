"""Why an event happened and what followed from it, however far: the tree of causes, up to its root and down to its leaves."""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from core.events.models import Delivery, Record
from core.web.sections import Entry
from integration.customer360.timeline import entry_of

DEEPEST, MOST = 30, 200
"""How many steps are followed either way, and how many events are shown."""

TREE = """
    WITH RECURSIVE up AS (
        SELECT id, causation_id, 0 AS level FROM events_record WHERE id = %(pk)s
        UNION ALL
        SELECT cause.id, cause.causation_id, up.level + 1
          FROM up JOIN events_record AS cause ON cause.event_id = up.causation_id WHERE up.level < %(deepest)s
    ), down AS (
        SELECT id, event_id, NULL::bigint AS above, 0 AS level FROM events_record WHERE id = %(pk)s
        UNION ALL
        SELECT effect.id, effect.event_id, down.id, down.level + 1
          FROM down JOIN events_record AS effect ON effect.causation_id = down.event_id WHERE down.level < %(deepest)s
    )
    SELECT id, above FROM (
        SELECT id, lead(id) OVER (ORDER BY level) AS above, -level AS level FROM up
        UNION ALL SELECT id, above, level FROM down WHERE level > 0
    ) AS tree ORDER BY level, id LIMIT %(most)s
"""


@dataclass(frozen=True)
class Node:
    """One event in the tree, and what followed from it at once; ``here`` is the one that was asked about."""

    record: Record
    entry: Entry
    here: bool
    effects: "list[Node]" = field(default_factory=list)


def tree_of(record: Record) -> list[Node]:
    """The tree an event stands in: the root, below it each step towards the event, below that everything that followed."""
    with connection.cursor() as cursor:
        cursor.execute(TREE, {"pk": record.pk, "deepest": DEEPEST, "most": MOST})
        above: dict[int, int | None] = dict(cursor.fetchall())
    stuck = Delivery.objects.dead().filter(record__in=above).values_list("record_id", flat=True)
    given_up = set(stuck)
    rows: dict[int, Any] = Record.objects.select_related("actor").in_bulk(above)
    nodes: dict[int, Node] = {}
    roots: list[Node] = []
    for pk, parent in above.items():
        row = rows[pk]
        row.stuck = pk in given_up
        nodes[pk] = Node(row, entry_of(row), here=pk == record.pk)
        (nodes[parent].effects if parent in nodes else roots).append(nodes[pk])
    return roots
