"""Attaching a file to a record, and handing it out to those who may see the record."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from core.errors import Refused
from core.files.models import Attachment
from core.files.operations import attach
from core.web import registry
from core.web.refusals import way_back
from core.web.screen import Screen


class Attach(Screen):
    """Takes an upload for the record named by kind and key."""

    name = "attach"
    route = "files/<str:kind>/<int:pk>"
    title = "Files"

    def check(self, kind: str) -> None:
        """Only who may see records of the kind may see or add their files."""
        app, _dot, model = kind.partition(".")
        if not registry.url_for(kind, 1):
            raise Http404
        if not self.user.has_perm(f"{app}.view_{model}"):
            raise PermissionDenied(f"{app}.view_{model}")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The record itself."""
        self.check(kwargs["kind"])
        return redirect(registry.url_for(kwargs["kind"], kwargs["pk"]))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep the file."""
        self.check(kwargs["kind"])
        upload = request.FILES.get("file")
        if upload is None:
            raise Refused(_("No file was chosen."), fix=_("Choose one first."), field="file")
        attach(kwargs["kind"], kwargs["pk"], upload, by=self.user)
        return redirect(way_back(request))


class Download(Attach):
    """Hands a file out, always as a download."""

    name = "download"
    route = "files/<int:pk>"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file under the name it came with."""
        attachment = get_object_or_404(Attachment, pk=kwargs["pk"])
        self.check(attachment.kind)
        response: HttpResponseBase = FileResponse(
            attachment.file.open("rb"), as_attachment=True, filename=attachment.name, content_type=attachment.media_type
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response  # type: ignore[return-value]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Nothing is uploaded here."""
        raise Http404
