"""What every answer carries, whoever gives it: a page, a file, a refusal, a health check, an error nobody foresaw."""

from collections.abc import Callable

from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse

POLICY = "Content-Security-Policy"
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": settings.X_FRAME_OPTIONS,
    "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
}


class HeadersMiddleware:
    """Stands before everything else, and adds what nobody behind it has said: pages say more, with a nonce of their own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy, self.clerks = build_policy(), build_policy(config=settings.CLERKS_POLICY)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in EVERYWHERE.items():
            response.setdefault(name, value)
        response.setdefault(POLICY, self.clerks if request.path_info.startswith("/admin/") else self.policy)
        return response
