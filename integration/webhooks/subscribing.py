"""Who outside is told of an event: one message for each endpoint that asked for it, in the commit of the event."""

from typing import Any

from core.effects.models import Effect
from core.effects.operations import request_effect
from core.events.models import Record
from core.people.hiding import payload_for
from core.people.models import User
from integration.webhooks.models import Endpoint


def tell_endpoints(record: Record) -> None:
    """Ask for a message to every endpoint that wants to hear of this event."""
    for endpoint in Endpoint.objects.asking_for(record.type, record.payload):
        request_effect(
            Effect.Kind.WEBHOOK,
            {"subject": f"{record.type} {record.key}", "to": [endpoint.url], "record": record.pk, "id": message_id(record.event_id.hex)},
            key=f"webhook:{endpoint.pk}:{record.event_id}",
            about=endpoint,
            by=record.actor or User.objects.service(),
        )


def message_id(unique: str) -> str:
    """The ``webhook-id``: the same in every attempt, so that the other side knows what it has had."""
    return f"msg_{unique}"


def envelope(record: Record, told_by: User) -> dict[str, Any]:
    """The event as it is told outside, without what is hidden from whoever has it told; ``integration.webhooks.schemas`` says the same
    as a schema."""
    return {
        "id": str(record.event_id),
        "type": record.type,
        "version": record.schema_version,
        "occurred_at": record.occurred_at.isoformat(),
        "key": record.key,
        "sequence": record.sequence,
        "correlation_id": str(record.correlation_id),
        "causation_id": str(record.causation_id) if record.causation_id else None,
        "data": payload_for(told_by, record.type, record.payload),
    }
