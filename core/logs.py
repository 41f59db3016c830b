"""What programs write about themselves: one JSON object a line for machines, or a line for people. Both name the story it belongs to.

A log is read by many and kept for long, so it holds no secret and says nothing of persons: links that open a door, tokens, what stands
before the @ of an address, and the values a database names when it refuses a row give way to a mark. So do the words of a refusal:
they are for the person who asked.
"""

import json
import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import DataError
from django.db import Error as DatabaseError
from psycopg2 import Error as DriverError

from core.errors import Refused
from core.events.cause import current_cause

KNOWN = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"}
PLAIN = (str, int, float, bool, UUID)
MARK = "\N{BULLET}"
SECRETS = re.compile(
    r"(?<=/password/new/)[^\s\"'<>)]+"  # opens a door for whoever has it
    r"|(?<=://)[^\s/@]+(?=@)"  # who signs in to a server, and with what
    r"|(?<![\w])(?:satu_|whsec_)[\w+/=-]+"
    r"|(?i:(?<=bearer )|(?<=basic ))[\w.+/=~-]{8,}"
    r"|[\w.!#$%&'*+/=?^`{|}~-]+(?=@[\w-]+\.\w)"
)
"""What is nobody's business, wherever it stands."""
QUOTED = re.compile(r'"[^"]*"')


def discreet(text: str) -> str:
    """Words without what is nobody's business."""
    return SECRETS.sub(MARK, text)


def facts_of(record: logging.LogRecord) -> dict[str, object]:
    """What the line was given beside its words (``extra=...``), and the cause at hand. Only plain values: an object may hold secrets."""
    cause = current_cause()
    about = {"correlation": cause.correlation_id, "causation": cause.causation_id, "actor": cause.actor_id}
    given = {name: value for name, value in vars(record).items() if name not in KNOWN and isinstance(value, PLAIN)}
    told = {name: value for name, value in (about | given).items() if value is not None}
    return {name: discreet(value) if isinstance(value, str) else value for name, value in told.items()}


class Discreet(logging.Formatter):
    """Tells where something broke, and not whom or what it was about."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        """The trace, its errors without the values they name."""
        text = super().formatException(ei)
        for error in chain_of(ei[1]):
            said = str(error)
            if said:
                text = text.replace(said, told_of(error, said))
        return discreet(text)


class JsonLines(Discreet):
    """One JSON object a line, whatever the words contain: for production."""

    def format(self, record: logging.LogRecord) -> str:
        """Time (UTC), level, logger, message, then the facts, then the trace."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": discreet(record.getMessage()),
            "process": record.process,
        }
        line |= {name: value for name, value in facts_of(record).items() if name not in line}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False)


class ReadableLines(Discreet):
    """A line for whoever develops: the words first, the facts behind them."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """The line without its trace."""
        facts = " ".join(f"{name}={value}" for name, value in facts_of(record).items())
        return f"{discreet(super().formatMessage(record))} {facts}".rstrip()


def chain_of(error: BaseException | None) -> Iterator[BaseException]:
    """An error and those that led to it."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += [one.__cause__, one.__context__]


def told_of(error: BaseException, said: str) -> str:
    """What a log tells of an error's words: of a database's only the first line (the others name the row), of a refusal nothing."""
    if isinstance(error, Refused):
        return MARK
    if isinstance(error, (DatabaseError, DriverError)):
        first = said.splitlines()[0]
        is_about_a_value = isinstance(error, DataError) or (isinstance(error, DriverError) and (error.pgcode or "").startswith("22"))
        return QUOTED.sub(f'"{MARK}"', first) if is_about_a_value else first
    return said
