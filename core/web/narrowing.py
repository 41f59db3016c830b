"""What narrows a list or a board: state, selects, conditions, search; what may be seen, in which order, and how many."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.people.hiding import hides, shown
from core.people.visibility import seen_by
from core.web import figures, hooks
from core.web.cells import Cell, seen
from core.web.conditions import Condition, Where, combined, read
from core.web.filterable import field_at, fields_for
from core.web.filters import Filter, Segment, narrowed
from core.web.registry import OFFICES, Text, may_open
from core.web.screen import Action, Crumb, Screen

COUNTED = 10_000
"""Rows are counted, and added up, to here; beyond, the foot says so."""
CURSOR = ("after", "before", "at")


class NarrowedScreen(Screen):
    """Records of a kind that a person may see, narrowed by what the address asks."""

    columns: ClassVar[tuple[Cell, ...]] = ()
    more_columns: ClassVar[tuple[Cell, ...]] = ()
    filterable: ClassVar[tuple["Where | str", ...]] = ()
    search: ClassVar[tuple[str, ...]] = ()
    search_hint: ClassVar[Text] = gettext_lazy("Search")
    segments: ClassVar[tuple[Segment, ...]] = ()
    start_segment: ClassVar[str] = ""
    filters: ClassVar[tuple[Filter, ...]] = ()
    order: ClassVar[tuple[str, ...]] = ("-pk",)
    related: ClassVar[tuple[str, ...]] = ()
    create: ClassVar[str] = ""
    create_label: ClassVar[Text] = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """What the person may not see is no column, and nothing is asked, sorted or searched by it."""
        super().setup(request, *args, **kwargs)
        user, model = request.user, self.the_model()
        own: Any = self
        own.columns, own.more_columns = seen(self.columns, user, model), seen(self.more_columns, user, model)
        own.search, own.order = shown(user, model, self.search), shown(user, model, self.order)
        own.filterable = tuple(one for one in self.filterable if not hides(user, model, one if isinstance(one, str) else one.path))
        own.filters = tuple(one for one in self.filters if not hides(user, model, one.name.replace("-", "__")))

    # -- To override -------------------------------------------------------------------------------------------------
    def queryset(self) -> QuerySet[Any]:
        """The rows a person may see: the model's, narrowed by its ``visible_to`` when it has one."""
        rows: QuerySet[Any] = seen_by(self.the_model()._default_manager.all(), self.user)
        return rows.select_related(*self.related) if self.related else rows

    # -- What was asked for ------------------------------------------------------------------------------------------
    def asked(self, name: str) -> str:
        """A query parameter, without surrounding blanks (and without the null bytes Postgres refuses)."""
        return self.request.GET.get(name, "").replace("\x00", "").strip()

    @cached_property
    def segment(self) -> str:
        """The chosen state; "all" lists everything."""
        keys = {segment.key for segment in self.segments}
        asked = self.asked("state")
        return asked if asked in keys or asked == "all" else self.start_segment or "all"

    def every_cell(self) -> tuple[Cell, ...]:
        """All columns there are to choose from."""
        return (*self.columns, *self.more_columns)

    @cached_property
    def sorting(self) -> tuple[str, bool]:
        """The allow-listed field to sort by, and whether descending; an empty field means the list's own order."""
        asked = self.asked("sort")
        field = asked.removeprefix("-")
        return (field, asked.startswith("-")) if field in {cell.sort for cell in self.every_cell() if cell.sort} else ("", False)

    def ordering(self) -> list[str]:
        """The full, stable order: what was asked, then the list's own, then the key."""
        field, descending = self.sorting
        own = [name for name in self.order if name.removeprefix("-") not in {field, "pk"}]
        asked = [f"-{field}" if descending else field] if field else []
        return [*asked, *own, "-pk" if "-pk" in self.order else "pk"]

    @cached_property
    def fields(self) -> list[Where]:
        """The fields that may be asked about."""
        return fields_for(self.the_model(), self.every_cell(), self.filterable, self.queryset())

    @cached_property
    def conditions(self) -> list[Condition]:
        """The conditions of the address."""
        asked = self.request.GET.getlist("where")[:20]
        return [read(raw, self.fields) for raw in asked] if asked else []

    @property
    def match_any(self) -> bool:
        """Whether one condition is enough."""
        return self.asked("match") == "any"

    @cached_property
    def rows(self) -> QuerySet[Any]:
        """Every row the filters leave."""
        return self.narrowed_by(self.conditions, match_any=self.match_any).order_by(*self.ordering())

    def narrowed_by(self, asked: Iterable[Condition], *, match_any: bool) -> QuerySet[Any]:
        """The rows that state, filters, search and these conditions leave."""
        rows = self.queryset()
        for segment in self.segments:
            if segment.key == self.segment:
                rows = narrowed(rows, segment.how)
        for filter_ in self.filters:
            rows = filter_.apply(rows, self.asked(filter_.name))
        rows = self.searched(rows, self.asked("q"))
        found = combined(asked, self.the_model(), self.user, match_any=match_any)
        return rows.filter(found) if found else rows

    def searched(self, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        """The rows in which every word occurs in some searched field; once each, however many of their lines fit."""
        model = self.the_model()
        for word in words.split()[:12]:
            found = Q()
            for field in self.search:
                one = Q(**{f"{field}__icontains": word})
                many = field_at(model, field)[1]
                found |= Q(pk__in=model._default_manager.filter(one).values("pk")) if many else one
            rows = rows.filter(found)
        return rows

    def query(self, **changes: str | Sequence[str]) -> str:
        """The page's query string with some parameters changed (empty removes), without the cursor."""
        params = self.request.GET.copy()
        for name in (*CURSOR, "export", "still"):
            params.pop(name, None)
        for name, value in changes.items():
            params.pop(name, None)
            if value:
                params.setlist(name, [value] if isinstance(value, str) else list(value))
        return f"?{params.urlencode(safe='~,')}" if params else "?"

    def count_of(self, rows: QuerySet[Any]) -> int:
        """How many rows these are, counted to one beyond the limit."""
        return rows.order_by().values("pk")[: COUNTED + 1].count()

    def counted(self, count: int) -> str:
        """How many rows there are, in words."""
        meta = self.the_model()._meta
        name = meta.verbose_name if count == 1 else meta.verbose_name_plural
        return f"{figures.quantity(count)} {str(name).lower()}"

    def narrowed_at_all(self) -> bool:
        """Whether a filter, a search or a state hides rows; the state a list starts with hides nothing where there is nothing."""
        asked = [self.asked("q"), *(self.asked(filter_.name) for filter_ in self.filters), *self.request.GET.getlist("where")]
        if any(asked) or self.segment == "all":
            return any(asked)
        return self.segment != self.start_segment or self.queryset().exists()

    def crumbs(self) -> list[Crumb]:
        """Office, then the list."""
        return [Crumb(OFFICES.get(self.office(), "")), Crumb(self.title)]

    def create_action(self) -> Action | None:
        """The button that makes a new record, for those who may."""
        if not self.create or not may_open(self.create, self.user):
            return None
        label = self.create_label or capfirst(_("New %(thing)s") % {"thing": str(self.the_model()._meta.verbose_name).lower()})
        return Action(label, reverse(self.create), "plus", primary=True, key="c")

    def actions(self) -> list[Action]:
        """What others put on this list (import), then create, when there is something to create and the person may."""
        create = self.create_action()
        return [*hooks.list_actions(f"{self.area()}:{self.url_name()}", self.user), *([create] if create else [])]
