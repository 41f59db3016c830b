"""Pages of a list: keyset paging, as fast on the last page as on the first."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from core.api.reading import YES, BadQuery, Ordering
from core.web.paging import Slice, page_of, read_cursor

FORTH, BACK = "f", "b"


class Pages(BasePagination):
    """``?cursor=`` leads from page to page (take it from ``next`` and ``previous``), ``?page_size=`` (1 to 200) says how long one is.
    ``?total=true`` counts all rows, which costs what it costs; nobody pays for it who does not ask."""

    page_size = 50
    max_page_size = 200
    cursor_query_param = "cursor"
    page_size_query_param = "page_size"
    total_query_param = "total"

    slice: Slice
    url: str
    total: int | None

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """One page in the order that is asked for, the key last so that no two rows tie."""
        ordering = self.ordering_of(queryset, request, view)
        size, cursor = self.size_of(request), request.query_params.get(self.cursor_query_param, "")
        self.total = queryset.count() if self.wants_total(request) else None
        self.url = request.build_absolute_uri()
        direction, mark = cursor[:1], cursor[1:]
        if cursor and (direction not in {FORTH, BACK} or read_cursor(mark, ordering) is None):
            raise NotFound(_("There is no such page of this list in this order. Begin without a cursor."))
        self.slice = page_of(queryset, ordering, size, after=mark if direction == FORTH else "", before=mark if direction == BACK else "")
        return self.slice.rows

    def ordering_of(self, queryset: QuerySet[Any], request: Request, view: Any) -> tuple[str, ...]:
        """The order asked for, else the list's own."""
        wanted = Ordering().get_ordering(request, queryset, view) if Ordering in getattr(view, "filter_backends", ()) else None
        named = [str(name) for name in wanted or queryset.query.order_by or ("-pk",)]
        ordering = tuple({"id": "pk", "-id": "-pk"}.get(name, name) for name in named)
        return ordering if any(name.lstrip("-") == "pk" for name in ordering) else (*ordering, "-pk")

    def size_of(self, request: Request) -> int:
        """How many rows a page has."""
        said = request.query_params.get(self.page_size_query_param, str(self.page_size))
        if not (said.isascii() and said.isdigit() and len(said) < 5 and 1 <= int(said) <= self.max_page_size):
            raise BadQuery({self.page_size_query_param: [_("A page has 1 to %(most)s rows.") % {"most": self.max_page_size}]})
        return int(said)

    def wants_total(self, request: Request) -> bool:
        """Whether to count."""
        said = request.query_params.get(self.total_query_param, "false").lower()
        if said not in YES:
            raise BadQuery({self.total_query_param: [_("Say true or false.")]})
        return YES[said]

    def get_paginated_response(self, data: Any) -> Response:
        """The page with the ways on and back."""
        page = {"next": self._link(FORTH, self.slice.after), "previous": self._link(BACK, self.slice.before), "results": data}
        return Response(page if self.total is None else {**page, "total": self.total})

    def _link(self, direction: str, mark: str) -> str | None:
        return (
            replace_query_param(remove_query_param(self.url, self.cursor_query_param), self.cursor_query_param, direction + mark)
            if mark
            else None
        )

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """What a list takes to be paged."""
        return [
            _parameter(self.cursor_query_param, "Where the page begins; take it from `next` or `previous`.", {"type": "string"}),
            _parameter(
                self.page_size_query_param,
                "Rows on a page.",
                {"type": "integer", "minimum": 1, "maximum": self.max_page_size, "default": self.page_size},
            ),
            _parameter(self.total_query_param, "Whether `total` is counted.", {"type": "boolean", "default": False}),
        ]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """A page."""
        link = {"type": ["string", "null"], "format": "uri", "description": "The address of the page, whole; null at the end."}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": link,
                "previous": link,
                "results": schema,
                "total": {"type": "integer", "minimum": 0, "description": "All rows that fit; only with `?total=true`."},
            },
        }


def _parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}
