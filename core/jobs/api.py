"""Jobs in the API: read, cancel, run again."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.viewsets import VerbViewSet
from core.files.api import SeesSomething
from core.jobs.models import Job
from core.jobs.operations import cancel_job, retry_job
from core.jobs.serializers import JobSerializer
from core.people.models import User


class JobViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, VerbViewSet):
    """One's own jobs; everybody's for those who look after the system."""

    queryset = Job.objects.select_related("user").order_by("-pk")
    serializer_class = JobSerializer
    permission_classes = (SeesSomething,)  # the rows are narrowed to one's own
    filterset_fields = {"status": ["exact"], "kind": ["exact"], "user": ["exact"]}

    def get_queryset(self) -> QuerySet[Job]:
        """What this person may see."""
        rows: QuerySet[Job] = super().get_queryset()
        user = self.request.user
        if not isinstance(user, User):
            return rows.none()
        return rows if user.has_perm("jobs.view_job") else rows.filter(user=user)

    @extend_schema(request=None, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Stop a job: a waiting one at once, a running one at its next step."""
        return self.answer(cancel_job(self.get_object(), by=User.of(request)), None, 200)

    @extend_schema(request=None, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Run a failed job again."""
        return self.answer(retry_job(self.get_object(), by=User.of(request)), None, 200)


ROUTES = [("jobs", JobViewSet)]
