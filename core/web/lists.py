"""The list of a module's records: search, states, conditions, views, columns, groups, totals, pages, bulk work; cards on a phone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.web import figures, house
from core.web.bulk import Bulk, bulks_of
from core.web.bulkscreen import bulk_tool
from core.web.cells import Cell, Money
from core.web.columns import PARAM as COLUMNS
from core.web.columns import Column, chosen, columns_tool, with_phone_places
from core.web.conditions import Where
from core.web.exports import FORMATS
from core.web.filterable import cell_name, cell_path, relations_of
from core.web.filterscreen import chips_of, filter_tool
from core.web.grouping import Group, Grouping, arranged, may_group
from core.web.inline import cell_tool
from core.web.listexport import IMMEDIATE, asked_by_address, export_tool
from core.web.narrowing import COUNTED, NarrowedScreen
from core.web.paging import Slice, page_of
from core.web.registry import Text, may_open, record_screen, url_of
from core.web.saved import Desk, view_tool, views_tool
from core.web.screen import Action

__all__ = ["Column", "Empty", "ListScreen", "with_phone_places"]


@dataclass(frozen=True)
class Empty:
    """What an empty list says: one sentence that teaches, and the button that starts. Where rows do not begin on the list itself,
    ``to`` names the page they begin on and ``label`` its button."""

    sentence: Text
    icon: str = "inbox"
    to: str = ""
    label: Text = ""


class Drawn(NamedTuple):
    """A cell as the page shows it, and where it is changed (empty: it is not)."""

    cell: Cell
    html: SafeString
    edit_url: str


class Line(NamedTuple):
    """A row of the page: the record, its page, its cells."""

    row: Any
    url: str
    cells: list[Drawn]
    hand: list[tuple[Any, str]]


TOOLS: dict[str, tuple[str, Callable[["ListScreen"], HttpResponse]]] = {
    "filter": ("filter", filter_tool),
    "columns": ("columns", columns_tool),
    "views": ("views", views_tool),
    "view": ("views/<int:view>", view_tool),
    "export": ("export", export_tool),
    "bulk": ("bulk/<slug:slug>", bulk_tool),
    "cell": ("cells/<int:pk>/<str:name>", cell_tool),
}


class ListScreen(NarrowedScreen):
    """All records of a kind that a person may see."""

    template_name = "web/list.html"
    bulk: ClassVar[tuple["Bulk | str", ...]] = ()
    at_hand: ClassVar[tuple[str, ...]] = ()
    page_size: ClassVar[int] = 25
    empty: ClassVar[Empty] = Empty(gettext_lazy("Nothing here yet."))

    tool: str = ""

    # -- To override -------------------------------------------------------------------------------------------------
    def row_url(self, row: Any) -> str:
        """Where a row leads."""
        return getattr(row, "page_url", "") or url_of(row)

    # -- Where it is -------------------------------------------------------------------------------------------------
    @classmethod
    def list_kind(cls) -> str:
        """The kind of record this is the list of."""
        return cls.kind() if cls.model is not None and cls.nav is not None else ""

    @classmethod
    def screen_name(cls) -> str:
        """The full name of its address, by which views and habits know it."""
        return f"{cls.area()}:{cls.url_name()}"

    @classmethod
    def has_tools(cls) -> bool:
        """Whether it is a table with views, columns and bulk work; what draws its rows otherwise is not."""
        return cls.template_name == ListScreen.template_name

    @classmethod
    def url_patterns(cls) -> list[URLPattern]:
        """The list, and one address for each of its tools."""
        patterns = super().url_patterns()
        if cls.has_tools():
            for tool, (tail, _run) in TOOLS.items():
                patterns.append(path(cls.under(tail), cls.as_view(tool=tool), name=f"{cls.url_name()}-{tool}"))
        return patterns

    def tool_url(self, tool: str, *args: object, query: str | None = None) -> str:
        """The address of a tool, for the list as it is narrowed now."""
        return reverse(f"{self.screen_name()}-{tool}", args=args) + (self.query() if query is None else query)

    def file_rows(self) -> QuerySet[Any]:
        """Every row the filters leave, with what the shown columns need, as a file takes them: group by group."""
        rows = self._with_related(self.rows)
        if self.grouping is None:
            return rows
        return self.grouping.mark(rows).order_by(*self.grouping.ordering, *self.ordering())

    def full_rows(self) -> QuerySet[Any]:
        """Every row a person may see, with what the shown columns need, in the list's order."""
        return self._with_related(self.queryset()).order_by(*self.ordering())

    # -- Views, columns, groups --------------------------------------------------------------------------------------
    @cached_property
    def desk(self) -> Desk:
        """The person's views of this list, and how they look at it."""
        return Desk.of(self)

    @property
    def view(self) -> Any:
        """The view that is open, if any."""
        return self.desk.open

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The columns that are shown: as the address says, the open view, the person's habit; else the list's own."""
        asked = self.asked(COLUMNS)
        names = asked.split(",") if asked else self.desk.columns() if self.has_tools() else []
        return chosen(self.every_cell(), names) or tuple(self.columns)

    def _with_related(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        model = self.the_model()
        keys = [cell_path(cell) for cell in self.cells if isinstance(cell.key, str)]
        keys += [
            key.replace(".", "__")
            for cell in self.cells
            for key in (getattr(cell, "unit", ""), getattr(cell, "currency", ""))
            if isinstance(key, str)
        ]
        taken = {taken for key in keys if key and (taken := relations_of(model, key))}
        return rows.select_related(*sorted(taken)) if taken else rows

    @cached_property
    def groupable(self) -> list[Where]:
        """The fields rows can be put together by."""
        return [where for where in self.fields if may_group(where, self.the_model())]

    @cached_property
    def grouping(self) -> Grouping | None:
        """How the rows are put together, if they are."""
        asked = self.asked("group")
        where = next((one for one in self.groupable if one.name == asked), None) if asked else None
        return Grouping(where, self.the_model()) if where is not None else None

    @cached_property
    def groups(self) -> dict[str, Group]:
        """All groups, with counts and sums."""
        if self.grouping is None:
            return {}
        cells = [(number, self._sum_field(cell)) for number, cell in enumerate(self.cells) if isinstance(cell, Money) and cell.total]
        first = next((cell for cell in self.cells if isinstance(cell, Money) and cell.total), None)
        fixed, currency = sum_currency(first) if first is not None else ("", "")
        return self.grouping.groups(self.grouping.mark(self.summable), cells, currency, fixed)

    @cached_property
    def folded(self) -> list[str]:
        """The groups that are folded away."""
        return [key for key in dict.fromkeys(self.request.GET.getlist("fold")) if key in self.groups]

    # -- Bulk --------------------------------------------------------------------------------------------------------
    @cached_property
    def bulks(self) -> dict[str, Bulk]:
        """What this person may do to many rows at once."""
        return bulks_of(self) if self.bulk else {}

    # -- The page ----------------------------------------------------------------------------------------------------
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, only its results for htmx, a file, or one of its tools."""
        if self.tool:
            return TOOLS[self.tool][1](self)
        if self.has_tools() and not request.headers.get("HX-Request") and (onward := self.desk.onward()):
            return HttpResponseRedirect(self.url() + onward)
        if self.asked("export") in FORMATS:
            return asked_by_address(self)
        live = self.request.htmx and self.request.htmx.target == "results"
        return self.show("web/list_live.html" if live else "")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """One of its tools does something."""
        return TOOLS[self.tool][1](self) if self.tool else HttpResponse(status=405, headers={"Allow": "GET"})

    def shown_columns(self) -> list[Column]:
        """The columns with what a click on their heads asks for."""
        field, descending = self.sorting
        shown = []
        for cell in with_phone_places(self.cells):
            here = bool(cell.sort) and cell.sort == field
            ask = f"-{cell.sort}" if here and not descending else cell.sort
            shown.append(Column(cell, self.query(sort=ask) if cell.sort else "", _direction(here, descending)))
        return shown

    @cached_property
    def count(self) -> int:
        """How many rows the filters leave, counted to one beyond the limit."""
        return self.count_of(self.rows)

    def counted_to_limit(self, count: int) -> str:
        """The count in words; beyond the limit it says only that there are more."""
        return self.counted(count) if count <= COUNTED else _("More than %(rows)s") % {"rows": self.counted(COUNTED)}

    @property
    def summable(self) -> QuerySet[Any]:
        """The rows as they are added up: each once, also where a column counts or dates what belongs to it."""
        rows: QuerySet[Any] = self.rows.order_by()
        if rows.query.group_by is None and not rows.query.distinct:
            return rows
        return self.the_model()._base_manager.filter(pk__in=rows.values("pk"))

    @cached_property
    def sums(self) -> Mapping[int, list[str]]:
        """What the columns come to, one line per currency, by the place of the column. Nothing beyond the counted limit."""
        cells = [(number, cell) for number, cell in enumerate(self.cells) if isinstance(cell, Money) and cell.total]
        if not cells or not self.count or self.count > COUNTED:
            return {}
        found: dict[int, list[str]] = {}
        for fixed, by in dict.fromkeys(sum_currency(cell) for _number, cell in cells):
            mine = [(number, cell) for number, cell in cells if sum_currency(cell) == (fixed, by)]
            totals = {f"total_{number}": Sum(self._sum_field(cell)) for number, cell in mine}
            rows = self.summable
            asked = list(rows.values(by).annotate(**totals).order_by(by)) if by else [rows.aggregate(**totals)]
            for row in asked:
                for number, _cell in mine:
                    if row[f"total_{number}"] is not None:
                        found.setdefault(number, []).append(figures.money(row[f"total_{number}"], str(row[by]) if by else fixed))
        return found

    def totals(self) -> list[str]:
        """All sums, one after the other."""
        return [text for texts in self.sums.values() for text in texts]

    def _sum_field(self, cell: Money) -> str:
        return cell.sort or str(cell.key).replace(".", "__")

    @cached_property
    def slice(self) -> Slice:
        """The rows of this page."""
        rows, ordering = self._with_related(self.rows), self.ordering()
        if self.grouping is not None:
            rows = self.grouping.unfolded(self.grouping.mark(rows), self.folded)
            ordering = [*self.grouping.ordering, *ordering]
        return page_of(rows, ordering, self.page_size, after=self.asked("after"), before=self.asked("before"))

    # -- What the templates need -------------------------------------------------------------------------------------
    def line(self, row: Any, cells: list[Cell]) -> Line:
        """A row as the page shows it."""
        drawn = [Drawn(cell, cell.html(row), self.edit_url(cell, row)) for cell in cells]
        return Line(row, self.row_url(row), drawn, self.hand_of(row))

    def edit_url(self, cell: Cell, row: Any) -> str:
        """Where a cell of a row is changed; empty when this person may not."""
        if cell.edit is None or not cell.edit.offered(row, self.user):
            return ""
        return self.tool_url("cell", row.pk, cell_name(cell))

    def drawn_cell(self, cell: Cell, row: Any) -> SafeString:
        """The inside of a cell, drawn anew after a change."""
        drawn = Drawn(cell, cell.html(row), self.edit_url(cell, row))
        url = self.row_url(row) if cell == self.cells[0] else ""
        return render_to_string("web/list_cell_inside.html", {"drawn": drawn, "url": url}, self.request)

    def hand_of(self, row: Any) -> list[tuple[Any, str]]:
        """The verbs a row offers when it is pointed at, with their addresses."""
        record: Any = record_screen(self.kind()) if self.at_hand else None
        if record is None:
            return []
        model = self.the_model()
        named = [verb for verb in record.verbs if verb.address(model) in self.at_hand]
        offered = [verb for verb in named if verb.offered(row, self.user)]
        return [(verb, reverse(f"{record.area()}:{record.url_name()}-{verb.address(model)}", args=[row.pk])) for verb in offered]

    def tools(self) -> dict[str, Any]:
        """What stands around the table: views, chips, menus."""
        small = self.count <= IMMEDIATE
        return {
            "chips": chips_of(self),
            "match_any": self.match_any,
            "match_query": self.query(match="" if self.match_any else "any"),
            "clear_query": "?state=all" if self.start_segment else "?view=all" if self.desk.habit_view else "?",
            "filter_url": self.tool_url("filter"),
            "columns_url": self.tool_url("columns"),
            "views_url": self.tool_url("views"),
            "export_url": self.tool_url("export"),
            "csv_query": self.query(export="csv") if small else "",
            "xlsx_query": self.query(export="xlsx") if small else "",
            "group_options": [(where, self.query(group=where.name, fold="")) for where in self.groupable],
            "group_by": self.grouping.where if self.grouping else None,
            "ungroup_query": self.query(group="", fold=""),
            "desk": self.desk,
            "view_url_name": f"{self.screen_name()}-view",
            "bulk_url_name": f"{self.screen_name()}-bulk",
            "here_query": self.query(),
            "kept": [(name, value) for name, values in self.request.GET.lists() if name in KEPT for value in values],
        }

    def first_step(self) -> Action | None:
        """The button of the empty list, for those who may press it: where its rows begin, else its first primary action."""
        if self.empty.to and may_open(self.empty.to, self.user):
            return Action(self.empty.label, reverse(self.empty.to), "arrow-right")
        return next((action for action in self.actions() if action.primary), None)

    def context(self) -> dict[str, Any]:
        """Columns, rows, filters, totals."""
        if self.tool:
            return {"list_url": self.url() + self.query(), "here": self.query()}
        shown = self.shown_columns()
        page = self.slice
        lines = [self.line(row, [column.cell for column in shown]) for row in page.rows]
        begins = 0 if page.starts or not self.asked("at").isascii() or not self.asked("at").isdigit() else int(self.asked("at")[:9])
        names = [cell_name(column.cell) for column in shown]
        return {
            "columns": shown,
            "lines": lines,
            "groups": arranged(self, self.grouping, self.groups, lines) if self.grouping else [],
            "bulks": self.bulks,
            "span": len(shown) + (2 if self.bulks else 1),
            "number": self.count,
            "uncounted": self.count > COUNTED,
            "count": self.counted_to_limit(self.count),
            "totals": self.totals(),
            "foot": [(column, self.sums.get(number, [])) for number, column in enumerate(shown)] if self.sums else [],
            "column_names": names,
            "first": begins + 1,
            "last": begins + len(lines),
            "previous_query": self.query(before=page.before, at=str(max(begins - self.page_size, 0))) if page.before else "",
            "next_query": self.query(after=page.after, at=str(begins + len(lines))) if page.after else "",
            "selects": [(one, one.options(self.asked(one.name))) for one in self.filters],
            "narrowed": not lines and self.narrowed_at_all(),
            "first_step": None if lines else self.first_step(),
            "q": self.asked("q"),
            **self.tools(),
        }


KEPT = frozenset({"where", "match", "sort", "group", "fold", "cols", "view"})
"""What a change of search, state or select leaves as it is."""


def _direction(here: bool, descending: bool) -> str:
    return "" if not here else "descending" if descending else "ascending"


def sum_currency(cell: Money) -> tuple[str, str]:
    """A column's currency: the one it is always in, or the database path that says it; neither when only Python knows."""
    currency = cell.currency
    if not isinstance(currency, str):
        return house.currency(), ""
    return (currency, "") if len(currency) == 3 and currency.isupper() else ("", currency.replace(".", "__"))
