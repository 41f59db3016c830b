"""Who changed what on a record, from the database's own audit trail, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField, DateTimeField, DecimalField, ForeignKey, JSONField, Model
from django.utils.translation import gettext as _

from core.audit.history import history
from core.audit.models import Change
from core.events.cause import current_cause
from core.people.hiding import hides
from core.people.models import User
from core.web import figures

Columns = dict[str, tuple[Any, Any]]
"""Changed columns, each with its value before and after."""

SILENT = frozenset({"version", "updated_at", "created_at", "password", "id", "last_login"})


@dataclass(frozen=True)
class FieldChange:
    """One field: before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangeShown:
    """One change as the page tells it."""

    what: str
    who: str
    at: datetime
    fields: list[FieldChange]


def changes_of(record: Model, limit: int) -> list[ChangeShown]:
    """The changes of a record, the latest first."""
    recorded = _recorded(record, current_cause().actor, limit)
    actors = {row.actor_id for row, _columns in recorded if row.actor_id}
    people = dict(User.objects.filter(pk__in=actors).values_list("pk", "name"))
    named = _named(record, [columns for _row, columns in recorded])
    return [
        ChangeShown(
            what=row.get_action_display(),
            who=people.get(row.actor_id or 0) or _("directly in the database (%(user)s)") % {"user": row.database_user},
            at=row.changed_at,
            fields=[
                FieldChange(_label(record, column), _word(record, column, before, named), _word(record, column, after, named))
                for column, (before, after) in columns.items()
            ],
        )
        for row, columns in recorded
    ]


@dataclass(frozen=True)
class ChangeOfRecord:
    """One change as a program reads it: columns with their values before and after."""

    id: int
    action: str
    at: datetime
    by: int | None
    fields: list[dict[str, Any]]


def changes_for(record: Model, person: User, limit: int) -> list[ChangeOfRecord]:
    """The changes of a record, the latest first, for somebody to read by program."""
    return [
        ChangeOfRecord(
            row.pk,
            row.action.lower(),
            row.changed_at,
            row.actor_id,
            [{"field": _name(record, column), "before": before, "after": after} for column, (before, after) in columns.items()],
        )
        for row, columns in _recorded(record, person, limit)
    ]


def _recorded(record: Model, person: User | None, limit: int) -> list[tuple[Change, Columns]]:
    """The trail of a record, the latest first, with the columns that somebody may read; of what was created or deleted, no columns."""
    found = []
    for row in history(record)[:limit]:
        before, after = (row.before or {}, row.after or {}) if row.action == "UPDATE" else ({}, {})
        told = (column for column in after if _is_told(record, column, person))
        found.append((row, {column: (before.get(column), after[column]) for column in told}))
    return found


def _is_told(record: Model, column: str, person: User | None) -> bool:
    if column in SILENT or _is_for_machines(_field(record, column)):
        return False
    return person is None or not hides(person, type(record), _name(record, column))


def _named(record: Model, told: Sequence[Columns]) -> dict[tuple[str, Any], str]:
    """What the changed keys of other records stand for."""
    found: dict[tuple[str, Any], str] = {}
    for column in {column for columns in told for column in columns if isinstance(_field(record, column), ForeignKey)}:
        keys = {key for columns in told for key in columns.get(column, ())} - {None}
        related: Any = _field(record, column).related_model
        found |= {(column, row.pk): str(row) for row in related._base_manager.filter(pk__in=keys)}
    return found


def _field(record: Model, column: str) -> Any:
    for name in (column, column.removesuffix("_id")):
        try:
            return record._meta.get_field(name)
        except FieldDoesNotExist:
            continue
    return None


def _is_for_machines(field: Any) -> bool:
    """Whether nobody but the program reads a field as it is: what is kept as JSON and never typed."""
    return isinstance(field, JSONField) and not field.editable


def _name(record: Model, column: str) -> str:
    field = _field(record, column)
    return column if field is None else str(field.name)


def _label(record: Model, column: str) -> str:
    field = _field(record, column)
    return column if field is None else str(getattr(field, "verbose_name", column)).capitalize()


def _word(record: Model, column: str, value: Any, named: dict[tuple[str, Any], str]) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    field = _field(record, column)
    if isinstance(field, ForeignKey):
        return named.get((column, value), str(value))
    return _figure(field, str(value)) or str(dict(getattr(field, "flatchoices", ())).get(value, value))


def _figure(field: Any, value: str) -> str:
    if isinstance(field, DecimalField):
        return figures.quantity(Decimal(value))
    if isinstance(field, DateTimeField):
        return figures.moment(datetime.fromisoformat(value))
    return figures.day(date.fromisoformat(value)) if isinstance(field, DateField) else ""
