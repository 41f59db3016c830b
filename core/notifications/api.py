"""Notifications in the API: one's own, to list and to mark as read."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.permissions import IsOneself
from core.api.viewsets import VerbViewSet
from core.notifications.models import Notification
from core.notifications.operations import mark_all_read, mark_read
from core.notifications.serializers import NotificationSerializer
from core.people.models import User


class NotificationViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, VerbViewSet):
    """What the person who asks was told, newest first."""

    queryset = Notification.objects.order_by("-pk")
    serializer_class = NotificationSerializer
    permission_classes = (IsOneself,)  # everybody has their own
    filterset_fields: ClassVar = {"read_at": ["isnull"]}

    def get_queryset(self) -> QuerySet[Notification]:
        """Only one's own."""
        rows = Notification.objects.order_by("-pk")
        return rows.none() if getattr(self, "swagger_fake_view", False) else rows.visible_to(User.of(self.request))

    @extend_schema(request=None, responses=NotificationSerializer)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """One has read it."""
        return Response(self.get_serializer(mark_read(self.get_object(), by=User.of(request))).data)

    @extend_schema(request=None, responses={204: None})
    @action(detail=False, methods=["post"], url_path="read-all")
    def read_all(self, request: Request) -> Response:
        """One has read everything."""
        mark_all_read(by=User.of(request))
        return Response(status=204)


ROUTES = [("notifications", NotificationViewSet)]
