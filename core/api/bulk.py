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
from core.api.waiting import waiting
from core.approvals.serializers import ApprovalSerializer
from core.errors import Refused, WaitsForSecond
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
    told: dict[str, Any] = {
        "row": serializers.IntegerField(min_value=0),
        "status": serializers.IntegerField(min_value=200, max_value=599),
        "record": gives(required=False),
        "problem": ProblemSerializer(required=False),
    }
    counted: dict[str, Any] = {"created": serializers.IntegerField(min_value=0), "refused": serializers.IntegerField(min_value=0)}
    if create.waits:
        told["approval"] = ApprovalSerializer(required=False)
        counted["waiting"] = serializers.IntegerField(min_value=0)
    outcome = inline_serializer(f"{name}Outcome", told)
    outcomes = inline_serializer(f"{name}Outcomes", {**counted, "results": serializers.ListField(child=outcome)})

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
        asked_for = [result for result in results if "approval" in result]
        counts = {"created": len(results) - len(refused) - len(asked_for), "refused": len(refused)}
        return Response({**counts, **({"waiting": len(asked_for)} if create.waits else {}), "results": results})

    bulk.needs = create.needs  # type: ignore[attr-defined]
    return bulk


class Asked(serializers.Serializer[Any]):
    """The rows as they came; each is read when its turn comes."""

    rows = serializers.ListField(child=serializers.DictField(), min_length=1, max_length=MOST)
    all_or_nothing = serializers.BooleanField(default=False)


def _made(view: Any, create: Any, position: int, row: dict[str, Any], by: User) -> dict[str, Any]:
    try:
        with transaction.atomic():
            record = _record_of(view, create, row, by)
    except CAUGHT as error:
        problem = problem_of(error, view.request)
        return {"row": position, "status": problem["status"], "problem": problem}
    return {"row": position, **record}


def _record_of(view: Any, create: Any, row: dict[str, Any], by: User) -> dict[str, Any]:
    """The new record; or the approval that was asked for, which has to be committed as well."""
    try:
        made = create.operation(view, view.validated(create.takes, row), by)
    except WaitsForSecond as waits:
        return {"status": waits.status, "approval": waiting(view, waits).data}
    return {"status": int(HTTPStatus.CREATED), "record": view.answer(made, create.gives, HTTPStatus.CREATED).data}


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
