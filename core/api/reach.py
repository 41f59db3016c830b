"""What a body may name and an answer may tell: records and fields the person may see, and no other."""

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model

from core.people.hiding import asked_for, needed_for
from core.people.models import User
from core.people.visibility import seen_by


def within_reach(serializer: Any, user: User) -> None:
    """Let every key in a body name a record the person may see; any other is no record to them."""
    inner = getattr(serializer, "child", None) or getattr(serializer, "child_relation", None)
    if inner is not None:
        within_reach(inner, user)
    if getattr(serializer, "queryset", None) is not None:
        serializer.queryset = seen_by(serializer.queryset.all(), user)
    for field in getattr(serializer, "fields", {}).values():
        within_reach(field, user)


def permission_for(serializer: Any, name: str, field: Any) -> str:
    """What somebody has to hold to see a field of a serializer; empty: everybody sees it."""
    model = getattr(getattr(serializer, "Meta", None), "model", None)
    if model is None:
        return asked_for(type(serializer), name)
    source = field.source or name
    found = needed_for(model, source)
    return found if found or _is_of(model, source) else asked_for(type(serializer), name)


def without_hidden(serializer: Any, user: Any) -> bool:
    """Take out the fields somebody may neither see nor write; whether one of them cannot be left out of what is sent."""
    inner = getattr(serializer, "child", None)
    needed = without_hidden(inner, user) if inner is not None else False
    fields = getattr(serializer, "fields", {})
    for name, field in list(fields.items()):
        permission = permission_for(serializer, name, field)
        if permission and not user.has_perm(permission):
            fields.pop(name)
            needed = needed or (field.required and not field.read_only)
        else:
            needed = without_hidden(field, user) or needed
    return needed


def kept_from_some(serializer: Any) -> frozenset[str]:
    """The fields that not everybody sees."""
    return frozenset(name for name, field in getattr(serializer, "fields", {}).items() if permission_for(serializer, name, field))


def _is_of(model: type[Model], source: str) -> bool:
    try:
        model._meta.get_field(source.partition(".")[0])
    except FieldDoesNotExist:
        return False
    return True
