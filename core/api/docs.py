"""The page that tells programmers what the API offers, inside the product."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response


class ApiDocs(SpectacularSwaggerSplitView):
    """Swagger UI in our shell, or under a bar of its own for whoever has not signed in."""

    template_name = "web/api_docs.html"
    url_name = "api-schema"

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The page, or its script."""
        answer: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
        if "script" not in request.GET:
            answer.data |= {"heading": _("API"), "crumbs": [{"label": _("API")}]}
        return answer
