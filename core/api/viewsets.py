"""Resources that read through a serializer and change only through operations."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar, Generic, TypeVar

from django.db import models
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.idempotency import acting_once
from core.people.models import User

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

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Once it is known who asks and that they may: a POST acts once per ``Idempotency-Key``."""
        super().initial(request, *args, **kwargs)
        if request.method == "POST" and hasattr(self, "post"):
            self.post: Any = acting_once(self.post)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        declared = {name: getattr(cls, name).needs for name in dir(cls) if hasattr(getattr(cls, name, None), "needs")}
        cls.permissions_of = {**cls.permissions_of, **declared}

    def permission_for_action(self) -> str | None:
        """The permission the present action needs; None closes it."""
        return self.permissions_of.get(self.action or "")

    def facts(self, takes: Takes, request: Request) -> Facts:
        """The validated body, or a 400 that names every wrong field. Unknown fields are refused, not ignored."""
        if takes is None:
            return {}
        serializer = takes(data=request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        if isinstance(serializer, serializers.Serializer):
            unknown = set(request.data) - set(serializer.fields)
            if unknown:
                raise serializers.ValidationError({name: ["There is no such field to write."] for name in sorted(unknown)})
        return dict(serializer.validated_data)

    def answer(self, result: Any, gives: Takes, status: int) -> Response:
        """The changed record (or what the verb gives) in the form the resource is read in."""
        if result is None:
            return Response(status=204)
        if gives is not None:
            return Response(gives(result, context=self.get_serializer_context()).data, status=status)
        fresh = self.get_queryset().get(pk=result.pk)
        return Response(self.get_serializer(fresh).data, status=status)


class OperationViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, VerbViewSet, Generic[Row]):
    """List and show; everything else is a ``creation``, a ``change`` or a ``verb``."""

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


def creation(permission: str, *, takes: Takes, gives: Takes = None) -> Callable[[Callable[..., Any]], Any]:
    """``create(self, facts, by)``: POST to the collection, answered with 201 and the new record."""

    def decorate(function: Callable[..., Any]) -> Any:
        @extend_schema(request=takes, responses={201: gives} if gives else None, description=function.__doc__)
        @wraps(function)
        def create(self: VerbViewSet, request: Request, *_args: Any, **_kwargs: Any) -> Response:
            return self.answer(function(self, self.facts(takes, request), User.of(request)), gives, 201)

        create.needs = permission  # type: ignore[attr-defined]
        return create

    return decorate


def change(permission: str, *, takes: Takes, gives: Takes = None) -> Callable[[Callable[..., Any]], Any]:
    """``partial_update(self, record, facts, by)``: PATCH of one record, only with the fields that are sent."""

    def decorate(function: Callable[..., Any]) -> Any:
        @extend_schema(request=takes, responses=gives, description=function.__doc__)
        @wraps(function)
        def partial_update(self: VerbViewSet, request: Request, *_args: Any, **_kwargs: Any) -> Response:
            facts = {name: value for name, value in self.facts(takes, request).items() if name in request.data}
            return self.answer(function(self, self.get_object(), facts, User.of(request)), gives, 200)

        partial_update.needs = permission  # type: ignore[attr-defined]
        return partial_update

    return decorate


def verb(permission: str, *, takes: Takes = None, gives: Takes = None) -> Callable[[Callable[..., Any]], Any]:
    """``verb(self, record, facts, by)``: POST to ``<record>/<verb>/``, answered with the changed record or what it gives."""

    def decorate(function: Callable[..., Any]) -> Any:
        @extend_schema(request=takes, responses=_answered(gives), description=function.__doc__)
        @action(detail=True, methods=["post"], url_path=function.__name__.replace("_", "-"))
        @wraps(function)
        def act(self: VerbViewSet, request: Request, *_args: Any, **_kwargs: Any) -> Response:
            facts = self.facts(takes, request)
            return self.answer(function(self, self.get_object(), facts, User.of(request)), gives, 200)

        act.needs = permission  # type: ignore[attr-defined]
        return act

    return decorate


def _answered(gives: Takes) -> Any:
    """How a verb answers, for the description."""
    if gives is Nothing:
        return {204: None}
    return {200: gives} if gives else None
