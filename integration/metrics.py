"""What a monitor asks: how the queue, the messages, the jobs and the books stand, in Prometheus's text format.

Every figure is read from Postgres when it is asked for, so that it is the same from every process and survives each of them. Nothing
that is done is counted row by row: the cost follows what waits, not what has been.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from core.effects.models import Effect
from core.events.listening import HANDLERS
from core.events.models import Delivery, HandlerPause, Record
from core.jobs.models import Job
from integration.delivery.standing import Standing, standing_of_handlers
from integration.models import Drift, ProcessInstance

Labels = Mapping[str, str]


@dataclass
class Metric:
    """One figure, or one for each set of labels."""

    name: str
    help: str
    values: Iterable[tuple[Labels, float]]
    kind: str = field(default="gauge")

    def lines(self) -> Iterator[str]:
        """As the text format wants it."""
        yield f"# HELP {self.name} {self.help}"
        yield f"# TYPE {self.name} {self.kind}"
        for labels, value in self.values:
            named = ",".join(f'{name}="{_escaped(text)}"' for name, text in labels.items())
            yield f"{self.name}{{{named}}} {value:.10g}" if named else f"{self.name} {value:.10g}"


def as_text() -> str:
    """The whole page."""
    return "".join(f"{line}\n" for metric in metrics() for line in metric.lines())


def metrics() -> Iterator[Metric]:
    """Every figure there is."""
    now = timezone.now()
    yield from _deliveries(now)
    yield from _effects(now)
    jobs = dict(Job.objects.filter(status__in=("queued", "running")).order_by().values_list("status").annotate(count=Count("pk")))
    yield Metric("satu_jobs", "Background jobs by state.", [({"state": state}, jobs.get(state, 0)) for state in ("queued", "running")])
    late = ProcessInstance.objects.due().aggregate(count=Count("pk"))["count"]
    yield Metric("satu_process_deadlines_due", "Deadlines of processes that have passed and are not told yet.", _one(late))
    drift = Drift.objects.standing().count()
    yield Metric("satu_drift_standing", "Figures that do not follow from their source, by the last reconciliation.", _one(drift))


def _deliveries(now: datetime) -> Iterator[Metric]:
    counts = dict(Delivery.objects.unfinished().order_by().values_list("status").annotate(count=Count("pk")))
    ready = Delivery.objects.filter(status=Delivery.Status.PENDING, available_at__lte=now).aggregate(since=Min("available_at"))["since"]
    standing = standing_of_handlers()
    paused = set(HandlerPause.objects.active().values_list("handler", flat=True))
    later = sorted(name for name, handler in HANDLERS.items() if not handler.same_commit)
    rows = [(name, standing.get(name, Standing())) for name in sorted({*later, *standing})]
    states = [str(state) for state in Delivery.UNFINISHED]
    yield Metric("satu_deliveries", "Deliveries that are not done, by state.", [({"state": one}, counts.get(one, 0)) for one in states])
    yield Metric("satu_delivery_oldest_ready_age_seconds", "How long the oldest ready delivery has waited.", _one(_age(ready, now)))
    yield Metric("satu_handler_waiting", "Deliveries a handler has still to do.", [({"handler": name}, row.waiting) for name, row in rows])
    yield Metric(
        "satu_handler_lag_seconds",
        "Age of the oldest event a handler has still to deal with.",
        [({"handler": name}, _age(row.since, now)) for name, row in rows],
    )
    yield Metric("satu_handler_dead", "Deliveries a handler gave up.", [({"handler": name}, row.dead) for name, row in rows])
    yield Metric(
        "satu_handler_paused", "1 while somebody has stopped a handler.", [({"handler": name}, name in paused) for name, _ in rows]
    )
    last = Record.objects.aggregate(last=Max("pk"))["last"] or 0
    yield Metric("satu_events_total", "Number of the latest event; numbers rise by one, with gaps.", _one(last), "counter")


def _effects(now: datetime) -> Iterator[Metric]:
    waits, under_way, failed = Q(status=Effect.Status.PENDING), Q(status=Effect.Status.SENDING), Q(status=Effect.Status.FAILED)
    found = Effect.objects.filter(waits | under_way | failed).aggregate(
        pending=Count("pk", filter=waits),
        sending=Count("pk", filter=under_way),
        failed=Count("pk", filter=failed),
        since=Min("due_at", filter=waits & Q(due_at__lte=now)),
    )
    states = ("pending", "sending", "failed")
    yield Metric("satu_effects", "Messages to the outside by state.", [({"state": state}, found[state]) for state in states])
    yield Metric(
        "satu_effect_oldest_due_age_seconds", "How long the oldest message that is due has waited.", _one(_age(found["since"], now))
    )


def _age(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0


def _one(value: float) -> list[tuple[Labels, float]]:
    return [({}, value)]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
