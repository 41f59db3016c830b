"""Resources that read through a serializer and change only through operations."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial, wraps
from http import HTTPStatus
from typing import Any, ClassVar, Generic, TypeVar

from django.db import models
from drf_spectacular.plumbing import force_instance
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.fields import empty
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.bulk import bulk_of
from core.api.deprecation import deprecation_of
from core.api.idempotency import acting_once, not_twice
from core.api.kinds import mistyped_in
from core.api.limits import Standing
from core.api.reach import within_reach, without_hidden
from core.api.reading import Filters, Ordering, Search, refuse_unfit, refuse_unknown
from core.api.selecting import EXPAND, FIELDS, RESOURCES, SelectingMixin
from core.api.versions import ETAG, beside, demands_version, tag_of, tagged, unchanged
from core.api.waiting import waiting
from core.errors import WaitsForSecond
from core.people.door.confirming import demand
from core.people.models import User
from core.people.visibility import seen_by

Row = TypeVar("Row", bound=models.Model)
Facts = dict[str, Any]
"""Validated input of a verb: what its ``takes`` serializer read."""

Takes = type[serializers.BaseSerializer[Any]] | None


class Nothing(serializers.Serializer[Any]):
    """What a verb gives after which there is no record any more: 204, and no body."""


class VerbViewSet(viewsets.GenericViewSet[Any]):
    """Reads the facts of a verb, makes the one operation call, answers with what became of it."""

    permissions_of: ClassVar[dict[str, str]] = {}
    acts_once: ClassVar[bool] = True
    standing: Standing | None = None
    takes_files: ClassVar[frozenset[str]] = frozenset()
    """Actions whose body is ``multipart/form-data``; all others take JSON."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Once it is known who asks and that they may: only known parameters; what is sensitive is for who confirmed a moment ago that it is
        them; a POST acts once per ``Idempotency-Key``."""
        super().initial(request, *args, **kwargs)
        if self.action not in {None, "metadata"}:
            declared = [one for one in self._declared() if isinstance(one, OpenApiParameter)]
            once = {*self._of_the_list(), FIELDS, EXPAND, *(one.name for one in declared)}
            refuse_unknown(request, self.known_parameters(), once=once)
            refuse_unfit(request, declared)
        if getattr(getattr(self, self.action or "", None), "sensitive", False):
            demand(request)
        if request.method == "POST" and hasattr(self, "post"):
            self.post: Any = acting_once(self.post) if self.acts_once else not_twice(self.post)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        declared = {name: getattr(cls, name).needs for name in dir(cls) if hasattr(getattr(cls, name, None), "needs")}
        cls.permissions_of = {**cls.permissions_of, **declared}

    def get_parsers(self) -> list[Any]:
        """Files come as a form, everything else as JSON."""
        method = (getattr(self.request, "method", None) or "").lower()
        name = getattr(self, "action", None) or getattr(self, "action_map", {}).get(method)
        return [MultiPartParser() if name in self.takes_files else JSONParser()]

    def permission_for_action(self) -> str | None:
        """The permission the present action needs; None closes it."""
        return self.permissions_of.get(self.action or "")

    def known_parameters(self) -> set[str]:
        """What the address may ask for beside the record: what is declared, and so described."""
        named = (one.name if isinstance(one, OpenApiParameter) else one for one in self._declared())
        return {*named, *self._of_the_list()}

    def _declared(self) -> Iterable[Any]:
        return _described(self, getattr(self, self.action or "", None))

    def _of_the_list(self) -> Iterable[str]:
        pages: Any = self.paginator
        if pages is not None and self.request.method in {"GET", "HEAD"} and self.action != "retrieve":
            yield from (one["name"] for one in pages.get_schema_operation_parameters(self))
        if self.action == "list":
            for backend in self.filter_backends:
                if backend in {Search, Ordering}:
                    yield from (one["name"] for one in backend().get_schema_operation_parameters(self))
                else:
                    yield from Filters().known(self.request, self.get_queryset(), self)

    def get_queryset(self) -> Any:
        """The records the person may see: the one place for reading, expanding and every verb alike."""
        rows = super().get_queryset()
        person = getattr(self.request, "user", None)
        return seen_by(rows, person) if isinstance(person, User) else rows

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """The record as the person may see it."""
        serializer = super().get_serializer(*args, **kwargs)
        if not getattr(self, "swagger_fake_view", False):  # the description tells of every field
            without_hidden(serializer, self.request.user)
        return serializer

    def facts(self, takes: Takes, request: Request) -> Facts:
        """The validated body, or a 400 that names every wrong field. Unknown fields are refused, not ignored."""
        return {} if takes is None else self.validated(takes, request.data)

    def validated(self, takes: Any, data: Any) -> Facts:
        """Facts as one serializer reads them, about records within the person's reach and nothing that is hidden from them."""
        serializer = takes(data=data, context=self.get_serializer_context())
        within_reach(serializer, User.of(self.request))
        if without_hidden(serializer, User.of(self.request)):
            raise PermissionDenied
        mistyped = mistyped_in(serializer, data)
        if mistyped:
            raise serializers.ValidationError(mistyped)
        unknown = unknown_in(serializer, data)
        if not serializer.is_valid() or unknown:
            raise serializers.ValidationError({**serializer.errors, **unknown})
        return dict(serializer.validated_data)

    def answer(self, result: Any, gives: Takes, status: int) -> Response:
        """The changed record (or what the verb gives) in the form the resource is read in, with its tag."""
        if result is None:
            return Response(status=204)
        if gives is not None:
            given = gives(result, context=self.get_serializer_context())
            without_hidden(given, self.request.user)
            return Response(given.data, status=status)
        fresh = self.get_queryset().filter(pk=result.pk).first()
        if fresh is None:  # somebody just gave it out of their own hands
            fresh = viewsets.GenericViewSet.get_queryset(self).get(pk=result.pk)
        response = Response(self.get_serializer(fresh).data, status=status)
        response[ETAG] = tag_of(self, fresh, response.data)
        return response

    def carried_out(
        self, operation: Callable[[], Any], gives: Takes, status: int, *, under: AbstractContextManager[Any] | None = None
    ) -> Response:
        """What came of the one operation call, made ``under`` a condition; where a second person has to check it first, the approval."""
        try:
            with under or nullcontext():
                done = operation()
        except WaitsForSecond as asked:
            return waiting(self, asked)
        return self.answer(done, gives, status)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Every answer says where the caller stands, and what is going away; what is read, which it is."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if self.standing is not None:
            self.standing.put_on(answer)
        ending = deprecation_of(self)
        if ending is not None:
            ending.put_on(answer)
        if request.method not in {"GET", "HEAD"} or answer.status_code != HTTPStatus.OK:
            return answer
        if not getattr(answer, "is_rendered", True):
            answer.add_post_render_callback(partial(tagged, request))
            return answer
        return tagged(request, answer)


