"""What an operation was asked with, as JSON and back: strictly by the types its own signature declares. The JSON names no class."""

import types
import typing
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from core.errors import Gone, Refused

UNIONS = (typing.Union, types.UnionType)
MANY = (Sequence, Collection, list, tuple)
NAMED = (Mapping, dict)
SCALARS: dict[Any, tuple[type, Callable[[Any], Any], Callable[[Any], Any]]] = {
    str: (str, str, str),
    int: (int, int, int),
    bool: (bool, bool, bool),
    Decimal: (str, str, Decimal),
    date: (str, date.isoformat, date.fromisoformat),
}
"""A type of arguments: what it is in JSON, how it gets there and back."""


class NotKept(TypeError):
    """An argument that is not what its operation declares, or of a type that cannot wait."""


class Outdated(Refused):
    """It was asked for under another version of the product."""


def kept(hints: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a call as JSON; raises NotKept."""
    return {name: to_json(value, hints[name]) for name, value in given.items()}


def given_again(hints: Mapping[str, Any], needed: Collection[str], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a call that was kept, with its records as they are now; raises Gone and Outdated."""
    if not set(needed) <= facts.keys() <= hints.keys():
        raise _outdated()
    return {name: from_json(value, hints[name]) for name, value in facts.items()}


def to_json(value: Any, kind: Any) -> Any:
    """A value as JSON, when it is of the declared type."""
    origin, inside = typing.get_origin(kind), typing.get_args(kind)
    if origin in UNIONS:
        return None if value is None else to_json(value, _only(inside))
    if origin in MANY:
        return [to_json(one, inside[0]) for one in (sorted(value) if isinstance(value, (set, frozenset)) else value)]
    if origin in NAMED:
        return {to_json(name, str): to_json(one, inside[1]) for name, one in value.items()}
    if not isinstance(kind, type) or not isinstance(value, kind) or _is_finer(value, kind):
        raise NotKept(f"{value!r} is no {kind}.")
    if issubclass(kind, Model):
        record: Any = value
        return {"kind": kind._meta.label_lower, "pk": record.pk}
    if is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return {field.name: to_json(getattr(value, field.name), hints[field.name]) for field in fields(kind)}
    if kind not in SCALARS:
        raise NotKept(f"{kind} cannot wait.")
    return SCALARS[kind][1](value)


def from_json(value: Any, kind: Any) -> Any:
    """The value that JSON stands for, of the declared type and no other."""
    origin, inside = typing.get_origin(kind), typing.get_args(kind)
    if origin in UNIONS:
        return None if value is None else from_json(value, _only(inside))
    if origin in MANY:
        return [from_json(one, inside[0]) for one in _as(value, list)]
    if origin in NAMED:
        return {name: from_json(one, inside[1]) for name, one in _as(value, dict).items()}
    if isinstance(kind, type) and issubclass(kind, Model):
        return _record(_as(value, dict), kind)
    if is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        if _as(value, dict).keys() != {field.name for field in fields(kind)}:
            raise _outdated()
        return kind(**{name: from_json(one, hints[name]) for name, one in value.items()})  # type: ignore[operator]
    if kind not in SCALARS:
        raise _outdated()
    written, _there, back = SCALARS[kind]
    try:
        return back(_as(value, written))
    except (ValueError, InvalidOperation) as error:
        raise _outdated() from error


def _is_finer(value: Any, kind: type) -> bool:
    """Whether Python takes it for one although it says more: yes and no are no figures, a moment is no day."""
    return (isinstance(value, bool) and kind is not bool) or (isinstance(value, datetime) and kind is not datetime)


def _only(inside: Sequence[Any]) -> Any:
    """The one type of an optional argument."""
    rest = [one for one in inside if one is not type(None)]
    if len(rest) != 1:
        raise NotKept(f"{inside}: only `X | None` can wait.")
    return rest[0]


def _as(value: Any, written: type) -> Any:
    if type(value) is not written:
        raise _outdated()
    return value


def _record(said: dict[str, Any], kind: type[Model]) -> Model:
    if said.keys() != {"kind", "pk"} or said["kind"] != kind._meta.label_lower:
        raise _outdated()
    found = kind._base_manager.filter(pk=said["pk"]).first()
    if found is None:
        raise Gone(_("What this is about does not exist any more."), fix=_("Decline it, or have it withdrawn."))
    return found


def _outdated() -> Outdated:
    return Outdated(_("This was asked for under an earlier version."), fix=_("Decline it, and have it asked for again."))
