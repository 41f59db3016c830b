"""What is read once in a request and then known for the rest of it: the company, the fiscal year of a day."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Answer = TypeVar("Answer")

_known: ContextVar[dict[Hashable, Any] | None] = ContextVar("satu_known", default=None)


@contextmanager
def one_request() -> Iterator[None]:
    """Inside, `once` remembers; outside (workers, commands, tests) it asks each time."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def once(key: Hashable, ask: Callable[[], Answer]) -> Answer:
    """The answer, asked for at most once in a request."""
    known = _known.get()
    if known is None:
        return ask()
    if key not in known:
        known[key] = ask()
    answer: Answer = known[key]
    return answer
