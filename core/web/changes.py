"""Who changed what on a record, from the database's own audit trail, in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.translation import gettext as _

from core.audit.history import history
from core.people.models import User

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
    return [
        ChangeShown(
            what=row.get_action_display(),
            who=people.get(row.actor_id or 0) or _("directly in the database (%(user)s)") % {"user": row.database_user},
            at=row.changed_at,
            fields=_fields(record, row.before or {}, row.after or {}) if row.action == "UPDATE" else [],
        )
        for row in rows
    ]


def _fields(record: Model, before: dict[str, Any], after: dict[str, Any]) -> list[FieldChange]:
    names = [name for name in after if name not in SILENT]
    return [FieldChange(_label(record, name), _word(record, name, before.get(name)), _word(record, name, after[name])) for name in names]


def _label(record: Model, column: str) -> str:
    for name in (column, column.removesuffix("_id")):
        try:
            field = record._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        return str(getattr(field, "verbose_name", name)).capitalize()
    return column


def _word(record: Model, column: str, value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    try:
        choices = dict(getattr(record._meta.get_field(column), "flatchoices", ()))
    except FieldDoesNotExist:
        choices = {}
    return str(choices.get(value, value))
