"""The board: records as cards in lanes; dragging one, or its "Move to" menu, is one operation call."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse

from core.web import markup
from core.web.cells import Cell, Money
from core.web.lists import ListScreen
from core.web.registry import OFFICES, Text, url_of
from core.web.screen import Crumb
from core.web.verbs import Operation


@dataclass(frozen=True)
class Lane:
    """A column of the board: ``key`` is what a card's lane field holds, ``value`` what the operation takes."""

    key: str
    title: Text
    value: Any = None


@dataclass(frozen=True)
class Signal:
    """A word of warning or joy on a card."""

    text: Text
    tone: str = "warn"


@dataclass(frozen=True)
class Card:
    """A record as its card shows it."""

    record: Any
    url: str
    title: str
    note: Any
    amount: Any
    signal: Signal | None
    foot: list[Any]


@dataclass(frozen=True)
class Column:
    """A lane with its cards and their sum."""

    lane: Lane
    cards: list[Card]
    sum: Any


class BoardScreen(ListScreen):
    """Cards in lanes. Shares search, filters and visibility with the list."""

    template_name = "web/board.html"
    lane_field: ClassVar[str]
    card_title: ClassVar[str | Callable[[Any], str]] = str
    card_note: ClassVar[Cell | None] = None
    card_foot: ClassVar[tuple[Cell, ...]] = ()
    amount: ClassVar[Money | None] = None
    move: ClassVar[Operation]
    board_limit: ClassVar[int] = 500

    verb: str = ""

    # -- To override -------------------------------------------------------------------------------------------------
    def lanes(self) -> Sequence[Lane]:
        """The columns, left to right."""
        raise NotImplementedError

    def signal(self, record: Any) -> Signal | None:
        """What a card warns about."""
        return None

    def perform_move(self, record: Any, lane: Lane) -> Any:
        """The one operation call."""
        return type(self).move(record, lane.value if lane.value is not None else lane.key, by=self.user)

    # -- Where it is -------------------------------------------------------------------------------------------------
    @classmethod
    def list_kind(cls) -> str:
        """A board is not the list of its kind."""
        return ""

    @classmethod
    def url_name(cls) -> str:
        """Named after the model."""
        return cls.name or f"{cls.the_model()._meta.model_name}-board"

    @classmethod
    def url_path(cls) -> str:
        """Under the list."""
        return cls.under("board")

    @classmethod
    def url_patterns(cls) -> list[URLPattern]:
        """The board and the address cards are moved at."""
        mover = path(f"{cls.url_path()}move/", cls.as_view(verb="move"), name=f"{cls.url_name()}-move")
        return [*super().url_patterns(), mover]

    @classmethod
    def move_permission(cls) -> str:
        """The permission to move, named as the operation."""
        return f"{cls.the_model()._meta.app_label}.{cls.move.__name__}"

    # -- The page ----------------------------------------------------------------------------------------------------
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The board, or only its lanes for htmx."""
        if self.verb:
            return redirect(self.url())
        return self.show("web/board_lanes.html" if self.request.htmx else "")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Move a card to a lane."""
        if not self.user.has_perm(self.move_permission()):
            raise PermissionDenied(self.move_permission())
        record = get_object_or_404(self.queryset(), pk=request.POST.get("card", "0") or "0")
        wanted = request.POST.get("lane", "")
        lane = next((lane for lane in self.lanes() if lane.key == wanted), None)
        if lane is not None and str(getattr(record, self.lane_field)) != lane.key:
            self.perform_move(record, lane)
        if self.request.htmx:
            return self.show("web/board_lanes.html")
        return redirect(self.url())

    def crumbs(self) -> list[Crumb]:
        """Office, then the board."""
        return [Crumb(OFFICES.get(self.office(), "")), Crumb(self.title)]

    def columns_of(self, rows: QuerySet[Any]) -> list[Column]:
        """The lanes with their cards."""
        cards: dict[str, list[Any]] = {}
        for row in rows[: self.board_limit]:
            cards.setdefault(str(getattr(row, self.lane_field)), []).append(row)
        return [
            Column(lane, [self.card(row) for row in cards.get(lane.key, [])], self.lane_sum(cards.get(lane.key, [])))
            for lane in self.lanes()
        ]

    def lane_sum(self, rows: list[Any]) -> Any:
        """The sum of a lane, when all its cards share a currency."""
        if self.amount is None or not rows:
            return ""
        currencies = {self.amount.currency_of(row) for row in rows}
        if len(currencies) != 1:
            return ""
        total = sum((self.amount.value(row) or Decimal(0) for row in rows), Decimal(0))
        return markup.money(total, currencies.pop(), short=True)

    def card(self, row: Any) -> Card:
        """A record as a card."""
        title = type(self).card_title
        return Card(
            record=row,
            url=url_of(row),
            title=str(getattr(row, title)) if isinstance(title, str) else title(row),
            note=self.card_note.html(row) if self.card_note else "",
            amount=self.amount.html(row) if self.amount else "",
            signal=self.signal(row),
            foot=[cell.html(row) for cell in self.card_foot],
        )

    def context(self) -> dict[str, Any]:
        """The lanes, the filters and whether cards may be moved."""
        return {
            "board": self.columns_of(self.rows),
            "lanes": self.lanes(),
            "movable": self.user.has_perm(self.move_permission()),
            "move_url": reverse(f"{self.area()}:{self.url_name()}-move"),
            "selects": [(one, one.options(self.asked(one.name))) for one in self.filters],
            "q": self.asked("q"),
            "create_action": self.create_action(),
        }
