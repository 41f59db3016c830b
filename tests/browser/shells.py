"""What each page costs beside its own empty shell: `python -m tests.browser.shells OWNER RATIO` prints those over the ratio as JSON.

A program of its own, because what a page costs depends on what else its process holds: in one with a test runner, a browser's driver and
half a million things in its memory, a page of 25 rows is dearer by a third, and its shell is not.
"""

import cProfile
import gc
import json
import os
import pstats
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.http import HttpResponse  # noqa: E402 - the settings stand first
from django.test import Client  # noqa: E402

from config.sights import Sight, opened  # noqa: E402
from core.people.door import sessions  # noqa: E402
from core.people.models import User  # noqa: E402
from core.web.screen import Screen  # noqa: E402

QUICK, SURE, TRIES = 1, 15, 4  # how often a page is timed; more often when it may be too slow, and again when it seems so
MAYBE = 2.2
STEPS = 3.5  # calls are counted where time is in doubt: a page that takes 2.6 times as long as its shell makes 3.2 times as many
SHOW: Callable[..., HttpResponse] = Screen.show


@dataclass
class Shell:
    """Whether pages are shown without a body: the shell, the heading and the way here, rendered by the same view."""

    bare: bool = False

    def put_in(self) -> None:
        """From now on pages do as it says."""
        Screen.show = lambda screen, template="", **more: self.show(screen, template, **more)  # type: ignore[method-assign]
        for screen in {*screens()}:
            if "context" in vars(screen):
                screen.context = self.told(screen.context)  # type: ignore[attr-defined]

    def show(self, screen: Screen, template: str, **more: Any) -> HttpResponse:
        """As `Screen.show`."""
        return SHOW(screen, "web/page.html", status=more.get("status", 200)) if self.bare else SHOW(screen, template, **more)

    def told(self, context: Callable[[Screen], dict[str, Any]]) -> Callable[[Screen], dict[str, Any]]:
        """As a screen's own ``context``."""
        return lambda screen: {} if self.bare else context(screen)


def screens(screen: type[Screen] = Screen) -> Iterator[type[Screen]]:
    """Every kind of screen."""
    yield screen
    for below in screen.__subclasses__():
        yield from screens(below)


def seconds(client: Client, address: str) -> float:
    """How long the processor works for a page; waiting for the database or for other programs does not count."""
    gc.collect(0)
    gc.disable()  # whoever happens to cross the threshold would pay for all
    start = time.thread_time()
    client.get(address)
    passed = time.thread_time() - start
    gc.enable()
    return passed


def times_its_shell(client: Client, sight: Sight, shell: Shell, rounds: int) -> float:
    """How many times as long as its own empty shell a page takes: the quickest of interleaved rounds, for whatever else runs only adds."""
    took: dict[bool, list[float]] = {False: [], True: []}
    for _round in range(rounds):
        for bare, times in took.items():
            shell.bare = bare
            times.append(seconds(client, sight.address))
    shell.bare = False
    return min(took[False]) / min(took[True])


def over(email: str, ratio: float) -> dict[str, float]:
    """The pages that somebody may open and that take longer. What a page really costs shows every time, what a neighbour costs does not."""
    user = User.objects.get(email=email)
    client = Client(raise_request_exception=False)
    client.force_login(user)
    client.get("/help/")
    sessions.NOTED_EVERY = 24 * 3600  # where they are seen is noted already
    seen, shell, found = opened(user), Shell(), {}
    shell.put_in()
    for sight in seen:
        client.get(sight.address)  # templates are compiled once
    for sight in [one for one in seen if times_its_shell(client, one, shell, QUICK) > MAYBE]:
        times = [times_its_shell(client, sight, shell, SURE)]
        while times[-1] > ratio and len(times) < TRIES:
            times.append(times_its_shell(client, sight, shell, SURE))
        if min(times) > ratio and steps(client, sight, shell) > STEPS:
            found[sight.address] = round(min(times), 2)
    return found


def steps(client: Client, sight: Sight, shell: Shell) -> float:
    """How many times as many function calls as its shell a page makes: two programs on one core make each other's time dearer, not their work."""
    calls: dict[bool, int] = {}
    for bare in (False, True):
        shell.bare = bare
        profile = cProfile.Profile()
        profile.runcall(client.get, sight.address)
        calls[bare] = pstats.Stats(profile).total_calls  # type: ignore[attr-defined]
    shell.bare = False
    return calls[False] / calls[True]


if __name__ == "__main__":
    json.dump(over(sys.argv[1], float(sys.argv[2])), sys.stdout)
