"""What is read once in a request or an operation and then known for the rest of it: the company, the fiscal year of a day."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Answer = TypeVar("Answer")

_known: ContextVar[dict[Hashable, Any] | None] = ContextVar("satu_known", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Inside, `once` remembers; outside it asks each time. What is remembered already when it begins stays known."""
    if _known.get() is not None:
        yield
        return
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def once(key: Hashable, ask: Callable[[], Answer]) -> Answer:
    """The answer, asked for at most once in a request or an operation; None is no answer yet, and asked for again."""
    known = _known.get()
    if known is None:
        return ask()
    if known.get(key) is None:
        known[key] = ask()
    answer: Answer = known[key]
    return answer
