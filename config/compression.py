"""Pages leave compressed; files are compressed once, when they are collected."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class PagesMiddleware(GZipMiddleware):
    """Compresses pages, and nothing with an ETag: compressing would weaken it, and who asks "is this still so?" would never hear yes."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress an answer that is a page."""
        if response.has_header("ETag") or not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)
