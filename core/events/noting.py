"""Facts taken into account once: for operations that add up what happened elsewhere, and hear of it through events."""

from django.db import connection

NOTE = "INSERT INTO events_noted (operation, fact_id) VALUES (%s, %s) ON CONFLICT DO NOTHING"


def first_time(operation: str, fact_id: int) -> bool:
    """Whether ``operation`` is told of this fact (a delivery's, an invoice's id) for the first time. Noted in the commit of what it changes."""
    with connection.cursor() as cursor:
        cursor.execute(NOTE, [operation, fact_id])
        return bool(cursor.rowcount)
