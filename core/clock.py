"""The business clock: now, or the moment a demo or a replay says it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    """The aware moment of business time: the real one, unless ``at`` says otherwise."""
    return _moment.get() or timezone.now()


def today() -> date:
    """Today's date in the company's time zone."""
    return timezone.localdate(now(), timezone.get_default_timezone())


def here() -> date:
    """Today's date where the person is who looks: for moments; books and documents go by the company's ``today``."""
    return timezone.localdate(now())


def told() -> datetime | None:
    """The moment ``at`` set, or None when the clock runs by itself."""
    return _moment.get()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let business time stand at an aware ``moment``: for replaying history and for the demo company only."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
