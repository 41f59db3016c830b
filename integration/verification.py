"""Recomputing what must always hold, on any database. Reports; never repairs."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db import connection, transaction

from core.invariants import Violation


def violations() -> Iterator[Violation]:
    """Every broken invariant of every module that declares ``invariants()`` in its ``invariants.py``, module by module."""
    with one_moment():
        for config in apps.get_app_configs():
            name = f"{config.name}.invariants"
            if config.name.partition(".")[0] in {"frontoffice", "backoffice", "integration"} and find_spec(name):
                yield from import_module(name).invariants()


@contextmanager
def one_moment() -> Iterator[None]:
    """See the database as it is at one moment, however long the looking takes: a figure and its source are never of different times."""
    whole = not connection.in_atomic_block  # inside a transaction it is too late to ask for it
    with transaction.atomic():
        if whole:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
