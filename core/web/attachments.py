"""Attaching a file to a record, and handing it out to those who may see the record."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused
from core.files.access import may_attach, record_of
from core.files.models import Attachment
from core.files.operations import attach, remove_attachment
from core.web import registry
from core.web.refusals import way_back
from core.web.screen import Screen


class Attach(Screen):
    """Takes an upload for the record named by kind and key."""

    name = "attach"
    route = "files/<str:kind>/<int:pk>"
    title = gettext_lazy("Files")

    def check(self, kind: str, pk: int) -> None:
        """Only who sees the record may see its files."""
        if not registry.url_for(kind, pk) or record_of(kind, pk, self.user) is None:
            raise Http404

    def check_worker(self, kind: str, pk: int) -> None:
        """Only who works on such records may add and remove their files."""
        self.check(kind, pk)
        if not may_attach(kind, self.user):
            raise PermissionDenied

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The record itself."""
        self.check(kwargs["kind"], kwargs["pk"])
        return redirect(registry.url_for(kwargs["kind"], kwargs["pk"]))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep the file."""
        self.check_worker(kwargs["kind"], kwargs["pk"])
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
        self.check(attachment.kind, attachment.object_id)
        response: HttpResponseBase = FileResponse(
            attachment.file.open("rb"), as_attachment=True, filename=attachment.name, content_type=attachment.media_type
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response  # type: ignore[return-value]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Nothing is uploaded here."""
        raise Http404


class RemoveFile(Attach):
    """Takes a file off its record."""

    name = "remove-file"
    route = "files/<int:pk>/remove"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Nothing to see."""
        raise Http404

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Remove it; the trail of changes keeps that it was there."""
        attachment = get_object_or_404(Attachment, pk=kwargs["pk"])
        self.check_worker(attachment.kind, attachment.object_id)
        remove_attachment(attachment, by=self.user)
        return redirect(way_back(request))
