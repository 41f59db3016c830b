"""Changing one cell where it stands: a small field, the operation, the cell drawn anew or the reason why not."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from core.errors import Refused
from core.people.models import User
from core.web import refusals
from core.web.filterable import cell_name

if TYPE_CHECKING:
    from core.web.cells import Cell
    from core.web.lists import ListScreen

Operation = Callable[..., Any]
VERSION = "record_version"


@dataclass(frozen=True)
class Inline:
    """A cell that may be changed in the list: ``operation(record, by=user, field=value)``, with the field of a form the module has.

    ``when`` says for which rows; the permission is named as the operation unless given.
    """

    operation: Operation
    form: type[forms.Form]
    field: str
    permission: str = ""
    when: Callable[[Any], bool] | None = None

    def needed_permission(self, model: type[Model]) -> str:
        """The permission it needs."""
        return self.permission or f"{model._meta.app_label}.{self.operation.__name__}"

    def offered(self, record: Any, user: User) -> bool:
        """Whether this person may change it in this row."""
        return user.has_perm(self.needed_permission(type(record))) and (self.when is None or self.when(record))

    def make_form(self, record: Any, data: Any = None) -> forms.Form:
        """A form of the one field."""
        form = forms.Form(data, initial={self.field: getattr(record, self.field, None)}, auto_id="cell_%s")
        form.fields[self.field] = deepcopy(self.form.base_fields[self.field])
        form.fields[self.field].help_text = ""
        clean = getattr(self.form, f"clean_{self.field}", None)
        if clean is not None:
            setattr(form, f"clean_{self.field}", lambda: clean(form))
        return form


def cell_tool(screen: "ListScreen") -> HttpResponse:
    """The small field of one cell, and what becomes of it."""
    request = screen.request
    cell, edit, record = _asked_for(screen)
    back = screen.url() + screen.query()
    values: dict[str, Any] = {"cell": cell, "record": record, "back": back, "version": getattr(record, "version", "")}
    template = "web/list_cell_form.html" if request.htmx else "web/list_cell.html"
    if request.method != "POST":
        if "still" in request.GET:
            return HttpResponse(screen.drawn_cell(cell, record))
        return screen.show(template, form=edit.make_form(record), **values)
    form = edit.make_form(record, request.POST)
    told = _changed(screen, edit, record, form) if form.is_valid() else ""
    if told or form.errors:
        return screen.show(template, status=422, form=form, told=told, **values)
    if not request.htmx:
        return HttpResponseRedirect(back)
    return HttpResponse(screen.drawn_cell(cell, get_object_or_404(screen.full_rows(), pk=record.pk)))


def _asked_for(screen: "ListScreen") -> "tuple[Cell, Inline, Any]":
    name = screen.kwargs["name"]
    cell = next((one for one in screen.every_cell() if one.edit is not None and cell_name(one) == name), None)
    if cell is None or cell.edit is None:
        raise Http404
    needed = cell.edit.needed_permission(screen.the_model())
    if not screen.user.has_perm(needed):
        raise PermissionDenied(needed)
    record = get_object_or_404(screen.full_rows(), pk=screen.kwargs["pk"])
    if not cell.edit.offered(record, screen.user):
        raise Refused(_("%(thing)s can no longer be changed here.") % {"thing": record}, fix=_("Open it to see where it stands."))
    return cell, cell.edit, record


def _changed(screen: "ListScreen", edit: Inline, record: Any, form: forms.Form) -> object:
    """Call the operation; what it refused, when not at the field."""
    seen = screen.request.POST.get(VERSION, "")
    if seen and seen != str(getattr(record, "version", seen)):
        return _("Somebody changed %(thing)s meanwhile. Look at it, then save again.") % {"thing": record}
    try:
        edit.operation(record, by=screen.user, **{edit.field: form.cleaned_data[edit.field]})
    except Refused as refusal:
        return "" if refusals.put_on(form, refusal) else refusals.told(refusal)
    return ""
