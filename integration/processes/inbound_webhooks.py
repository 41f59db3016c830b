"""From somebody else's system to an operation of ours: what a source told us is done, as the source's own user."""

from core.events import on
from core.events.cause import actor
from integration.events import WebhookReceived
from integration.inbound import operations as inbound


@on(WebhookReceived)
def act_on_the_webhook(event: WebhookReceived) -> None:
    """What it said becomes what its source is for."""
    inbound.act_on(event.received_id, by=actor())
