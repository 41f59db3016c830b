"""How the handlers stand: what waits for each, since when, and what it gave up."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from core.events.models import Delivery, Record


@dataclass
class Standing:
    """One handler's unfinished work; ``since`` is when the oldest event happened that it has not dealt with and not given up."""

    waiting: int = 0
    dead: int = 0
    since: datetime | None = None


def standing_of_handlers() -> dict[str, Standing]:
    """Every handler that has unfinished work. Two statements, which cost what is unfinished and nothing of what is done."""
    found: dict[str, Standing] = defaultdict(Standing)
    oldest: dict[str, int] = {}
    rows = Delivery.objects.unfinished().order_by().values_list("handler", "status").annotate(count=Count("pk"), first=Min("record_id"))
    for handler, status, count, first in rows:
        if status == Delivery.Status.DEAD:
            found[handler].dead = count
        else:
            found[handler].waiting += count
            oldest[handler] = min(first, oldest.get(handler, first))
    happened = dict(Record.objects.filter(pk__in=set(oldest.values())).values_list("pk", "recorded_at"))
    for handler, record in oldest.items():
        found[handler].since = happened.get(record)
    return found
