"""Erasing, set by set: words give way to marks in rows, in the trail of these rows, and in the events that told of them."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import F, FileField, Func, JSONField, Model, QuerySet, TextField, Value

from core.audit.models import Change
from core.events.models import Record
from core.privacy.registry import Personal, Subject, personal, told

Erased = dict[type[Model], list[int]]
"""Primary keys of the rows that were wiped or removed, by model."""


def about(whom: Subject) -> list[tuple[Personal, QuerySet[Any]]]:
    """Every model with the rows that are about somebody."""
    return [(one, one.rows(whom)) for one in personal()]


def erase(whom: Subject) -> Erased:
    """Wipe and remove every row about somebody, with its trail and its events. Call it where an ``Erasure`` was written."""
    return wipe([(one, rows) for one, rows in about(whom) if one.wipe or one.remove], whom)


def wipe(chosen: Iterable[tuple[Personal, QuerySet[Any]]], whom: Subject) -> Erased:
    """Wipe or remove just these rows, with their trail and their events."""
    found = [(one, list(rows.order_by().values_list("pk", flat=True))) for one, rows in chosen]  # all of them, before anything is wiped
    for one, keys in found:
        rows = one.model._default_manager.filter(pk__in=keys)
        if one.remove:
            _remove(rows)
        elif keys:
            rows.update(**{name: _stored(one.model, name, value) for name, value in one.values(whom).items()})
    erased: Erased = {}
    for one, keys in found:
        erased.setdefault(one.model, []).extend(keys)
    _erase_trail(found)
    _erase_events(erased)
    return erased


def _remove(rows: QuerySet[Any]) -> None:
    files = [field for field in rows.model._meta.concrete_fields if isinstance(field, FileField)]
    for row in rows:
        for field in files:
            stored = getattr(row, field.name)
            if stored:
                transaction.on_commit(partial(stored.delete, save=False))
    rows.delete()


def _stored(model: type[Model], name: str, value: Any) -> Any:
    return Value(value, JSONField()) if value is None and isinstance(model._meta.get_field(name), JSONField) else value


def _erase_trail(found: Iterable[tuple[Personal, list[int]]]) -> None:
    """The trail of a wiped row still says that it changed and who did it; of a removed one, that it was there."""
    for one, keys in found:
        names = words_of(one.model) if one.remove else list(one.wipe)
        columns = [str(field.column) for field in one.model._meta.concrete_fields if field.name in names]
        if keys and columns:
            rows = Change.objects.filter(table=one.model._meta.db_table, row_id__in=keys)
            rows.update(before=_without("before", columns), after=_without("after", columns))


def _erase_events(erased: Erased) -> None:
    for one in told():
        for key in erased.get(one.model, ()):
            rows = Record.objects.filter(type=one.event.type_name(), payload__contains={one.id_field: key})
            rows.update(payload=_without("payload", list(one.facts)))


def _without(column: str, keys: list[str]) -> Func:
    return Func(F(column), Value(keys, ArrayField(TextField())), function="erase_facts", output_field=JSONField())


def words_of(model: type[Model]) -> list[str]:
    """The fields of a model that hold words, a person's among them perhaps: text, JSON, files; not what is chosen from a list."""
    kinds = (models.CharField, models.TextField, models.JSONField, models.FileField, models.GenericIPAddressField)
    return [field.name for field in model._meta.concrete_fields if isinstance(field, kinds) and not field.choices]


Spelled = Callable[[Subject], str]


def anonymous(prefix: str) -> Spelled:
    """What an erased person is called from then on."""
    return lambda whom: f"{prefix} {whom.party_id or whom.user_id}"