class OperationViewSet(SelectingMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, VerbViewSet, Generic[Row]):
    """List and show; everything else is a ``creation``, a ``change`` or a ``verb``.

    ``moves_money_or_stock`` says that its verbs demand ``If-Match``.
    """

    moves_money_or_stock: ClassVar[bool] = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        create = cls.__dict__.get("create")
        if getattr(create, "in_bulk", False):
            cls.bulk = bulk_of(create, cls.serializer_class)  # type: ignore[attr-defined]
        super().__init_subclass__(**kwargs)
        if cls.queryset is not None and cls.serializer_class is not None:
            RESOURCES.setdefault(cls.queryset.model._meta.label_lower, cls)

    def filter_queryset(self, queryset: Any) -> Any:
        """A list is filtered; one record is found by its key alone. Either comes with what is to stand beside it."""
        rows = super().filter_queryset(queryset) if self.action == "list" else queryset
        return self.with_expansions(rows)

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """The resource's serializer, with what is wanted of a record."""
        return self.shaped(super().get_serializer(*args, **kwargs))

    def known_parameters(self) -> set[str]:
        """Reading may select."""
        selecting = {FIELDS, *([EXPAND] if self.expandable else [])} if self.selects else set()
        return super().known_parameters() | selecting

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One page, as filtered, ordered and selected."""
        return self.labelled(super().list(request, *args, **kwargs))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One record, with its tag."""
        record = self.get_object()
        response = self.labelled(Response(self.get_serializer(record).data))
        tag = tag_of(self, record)
        response[ETAG] = beside(tag, response.data) if self.wanted(EXPAND) else tag
        return response

    def permission_for_action(self) -> str | None:
        """Reading needs ``view_<model>``; everything else what its decorator names."""
        if self.action in {"list", "retrieve"}:
            model = self.get_queryset().model
            return f"{model._meta.app_label}.view_{model._meta.model_name}"
        return super().permission_for_action()


class ReportViewSet(VerbViewSet):
    """A computed answer, not a table of rows: ``list`` returns it."""

    permission: ClassVar[str]
    pagination_class = None
    filter_backends = ()

    def permission_for_action(self) -> str | None:
        """The one permission of the report."""
        return self.permission


