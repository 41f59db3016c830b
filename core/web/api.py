"""What the pages have around records in the API: saved views, the search, a record's changes and the documents beside it."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.viewsets import VerbViewSet
from core.files.api import OF_A_RECORD, SeesSomething, record_seen
from core.people.models import User
from core.web.changes import changes_for
from core.web.finding import find
from core.web.models import ListHabit, SavedView
from core.web.neighbours import neighbours
from core.web.operations import change_view, delete_view, open_with, save_view
from core.web.registry import screens
from core.web.serializers import (
    ChangeSerializer,
    ChangeViewSerializer,
    FoundSerializer,
    RelatedDocumentSerializer,
    SavedViewSerializer,
    SaveViewSerializer,
)
from core.web.viewstate import checked

MOST = 200


class SavedViewViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, VerbViewSet):
    """Lists under a name: filters, order, groups and columns. A shared view is seen by whoever may open the list, and changed by its owner."""

    queryset = SavedView.objects.order_by("screen", "name", "pk")
    serializer_class = SavedViewSerializer
    permission_classes = (SeesSomething,)  # the rows are narrowed to what one may see
    filterset_fields = {"screen": ["exact"], "is_shared": ["exact"], "owner": ["exact"]}

    def get_queryset(self) -> QuerySet[SavedView]:
        """One's own and the shared ones, of lists that one may open."""
        rows = SavedView.objects.order_by("screen", "name", "pk")
        user = self.request.user
        if not isinstance(user, User):
            return rows.none()
        names = [name for name, screen in screens() if screen.may_open(user)]
        opens = ListHabit.objects.filter(person=user, opens_with=OuterRef("pk"))
        return rows.visible_to(user).filter(screen__in=names).annotate(is_default=Exists(opens))

    @extend_schema(request=SaveViewSerializer, responses={201: SavedViewSerializer})
    def create(self, request: Request) -> Response:
        """Keep a list under a name, for oneself or for everybody who may open it."""
        by, facts = User.of(request), self.facts(SaveViewSerializer, request)
        facts |= checked(facts["screen"], facts.get("query", ""), facts.get("columns", []), by)
        return self.answer(save_view(by=by, **facts), None, 201)

    @extend_schema(request=ChangeViewSerializer, responses=SavedViewSerializer)
    def partial_update(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Rename a view, share it or keep it to oneself, or let it show something else."""
        view, by = self.get_object(), User.of(request)
        facts = {name: value for name, value in self.facts(ChangeViewSerializer, request).items() if name in request.data}
        seen = checked(view.screen, facts.get("query", view.query), facts.get("columns", view.columns), by)
        return self.answer(change_view(view, by=by, **(facts | {name: value for name, value in seen.items() if name in facts})), None, 200)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Throw a view away; lists that opened with it open plainly again."""
        delete_view(self.get_object(), by=User.of(request))
        return Response(status=204)

    @extend_schema(request=None, responses=SavedViewSerializer)
    @action(detail=True, methods=["post"], url_path="open-with")
    def open_with(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Let the list open with this view, for oneself."""
        view = self.get_object()
        open_with(view.screen, view, by=User.of(request))
        return self.answer(view, None, 200)

    @extend_schema(request=None, responses=SavedViewSerializer)
    @action(detail=True, methods=["post"], url_path="open-without")
    def open_without(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Let the list open plainly again, for oneself, if it opened with this view."""
        view = self.get_object()
        if view.is_default:
            open_with(view.screen, None, by=User.of(request))
        return self.answer(view, None, 200)


class OfARecord(VerbViewSet):
    """What is told of one record, ``?kind=sales.order&object_id=7``, to whoever may see it."""

    permission_classes = (SeesSomething,)  # the record is asked for
    pagination_class = None
    filter_backends = ()


class ChangeViewSet(OfARecord):
    """Who changed what, from the trail that the database itself keeps."""

    serializer_class = ChangeSerializer

    @extend_schema(parameters=OF_A_RECORD, responses=ChangeSerializer(many=True))
    def list(self, request: Request) -> Response:
        """The changes of one record, the latest first, at most 200."""
        return Response(ChangeSerializer(changes_for(record_seen(request), User.of(request), MOST), many=True).data)


class RelatedDocumentViewSet(OfARecord):
    """The documents that one came of, and those that came of it."""

    serializer_class = RelatedDocumentSerializer

    @extend_schema(parameters=OF_A_RECORD, responses=RelatedDocumentSerializer(many=True))
    def list(self, request: Request) -> Response:
        """The documents next to one, oldest link first, as far as one may see them."""
        record = record_seen(request)
        return Response(RelatedDocumentSerializer(neighbours(record._meta.label_lower, record.pk, User.of(request)), many=True).data)


class SearchViewSet(VerbViewSet):
    """What the search of the pages finds: in every list that one may open, by numbers, names and what else those lists search."""

    serializer_class = FoundSerializer
    permission_classes = (SeesSomething,)  # only lists that one may open are searched
    pagination_class = None
    filter_backends = ()

    @extend_schema(
        parameters=[OpenApiParameter("q", {"type": "string", "maxLength": 80}, required=True, description="A few words or a number.")],
        responses=FoundSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        """The records that fit, at most five of each list, the best first."""
        if "q" not in request.query_params:
            raise ValidationError({"q": [_("Say what to search: ?q=12")]})
        found = [one for drawer in find(request.query_params["q"], request._request) for one in drawer.found]
        return Response(FoundSerializer(sorted(found, key=lambda one: one.rank), many=True).data)


ROUTES = [
    ("saved-views", SavedViewViewSet),
    ("changes", ChangeViewSet),
    ("related-documents", RelatedDocumentViewSet),
    ("search", SearchViewSet),
]
