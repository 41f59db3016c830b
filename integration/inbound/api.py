"""Webhook sources and what they sent, in the API."""

from typing import ClassVar

from core.api.viewsets import Facts, OperationViewSet, creation, verb
from core.people.models import User
from integration.inbound.models import ReceivedWebhook, Source
from integration.inbound.operations import change_source_secret, create_source, disable_source, enable_source, retry_received
from integration.inbound.serializers import NewSourceSerializer, ReceivedWebhookSerializer, SourceSerializer
from integration.webhooks.serializers import SecretSerializer


class SourceViewSet(OperationViewSet[Source]):
    """Other people's systems that tell us something."""

    queryset = Source.objects.order_by("-pk")
    serializer_class = SourceSerializer
    filterset_fields: ClassVar = {"status": ["exact"], "action": ["exact"]}

    @creation("integration.create_source", takes=NewSourceSerializer, gives=SourceSerializer, in_bulk=False)
    def create(self, facts: Facts, by: User) -> Source:
        """Let another system tell us something; it posts to ``path`` from now on."""
        return create_source(by=by, **facts)

    @verb("integration.enable_source")
    def enable(self, source: Source, _facts: Facts, by: User) -> Source:
        """Take its messages again."""
        return enable_source(source, by=by)

    @verb("integration.disable_source")
    def disable(self, source: Source, _facts: Facts, by: User) -> Source:
        """Take none of its messages any more."""
        return disable_source(source, by=by)

    @verb("integration.change_source_secret", takes=SecretSerializer)
    def change_secret(self, source: Source, facts: Facts, by: User) -> Source:
        """Take another secret; the old one is good for another day unless ``at_once``."""
        return change_source_secret(source, by=by, **facts)


class ReceivedWebhookViewSet(OperationViewSet[ReceivedWebhook]):
    """What came in, as it came."""

    queryset = ReceivedWebhook.objects.order_by("-pk")
    serializer_class = ReceivedWebhookSerializer
    filterset_fields: ClassVar = {"source": ["exact"], "webhook_id": ["exact"], "handled_at": ["isnull"]}

    @verb("events.retry_delivery")
    def retry(self, received: ReceivedWebhook, _facts: Facts, by: User) -> ReceivedWebhook:
        """Try once more what was refused."""
        return retry_received(received, by=by)


ROUTES = [("webhook-sources", SourceViewSet), ("received-webhooks", ReceivedWebhookViewSet)]
