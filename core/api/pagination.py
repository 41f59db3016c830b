"""Pages of a list: keyset paging, as fast on the last page as on the first."""

from typing import Any

from rest_framework.pagination import CursorPagination


class Pages(CursorPagination):
    """``?cursor=`` leads from page to page, ``?page_size=`` (at most 200) says how long one is, ``?ordering=`` is kept."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "-pk"

    def get_ordering(self, request: Any, queryset: Any, view: Any) -> Any:
        """The ordering asked for, with the primary key last so that no two rows tie."""
        ordering = tuple(super().get_ordering(request, queryset, view))
        return ordering if any(name.lstrip("-") in {"pk", "id"} for name in ordering) else (*ordering, "-pk")
