"""Where persons stand in the books: declared by every app, read by export, erasure and retention."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise

from core.events import Event

OURS = ("core", "frontoffice", "backoffice", "integration")
PLAIN_FACTS = frozenset({"changed", "currency", "document_kind", "about_kind", "kind", "number", "sku"})
"""Facts of events whose name says that they are no words about a person; so are all that end in ``_number``."""


@dataclass(frozen=True)
class Subject:
    """Whom it is about: a party, a user (0: none), or somebody known by an e-mail address only. ``names`` are how they are called here."""

    party_id: int = 0
    user_id: int = 0
    emails: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def called_in(self, field: str) -> Q:
        """Texts in which one of their names or addresses stands."""
        found = Q(pk__in=())
        for words in (*self.names, *self.emails):
            found |= Q(**{f"{field}__icontains": words})
        return found

    def written_to_in(self, field: str) -> Q:
        """Texts in which one of their addresses stands."""
        return Subject(emails=self.emails).called_in(field)

    def reached_at(self, field: str) -> Q:
        """Rows whose address is one of theirs, in whatever letters."""
        found = Q(pk__in=())
        for email in self.emails:
            found |= Q(**{f"{field}__iexact": email})
        return found


@dataclass(frozen=True)
class Personal:
    """What a model says of persons: which rows are about somebody, and what becomes of their words at erasure.

    ``wipe`` names the values that take their place (a function is asked for the subject), ``keep`` what stays and why; ``remove``
    says that the rows go altogether.
    """

    model: type[Model]
    rows: Callable[[Subject], QuerySet[Any]]
    wipe: Mapping[str, Any] = field(default_factory=dict)
    keep: Mapping[str, str] = field(default_factory=dict)
    remove: bool = False

    def values(self, whom: Subject) -> dict[str, Any]:
        """What takes the place of their words."""
        return {name: value(whom) if callable(value) else value for name, value in self.wipe.items()}


@dataclass(frozen=True)
class Told:
    """Facts of an event that say something of a person: those about rows of ``model``, which ``id_field`` names."""

    event: type[Event]
    id_field: str
    model: type[Model]
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """How long rows are kept: those that ``rows`` gives for a moment in the past are wiped or removed as ``Personal`` of their model says."""

    name: str
    title: str | Promise
    model: type[Model]
    rows: Callable[[datetime], QuerySet[Any]]
    days: int
    note: str | Promise = ""


def personal() -> tuple[Personal, ...]:
    """Every model that says something of persons."""
    return _declared("PERSONAL")


def told() -> tuple[Told, ...]:
    """Every event that does."""
    return _declared("TOLD")


def rules() -> tuple[Rule, ...]:
    """Every rule of keeping."""
    return _declared("RETENTION")


def rule_of(name: str) -> Rule | None:
    """A rule by its name; None when this release does not know it."""
    return next((rule for rule in rules() if rule.name == name), None)


def of_model(model: type[Model]) -> Personal:
    """What a model says of persons."""
    return next(one for one in personal() if one.model is model)


def not_personal() -> dict[str, frozenset[str]]:
    """Words of models and events that say nothing of a person, by ``app.Name``."""
    found: dict[str, frozenset[str]] = {}
    for module in _modules():
        for name, words in getattr(module, "NOT_PERSONAL", {}).items():
            found[name] = found.get(name, frozenset()) | frozenset(words.split())
    return found


@cache
def _declared(name: str) -> tuple[Any, ...]:
    declarations: list[Iterable[Any]] = [getattr(module, name, ()) for module in _modules()]
    return tuple(one for declared in declarations for one in declared)


@cache
def _modules() -> tuple[Any, ...]:
    ours = [config.name for config in apps.get_app_configs() if config.name.partition(".")[0] in OURS]
    return tuple(import_module(f"{name}.privacy") for name in ours if name != "core" and find_spec(f"{name}.privacy"))
