"""Events, deliveries and timelines in the API."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.viewsets import Facts, OperationViewSet, ReportViewSet, creation, verb
from core.events.models import Delivery, HandlerPause, Record, Replay
from core.files.access import record_of
from core.parties.models import Party
from core.people.models import User
from integration.customer360.timeline import entry_of, records_of, seen_by
from integration.delivery import (
    pause_handler,
    replay_events,
    resume_handler,
    retry_delivery,
    skip_delivery,
)
from integration.inbound.api import ROUTES as INBOUND
from integration.models import Drift, ProcessInstance
from integration.serializers import (
    DeliverySerializer,
    DriftSerializer,
    HandlerPauseSerializer,
    NewReplaySerializer,
    PauseSerializer,
    ProcessSerializer,
    RecordSerializer,
    ReplaySerializer,
    SkipSerializer,
    TimelineEntrySerializer,
)
from integration.webhooks.api import ROUTES as WEBHOOKS

LONGEST_TIMELINE = 200


class RecordViewSet(OperationViewSet[Record]):
    """Everything that happened."""

    queryset = Record.objects.order_by("-pk")
    serializer_class = RecordSerializer
    filterset_fields: ClassVar = {
        "type": ["exact"],
        "key": ["exact"],
        "party": ["exact"],
        "correlation_id": ["exact"],
        "causation_id": ["exact"],
    }
    ordering_fields = ("occurred_at",)


class DeliveryViewSet(OperationViewSet[Delivery]):
    """Who still has to react to what."""

    queryset = Delivery.objects.select_related("record").order_by("-pk")
    serializer_class = DeliverySerializer
    filterset_fields: ClassVar = {"status": ["exact"], "handler": ["exact"], "key": ["exact"], "record": ["exact"]}

    @verb("events.retry_delivery")
    def retry(self, delivery: Delivery, _facts: Facts, by: User) -> Delivery:
        """Let a dead delivery run again, and its followers after it."""
        return retry_delivery(delivery, by=by)

    @verb("events.skip_delivery", takes=SkipSerializer, waits=True)
    def skip(self, delivery: Delivery, facts: Facts, by: User) -> Delivery:
        """Give a dead delivery up for good, with a reason; where its work is in the books, a second person decides."""
        return skip_delivery(delivery, by=by, **facts)


class ReplayViewSet(OperationViewSet[Replay]):
    """Past events that were carried to a handler which never got them."""

    queryset = Replay.objects.order_by("-pk")
    serializer_class = ReplaySerializer
    filterset_fields: ClassVar = {"handler": ["exact"]}

    @creation("events.replay_events", takes=NewReplaySerializer, gives=ReplaySerializer, in_bulk=False)
    def create(self, facts: Facts, by: User) -> Replay:
        """Carry them, or only count them (``dry_run``)."""
        return replay_events(by=by, **facts)


class ProcessViewSet(OperationViewSet[ProcessInstance]):
    """Which documents wait for what, until when."""

    queryset = ProcessInstance.objects.order_by("-pk")
    serializer_class = ProcessSerializer
    filterset_fields: ClassVar = {
        "process": ["exact"],
        "kind": ["exact"],
        "object_id": ["exact"],
        "state": ["exact"],
        "party": ["exact"],
        "due_at": ["lte", "gte"],
        "ended_at": ["isnull"],
    }
    ordering_fields = ("due_at", "changed_at")


class DriftViewSet(OperationViewSet[Drift]):
    """Figures that did not follow from their source; ``cleared_at`` is empty while one still does not."""

    queryset = Drift.objects.order_by("-pk")
    serializer_class = DriftSerializer
    filterset_fields: ClassVar = {"rule": ["exact"], "found_at": ["gte", "lte"], "cleared_at": ["isnull"]}
    search_fields = ("rule", "row", "message")
    ordering_fields = ("found_at", "seen_at")


class HandlerPauseViewSet(OperationViewSet[HandlerPause]):
    """Handlers that were stopped for a while; ``ended_at`` is empty while one still is."""

    queryset = HandlerPause.objects.order_by("-pk")
    serializer_class = HandlerPauseSerializer
    filterset_fields: ClassVar = {"handler": ["exact"], "ended_at": ["isnull"]}

    @creation("events.pause_handler", takes=PauseSerializer, gives=HandlerPauseSerializer, in_bulk=False)
    def create(self, facts: Facts, by: User) -> HandlerPause:
        """Stop a handler: its deliveries wait as they are."""
        return pause_handler(by=by, **facts)

    @verb("events.resume_handler")
    def resume(self, pause: HandlerPause, _facts: Facts, by: User) -> HandlerPause:
        """End the pause: what waited goes on, in order."""
        return resume_handler(pause, by=by)


class TimelineViewSet(ReportViewSet):
    """What happened with a party, newest first, at most 200 entries."""

    permission = "parties.view_party"
    queryset = Party.objects.order_by("pk")  # whose stories there are
    serializer_class = TimelineEntrySerializer
    lookup_value_regex = r"[0-9]{1,18}"

    @extend_schema(
        parameters=[OpenApiParameter("id", int, OpenApiParameter.PATH, description="The party.")],
        responses=TimelineEntrySerializer(many=True),
    )
    def retrieve(self, request: Request, pk: int, **_kwargs: Any) -> Response:
        """The story of one party, as far as one may see it."""
        by = User.of(request)
        if record_of("parties.party", int(pk), by) is None:
            raise NotFound
        told = seen_by(by, records_of("parties.party", int(pk), None), "parties.party")
        entries = [entry_of(record) for record in told[:LONGEST_TIMELINE]]
        return Response(TimelineEntrySerializer(entries, many=True).data)


ROUTES = [
    ("records", RecordViewSet),
    ("event-deliveries", DeliveryViewSet),
    ("replays", ReplayViewSet),
    ("processes", ProcessViewSet),
    ("handler-pauses", HandlerPauseViewSet),
    ("drifts", DriftViewSet),
    ("timelines", TimelineViewSet),
    *WEBHOOKS,
    *INBOUND,
]
