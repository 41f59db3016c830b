"""Events to JSON and back, by the types their dataclasses declare."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from cattrs import Converter

from core.events.event import Event
from core.events.upcasting import present

_converter = Converter(detailed_validation=False)
_converter.register_unstructure_hook(Decimal, str)
_converter.register_structure_hook(Decimal, lambda value, _: Decimal(value))
_converter.register_unstructure_hook(datetime, lambda value: value.isoformat())
_converter.register_structure_hook(datetime, lambda value, _: datetime.fromisoformat(value))
_converter.register_unstructure_hook(date, lambda value: value.isoformat())
_converter.register_structure_hook(date, lambda value, _: date.fromisoformat(value))
_converter.register_unstructure_hook(UUID, str)
_converter.register_structure_hook(UUID, lambda value, _: UUID(value))


class UnknownEvent(LookupError):
    """A record of a type or version this release does not know: newer code wrote it."""


def to_json(event: Event) -> dict[str, Any]:
    """The facts of an event as plain JSON: decimals, dates and ids as text where JSON has no type for them."""
    return dict(_converter.unstructure(event))


def from_json(type_name: str, version: int, payload: dict[str, Any]) -> Event:
    """The event a record holds; raises UnknownEvent when this release does not know it."""
    event_class = Event.registry.get(type_name)
    if event_class is None or version > event_class.VERSION:
        raise UnknownEvent(f"{type_name} version {version} is not known to this release.")
    return _converter.structure(present(event_class, version, payload), event_class)