def creation(
    permission: str, *, takes: Takes, gives: Takes = None, in_bulk: bool = True, sensitive: bool = False, waits: bool = False
) -> Callable[[Callable[..., Any]], Any]:
    """``create(self, facts, by)``: POST to the collection, answered with 201 and the new record; many at once at ``bulk/``, unless it is
    ``sensitive`` (as of `verb`, like ``waits``)."""

    def decorate(function: Callable[..., Any]) -> Any:
        @extend_schema(request=takes, responses={201: gives} if gives else empty, description=function.__doc__)
        @wraps(function)
        def create(self: VerbViewSet, request: Request, *_args: Any, **_kwargs: Any) -> Response:
            return self.carried_out(lambda: function(self, self.facts(takes, request), User.of(request)), gives, 201)

        create.needs, create.operation, create.takes, create.waits = permission, function, takes, waits  # type: ignore[attr-defined]
        create.gives, create.in_bulk, create.sensitive = gives, in_bulk and not sensitive, sensitive  # type: ignore[attr-defined]
        return create

    return decorate


def change(
    permission: str, *, takes: Takes, gives: Takes = None, sensitive: bool = False, waits: bool = False
) -> Callable[[Callable[..., Any]], Any]:
    """``partial_update(self, record, facts, by)``: PATCH of one record, only with the fields that are sent. ``If-Match`` is heeded."""

    def decorate(function: Callable[..., Any]) -> Any:
        @extend_schema(request=takes, responses=gives or empty, description=function.__doc__)
        @wraps(function)
        def partial_update(self: VerbViewSet, request: Request, *_args: Any, **_kwargs: Any) -> Response:
            record = self.get_object()
            facts = {name: value for name, value in self.facts(takes, request).items() if name in request.data}
            still = unchanged(self, record, demanded=False)
            return self.carried_out(lambda: function(self, record, facts, User.of(request)), gives, 200, under=still)

        partial_update.needs, partial_update.heeds_version = permission, True  # type: ignore[attr-defined]
        partial_update.takes, partial_update.sensitive, partial_update.waits = takes, sensitive, waits  # type: ignore[attr-defined]
        return partial_update

    return decorate


def verb(
    permission: str, *, takes: Takes = None, gives: Takes = None, sensitive: bool = False, waits: bool = False
) -> Callable[[Callable[..., Any]], Any]:
    """``verb(self, record, facts, by)``: POST to ``<record>/<verb>/``, answered with the changed record or what it gives.

    ``If-Match`` is heeded, and demanded where the resource ``moves_money_or_stock``. ``sensitive``: only for who confirmed a moment ago that
    it is them (`core.people.door.confirming`). ``waits``: it may have to be checked by a second person first (`core.approvals`), and is answered
    with 202 then. Where no permission is named, the resource and its operation say who may.
    """

    def decorate(function: Callable[..., Any]) -> Any:
        @extend_schema(request=takes, responses=_answered(gives), description=function.__doc__)
        @action(detail=True, methods=["post"], url_path=function.__name__.replace("_", "-"))
        @wraps(function)
        def act(self: VerbViewSet, request: Request, *_args: Any, **_kwargs: Any) -> Response:
            record = self.get_object()
            facts = self.facts(takes, request)
            still = unchanged(self, record, demanded=demands_version(self))
            return self.carried_out(lambda: function(self, record, facts, User.of(request)), gives, 200, under=still)

        act.needs, act.heeds_version = permission, True  # type: ignore[attr-defined]
        act.takes, act.sensitive, act.waits = takes, sensitive, waits  # type: ignore[attr-defined]
        return act

    return decorate


def _described(view: Any, function: Any) -> Iterable[Any]:
    """The parameters that ``@extend_schema`` describes for a function of a view: as they are described, or the names of a serializer's."""
    declared = getattr(function, "kwargs", {}).get("schema")
    if declared is None:
        return
    schema = declared()
    schema.view, schema.method, schema.path = view, view.request.method, view.request.path
    for one in schema.get_override_parameters():
        if not isinstance(one, OpenApiParameter):
            yield from force_instance(one).fields  # type: ignore[no-untyped-call]
        elif one.location == OpenApiParameter.QUERY:
            yield one


def unknown_in(serializer: Any, data: Any) -> dict[str, Any]:
    """What was sent and cannot be written, at any depth."""
    if not isinstance(serializer, serializers.Serializer) or not isinstance(data, Mapping):
        return {}
    found: dict[str, Any] = {name: ["There is no such field to write."] for name in sorted(set(data) - set(serializer.fields))}
    for name, field in serializer.fields.items():
        inner = _inner_unknown(field, data.get(name)) if name in data else None
        if inner:
            found[name] = inner
    return found


def _inner_unknown(field: Any, value: Any) -> Any:
    child = getattr(field, "child", None)
    if isinstance(child, serializers.Serializer) and isinstance(value, list):
        told = [unknown_in(child, row) for row in value]
        return told if any(told) else None
    return unknown_in(field, value)


def _answered(gives: Takes) -> Any:
    """How a verb answers, for the description."""
    if gives is Nothing:
        return {204: None}
    return {200: gives} if gives else empty
