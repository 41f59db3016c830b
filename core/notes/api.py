"""Notes in the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.viewsets import VerbViewSet
from core.files.access import record_of
from core.files.api import OF_A_RECORD, record_seen
from core.notes.models import Note
from core.notes.operations import write_note
from core.notes.serializers import NoteSerializer, WriteNoteSerializer
from core.people.models import User


class MayRead(BasePermission):
    """Who may read notes at all."""

    def has_permission(self, request: Request, _view: Any) -> bool:
        """Signed in, and in a role that reads notes."""
        return isinstance(request.user, User) and request.user.has_perm("notes.view_note")


class NoteViewSet(VerbViewSet):
    """Notes on records. Who may see a record may read its notes. A note stays as it was written."""

    queryset = Note.objects.order_by("-pk")
    serializer_class = NoteSerializer
    permission_classes = (MayRead,)  # each note asks for the rights of the record it hangs on
    pagination_class = None
    filter_backends = ()

    @extend_schema(parameters=OF_A_RECORD)
    def list(self, request: Request) -> Response:
        """The notes of one record, the latest first."""
        record = record_seen(request)
        notes = Note.objects.filter(kind=record._meta.label_lower, object_id=record.pk).order_by("-pk")
        return Response(NoteSerializer(notes, many=True).data)

    @extend_schema(request=WriteNoteSerializer, responses={201: NoteSerializer})
    def create(self, request: Request) -> Response:
        """Note something on a record."""
        by = User.of(request)
        if not by.has_perm("notes.write_note"):
            raise PermissionDenied
        facts = self.facts(WriteNoteSerializer, request)
        if record_of(facts["kind"], facts["object_id"], by) is None:
            raise NotFound
        return Response(NoteSerializer(write_note(facts["kind"], facts["object_id"], facts["body"], by=by)).data, status=201)


ROUTES = [("notes", NoteViewSet)]
