"""Who listens to which event. ``integration.processes`` registers here with ``@on``."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, TypeVar

from core.events.event import Event

E = TypeVar("E", bound=Event)


@dataclass(frozen=True)
class Handler:
    """One reaction to one event: a function of a process, known by a stable name such as ``order_to_cash.reserve_the_goods``."""

    name: str
    event: type[Event]
    run: Callable[[Any], object]
    same_commit: bool
    awaited: object = ""
    beside: bool = False

    @property
    def process(self) -> str:
        """The process it is a step of, e.g. ``order_to_cash``."""
        return self.name.partition(".")[0]

    @property
    def acts_in(self) -> list[str]:
        """The modules whose operations it calls, as its own code names them: ``inventory.reserve_stock`` acts in inventory."""
        known = self.run.__globals__
        modules = [known[name].__name__ for name in self.run.__code__.co_names if isinstance(known.get(name), ModuleType)]
        packages = dict.fromkeys(name for name in modules if name.endswith(".operations"))
        return [package.removesuffix(".operations").rpartition(".")[2] for package in packages]


HANDLERS: dict[str, Handler] = {}
_by_event: dict[type[Event], list[Handler]] = defaultdict(list)


def on(
    event: type[E], *, same_commit: bool = False, awaited: object = "", beside: bool = False
) -> Callable[[Callable[[E], object]], Callable[[E], object]]:
    """React to ``event``: one delivery per fact, run by a worker, retried until it succeeds or is parked.

    With ``same_commit`` it runs inside the publisher's transaction instead: for what the database must never see apart,
    such as a stock move and its ledger entry. A refusal there refuses the publisher's operation.

    ``beside`` says that it only remembers or tells: it locks no document, and may run in the commit of a handler of the same story.

    ``awaited`` says what people wait for until a worker has done it ("The goods are being set aside"): the record's page shows it.
    """

    def register(run: Callable[[E], object]) -> Callable[[E], object]:
        name = name_of(run)
        if name in HANDLERS:
            raise ValueError(f"Two handlers are called {name}: rename one.")
        handler = Handler(name=name, event=event, run=run, same_commit=same_commit, awaited=awaited, beside=beside)
        HANDLERS[name] = handler
        _by_event[event].append(handler)
        return run

    return register


def name_of(run: Callable[..., object]) -> str:
    """What a handler is called: its file and its function, e.g. ``order_to_cash.reserve_the_goods``."""
    return f"{run.__module__.rpartition('.')[2]}.{run.__name__}"


def handlers_of(event: type[Event]) -> list[Handler]:
    """Every handler of an event, in the order they were declared."""
    return _by_event[event]
