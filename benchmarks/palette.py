"""How fast the palette answers on the demo company, beside the same request that searches nothing: `python -m benchmarks.palette`.

Reads only. Prints, for each word and person, the middle of so many answers in milliseconds, its statements, and the ratio to an empty
answer of the same palette in the same run; fails when a middle is over the budget.
"""

import os
import statistics
import sys
import time

import django
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from core.people.models import User  # noqa: E402 - models come after the settings

ROUNDS, BUDGET_MS = 15, 100.0
WORDS = ("fajar", "12", "SO/2026/00012", "inv 31", "desk", "pt", "fakar tekno")
PEOPLE = ("hendra@nusantara.example", "dewi@nusantara.example", "siti@nusantara.example")


def main() -> int:
    """Ask, print, judge."""
    too_slow = 0
    print(f"{'person':<8}{'words':<16}{'ms':>8}{'x empty':>9}{'statements':>12}{'sql ms':>9}")
    for email in PEOPLE:
        client = Client(headers={"Accept": "text/html"})
        client.force_login(User.objects.get(email=email))

        def middle(words: str, client: Client = client) -> float:
            client.get("/palette/", {"q": words})
            took = []
            for _round in range(ROUNDS):
                begun = time.perf_counter()
                assert client.get("/palette/", {"q": words}).status_code == 200
                took.append((time.perf_counter() - begun) * 1000)
            return statistics.median(took)

        empty = middle("")
        for words in WORDS:
            took = middle(words)
            with CaptureQueriesContext(connection) as asked:
                client.get("/palette/", {"q": words})
            sql = sum(float(one["time"]) for one in asked.captured_queries) * 1000
            too_slow += took > BUDGET_MS
            print(f"{email.split('@')[0]:<8}{words:<16}{took:>8.1f}{took / empty:>9.1f}{len(asked):>12}{sql:>9.0f}")
    return 1 if too_slow else 0


if __name__ == "__main__":
    sys.exit(main())
