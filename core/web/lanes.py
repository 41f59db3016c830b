"""What a board is made of: lanes, cards, signals, sums."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms

from core.web.registry import Text
from core.web.verbs import Operation, Verb


@dataclass(frozen=True)
class Lane:
    """A column of the board: ``key`` is what a card's lane field holds, ``value`` what the operation takes.

    ``probability`` (0 to 1) weighs its sum. A lane with a ``verb`` is where that verb leads: dropping a card does the verb
    instead of the move, and asks first what the verb asks (why a deal is lost); its cards stay. ``folded`` lanes are a strip
    that takes cards and opens when asked. ``note`` stands under its title.
    """

    key: str
    title: Text
    value: Any = None
    probability: Decimal | None = None
    verb: Verb | None = None
    folded: bool = False
    tone: str = ""
    note: Text = ""


@dataclass(frozen=True)
class Signal:
    """A word of warning or joy on a card."""

    text: Text
    tone: str = "warn"


@dataclass(frozen=True)
class Quick:
    """Making a record in a lane: one small form, one operation. ``lane`` names the argument that takes the lane's value."""

    operation: Operation
    form: type[forms.Form]
    lane: str
    label: Text = ""


@dataclass(frozen=True)
class Card:
    """A record as its card shows it."""

    record: Any
    url: str
    title: str
    note: Any
    amount: Any
    signals: Sequence[Signal]
    foot: list[Any]
    movable: bool

    @property
    def signal(self) -> Signal | None:
        """What it warns about first."""
        return self.signals[0] if self.signals else None


@dataclass(frozen=True)
class Column:
    """A lane with the cards that are shown of it; ``count`` and ``sum`` are of all."""

    lane: Lane
    cards: list[Card]
    count: int
    sum: Any
    weighted: str = ""
    more: int = 0
    more_query: str = ""
    folded: bool = False
    fold_query: str = ""
    takes: bool = True
    create_url: str = ""


@dataclass
class Sums:
    """How many cards a lane has and what they come to, by currency."""

    count: int = 0
    amounts: dict[str, Decimal] = field(default_factory=dict)

    @property
    def only(self) -> tuple[Decimal, str] | None:
        """The one amount with its currency, when all cards share it."""
        return next(((amount, currency) for currency, amount in self.amounts.items()), None) if len(self.amounts) == 1 else None
