"""What other people's systems told us of persons, as they wrote it."""

from django.utils.translation import gettext_lazy as _

from core.guards import ERASED
from core.privacy.registry import Personal, Rule
from integration.inbound.models import ReceivedWebhook

PERSONAL = (
    Personal(
        ReceivedWebhook,
        rows=lambda whom: ReceivedWebhook.objects.filter(whom.written_to_in("body")),
        wipe={"body": ERASED, "headers": {}},
    ),
)
NOT_PERSONAL = {
    "integration.Source": "name",
    "integration.SourceSecret": "sealed",
    "integration.ReceivedWebhook": "webhook_id result_kind",
    "integration.Endpoint": "name url event_types conditions disabled_because",
    "integration.EndpointSecret": "sealed",
    "integration.Attempt": "address trouble answer",
    "integration.ProcessInstance": "process kind number state due_type due_payload",
    "integration.Drift": "rule row message expected actual",
    "integration.CancellationStuck": "reason",
    "integration.WebhookReceived": "source_name action",
}
RETENTION = (
    Rule(
        "received_webhooks",
        _("Messages of other systems, word for word"),
        ReceivedWebhook,
        lambda until: ReceivedWebhook.objects.filter(handled_at__lt=until).exclude(body=ERASED),
        days=90,
        note=_("That a message came, and what became of it, stays."),
    ),
)
