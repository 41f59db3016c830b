"""A fact and a reaction as small as can be, to measure the engine alone: a bell is struck, and echoes."""

import os
import signal
from dataclasses import dataclass

from core.events import Event, on
from core.events.publishing import publish


@dataclass(frozen=True, kw_only=True)
class BellStruck(Event):
    """A bell was struck for the so-manieth time."""

    KEY = "bell"

    bell: str
    times: int
    fate: str = ""


@dataclass(frozen=True, kw_only=True)
class EchoHeard(Event):
    """The one effect of a stroke."""

    KEY = "bell"
    EXTERNAL = True

    bell: str
    times: int


class Cracked(Exception):
    """A bell that always fails."""


@on(BellStruck)
def echo(event: BellStruck) -> None:
    """Answer, unless fate wills otherwise."""
    if event.fate == "raises":
        raise Cracked
    if event.fate == "kills":
        os.kill(os.getpid(), signal.SIGKILL)
    publish(EchoHeard(bell=event.bell, times=event.times))
