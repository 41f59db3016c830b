"""What sort of thing stands in a body: text, a number, yes or no. A program that mixes them up has a fault, and is told where."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

Kinds = tuple[type, ...]
TEXT: Kinds = (str,)
KINDS: tuple[tuple[type[serializers.Field[Any, Any, Any, Any]], Kinds], ...] = (
    (serializers.BooleanField, (bool,)),
    (serializers.IntegerField, (int,)),
    (serializers.PrimaryKeyRelatedField, (int,)),
    (serializers.DecimalField, (str, int)),
    (serializers.FloatField, (int, float)),
    *(
        (kind, TEXT)
        for kind in (
            serializers.CharField,
            serializers.DateField,
            serializers.DateTimeField,
            serializers.TimeField,
            serializers.UUIDField,
            serializers.SlugRelatedField,
        )
    ),
)
"""As the description says it. A figure is text, so that nothing is rounded on its way; a whole number may stand as one."""


def mistyped_in(serializer: Any, data: Any) -> dict[str, Any]:
    """What was sent as something else than it is, at any depth. A form of files says everything as text."""
    if not isinstance(serializer, serializers.Serializer) or not isinstance(data, Mapping) or hasattr(data, "getlist"):
        return {}
    found = {name: _fault(field, data[name]) for name, field in serializer.fields.items() if name in data and not field.read_only}
    return {name: fault for name, fault in found.items() if fault}


def _fault(field: Any, value: Any) -> Any:
    if value is None:
        return None
    child = getattr(field, "child", None) or getattr(field, "child_relation", None)
    if child is not None and isinstance(value, list):
        inner = [mistyped_in(child, one) if isinstance(child, serializers.Serializer) else _fault(child, one) for one in value]
        return [one or {} for one in inner] if any(inner) else None
    if isinstance(field, serializers.Serializer):
        return mistyped_in(field, value) or None
    allowed = _allowed(field)
    whole = int(value) if isinstance(value, float) and value.is_integer() else value  # JSON knows one sort of number
    says_nothing = isinstance(field, serializers.DecimalField) and isinstance(value, str) and not value.strip()  # not the same as null
    if allowed is None or (not says_nothing and isinstance(whole, allowed) and (bool in allowed or not isinstance(value, bool))):
        return None
    return [_("This is not what it should be: %(kind)s is expected.") % {"kind": _in_words(allowed)}]


def _allowed(field: Any) -> Kinds | None:
    if isinstance(field, serializers.ChoiceField):
        return None if isinstance(field, serializers.MultipleChoiceField) else tuple({type(key) for key in field.choices}) or None
    return next((kinds for kind, kinds in KINDS if isinstance(field, kind)), None)


def _in_words(allowed: Kinds) -> str:
    names = {str: _("text"), int: _("a whole number"), float: _("a number"), bool: _("true or false")}
    return _(" or ").join(names.get(kind, kind.__name__) for kind in allowed)
