"""What a claim costs with many deliveries in front, beside the same claim on an empty queue: `python -m benchmarks.claims [HOW_MANY ...]`.

Seeds them in one transaction and takes everything back. Prints, for each kind of crowd, the middle of so many claims in milliseconds, the
pages the claim touches by the database's own account, and the ratio to the empty queue of the same run; fails over the goal of 1.5.
"""

import os
import re
import statistics
import sys
import time
from uuid import uuid4

import django
from django.db import connection, transaction
from django.utils import timezone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from core.events.models import Delivery  # noqa: E402 - models come after the settings
from integration.delivery.claiming import CLAIM, LEASE, claim, working  # noqa: E402

ROUNDS, GOAL = 41, 1.5
RECORDS = """
    INSERT INTO events_record (event_id, type, schema_version, key, payload, correlation_id, occurred_at, recorded_at)
    SELECT gen_random_uuid(), 'benchmark.Claimed', 1, 'k', '{}', gen_random_uuid(), now(), now() FROM generate_series(1, %s) RETURNING id
"""
DELIVERIES = """
    INSERT INTO events_delivery (record_id, handler, key, status, attempts, available_at, last_error, skipped_because)
    SELECT id, 'benchmark.claimed', (id %% %s)::text, %s, 0, now() + %s * interval '1 hour', '', ''
    FROM events_record WHERE type = 'benchmark.Claimed'
"""
READY = """
    INSERT INTO events_delivery (record_id, handler, key, status, attempts, available_at, last_error, skipped_because)
    SELECT max(id), 'benchmark.ready', 'k', 'pending', 0, now(), '', '' FROM events_record WHERE type = 'benchmark.Claimed'
"""


def main(many: int) -> int:
    """Seed, claim, print, judge."""
    crowds = {
        "empty queue": ("pending", 0, 0),
        "waiting for later": ("pending", many, 1),
        "queued, 10 lines": ("queued", 10, -1),
        "queued, all lines": ("queued", many, -1),
        "dead": ("dead", many, -1),
    }
    print(f"{'in front':<22}{'ms':>8}{'x empty':>9}{'pages':>7}")
    empty, slow = 0.0, 0
    for name, (status, lines, hours) in crowds.items():
        took, pages = measured(many, status, lines, hours)
        empty = empty or took
        slow += took / empty > GOAL
        print(f"{name:<22}{took:>8.2f}{took / empty:>9.2f}{pages:>7}")
    print(f"{many:,} deliveries in front; the goal is at most {GOAL} x an empty queue.")
    return 1 if slow else 0


def explained() -> str:
    """What the database says about a claim it makes."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {CLAIM}", {"now": now, "until": now + LEASE, "token": uuid4(), "limit": 50})
        return "\n".join(line for (line,) in cursor.fetchall())


def measured(many: int, status: str, lines: int, hours: int) -> tuple[float, int]:
    """The middle of the claims in milliseconds, and the pages one touches."""
    with connection.cursor() as cursor:  # what the crowds before left dead behind, autovacuum would have removed between two of them
        cursor.execute("VACUUM events_record, events_delivery")
    with transaction.atomic(), connection.cursor() as cursor, working() as token:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(RECORDS, [many])
        if lines:
            cursor.execute(DELIVERIES, [lines, status, hours])
        cursor.execute(READY)
        cursor.execute("ANALYZE events_delivery")
        took = []
        for _round in range(ROUNDS):
            point = transaction.savepoint()
            begun = time.perf_counter()
            claimed = claim(token)
            took.append((time.perf_counter() - begun) * 1000)
            assert Delivery.objects.get(pk=claimed[0][0]).handler == "benchmark.ready"
            assert len(claimed) == 1
            transaction.savepoint_rollback(point)
        plan = explained()
        pages = int(re.findall(r"Buffers: shared hit=(\d+)", plan)[0])
        transaction.set_rollback(True)
    return statistics.median(took), pages


if __name__ == "__main__":
    sys.exit(max([main(many) for many in [int(word) for word in sys.argv[1:]] or (2_000, 200_000)]))
