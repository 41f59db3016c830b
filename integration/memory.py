"""The memory of processes that wait: one row per business key says where each stands and what happens when nothing comes in time.

The events of a key move its row, and the later event wins: a handler that runs late, or twice, changes nothing any more. A deadline is
an event that was written down beforehand; it is published when its time has come, and then carried, retried and shown like any other.
Whoever hears a deadline first looks at the document: what it warns of may have been mended a moment ago.

What a process does are its steps, declared where they stand, each with the handler that takes it back: when an order is cancelled after its
goods were set aside, `stop_the_deliveries` takes back `reserve_the_goods`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar, TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.db.models import CharField, Exists, OuterRef, Subquery
from django.db.models.functions import Cast
from django.utils.functional import Promise

from core.events import Event
from core.events.cause import acting, current_cause
from core.events.codec import from_json, to_json
from core.events.listening import HANDLERS, name_of
from core.events.models import Delivery, Record
from core.events.publishing import publish
from core.people.models import User
from integration.models import ProcessInstance

BATCH = 100
REMEMBER = """
    INSERT INTO integration_processinstance
        (process, kind, object_id, number, party_id, state, outcome, due_at, due_type, due_version, due_payload,
         record_id, started_at, changed_at, ended_at)
    SELECT %(process)s, %(kind)s, %(pk)s, %(number)s, %(party)s, %(state)s, %(outcome)s, %(until)s, %(due_type)s, %(due_version)s,
           %(due_payload)s, record.id, record.occurred_at, record.occurred_at, CASE WHEN %(outcome)s <> '' THEN record.occurred_at END
      FROM events_record record WHERE record.event_id = %(event)s
    ON CONFLICT (process, kind, object_id) DO UPDATE
       SET (state, outcome, due_at, due_type, due_version, due_payload, record_id, changed_at, ended_at) =
           (EXCLUDED.state, EXCLUDED.outcome, EXCLUDED.due_at, EXCLUDED.due_type, EXCLUDED.due_version, EXCLUDED.due_payload,
            EXCLUDED.record_id, EXCLUDED.changed_at, EXCLUDED.ended_at)
     WHERE integration_processinstance.record_id < EXCLUDED.record_id
