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
from core.events.cause import current_cause
from core.people.hiding import hides
from core.people.models import User
from core.web import figures

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
    rows = list(history(record)[:limit])
    people = dict(User.objects.filter(pk__in={row.actor_id for row in rows if row.actor_id}).values_list("pk", "name"))
    person = current_cause().actor
    told = [(row.before or {}, row.after or {}) if row.action == "UPDATE" else ({}, {}) for row in rows]
    named = _named(record, told)
    return [
        ChangeShown(
            what=row.get_action_display(),
            who=people.get(row.actor_id or 0) or _("directly in the database (%(user)s)") % {"user": row.database_user},
            at=row.changed_at,
            fields=[
                FieldChange(_label(record, column), _word(record, column, before.get(column), named), _word(record, column, value, named))
                for column, value in after.items()
                if column not in SILENT
                and not _is_for_machines(_field(record, column))
                and not (person is not None and hides(person, type(record), _name(record, column)))
            ],
        )
        for row, (before, after) in zip(rows, told, strict=True)
    ]


@dataclass(frozen=True)
class ChangeOfRecord:
    """One change as a program reads it: columns with their values before and after, none of them hidden from who asks."""

    id: int
    action: str
    at: datetime
    by: int | None
    fields: list[dict[str, Any]]


def changes_for(record: Model, person: User, limit: int) -> list[ChangeOfRecord]:
    """The changes of a record, the latest first; of what was created or deleted, no columns."""
    found = []
    for row in history(record)[:limit]:
        before, after = (row.before or {}, row.after or {}) if row.action == "UPDATE" else ({}, {})
        shown = [column for column in after if column not in SILENT and not hides(person, type(record), _name(record, column))]
        fields = [{"field": _name(record, column), "before": before.get(column), "after": after[column]} for column in shown]
        found.append(ChangeOfRecord(row.pk, row.action.lower(), row.changed_at, row.actor_id, fields))
    return found


def _named(record: Model, told: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> dict[tuple[str, Any], str]:
    """What the changed keys of other records stand for."""
    columns = {column for _before, after in told for column in after if isinstance(_field(record, column), ForeignKey)}
    found: dict[tuple[str, Any], str] = {}
    for column in columns:
        keys = {change.get(column) for pair in told for change in pair} - {None}
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
