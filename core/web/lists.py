"""The list of a module's records: search, state, filters, sorting, totals, pages, export; cards on a phone."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.web import exports, figures
from core.web.cells import Cell, Money, Status, plain
from core.web.filters import Filter, Segment, narrowed
from core.web.registry import OFFICES, Text, may_open, url_of
from core.web.screen import Action, Crumb, Screen


@dataclass(frozen=True)
class Column:
    """A column as the page draws it."""

    cell: Cell
    sort_query: str
    direction: str


@dataclass(frozen=True)
class Empty:
    """What an empty list says: one sentence that teaches, and the button that starts."""

    sentence: Text
    icon: str = "inbox"


class ListScreen(Screen):
    """All records of a kind that a person may see."""

    template_name = "web/list.html"
    columns: ClassVar[tuple[Cell, ...]] = ()
    search: ClassVar[tuple[str, ...]] = ()
    search_hint: ClassVar[Text] = gettext_lazy("Search")
    segments: ClassVar[tuple[Segment, ...]] = ()
    start_segment: ClassVar[str] = ""
    filters: ClassVar[tuple[Filter, ...]] = ()
    order: ClassVar[tuple[str, ...]] = ("-pk",)
    related: ClassVar[tuple[str, ...]] = ()
    page_size: ClassVar[int] = 25
    create: ClassVar[str] = ""
    create_label: ClassVar[Text] = ""
    empty: ClassVar[Empty] = Empty(gettext_lazy("Nothing here yet."))

    # -- To override -------------------------------------------------------------------------------------------------
    def queryset(self) -> QuerySet[Any]:
        """The rows a person may see: the model's, narrowed by its ``visible_to`` when it has one."""
        rows: QuerySet[Any] = self.the_model()._default_manager.all()
        if hasattr(rows, "visible_to"):
            rows = rows.visible_to(self.user)
        return rows.select_related(*self.related) if self.related else rows

    def row_url(self, row: Any) -> str:
        """Where a row leads."""
        return getattr(row, "page_url", "") or url_of(row)

    # -- What was asked for ------------------------------------------------------------------------------------------
    @classmethod
    def list_kind(cls) -> str:
        """The kind of record this is the list of."""
        return cls.kind() if cls.model is not None and cls.nav is not None else ""

    def asked(self, name: str) -> str:
        """A query parameter, without surrounding blanks (and without the null bytes Postgres refuses)."""
        return self.request.GET.get(name, "").replace("\x00", "").strip()

    @cached_property
    def segment(self) -> str:
        """The chosen state; "all" lists everything."""
        keys = {segment.key for segment in self.segments}
        asked = self.asked("state")
        return asked if asked in keys or asked == "all" else self.start_segment or "all"

    @cached_property
    def sorting(self) -> tuple[str, bool]:
        """The allow-listed field to sort by, and whether descending; an empty field means the list's own order."""
        asked = self.asked("sort")
        field = asked.removeprefix("-")
        return (field, asked.startswith("-")) if field in {cell.sort for cell in self.columns if cell.sort} else ("", False)

    def ordering(self) -> list[str]:
        """The full, stable order: what was asked, then the list's own, then the key."""
        field, descending = self.sorting
        own = [name for name in self.order if name.removeprefix("-") not in {field, "pk"}]
        asked = [f"-{field}" if descending else field] if field else []
        return [*asked, *own, "-pk" if "-pk" in self.order else "pk"]

    @cached_property
    def rows(self) -> QuerySet[Any]:
        """Every row the filters leave."""
        rows = self.queryset()
        for segment in self.segments:
            if segment.key == self.segment:
                rows = narrowed(rows, segment.how)
        for filter_ in self.filters:
            rows = filter_.apply(rows, self.asked(filter_.name))
        rows = self.searched(rows, self.asked("q"))
        return rows.order_by(*self.ordering())

    def searched(self, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        """The rows in which every word occurs in some searched field."""
        for word in words.split():
            found = Q()
            for field in self.search:
                found |= Q(**{f"{field}__icontains": word})
            rows = rows.filter(found)
        return rows

    # -- The page ----------------------------------------------------------------------------------------------------
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, only its results for htmx, or a file."""
        wanted = self.asked("export")
        if wanted in exports.FORMATS:
            return self.exported(wanted)  # type: ignore[return-value]
        live = self.request.htmx and self.request.htmx.target == "results"
        return self.show("web/list_results.html" if live else "")

    def exported(self, kind: str) -> HttpResponseBase:
        """All rows the filters leave, as a file."""
        header: list[str] = []
        for cell in self.columns:
            header.append(str(cell.label))
            if isinstance(cell, Money):
                header.append(_("Currency"))
        return exports.download(kind, str(self.title), header, self._file_rows())

    def _file_rows(self) -> Iterator[list[Any]]:
        for row in self.rows.iterator(chunk_size=500):
            line: list[Any] = []
            for cell in self.columns:
                line.append(plain(cell.value(row)))
                if isinstance(cell, Money):
                    line.append(cell.currency_of(row))
            yield line

    def query(self, **changes: str) -> str:
        """The page's query string with some parameters changed (empty removes)."""
        params = self.request.GET.copy()
        params.pop("export", None)
        for name, value in changes.items():
            params.pop(name, None)
            if value:
                params[name] = value
        return f"?{params.urlencode()}" if params else "?"

    def shown_columns(self) -> list[Column]:
        """The columns with what a click on their heads asks for."""
        field, descending = self.sorting
        columns = []
        for cell in with_phone_places(self.columns):
            here = bool(cell.sort) and cell.sort == field
            ask = f"-{cell.sort}" if here and not descending else cell.sort
            columns.append(Column(cell, self.query(sort=ask, page="") if cell.sort else "", _direction(here, descending)))
        return columns

    def counted(self, count: int) -> str:
        """How many rows there are, in words."""
        meta = self.the_model()._meta
        name = meta.verbose_name if count == 1 else meta.verbose_name_plural
        return f"{figures.quantity(count)} {str(name).lower()}"

    def totals(self) -> list[str]:
        """The sums in the foot, one per currency."""
        lines = []
        for cell in self.columns:
            if isinstance(cell, Money) and cell.total:
                lines += [figures.money(amount, currency) for currency, amount in self._sums(cell)]
        return lines

    def _sums(self, cell: Money) -> list[tuple[str, Decimal]]:
        field = cell.sort or str(cell.key).replace(".", "__")
        currency = str(cell.currency)
        if len(currency) == 3 and currency.isupper():
            amount = self.rows.order_by().aggregate(total=Sum(field))["total"]
            return [(currency, amount)] if amount is not None else []
        path = currency.replace(".", "__")
        sums = self.rows.order_by().values_list(path).annotate(total=Sum(field)).order_by(path)
        return [(name, amount) for name, amount in sums if amount is not None]

    def page(self) -> Page[Any]:
        """The rows of this page."""
        return Paginator(self.rows, self.page_size).get_page(self.asked("page"))

    def narrowed_at_all(self) -> bool:
        """Whether a filter or a search hides rows."""
        asked = [self.asked("q"), *(self.asked(filter_.name) for filter_ in self.filters)]
        return any(asked) or self.segment != "all"

    def crumbs(self) -> list[Crumb]:
        """Office, then the list."""
        return [Crumb(OFFICES.get(self.office(), "")), Crumb(self.title)]

    def create_action(self) -> Action | None:
        """The button that makes a new record, for those who may."""
        if not self.create:
            return None
        if not may_open(self.create, self.user):
            return None
        label = self.create_label or _("New %(thing)s") % {"thing": str(self.the_model()._meta.verbose_name).lower()}
        return Action(label, reverse(self.create), "plus", primary=True, key="c")

    def actions(self) -> list[Action]:
        """Create, when there is something to create and the person may."""
        create = self.create_action()
        return [create] if create else []

    def context(self) -> dict[str, Any]:
        """Columns, rows, filters, totals."""
        page = self.page()
        columns = self.shown_columns()
        return {
            "columns": columns,
            "page": page,
            "lines": [(row, self.row_url(row), [(c.cell, c.cell.html(row)) for c in columns]) for row in page.object_list],
            "count": self.counted(page.paginator.count),
            "totals": self.totals() if page.paginator.count else [],
            "previous_query": self.query(page=str(page.previous_page_number())) if page.has_previous() else "",
            "next_query": self.query(page=str(page.next_page_number())) if page.has_next() else "",
            "csv_query": self.query(export="csv", page=""),
            "xlsx_query": self.query(export="xlsx", page=""),
            "selects": [(one, one.options(self.asked(one.name))) for one in self.filters],
            "narrowed": self.narrowed_at_all(),
            "create_action": self.create_action(),
            "q": self.asked("q"),
        }


def _direction(here: bool, descending: bool) -> str:
    return "" if not here else "descending" if descending else "ascending"


def with_phone_places(cells: tuple[Cell, ...]) -> list[Cell]:
    """Cells with a place on a phone's card each; what is not declared is guessed: first, state, amount and one line below."""
    taken = {cell.phone for cell in cells if cell.phone}
    amounts: list[Cell] = [cell for cell in cells if isinstance(cell, Money)]
    amounts = amounts or [cell for cell in cells if cell.align]
    placed = []
    for number, cell in enumerate(cells):
        if number == 0:
            place = "main"
        elif isinstance(cell, Status):
            place = "state"
        elif cell.align:
            place = "amount" if amounts[-1] is cell else "none"
        else:
            place = "sub"
        place = cell.phone or ("none" if place in taken else place)
        placed.append(replace(cell, phone=place))
        taken.add(place)
    return placed
