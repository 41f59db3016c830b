"""How a refusal reaches the person: at the field, at the top of the form, or as a message where they are."""

from collections.abc import Sequence
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.contrib import messages
from django.forms import BaseForm, BaseFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.errors import Refused, WaitsForSecond
from core.people.door.confirming import Unconfirmed

UNPROCESSABLE = 422


def told(refusal: Refused) -> SafeString:
    """What, why, what to do, and the link to where it can be done."""
    way = format_html(' <a href="{}">{}</a>', refusal.link, _("Go there")) if refusal.link else ""
    return format_html("{} {}{}", refusal.message, refusal.fix, way)


def put_on(form: BaseForm, refusal: Refused, lines: "BaseFormSet[BaseForm] | None" = None, rows: Sequence[int] = ()) -> bool:
    """Put the refusal at the field it is about; False when it belongs at the top.

    ``lines-2-quantity`` is the third line the operation got; ``rows`` says which row of the grid each of them was.
    ``lines`` alone is about the lines as a whole.
    """
    if refusal.field in form.fields:
        form.add_error(refusal.field, told(refusal))
        return True
    prefix, _dash, rest = refusal.field.partition("-")
    number, _dash, name = rest.partition("-")
    if lines is None or prefix != lines.prefix:
        return False
    if number.isdigit() and int(number) < len(rows or lines.forms):
        line = lines.forms[rows[int(number)] if rows else int(number)]
        line.add_error(name if name in line.fields else None, told(refusal))
    else:
        lines.non_form_errors().append(told(refusal))
    return True


def toast(request: HttpRequest, text: str, *, status: int = UNPROCESSABLE) -> HttpResponse:
    """A message in place: nothing on the page changes but the message."""
    html = render_to_string("components/toast.html", {"text": text, "level": "error"}, request=request)
    return HttpResponse(html, status=status, headers={"HX-Retarget": "#toasts", "HX-Reswap": "beforeend", "HX-Reselect": "*"})


def way_back(request: HttpRequest) -> str:
    """The page the person came from, if it is one of ours; else home."""
    came_from = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    parts = urlsplit(came_from)
    return urlunsplit(("", "", parts.path, parts.query, "")) if safe and parts.path else reverse("web:home")


def _leading(request: HttpRequest, there: str) -> HttpResponseBase:
    """On to another page, out of a dialog, too."""
    return HttpResponse(status=204, headers={"HX-Redirect": there}) if request.headers.get("HX-Request") else HttpResponseRedirect(there)


def answer(request: HttpRequest, refusal: Refused) -> HttpResponseBase:
    """The answer to a refused request of a staff page; who has to confirm first is led there, and back to where they were; who asked for what a
    second person has to check is led to where that stands."""
    if isinstance(refusal, Unconfirmed):
        back = request.get_full_path() if request.method == "GET" else way_back(request)
        return _leading(request, f"{refusal.link}?{urlencode({'next': back})}")
    if isinstance(refusal, WaitsForSecond):
        messages.success(request, str(refusal))
        return _leading(request, refusal.link)
    if request.headers.get("HX-Request"):
        return toast(request, told(refusal), status=UNPROCESSABLE if refusal.status == 409 else refusal.status)
    messages.error(request, told(refusal))
    return HttpResponseRedirect(way_back(request))
