"""Errors as RFC 9457 ``application/problem+json``."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from core.api.reading import BadQuery
from core.errors import Refused

MEDIA_TYPE = "application/problem+json"
TOMORROW_PERHAPS = frozenset({"does_not_exist", "unique"})
"""Mistakes that are none of the input itself: tomorrow there may be such a record, or none of that name any more."""
PASSED_ON = ("WWW-Authenticate", "Retry-After")
SAID_WITH: dict[int, dict[str, str]] = {401: {"WWW-Authenticate": "Bearer"}, 429: {"Retry-After": "60"}}


class FaultSerializer(serializers.Serializer[Any]):
    """One thing that is wrong: where (a JSON pointer into the body; with ``in`` "query", the name of a parameter) and what."""

    pointer = serializers.CharField()
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """Why it did not happen (RFC 9457). ``detail`` says what and why, ``fix`` what to do; ``request_id`` finds it in the log and the trail."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField(min_value=400, max_value=599)
    detail = serializers.CharField(required=False)
    fix = serializers.CharField(required=False, allow_blank=True)
    link = serializers.CharField(required=False, allow_blank=True)
    errors = FaultSerializer(many=True, required=False)  # type: ignore[assignment]  # the name is also an attribute of every serializer
    request_id = serializers.CharField()


def problem_json(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """The response to an error in an API view; None for a bug, which becomes a generic 500."""
    request = context.get("request")
    if isinstance(error, Refused):
        set_rollback()
        return _answer(problem_of(error, request), Response(headers=SAID_WITH.get(error.status)))
    error = _in_our_terms(error)
    response = exception_handler(error, dict(context))
    if response is None or not isinstance(error, exceptions.APIException):
        return None
    return _answer(problem_of(error, request), response)


def problem_of(error: Exception, request: Request | None) -> dict[str, Any]:
    """What is said of an error that is the caller's, not ours."""
    error = _in_our_terms(error)
    if isinstance(error, Refused):
        return _refusal(error) | {"request_id": request_id(request)}
    assert isinstance(error, exceptions.APIException)
    title = error.detail if "{" in str(error.default_detail) else error.default_detail  # some name what was asked for
    problem = {"type": "about:blank", "title": str(title), "status": error.status_code, "request_id": request_id(request)}
    if isinstance(error, BadQuery):
        return problem | {"title": _("The address is not right"), "errors": [one | {"in": "query"} for one in _field_errors(error.detail)]}
    if isinstance(error, exceptions.ValidationError) and set(_codes(error.get_codes())) <= TOMORROW_PERHAPS:
        return problem | {"title": _("Not as things stand"), "status": 409, "errors": list(_field_errors(error.detail))}
    if isinstance(error, exceptions.ValidationError):
        return problem | {"title": _("The input is not right"), "errors": list(_field_errors(error.detail))}
    return problem | {"detail": str(error.detail)}


def request_id(request: Request | None) -> str:
    """The correlation id of the request's story: what it did carries the same."""
    return request.META.get("HTTP_X_REQUEST_ID", "") if request is not None else ""


def _in_our_terms(error: Exception) -> Exception:
    if isinstance(error, Http404):
        return exceptions.NotFound()
    return exceptions.PermissionDenied() if isinstance(error, PermissionDenied) else error


def _codes(told: Any) -> Iterator[str]:
    """The kinds of mistakes, at any depth."""
    if isinstance(told, Mapping):
        for inner in told.values():
            yield from _codes(inner)
    elif isinstance(told, list):
        for inner in told:
            yield from _codes(inner)
    else:
        yield told


def _refusal(error: Refused) -> dict[str, Any]:
    told = [{"pointer": f"/{error.field}", "detail": str(error.message)}] if error.field else []
    return {
        "type": f"urn:satu:refused:{type(error).__name__}",
        "title": str(error.title),
        "status": error.status,
        "detail": str(error.message),
        "fix": str(error.fix),
        "link": error.link,
        "errors": getattr(error, "errors", told),
    }


def _answer(problem: dict[str, Any], response: Response) -> Response:
    answer = Response(problem, status=problem["status"], content_type=MEDIA_TYPE)
    for name in PASSED_ON:
        if response.has_header(name):
            answer[name] = response[name]
    return answer


def _field_errors(detail: Any, pointer: str = "") -> Iterator[dict[str, str]]:
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _field_errors(inner, pointer if name == "non_field_errors" else f"{pointer}/{name}")
    elif isinstance(detail, list):
        for position, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list)
            yield from _field_errors(inner, f"{pointer}/{position}" if nested else pointer)
    else:
        yield {"pointer": pointer or "/", "detail": str(detail)}
