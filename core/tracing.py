"""Every statement says which story it belongs to: what hangs or is slow is found from `pg_stat_activity` and the database's log."""

from typing import Any

from psycopg2.extensions import cursor

from core.events.cause import current_cause
from core.standing import noticed


def marked(sql: Any) -> Any:
    """The statement with its correlation id in front, where the database does not cut it off. An id is a UUID: nothing else can get in."""
    story = current_cause().correlation_id
    return f"/* correlation={story} */ {sql}" if story and isinstance(sql, str) else sql


class TracedCursor(cursor):  # type: ignore[misc]  # psycopg2 has no types
    """The cursor of every connection. psycopg2 prepares nothing on the server, so that a changing comment costs no plan."""

    def execute(self, query: Any, vars: Any = None) -> Any:  # noqa: A002 - psycopg2's name
        """Run one statement."""
        noticed(query)
        return super().execute(marked(query), vars)

    def executemany(self, query: Any, vars_list: Any) -> Any:
        """Run one statement for many rows."""
        noticed(query)
        return super().executemany(marked(query), vars_list)
