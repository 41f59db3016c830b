"""Addresses of the operator's pages."""

from django.utils.translation import gettext_lazy as _

from core.web.registry import name_module, routes
from integration.console import drifts, endpoints, event_map, pauses, processes, replays, sources, views

name_module(_("Console"), "route", area="console")
app_name = "console"
urlpatterns = routes(
    event_map.EventMap,
    views.Deliveries,
    views.DeliveryRecord,
    views.Records,
    views.RecordOfEvent,
    views.OutgoingMessages,
    views.OutgoingMessage,
    processes.Processes,
    processes.ProcessRecord,
    pauses.Pauses,
    pauses.Pause,
    pauses.NewPause,
    drifts.Drifts,
    drifts.DriftRecord,
    replays.Replays,
    replays.ReplayRecord,
    replays.NewReplay,
    endpoints.Endpoints,
    endpoints.EndpointRecord,
    endpoints.NewEndpoint,
    endpoints.EditEndpoint,
    sources.Sources,
    sources.SourceRecord,
    sources.NewSource,
    sources.Received,
    sources.ReceivedRecord,
)
