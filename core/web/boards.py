"""The board: records as cards in lanes. Dragging one, carrying it by keyboard, or its "Move to" menu, is one operation call."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cached_property
from hashlib import blake2b
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Count, Expression, F, QuerySet, Sum, Window
from django.db.models.functions import Cast, RowNumber
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.errors import Refused, WaitsForSecond
from core.people.door.confirming import demand
from core.web import figures, markup, refusals
from core.web.cells import Cell, Money
from core.web.lanes import Card, Column, Lane, Quick, Signal, Sums
from core.web.lists import ListScreen
from core.web.registry import OFFICES, Text, url_of
from core.web.screen import Crumb
from core.web.verbs import Operation, Verb

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
ASK = "X-Ask"


class BoardScreen(ListScreen, ABC):
    """Cards in lanes. Shares search, filters and visibility with the list."""

    template_name = "web/board.html"
    lane_field: ClassVar[str]
    card_title: ClassVar[str | Callable[[Any], str]] = str
    card_note: ClassVar[Cell | None] = None
    card_foot: ClassVar[tuple[Cell, ...]] = ()
    amount: ClassVar[Money | None] = None
    move: ClassVar[Operation]
    quick: ClassVar[Quick | None] = None
    lane_size: ClassVar[int] = 25

    verb: str = ""

    # -- To override -------------------------------------------------------------------------------------------------
    @abstractmethod
    def lanes(self) -> Sequence[Lane]:
        """The columns, left to right."""

    def lane_expression(self) -> Expression:
        """The key of a record's lane, as the database says it."""
        return Cast(F(self.lane_field), CharField())

    def signal(self, record: Any) -> Signal | None:
        """What a card warns about."""
        return None

    def signals(self, record: Any) -> Sequence[Signal]:
        """Everything a card warns about; by default its one signal."""
        one = self.signal(record)
        return (one,) if one is not None else ()

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
        """The board, the address cards are moved at, and the one they are made at."""
        mover = path(f"{cls.url_path()}move/", cls.as_view(verb="move"), name=f"{cls.url_name()}-move")
        maker = path(f"{cls.url_path()}new/", cls.as_view(verb="new"), name=f"{cls.url_name()}-new")
        return [*super().url_patterns(), mover, *([maker] if cls.quick else [])]

    @classmethod
    def move_permission(cls) -> str:
        """The permission to move, named as the operation."""
        return f"{cls.the_model()._meta.app_label}.{cls.move.__name__}"

    @classmethod
    def quick_permission(cls) -> str:
        """The permission to make one, named as the operation."""
        return f"{cls.the_model()._meta.app_label}.{cls.quick.operation.__name__}" if cls.quick else ""

    def url_with_query(self) -> str:
        """The board as it is filtered now."""
        return f"{self.url()}{self.query() if self.request.GET else ''}"

    # -- The page ----------------------------------------------------------------------------------------------------
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The board; only its lanes for htmx, or when there is news."""
        if self.verb:
            return redirect(self.url())
        if request.headers.get("X-News"):
            return self.lanes_now(asked=True)
        return self.show("web/board_lanes.html" if self.request.htmx else "")

    def lanes_now(self, *, asked: bool = False, status: int = 200) -> HttpResponse:
        """The lanes with their mark; nothing when the browser shows them already."""
        body = render_to_string("web/board_lanes.html", {"screen": self, "heading": self.heading(), **self.context()}, self.request)
        mark = '"' + blake2b(TOKEN.sub("", body).encode(), digest_size=8).hexdigest() + '"'
        headers = {"ETag": mark, "Cache-Control": "no-store"}
        if asked and self.request.headers.get("If-None-Match") == mark:
            return HttpResponseNotModified(headers=headers)
        return HttpResponse(body, headers=headers, status=status)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Move a card to a lane, or make a new one in it."""
        if self.verb == "new":
            return self.make(request)
        wanted = request.POST.get("lane", "")
        lane = next((lane for lane in self.lanes() if lane.key == wanted), None)
        needed = lane.verb.needed_permission(self.the_model()) if lane and lane.verb else self.move_permission()
        if not self.user.has_perm(needed):
            raise PermissionDenied(needed)
        rows = self.queryset().annotate(board_lane=self.lane_expression())
        record = get_object_or_404(rows, pk=request.POST.get("card", "0") or "0")
        if lane is not None and record.board_lane != lane.key:
            if lane.verb is not None:
                asked = self.do_verb(record, lane, lane.verb)
                if asked is not None:
                    return asked
            else:
                self.perform_move(record, lane)
        return self.lanes_now() if self.request.htmx else redirect(self.url_with_query())

    def do_verb(self, record: Any, lane: Lane, verb: Verb) -> HttpResponse | None:
        """The verb a lane stands for: ask what it asks, then do it. None when it is done."""
        obstacle = verb.obstacle(record)
        if obstacle:
            raise Refused(str(obstacle), fix="", link=url_of(record))
        if verb.sensitive:
            demand(self.request)
        answered = "asked" in self.request.POST
        form = None
        if verb.form is not None:
            form = verb.form(self.request.POST, self.request.FILES) if answered else verb.form(initial=_starts_with(verb, record))
        if verb.asks() and not (answered and (form is None or form.is_valid())):
            return self.ask(record, lane, verb, form)
        try:
            verb.perform(record, form, self.user)
        except WaitsForSecond:
            raise
        except Refused as refusal:
            if form is None:
                raise
            placed = refusals.put_on(form, refusal)
            return self.ask(record, lane, verb, form, refused=None if placed else refusal)
        return None

    def ask(self, record: Any, lane: Lane, verb: Verb, form: Any, *, refused: Refused | None = None) -> HttpResponse:
        """The question of a lane's verb: in the dialog, or as a page of its own without scripts."""
        status = 422 if refused is not None or (form is not None and form.is_bound) else 200
        template = "web/board_ask.html" if self.request.htmx else "web/board_ask_page.html"
        response = self.show(
            template, status=status, record=record, lane=lane, verb=verb, form=form, refused=refused, back=self.url_with_query()
        )
        response.headers[ASK] = "1"
        return response

    # -- Making one --------------------------------------------------------------------------------------------------
    def may_make(self) -> bool:
        """Whether this person may make one here."""
        return self.quick is not None and self.user.has_perm(self.quick_permission())

    def make(self, request: HttpRequest) -> HttpResponse:
        """A new record in a lane: the lanes with it, or the form with what is wrong."""
        quick = self.quick
        lane = next((lane for lane in self.lanes() if lane.key == request.POST.get("lane", "") and lane.verb is None), None)
        if quick is None or lane is None or not self.may_make():
            raise PermissionDenied(self.quick_permission())
        form = quick.form(request.POST)
        told: SafeString | str = ""
        if form.is_valid():
            try:
                quick.operation(by=self.user, **form.cleaned_data, **{quick.lane: lane.value if lane.value is not None else lane.key})
            except Refused as refusal:
                told = "" if refusals.put_on(form, refusal) else refusals.told(refusal)
            else:
                return self.lanes_now(status=201) if self.request.htmx else redirect(self.url_with_query())
        return self.show("web/board_quick.html", status=422, form=form, told=told, lane=lane, quick=quick)

    # -- What it shows -----------------------------------------------------------------------------------------------
    def crumbs(self) -> list[Crumb]:
        """Office, then the board."""
        return [Crumb(OFFICES.get(self.office(), "")), Crumb(self.title)]

    def subheading(self) -> Text:
        """How many cards there are, and what they come to, weighed by how likely they are."""
        if self.hint:
            return self.hint
        open_lanes = [column for column in self.board if column.lane.verb is None]
        parts = [self.counted(sum(column.count for column in open_lanes))]
        sums = [(self.lane_sums[column.lane.key].only, column.lane.probability) for column in open_lanes if column.count]
        known = [(one, share) for one, share in sums if one is not None]
        if known and len(known) == len(sums) and len({one[1] for one, _share in known}) == 1:
            currency = known[0][0][1]
            parts.append(figures.short_money(sum((one[0] for one, _share in known), Decimal(0)), currency))
            if any(share is not None for _one, share in known):
                weighted = sum((one[0] * (Decimal(1) if share is None else share) for one, share in known), Decimal(0))
                parts.append(_("%(amount)s weighted by probability") % {"amount": figures.short_money(weighted, currency)})
        return " · ".join(parts)

    @cached_property
    def placed(self) -> QuerySet[Any]:
        """Every row the filters leave, with its lane."""
        rows: QuerySet[Any] = self.rows.annotate(board_lane=self.lane_expression())
        return rows

    @cached_property
    def lane_sums(self) -> dict[str, Sums]:
        """How many cards each lane has and what they come to, in one question."""
        found: dict[str, Sums] = {}
        amount = self._field(self.amount.sort or self.amount.key) if self.amount else ""
        currency = "" if self.amount is None else self.amount.currency
        fixed = str(currency) if isinstance(currency, str) and len(currency) == 3 and currency.isupper() else ""
        by = ["board_lane", *([self._field(currency)] if amount and not fixed else [])]
        totals = {"cards": Count("pk"), **({"worth": Sum(amount)} if amount else {})}
        for row in self.placed.order_by().values(*by).annotate(**totals):
            sums = found.setdefault(str(row["board_lane"]), Sums())
            sums.count += row["cards"]
            if row.get("worth") is not None:
                name = fixed or str(row[by[1]])
                sums.amounts[name] = sums.amounts.get(name, Decimal(0)) + row["worth"]
        return found

    @staticmethod
    def _field(key: Any) -> str:
        return key.replace(".", "__") if isinstance(key, str) else ""

    def shown_of(self, key: str) -> int:
        """How many cards of a lane are wanted: the usual number, or more when asked (``more=<lane>:<number>``)."""
        asked = [one.rpartition(":") for one in self.request.GET.getlist("more")]
        return max([self.lane_size, *(min(int(count), 1000) for lane, _colon, count in asked if lane == key and count.isdigit())])

    @cached_property
    def board(self) -> list[Column]:
        """The lanes with their cards."""
        lanes = self.lanes()
        opened = set(self.request.GET.getlist("open"))
        folded = {lane.key for lane in lanes if lane.folded and lane.key not in opened}
        most = {lane.key: self.shown_of(lane.key) for lane in lanes}
        place = Window(RowNumber(), partition_by=[self.lane_expression()], order_by=self.window_order())
        rows = self.placed.annotate(board_place=place).filter(board_place__lte=max(most.values(), default=0))
        if folded:
            rows = rows.exclude(board_lane__in=folded)
        cards: dict[str, list[Any]] = {}
        for row in rows:
            if row.board_place <= most.get(row.board_lane, 0):
                cards.setdefault(row.board_lane, []).append(row)
        return [self.column(lane, cards.get(lane.key, []), folded=lane.key in folded) for lane in lanes]

    def window_order(self) -> list[Any]:
        """The list's order as a window takes it."""
        return [F(name[1:]).desc() if name.startswith("-") else F(name).asc() for name in self.ordering()]

    def column(self, lane: Lane, rows: list[Any], *, folded: bool) -> Column:
        """A lane as it is drawn."""
        sums = self.lane_sums.get(lane.key, Sums())
        only = sums.only
        left = 0 if folded else sums.count - len(rows)
        needed = lane.verb.needed_permission(self.the_model()) if lane.verb else self.move_permission()
        takes = self.user.has_perm(needed)
        weigh = only is not None and lane.probability is not None
        makes = lane.verb is None and bool(self.create) and self.create_action() is not None
        return Column(
            lane=lane,
            cards=[self.card(row, lane) for row in rows],
            count=sums.count,
            sum=markup.money(*only, short=True) if only else "",
            weighted=figures.short_money(only[0] * lane.probability, only[1]) if weigh and only and lane.probability is not None else "",
            more=min(left, self.lane_size),
            more_query=self.query_with("more", f"{lane.key}:{len(rows) + self.lane_size}", lane.key) if left > 0 else "",
            folded=folded,
            fold_query=self.query_with("open", lane.key, lane.key, gone=not folded) if lane.folded else "",
            takes=takes,
            create_url=f"{reverse(self.create)}?{self.quick.lane if self.quick else self.lane_field}={lane.key}" if makes else "",
        )

    def query_with(self, name: str, value: str, key: str, *, gone: bool = False) -> str:
        """The page's query with one lane's wish put in or taken out."""
        params = self.request.GET.copy()
        kept = [one for one in params.getlist(name) if one != key and not one.startswith(f"{key}:")]
        params.setlist(name, kept if gone else [*kept, value])
        return f"?{params.urlencode()}"

    def card(self, row: Any, lane: Lane) -> Card:
        """A record as a card."""
        title = type(self).card_title
        return Card(
            record=row,
            url=url_of(row),
            title=str(getattr(row, title)) if isinstance(title, str) else title(row),
            note=self.card_note.html(row) if self.card_note else "",
            amount=self.amount.html(row) if self.amount else "",
            signals=self.signals(row) if lane.verb is None else (),
            foot=[cell.html(row) for cell in self.card_foot],
            movable=lane.verb is None and self.movable,
        )

    @cached_property
    def movable(self) -> bool:
        """Whether this person may move cards."""
        return bool(self.user.has_perm(self.move_permission()))

    def context(self) -> dict[str, Any]:
        """The lanes, the filters and whether cards may be moved."""
        return {
            "board": self.board,
            "movable": self.movable,
            "move_url": reverse(f"{self.area()}:{self.url_name()}-move"),
            "quick_url": reverse(f"{self.area()}:{self.url_name()}-new") if self.may_make() else "",
            "quick_form": self.quick.form() if self.quick and self.may_make() else None,
            "quick": self.quick,
            "selects": [(one, one.options(self.asked(one.name))) for one in self.filters],
            "q": self.asked("q"),
            "create_action": self.create_action(),
        }


def _starts_with(verb: Verb, record: Any) -> dict[str, Any] | None:
    return verb.initial(record) if verb.initial else None