"""


Run = TypeVar("Run", bound=Callable[..., object])


@dataclass(frozen=True)
class Step:
    """What a process does, and how it is taken back: by the handler ``taken_back_by``, or else by people, as ``back`` says."""

    handler: str
    words: str | Promise
    back: str | Promise = ""
    taken_back_by: str = ""


@dataclass(frozen=True)
class Process:
    """What one process remembers of one kind of document, such as ``order_to_cash`` of ``sales.order``.

    ``states`` are in words; ``told_by`` is the file in `integration.processes` whose handlers move it;
    ``steps`` are declared where they stand.
    """

    name: str
    kind: str
    told_by: str
    states: Mapping[str, str | Promise]
    steps: dict[str, Step] = field(default_factory=dict)

    registry: ClassVar[dict[tuple[str, str], "Process"]] = {}

    def __post_init__(self) -> None:
        self.registry[self.name, self.kind] = self

    @property
    def handlers(self) -> list[str]:
        """The names of the handlers that move it."""
        return [name for name in HANDLERS if name.startswith(f"{self.told_by}.")]

    def step(self, words: str | Promise, *, instead: str | Promise = "") -> Callable[[Run], Run]:
        """A handler is a step of this process. A step that no handler takes back says what happens instead."""

        def declare(run: Run) -> Run:
            name = name_of(run)
            self.steps[name] = Step(name, words, instead)
            return run

        return declare

    def takes_back(self, step: Callable[..., object], words: str | Promise) -> Callable[[Run], Run]:
        """A handler takes back what ``step`` did; it stands right below it. It is carried, retried and shown like any other."""

        def declare(run: Run) -> Run:
            name = name_of(step)
            self.steps[name] = replace(self.steps[name], back=words, taken_back_by=name_of(run))
            return run

        return declare

    def waits(
        self,
        pk: int,
        number: str,
        state: str,
        *,
        party_id: int | None = None,
        until: datetime | None = None,
        then: Event | None = None,
    ) -> None:
        """The event at hand brought the document to ``state``. At ``until``, if nothing else has come, ``then`` is published."""
        self._remember(pk, number, state, party_id=party_id, until=until, then=then)

    def waits_on(self, pk: int, *, until: datetime, then: Event) -> None:
        """The deadline at hand passed, and it still waits for the same: at ``until``, ``then`` is published, the next of its kind.

        Whatever moved it meanwhile wins.
        """
        at_hand = Subquery(Record.objects.filter(event_id=_event_at_hand()).values("pk"))
        ProcessInstance.objects.open().filter(
            process=self.name, kind=self.kind, object_id=pk, due_type=then.type_name(), record__lt=at_hand
        ).update(due_at=until, due_version=then.VERSION, due_payload=to_json(then), record=at_hand)

    def ends(self, pk: int, number: str, state: str, *, party_id: int | None = None, taken_back: bool = False) -> None:
        """The event at hand ended it: completed, or all it had done was taken back."""
        outcome = ProcessInstance.Outcome.COMPENSATED if taken_back else ProcessInstance.Outcome.COMPLETED
        self._remember(pk, number, state, party_id=party_id, outcome=outcome)

    def _remember(
        self,
        pk: int,
        number: str,
        state: str,
        *,
        party_id: int | None,
        outcome: str = "",
        until: datetime | None = None,
        then: Event | None = None,
    ) -> None:
        if state not in self.states:
            raise ValueError(f"{self.name} of {self.kind} knows no state {state}.")
        if (until is None) != (then is None):
            raise ValueError("A deadline needs both: until when, and what happens then.")
        with connection.cursor() as cursor:
            cursor.execute(
                REMEMBER,
                {
                    "process": self.name,
                    "kind": self.kind,
                    "pk": pk,
                    "number": number,
                    "party": party_id,
                    "state": state,
                    "outcome": outcome,
                    "until": until,
                    "due_type": then.type_name() if then else "",
                    "due_version": then.VERSION if then else 1,
                    "due_payload": connection.ops.adapt_json_value(to_json(then) if then else {}, None),
                    "event": _event_at_hand(),
                },
            )


def publish_due(limit: int = BATCH) -> int:
    """Publish the deadlines whose time has come, oldest first: their number. Each is published once, whoever else looks, too.

    Not while an event that would move the document on is still on its way to the process.
    """
    on_its_way = Delivery.objects.on_its_way().filter(
        handler__in=[handler for process in Process.registry.values() for handler in process.handlers],
        key=Cast(OuterRef("object_id"), CharField()),
    )
    late = (
        ProcessInstance.objects.due()
        .filter(~Exists(on_its_way), due_type__in=Event.registry)  # what newer code wrote down waits for newer code
        .select_related("record")
        .order_by("due_at", "pk")
    )
    with transaction.atomic():
        held = list(late.select_for_update(skip_locked=True, of=("self",))[:limit])
        for instance in held:
            cause = instance.record
            with acting(by=User.objects.service(), correlation_id=cause.correlation_id, causation_id=cause.event_id):
                publish(from_json(instance.due_type, instance.due_version, instance.due_payload))
        ProcessInstance.objects.filter(pk__in=[instance.pk for instance in held]).update(due_at=None)
    return len(held)


def state_in_words(instance: ProcessInstance) -> str | Promise:
    """What it waits for, or how it ended."""
    process = Process.registry.get((instance.process, instance.kind))
    return process.states.get(instance.state, instance.state) if process else instance.state


def _event_at_hand() -> UUID:
    event_id = current_cause().causation_id
    if event_id is None:
        raise RuntimeError("A process remembers inside a handler: the event at hand is what moved it.")
    return event_id
