"""Worker processes without Celery, which start in no time: what a `drain` task does, again and again. ``python -m tests.faults.light HOW_MANY``.

Killed ones are replaced, as Celery does.
"""

import os
import sys
import time

import django
from django.db import Error, connection


def main(processes: int) -> None:
    """Keep so many children at work until somebody kills us."""
    django.setup()
    running: set[int] = set()
    while True:
        while len(running) < processes:
            child = os.fork()
            if child == 0:
                work()
            running.add(child)
        running.discard(os.wait()[0])


def work() -> None:
    """Drain for ever."""
    from integration.tasks import drain  # noqa: PLC0415 - Django must be set up

    while True:
        try:
            drain()
        except Error:
            connection.close()
        time.sleep(0.05)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main(int(sys.argv[1]))
