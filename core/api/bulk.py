"""Many new records in one request: each row in a transaction of its own with an outcome of its own, or all of them or none."""

from collections.abc import Callable
from contextlib import nullcontext
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.problems import ProblemSerializer, problem_of
from core.errors import Refused
from core.people.models import User

MOST = 100
CAUGHT = (Refused, APIException, Http404, PermissionDenied)


class RowsRefused(Refused):
    """Some rows cannot be, so none was made."""

    title = gettext_lazy("Nothing was created")


def bulk_of(create: Any, shape: Any) -> Callable[..., Response]:
    """``bulk(self, request)``: POST to ``<collection>/bulk/``, for a ``creation`` of a resource."""
    takes, gives = create.takes, create.gives or shape
    name = takes.__name__.removesuffix("Serializer")
    rows = inline_serializer(
        f"{name}Rows",
        {
            "rows": serializers.ListField(child=takes(), min_length=1, max_length=MOST),
            "all_or_nothing": serializers.BooleanField(default=False),
        },
    )
    outcome = inline_serializer(
        f"{name}Outcome",
        {
            "row": serializers.IntegerField(min_value=0),
            "status": serializers.IntegerField(min_value=200, max_value=599),
            "record": gives(required=False),
            "problem": ProblemSerializer(required=False),
        },
    )
    outcomes = inline_serializer(
        f"{name}Outcomes",
        {
            "created": serializers.IntegerField(min_value=0),
            "refused": serializers.IntegerField(min_value=0),
            "results": serializers.ListField(child=outcome),
        },
    )

    @extend_schema(request=rows, responses={200: outcomes}, filters=False)
    @action(detail=False, methods=["post"], url_path="bulk", pagination_class=None, filter_backends=())
    def bulk(self: Any, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Create up to 100. Each row is done by itself and told by itself, in the order sent; with `all_or_nothing`, one refusal undoes all."""
        asked = self.facts(Asked, request)
        with transaction.atomic() if asked["all_or_nothing"] else nullcontext():
            results = [_made(self, create, position, row, User.of(request)) for position, row in enumerate(asked["rows"])]
            refused = [result for result in results if "problem" in result]
            if refused and asked["all_or_nothing"]:
                raise _none_of(refused)
        return Response({"created": len(results) - len(refused), "refused": len(refused), "results": results})

    bulk.needs = create.needs  # type: ignore[attr-defined]
    return bulk


class Asked(serializers.Serializer[Any]):
    """The rows as they came; each is read when its turn comes."""

    rows = serializers.ListField(child=serializers.DictField(), min_length=1, max_length=MOST)
    all_or_nothing = serializers.BooleanField(default=False)


def _made(view: Any, create: Any, position: int, row: dict[str, Any], by: User) -> dict[str, Any]:
    try:
        with transaction.atomic():
            made = create.operation(view, view.validated(create.takes, row), by)
            record = view.answer(made, create.gives, HTTPStatus.CREATED).data
    except CAUGHT as error:
        problem = problem_of(error, view.request)
        return {"row": position, "status": problem["status"], "problem": problem}
    return {"row": position, "status": int(HTTPStatus.CREATED), "record": record}


def _none_of(refused: list[dict[str, Any]]) -> RowsRefused:
    error = RowsRefused(
        _("%(count)s of the rows cannot be, so none was made.") % {"count": len(refused)},
        fix=_("Mend them, or leave all_or_nothing out."),
    )
    error.errors = [  # type: ignore[attr-defined]
        {"pointer": f"/rows/{result['row']}{told['pointer'].rstrip('/')}", "detail": told["detail"]}
        for result in refused
        for told in result["problem"].get("errors") or [{"pointer": "", "detail": result["problem"].get("detail", "")}]
    ]
    return error
