"""The past, for a handler that was added later."""

from core.events.listening import HANDLERS
from core.events.models import Delivery, Record


def replay(handler_name: str) -> int:
    """Make deliveries of past records for a handler that was added later; those it has already stay as they are."""
    handler = HANDLERS[handler_name]
    missing = Record.objects.filter(type=handler.event.type_name()).exclude(
        pk__in=Delivery.objects.filter(handler=handler.name).values("record")
    )
    made = Delivery.objects.bulk_create(
        (Delivery(record=record, handler=handler.name, key=record.key) for record in missing.order_by("pk")), ignore_conflicts=True
    )
    return len(made)
