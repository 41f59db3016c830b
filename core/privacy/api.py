"""Persons' own rights in the API."""

from core.api.viewsets import Facts, OperationViewSet, creation, verb
from core.jobs.models import Job
from core.jobs.serializers import JobSerializer
from core.people.models import User
from core.privacy import operations
from core.privacy.models import PrivacyRequest, Retention
from core.privacy.serializers import (
    ChangeRetentionSerializer,
    PrivacyRequestSerializer,
    ReceiveRequestSerializer,
    RefuseRequestSerializer,
    RetentionSerializer,
)


class PrivacyRequestViewSet(OperationViewSet[PrivacyRequest]):
    """Who asks what we know of them, or to be erased."""

    queryset = PrivacyRequest.objects.order_by("-pk")
    serializer_class = PrivacyRequestSerializer
    filterset_fields = {"status": ["exact"], "kind": ["exact"], "party": ["exact"], "user": ["exact"], "due_on": ["exact", "lte"]}
    search_fields = ("party__name", "user__name", "email")
    ordering_fields = ("received_on", "due_on")

    @creation("privacy.receive_request", takes=ReceiveRequestSerializer)
    def create(self, facts: Facts, by: User) -> PrivacyRequest:
        """Take down that somebody asks what we know of them, or to be erased."""
        return operations.receive_request(by=by, **facts)

    @verb("privacy.export_person", gives=JobSerializer)
    def export_person(self, request: PrivacyRequest, _facts: Facts, by: User) -> Job:
        """Gather everything we know of whoever asked: a job, whose file is for whoever started it."""
        return operations.export_person(request, by=by)

    @verb("privacy.erase_person", sensitive=True)
    def erase_person(self, request: PrivacyRequest, _facts: Facts, by: User) -> PrivacyRequest:
        """Let a person's facts give way to marks everywhere. It cannot be taken back."""
        return operations.erase_person(request, by=by)

    @verb("privacy.refuse_request", takes=RefuseRequestSerializer)
    def refuse_request(self, request: PrivacyRequest, facts: Facts, by: User) -> PrivacyRequest:
        """Say no, and why."""
        return operations.refuse_request(request, facts["reason"], by=by)


class RetentionViewSet(OperationViewSet[Retention]):
    """How long things are kept."""

    queryset = Retention.objects.order_by("pk")
    serializer_class = RetentionSerializer
    filterset_fields = {"rule": ["exact"]}

    @verb("privacy.change_retention", takes=ChangeRetentionSerializer)
    def change_retention(self, retention: Retention, facts: Facts, by: User) -> Retention:
        """Decide after how many days rows of one kind are forgotten."""
        return operations.change_retention(retention, facts["days"], by=by)


ROUTES = [("privacy-requests", PrivacyRequestViewSet), ("retention", RetentionViewSet)]
