"""What every part of the Northwind import knows."""

from collections.abc import Callable

SOURCE = "northwind"
CURRENCY = "USD"
YEARS = (1996, 1997, 1998)

Step = Callable[[], None]
Progress = Callable[[str, int], Step]
"""Told what comes next and how many there are of it; gives back what to call after each one."""


def silent(_what: str, _total: int) -> Step:
    """Shows no progress."""
    return lambda: None
