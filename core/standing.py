"""How the reference tables stand, as far as the transaction at hand has seen: what ``core.reference`` believes, and when it looks again."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any


class Standing:
    """Where the reference tables stand, as far as the transaction at hand has seen: None when it has not looked since the last change."""

    __slots__ = ("mark",)

    def __init__(self, mark: str | None = None) -> None:
        self.mark = mark


_standing: ContextVar[Standing | None] = ContextVar("satu_reference", default=None)


@contextmanager
def looked_at(standing: Standing) -> Iterator[None]:
    """Inside, which is a part of one transaction, what the process keeps counts under ``standing``."""
    token = _standing.set(standing)
    try:
        yield
    finally:
        _standing.reset(token)


def seen(mark: str | None) -> None:
    """The transaction at hand has just read the marks."""
    standing = _standing.get()
    if standing is not None:
        standing.mark = mark


def standing_now() -> Standing | None:
    """How they stand for the transaction at hand; None outside of one that looks."""
    return _standing.get()


def noticed(statement: Any) -> None:
    """The transaction at hand runs this: when it may change reference data, or take changes back, the marks are read again before the next use."""
    standing = _standing.get()
    if standing is None or standing.mark is None:
        return
    if not isinstance(statement, str) or (not statement.startswith("SELECT") and _changes().search(statement)):
        standing.mark = None


@cache
def _changes() -> "re.Pattern[str]":
    """What a statement looks like that changes a reference table, or goes back to a savepoint."""
    from django.apps import apps  # noqa: PLC0415 - the settings name the cursor that asks

    tables = [
        model._meta.db_table
        for model in apps.get_models()
        if any(trigger.name == "reference" for trigger in getattr(model._meta, "triggers", ()))
    ]
    return re.compile(
        rf"\b(?:INTO|UPDATE|DELETE\s+FROM)\s+(?:ONLY\s+)?\"?(?:{'|'.join(sorted(tables))})\b|^\s*(?:ROLLBACK|TRUNCATE)", re.IGNORECASE
    )
