"""Attachments in the API."""

import re
from typing import Any

from django.db.models import Model
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.versions import ETAG, digest_of
from core.api.viewsets import VerbViewSet
from core.files.access import may_attach, record_of
from core.files.models import Attachment
from core.files.operations import attach, remove_attachment
from core.files.serializers import AttachmentSerializer, AttachSerializer
from core.people.models import User

KIND = "^[a-z]{1,40}[.][a-z]{1,40}$"
LARGEST = 2**53 - 1
OF_A_RECORD = [
    OpenApiParameter("kind", {"type": "string", "pattern": KIND}, required=True, description="The kind of record, e.g. sales.order."),
    OpenApiParameter("object_id", {"type": "integer", "minimum": 1, "maximum": LARGEST}, required=True, description="The record's id."),
]


def record_named(request: Request) -> tuple[str, int]:
    """The kind and the key of the record that the address names."""
    kind, pk = request.query_params.get("kind", ""), request.query_params.get("object_id", "")
    if not re.fullmatch(KIND, kind) or not (pk.isascii() and pk.isdigit() and 1 <= int(pk[:17]) <= LARGEST and len(pk) < 17):
        raise ValidationError({"kind": ["Name the record: ?kind=sales.order&object_id=7"]})
    return kind, int(pk)


def record_seen(request: Request) -> Model:
    """The record that the address names, if there is one that the person sees."""
    record = record_of(*record_named(request), User.of(request))
    if record is None:
        raise NotFound
    return record


class SeesSomething(BasePermission):
    """Whoever may see nothing at all has no business with files."""

    def has_permission(self, request: Request, _view: Any) -> bool:
        """Signed in, and in some role."""
        return isinstance(request.user, User) and request.user.is_active and bool(request.user.get_all_permissions())


class AttachmentViewSet(VerbViewSet):
    """Files on records. Who may see a record may see its files; who may work on it may add and remove them."""

    queryset = Attachment.objects.order_by("pk")
    serializer_class = AttachmentSerializer
    permission_classes = (SeesSomething,)  # each file asks for the rights of the record it hangs on
    takes_files = frozenset({"create"})
    pagination_class = None
    filter_backends = ()

    @extend_schema(parameters=OF_A_RECORD)
    def list(self, request: Request) -> Response:
        """The files of one record."""
        record = record_seen(request)
        files = Attachment.objects.filter(kind=record._meta.label_lower, object_id=record.pk).order_by("pk")
        return Response(AttachmentSerializer(files, many=True).data)

    @extend_schema(request={"multipart/form-data": AttachSerializer}, responses={201: AttachmentSerializer})
    def create(self, request: Request) -> Response:
        """Keep a file with a record."""
        facts = self.facts(AttachSerializer, request)
        self._must_work_on(facts["kind"], facts["object_id"])
        attachment = attach(facts["kind"], facts["object_id"], facts["file"], by=User.of(request))
        return Response(AttachmentSerializer(attachment).data, status=201)

    @extend_schema(responses={204: None})
    def destroy(self, _request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Take a file off its record."""
        attachment: Attachment = self.get_object()
        self._must_work_on(attachment.kind, attachment.object_id)
        remove_attachment(attachment, by=User.of(self.request))
        return Response(status=204)

    @extend_schema(responses={(200, "*/*"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def download(self, _request: Request, *_args: Any, **_kwargs: Any) -> FileResponse:
        """The file itself."""
        attachment: Attachment = self.get_object()
        self._must_see(attachment.kind, attachment.object_id)
        whole = FileResponse(attachment.file.open("rb"), as_attachment=True, filename=attachment.name, content_type=attachment.media_type)
        whole[ETAG] = f'"{digest_of(str(attachment.file.name).encode())}"'  # a file that is kept stays as it is
        return whole

    def _must_see(self, kind: str, pk: int) -> None:
        if record_of(kind, pk, User.of(self.request)) is None:
            raise NotFound

    def _must_work_on(self, kind: str, pk: int) -> None:
        self._must_see(kind, pk)
        if not may_attach(kind, User.of(self.request)):
            raise PermissionDenied


ROUTES = [("attachments", AttachmentViewSet)]
