"""Recomputing what must always hold, on any database. Reports; never repairs."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from core.invariants import Violation


def violations() -> Iterator[Violation]:
    """Every broken invariant of every module that declares ``invariants()`` in its ``invariants.py``, module by module."""
    for config in apps.get_app_configs():
        name = f"{config.name}.invariants"
        if config.name.partition(".")[0] in {"frontoffice", "backoffice", "integration"} and find_spec(name):
            yield from import_module(name).invariants()
