"""Whose role asks for a second factor does nothing else until they have set one up."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused
from core.people.door.factors import owes_factor
from core.people.door.vouching import was_vouched_for
from core.people.models import User

OPEN = {"web:sign-out", "account_logout", "web:preferences", "web:sign-in", "account_login"}
"""What is open besides the screens that say ``without_factor = True``, and one's own resources of the API (``api:me-…``)."""


class FactorNeeded(Refused):
    """A role of theirs asks for a second factor."""

    title = gettext_lazy("Set up a second factor first")
    status = 403


def factor_needed() -> FactorNeeded:
    """What is said."""
    return FactorNeeded(
        _("Your role asks for a second factor, and you have none yet."),
        fix=_("Set one up on your security page; then everything opens."),
        link=reverse("people:security"),
    )


def owes_now(request: HttpRequest, user: User) -> bool:
    """Whether somebody owes a second factor in this session: their role asks for one, and neither we nor the company's sign-in saw any."""
    return owes_factor(user) and not was_vouched_for(request, user)


class RequiredFactorMiddleware:
    """Leads whoever owes a second factor to where it is set up, whatever they asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Look once it is known what they want."""
        if not isinstance(request.user, User) or not owes_now(request, request.user) or is_open(request, view):
            return None
        if request.path.startswith("/api/"):
            told = factor_needed()
            words = {"type": f"urn:satu:refused:{type(told).__name__}", "title": str(told.title), "status": told.status}
            words |= {"detail": str(told.message), "fix": str(told.fix), "link": told.link}
            return JsonResponse(words, status=told.status, content_type="application/problem+json")
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": reverse("people:security")})
        return redirect("people:security")


def is_open(request: HttpRequest, view: Any) -> bool:
    """Whether one needs it to set a factor up, or to go."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    return name in OPEN or name.startswith("api:me-") or bool(getattr(getattr(view, "view_class", None), "without_factor", False))
