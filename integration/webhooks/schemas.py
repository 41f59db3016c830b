"""What every webhook says, as JSON Schema: read from the events as the code declares them, so that it cannot go stale."""

import typing
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from types import UnionType
from typing import Any
from uuid import UUID

from core.events import Event
from core.people.hiding import guarded_facts

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SIMPLE: dict[type, Schema] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    str: {"type": "string"},
    Decimal: {"type": "string", "format": "decimal", "description": "A decimal number as text, so that nothing is rounded on its way."},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    UUID: {"type": "string", "format": "uuid"},
}


def event_types() -> list[type[Event]]:
    """Every event of this release that can be subscribed to, by name."""
    return [Event.registry[name] for name in sorted(Event.registry) if not Event.registry[name].__module__.startswith("tests.")]


def words_of(event: type[Event]) -> str:
    """What happened, in the words of the code, on one line."""
    return " ".join((event.__doc__ or "").split())


def schema_of(event: type[Event]) -> Schema:
    """The body of a webhook that tells of this event, in its present version. A fact that is hidden from some may be left out."""
    guarded, data = guarded_facts(event.type_name()), shape_of(event)
    return {
        "$schema": DIALECT,
        "title": event.type_name(),
        "description": words_of(event),
        "type": "object",
        "properties": {
            "id": {"type": "string", "format": "uuid", "description": "The event; the same in every attempt and for every endpoint."},
            "type": {"const": event.type_name()},
            "version": {"const": event.VERSION},
            "occurred_at": {"type": "string", "format": "date-time"},
            "key": {"type": "string", "description": f"What events of this type are counted by: {event.KEY}."},
            "sequence": {"type": ["integer", "null"], "description": "The how-manieth event of this type about this key."},
            "correlation_id": {"type": "string", "format": "uuid", "description": "The same in all events of one story."},
            "causation_id": {"type": ["string", "null"], "format": "uuid", "description": "The event this one followed from."},
            "data": data | {"required": [name for name in data["required"] if name not in guarded]},
        },
        "required": ["id", "type", "version", "occurred_at", "key", "sequence", "correlation_id", "causation_id", "data"],
    }


def shape_of(kind: Any) -> Schema:
    """A declared type as JSON Schema. Fields may be added to an event; so nothing forbids those that are not named."""
    origin, inside = typing.get_origin(kind), typing.get_args(kind)
    if kind in SIMPLE:
        return SIMPLE[kind]
    if origin is tuple:
        return {"type": "array", "items": shape_of(inside[0])}
    if origin in {typing.Union, UnionType}:
        return {"anyOf": [shape_of(next(one for one in inside if one is not type(None))), {"type": "null"}]}
    hints = typing.get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    return {"type": "object", "properties": {name: shape_of(hints[name]) for name in names}, "required": names}
