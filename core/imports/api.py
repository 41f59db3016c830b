"""Imports in the API: upload, match, read, import, revert."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.viewsets import VerbViewSet
from core.imports import operations
from core.imports.kinds import kinds_of
from core.imports.models import ImportRow, ImportRun
from core.imports.serializers import (
    CorrectRowsSerializer,
    ImportRowSerializer,
    ImportRunSerializer,
    MatchSerializer,
    UploadSerializer,
)
from core.people.door.confirming import demand
from core.people.models import User


class ImportsSomething(BasePermission):
    """Whoever may create records of some kind; each import asks for the right to its own."""

    def has_permission(self, request: Request, _view: Any) -> bool:
        """Signed in, and able to import something or to look after imports."""
        user = request.user
        return isinstance(user, User) and user.is_active and (bool(kinds_of(user)) or user.has_perm("imports.view_importrun"))


class ImportViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, VerbViewSet):
    """Files on their way in. After the upload, match the columns: a job checks every row. Then start it: a job brings the rows in."""

    queryset = ImportRun.objects.select_related("user").order_by("-pk")
    serializer_class = ImportRunSerializer
    permission_classes = (ImportsSomething,)
    takes_files = frozenset({"create"})
    filterset_fields = {"status": ["exact"], "kind": ["exact"]}

    @extend_schema(request={"multipart/form-data": UploadSerializer}, responses={201: ImportRunSerializer})
    def create(self, request: Request) -> Response:
        """Upload a CSV or XLSX file; the answer says how its columns were guessed."""
        facts = self.facts(UploadSerializer, request)
        file = facts["file"]
        run = operations.upload_table(facts["kind"], name=file.name, content=file.read(), by=User.of(request))
        return self.answer(run, None, 201)

    @extend_schema(request=MatchSerializer, responses=ImportRunSerializer)
    @action(detail=True, methods=["post"])
    def match(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Say which field each column fills; a job then checks every row."""
        run = self.get_object()
        facts = self.facts(MatchSerializer, request)
        run = operations.match_columns(run, fields=facts["columns"], existing=facts.get("existing", ""), by=User.of(request))
        return self.answer(run, None, 200)

    @extend_schema(request=None, responses=ImportRunSerializer)
    @action(detail=True, methods=["post"], url_path="match-again")
    def match_again(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Go back to the columns of an import whose rows were checked."""
        return self.answer(operations.match_again(self.get_object(), by=User.of(request)), None, 200)

    @extend_schema(request=CorrectRowsSerializer, responses=ImportRowSerializer(many=True), filters=False)
    @action(detail=True, methods=["post"], url_path="correct-rows", pagination_class=None)
    def correct_rows(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Write other values into cells; those rows are checked at once. Gives the corrected rows."""
        run = self.get_object()
        told = {row["line"]: row["cells"] for row in self.facts(CorrectRowsSerializer, request)["rows"]}
        keys = dict(run.rows.filter(line__in=told).values_list("line", "pk"))
        missing = sorted(set(told) - set(keys))
        if missing:
            raise ValidationError({"rows": [_("This import has no line %(line)s.") % {"line": missing[0]}]})
        corrections = {keys[line]: {cell["column"]: cell["value"] for cell in cells} for line, cells in told.items()}
        rows = operations.correct_rows(run, corrections, by=User.of(request))
        return Response(ImportRowSerializer(rows, many=True).data)

    @extend_schema(request=None, responses=ImportRunSerializer)
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Go on after the job of an import was cancelled or failed: as far as it came, it counts."""
        return self.answer(operations.settle_import(self.get_object(), by=User.of(request)), None, 200)

    @extend_schema(request=None, responses=ImportRunSerializer)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Bring in every row that is ready, as a job."""
        run = self.get_object()
        if operations.kind_for(run.kind, User.of(request)).sensitive:
            demand(request)
        return self.answer(operations.start_import(run, by=User.of(request)), None, 200)

    @extend_schema(request=None, responses=ImportRunSerializer)
    @action(detail=True, methods=["post"])
    def revert(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Take the whole import back, as a job; rows something came of stay, and say why."""
        return self.answer(operations.revert_import(self.get_object(), by=User.of(request)), None, 200)

    @extend_schema(request=None, responses=ImportRunSerializer)
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Drop an upload nothing was imported from."""
        return self.answer(operations.discard_import(self.get_object(), by=User.of(request)), None, 200)

    @extend_schema(
        parameters=[OpenApiParameter("state", str, enum=ImportRow.State.values, description="Only rows in this state.")],
        responses=ImportRowSerializer(many=True),
        filters=False,
    )
    @action(detail=True, methods=["get"], filterset_fields=None)
    def rows(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """The rows of an import, in their order."""
        rows = self.get_object().rows.order_by("line")
        state = request.query_params.get("state", "")
        page = self.paginate_queryset(rows.filter(state=state) if state in ImportRow.State.values else rows)
        return self.get_paginated_response(ImportRowSerializer(page, many=True).data)


ROUTES = [("imports", ImportViewSet)]
