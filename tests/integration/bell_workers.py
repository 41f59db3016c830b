"""A group of four worker processes that kill themselves with -9 now and then, restarted until nothing is left to do.

Started as a process of its own: ``python -m tests.integration.bell_workers SEED``. Prints how often a worker was killed.
"""

import os
import random
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def main(seed: int) -> int:
    """Fork workers until every delivery has ended."""
    django.setup()
    from django.utils import timezone  # noqa: PLC0415 - Django must be set up

    from core.events import Event, on  # noqa: PLC0415
    from core.events.models import Delivery  # noqa: PLC0415
    from core.events.publishing import publish  # noqa: PLC0415
    from integration import delivery  # noqa: PLC0415
    from tests.integration.bells import BellRang  # noqa: PLC0415

    @dataclass(frozen=True, kw_only=True)
    class EchoHeard(Event):
        """What the workers write: one for each ring, in the order they handle them."""

        KEY = "bell"
        EXTERNAL = True

        bell: str
        times: int

    EchoHeard.__module__ = "tests.integration.bell_workers"
    EchoHeard.type_name = classmethod(lambda cls: "bell_workers.EchoHeard")

    def echo(event: BellRang) -> None:
        fate = random.random()
        if fate < 0.02:
            os.kill(os.getpid(), signal.SIGKILL)
        publish(EchoHeard(bell=event.bell, times=event.times))
        if fate > 0.98:
            os.kill(os.getpid(), signal.SIGKILL)

    echo.__module__ = "tests.integration.bell_workers"
    on(BellRang)(echo)

    def work(number: int) -> None:
        random.seed(seed + number)
        while Delivery.objects.exclude(status__in=("done", "dead")).exists():
            delivery.drain()
            Delivery.objects.filter(status="pending", available_at__gt=timezone.now()).update(available_at=timezone.now())

    killed = supervise(work)
    work(0)
    print("killed", killed)  # noqa: T201
    return 0


def supervise(work: Callable[[int], None]) -> int:
    """Keep four workers at it until they find nothing left; gives back how many were killed."""
    killed, started, over = 0, 0, False
    running: set[int] = set()
    while running or not over:
        while len(running) < 4 and not over:
            started += 1
            child = os.fork()
            if child == 0:
                work(started)
                os._exit(0)
            running.add(child)
        child, status = os.wait()
        running.discard(child)
        killed += os.WIFSIGNALED(status)
        over = over or not os.WIFSIGNALED(status)
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return killed


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
