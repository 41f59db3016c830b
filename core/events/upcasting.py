"""Facts of an old version read as the present one: one small function for each breaking step, on plain dicts."""

from collections.abc import Callable
from typing import Any

from core.events.event import Event

Payload = dict[str, Any]

UPCASTERS: dict[tuple[type[Event], int], Callable[[Payload], Payload]] = {}


def upcasts(event: type[Event], *, from_version: int) -> Callable[[Callable[[Payload], Payload]], Callable[[Payload], Payload]]:
    """Read the facts of ``from_version`` as those of the next; declared below the event. A field that is only new needs a default, no upcaster."""

    def register(upcast: Callable[[Payload], Payload]) -> Callable[[Payload], Payload]:
        if not 1 <= from_version < event.VERSION:
            raise ValueError(f"{event.type_name()} is at version {event.VERSION}: nothing is upcast from {from_version}.")
        if (event, from_version) in UPCASTERS:
            raise ValueError(f"{event.type_name()} version {from_version} is upcast already.")
        UPCASTERS[event, from_version] = upcast
        return upcast

    return register


def present(event: type[Event], version: int, payload: Payload) -> Payload:
    """The facts as the present version tells them, step by step."""
    for step in range(version, event.VERSION):
        upcast = UPCASTERS.get((event, step))
        if upcast is not None:
            payload = upcast(dict(payload))
    return payload
