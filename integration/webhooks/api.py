"""Webhook endpoints, their messages and attempts, and the JSON Schema of every event, in the API."""

from typing import Any, ClassVar

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.viewsets import Facts, OperationViewSet, ReportViewSet, change, creation, verb
from core.effects.models import Effect
from core.events import Event
from core.people.models import User
from integration.webhooks.models import Attempt, Endpoint
from integration.webhooks.operations import (
    change_endpoint,
    create_endpoint,
    disable_endpoint,
    enable_endpoint,
    resend_message,
    rotate_secret,
    send_test,
)
from integration.webhooks.schemas import event_types, schema_of, words_of
from integration.webhooks.serializers import (
    AttemptSerializer,
    ChangedEndpointSerializer,
    DisableEndpointSerializer,
    EndpointSerializer,
    EventTypeSerializer,
    NewEndpointSerializer,
    SecretSerializer,
    WebhookMessageSerializer,
)


class EndpointViewSet(OperationViewSet[Endpoint]):
    """Machines of other people that are told of events, as Standard Webhooks lays down."""

    queryset = Endpoint.objects.order_by("-pk")
    serializer_class = EndpointSerializer
    filterset_fields: ClassVar = {"status": ["exact"], "failing_since": ["isnull"]}

    @creation("integration.create_endpoint", takes=NewEndpointSerializer, gives=EndpointSerializer, in_bulk=False)
    def create(self, facts: Facts, by: User) -> Endpoint:
        """Tell another system of events from now on. You make the secret, and nobody reads it here again."""
        return create_endpoint(by=by, **facts)

    @change("integration.change_endpoint", takes=ChangedEndpointSerializer, gives=EndpointSerializer)
    def partial_update(self, endpoint: Endpoint, facts: Facts, by: User) -> Endpoint:
        """Tell it elsewhere, or of other events, from now on."""
        return change_endpoint(endpoint, by=by, **facts)

    @verb("integration.enable_endpoint")
    def enable(self, endpoint: Endpoint, _facts: Facts, by: User) -> Endpoint:
        """Tell it again; what waits goes out, too."""
        return enable_endpoint(endpoint, by=by)

    @verb("integration.disable_endpoint", takes=DisableEndpointSerializer)
    def disable(self, endpoint: Endpoint, facts: Facts, by: User) -> Endpoint:
        """Tell it nothing more."""
        return disable_endpoint(endpoint, by=by, **facts)

    @verb("integration.rotate_secret", takes=SecretSerializer)
    def rotate_secret(self, endpoint: Endpoint, facts: Facts, by: User) -> Endpoint:
        """Sign with another secret; the old one signs beside it for a day unless ``at_once``."""
        return rotate_secret(endpoint, by=by, **facts)

    @verb("integration.send_test", gives=WebhookMessageSerializer)
    def send_test(self, endpoint: Endpoint, _facts: Facts, by: User) -> Effect:
        """Send it a message of type ``webhooks.Test``, to see whether it arrives."""
        return send_test(endpoint, by=by)


class WebhookMessageViewSet(OperationViewSet[Effect]):
    """What endpoints were told, and what became of it."""

    queryset = Effect.objects.filter(kind=Effect.Kind.WEBHOOK).order_by("-pk")
    serializer_class = WebhookMessageSerializer
    filterset_fields: ClassVar = {"status": ["exact"], "about_id": ["exact"]}

    @verb("integration.resend_message")
    def resend(self, message: Effect, _facts: Facts, by: User) -> Effect:
        """Send it once more, with the same ``webhook-id``."""
        return resend_message(message, by=by)


class AttemptViewSet(OperationViewSet[Attempt]):
    """Every try to tell an endpoint, with what it answered."""

    queryset = Attempt.objects.order_by("-pk")
    serializer_class = AttemptSerializer
    filterset_fields: ClassVar = {"endpoint": ["exact"], "effect": ["exact"], "status_code": ["exact"]}


class EventTypeViewSet(ReportViewSet):
    """Every event that can be subscribed to, with the JSON Schema of what is sent."""

    permission = "integration.view_endpoint"
    serializer_class = EventTypeSerializer
    lookup_value_regex = r"[\w.]+"

    @extend_schema(responses=EventTypeSerializer(many=True))
    def list(self, _request: Request, **_kwargs: Any) -> Response:
        """All of them, by name."""
        return Response([_facts_of(event) for event in event_types()])

    @extend_schema(parameters=[OpenApiParameter("id", str, OpenApiParameter.PATH)], responses={200: {"type": "object"}})
    def retrieve(self, _request: Request, pk: str, **_kwargs: Any) -> Response:
        """The JSON Schema of one, alone."""
        event = next((one for one in event_types() if one.type_name() == pk), None)
        if event is None:
            raise Http404
        return Response(schema_of(event))


def _facts_of(event: type[Event]) -> dict[str, Any]:
    return {"type": event.type_name(), "version": event.VERSION, "description": words_of(event), "schema": schema_of(event)}


ROUTES = [
    ("webhook-endpoints", EndpointViewSet),
    ("webhook-messages", WebhookMessageViewSet),
    ("webhook-attempts", AttemptViewSet),
    ("event-types", EventTypeViewSet),
]
