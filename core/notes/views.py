"""Where the composer of a timeline sends its notes."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.files.access import record_of
from core.notes.operations import unreached, write_note
from core.web.registry import url_for
from core.web.screen import Screen


class WriteNote(Screen):
    """Takes a note for the record named by kind and key."""

    name = "write"
    route = "<str:kind>/<int:pk>"
    permission = "notes.write_note"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The record itself."""
        address = url_for(kwargs["kind"], kwargs["pk"])
        if not address or record_of(kwargs["kind"], kwargs["pk"], self.user) is None:
            raise Http404
        return redirect(address)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep it, and say who was called on in vain."""
        kind, pk = kwargs["kind"], kwargs["pk"]
        if not url_for(kind, pk) or record_of(kind, pk, self.user) is None:
            raise Http404
        note = write_note(kind, pk, request.POST.get("body", ""), by=self.user)
        missed = unreached(note)
        if missed:
            messages.warning(
                request, _("%(names)s may not see this and was not told.") % {"names": ", ".join(user.name for user in missed)}
            )
        if self.request.htmx:
            return HttpResponse(status=204, headers={"HX-Trigger": "satu:written"})
        return redirect(url_for(kind, pk))
