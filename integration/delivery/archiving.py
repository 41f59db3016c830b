"""What was done long ago leaves the queue's table. It stays known, so that no replay runs it again."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

KEPT = timedelta(days=90)
BATCH = 5_000

MOVE = """
    WITH chosen AS (
        SELECT id FROM events_delivery WHERE status = 'done' AND done_at < %s AND id > %s ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
    ), moved AS (
        DELETE FROM events_delivery WHERE id IN (SELECT id FROM chosen) RETURNING id, record_id, handler, key, attempts, done_at
    ), kept AS (
        INSERT INTO events_archiveddelivery (id, record_id, handler, key, attempts, done_at, archived_at)
        SELECT id, record_id, handler, key, attempts, done_at, now() FROM moved RETURNING id
    )
    SELECT count(*), coalesce(max(id), 0) FROM kept
"""


def archive_done() -> int:
    """Move what was done more than ninety days ago into the archive, some thousands to a commit. How many were moved."""
    before = timezone.now() - KEPT
    last = moved = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(MOVE, [before, last, BATCH])
            count, last = (int(figure) for figure in cursor.fetchone())
        moved += count
        if count < BATCH:
            return moved
