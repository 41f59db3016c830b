"""Errors as RFC 9457 ``application/problem+json``."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from core.errors import Refused

MEDIA_TYPE = "application/problem+json"
HEADERS = {401: {"WWW-Authenticate": "Bearer"}, 429: {"Retry-After": "60"}}


def problem_json(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """The response to an error in an API view; None for a bug, which becomes a generic 500."""
    if isinstance(error, Refused):
        set_rollback()
        return _refusal(error, context)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    response = exception_handler(error, dict(context))
    if response is None or not isinstance(error, exceptions.APIException):
        return None
    problem: dict[str, Any] = {"title": str(error.default_detail), "status": response.status_code, "request_id": _request_id(context)}
    if isinstance(error, exceptions.ValidationError):
        problem |= {"title": _("The input is not right"), "errors": list(_field_errors(error.detail))}
    else:
        problem["detail"] = str(error.detail)
    return _answer(problem, response)


def _refusal(error: Refused, context: Mapping[str, Any]) -> Response:
    problem = {
        "type": f"urn:satu:refused:{type(error).__name__}",
        "title": str(error.title),
        "status": error.status,
        "detail": str(error.message),
        "fix": str(error.fix),
        "link": error.link,
        "errors": [{"pointer": f"/{error.field}", "detail": str(error.message)}] if error.field else [],
        "request_id": _request_id(context),
    }
    return _answer(problem, Response(status=error.status, headers=HEADERS.get(error.status)))


def _answer(problem: dict[str, Any], response: Response) -> Response:
    answer = Response({"type": "about:blank"} | problem, status=problem["status"], content_type=MEDIA_TYPE)
    for name in ("WWW-Authenticate", "Retry-After"):
        if response.has_header(name):
            answer[name] = response[name]
    return answer


def _field_errors(detail: Any, pointer: str = "") -> "Any":
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _field_errors(inner, pointer if name == "non_field_errors" else f"{pointer}/{name}")
    elif isinstance(detail, list):
        for position, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list)
            yield from _field_errors(inner, f"{pointer}/{position}" if nested else pointer)
    else:
        yield {"pointer": pointer or "/", "detail": str(detail)}


def _request_id(context: Mapping[str, Any]) -> str:
    request = context.get("request")
    return request.META.get("HTTP_X_REQUEST_ID", "") if request is not None else ""
