"""What programs write about themselves: one JSON object a line for machines, or a line for people. Both name the story it belongs to."""

import json
import logging
from datetime import UTC, datetime
from uuid import UUID

from core.events.cause import current_cause

KNOWN = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"}
PLAIN = (str, int, float, bool, UUID)


def facts_of(record: logging.LogRecord) -> dict[str, object]:
    """What the line was given beside its words (``extra=...``), and the cause at hand. Only plain values: an object may hold secrets."""
    cause = current_cause()
    about = {"correlation": cause.correlation_id, "causation": cause.causation_id, "actor": cause.actor_id}
    given = {name: value for name, value in vars(record).items() if name not in KNOWN and isinstance(value, PLAIN)}
    return {name: value for name, value in (about | given).items() if value is not None}


class JsonLines(logging.Formatter):
    """One JSON object a line, whatever the words contain: for production."""

    def format(self, record: logging.LogRecord) -> str:
        """Time (UTC), level, logger, message, then the facts, then the trace."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
        }
        line |= {name: value for name, value in facts_of(record).items() if name not in line}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False)


class ReadableLines(logging.Formatter):
    """A line for whoever develops: the words first, the facts behind them."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """The line without its trace."""
        facts = " ".join(f"{name}={value}" for name, value in facts_of(record).items())
        return f"{super().formatMessage(record)} {facts}".rstrip()
