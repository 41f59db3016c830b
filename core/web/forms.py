"""The page that makes or changes a record: Django validates the entries, one operation does the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.db.models import Model, QuerySet
from django.forms import BaseForm, formset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused
from core.web import refusals
from core.web.registry import OFFICES, Text, list_url_of, url_of
from core.web.screen import Crumb, Screen
from core.web.verbs import Operation


@dataclass(frozen=True)
class Grid:
    """Lines under a form: one small form per row. ``make(row)`` turns a row's data into what the operation takes
    (a dataclass of the module); the rows reach it as the argument ``name``. ``total`` heads the column the preview fills."""

    form: type[forms.Form]
    make: Any = dict
    title: Text = gettext_lazy("Lines")
    name: str = "lines"
    total: Text = ""
    spare: int = 1
    least: int = 1


@dataclass(frozen=True)
class Note:
    """A remark of a preview: ``tone`` is good, warn, bad or info."""

    text: Text
    tone: str = "info"


@dataclass(frozen=True)
class Preview:
    """What a form would come to: a figure per line, totals as (label, figure) with the last one strong, remarks."""

    lines: Mapping[int, str] = field(default_factory=dict)
    totals: Sequence[tuple[Text, str]] = ()
    notes: Sequence[Note] = ()


class FormScreen(Screen):
    """What making and changing a record have in common."""

    template_name = "web/form.html"
    form_class: ClassVar[type[forms.Form]]
    operation: ClassVar[Operation]
    grid: ClassVar[Grid | None] = None
    submit: ClassVar[Text] = gettext_lazy("Save")
    wide: ClassVar[tuple[str, ...]] = ()
    done: ClassVar[Text] = ""

    # -- To override -------------------------------------------------------------------------------------------------
    def initial(self) -> dict[str, Any]:
        """What stands in the form before anybody types; by default what the address carries."""
        return {name: value for name, value in self.request.GET.items() if name in self.form_class.base_fields}

    def initial_lines(self) -> list[dict[str, Any]]:
        """The rows that stand in the grid before anybody types."""
        return []

    def preview(self, data: dict[str, Any], lines: list[tuple[int, dict[str, Any]]]) -> Preview:
        """What the entries would come to; ``lines`` are the readable rows with their numbers. Writes nothing."""
        raise NotImplementedError

    def perform(self, data: dict[str, Any]) -> Any:
        """The one operation call. ``data`` holds the cleaned fields, and the grid's rows under its name."""
        return type(self).operation(by=self.user, **data)

    # -- Who may open it ---------------------------------------------------------------------------------------------
    @classmethod
    def needed_permission(cls) -> str:
        """The permission named as the operation: ``sales.place_order``."""
        return cls.permission or f"{cls.the_model()._meta.app_label}.{cls.operation.__name__}"

    # -- The page ----------------------------------------------------------------------------------------------------
    def crumbs(self) -> list[Crumb]:
        """List, then this."""
        listed = list_url_of(self.kind())
        meta = self.the_model()._meta
        first = Crumb(str(meta.verbose_name_plural).capitalize(), listed) if listed else Crumb(OFFICES.get(self.office(), ""))
        return [first, Crumb(self.heading())]

    def back(self) -> str:
        """Where Cancel leads."""
        return list_url_of(self.kind()) or reverse("web:home")

    @property
    def previews(self) -> bool:
        """Whether the page shows what the entries come to."""
        return type(self).preview is not FormScreen.preview

    def make_form(self, data: Any = None, files: Any = None) -> forms.Form:
        """The form, empty or with what was sent."""
        if data is None:
            return self.form_class(initial=self.initial())
        return self.form_class(data, files, initial=self.initial())

    def make_lines(self, data: Any = None) -> Any:
        """The grid's rows, empty or with what was sent."""
        if self.grid is None:
            return None
        initial = self.initial_lines()
        factory = formset_factory(
            self.grid.form, extra=0 if initial else self.grid.spare, min_num=0, can_delete=True, absolute_max=2000, max_num=1000
        )
        if data is None:
            return factory(prefix=self.grid.name, initial=initial)
        return factory(data, prefix=self.grid.name, initial=initial)

    def draw(self, form: BaseForm, lines: Any, *, status: int = 200, refused: Refused | None = None) -> HttpResponse:
        """The page with a form on it."""
        told = refusals.told(refused) if refused else ""
        return self.show(status=status, form=form, lines=lines, told=told, back=self.back(), grid=self.grid)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form as it starts."""
        return self.draw(self.make_form(), self.make_lines())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check the entries, call the operation, go to the record; on any error keep what was typed."""
        form = self.make_form(request.POST, request.FILES)
        lines = self.make_lines(request.POST)
        if "preview" in request.GET:
            return self.previewed(form, lines)
        valid = form.is_valid()
        valid = (lines is None or lines.is_valid()) and valid
        if valid and lines is not None and self.grid and len(filled(lines)) < self.grid.least:
            form.add_error(None, _("Add at least one line."))
            valid = False
        if not valid:
            return self.draw(form, lines, status=422)
        data = dict(form.cleaned_data)
        if lines is not None and self.grid is not None:
            data[self.grid.name] = [self.make_line(row) for _number, row in filled(lines)]
        try:
            result = self.perform(data)
        except Refused as refusal:
            placed = refusals.put_on(form, refusal, lines)
            return self.draw(form, lines, status=422, refused=None if placed else refusal)
        if self.done:
            messages.success(request, str(self.done))
        return redirect(self.onward(result))

    def make_line(self, row: dict[str, Any]) -> Any:
        """A row's data as the operation takes it."""
        if self.grid is None:
            return row
        return row if self.grid.make is dict else self.grid.make(**row)

    def onward(self, result: Any) -> str:
        """Where the person goes afterwards: to the record."""
        return (url_of(result) if isinstance(result, Model) else "") or self.back()

    def previewed(self, form: forms.Form, lines: Any) -> HttpResponse:
        """The preview of what is readable so far."""
        form.is_valid()
        rows = filled(lines) if lines is not None else []
        try:
            shown = self.preview(dict(form.cleaned_data), rows)
        except Refused as refusal:
            shown = Preview(notes=(Note(refusals.told(refusal), "bad"),))
        every = [(number, shown.lines.get(number, "")) for number in range(len(lines.forms) if lines is not None else 0)]
        return self.show("web/preview.html", preview=shown, every=every, grid=self.grid)


def filled(lines: Any) -> list[tuple[int, dict[str, Any]]]:
    """The rows that hold something readable, with their numbers, without the grid's own DELETE mark.

    A row that stood in the grid from the start counts as it is, touched or not; a spare one only when something was typed.
    """
    rows = []
    for number, form in enumerate(lines.forms):
        stood = number < lines.initial_form_count()
        if form.is_valid() and (stood or form.has_changed()) and form.cleaned_data and not form.cleaned_data.get("DELETE"):
            rows.append((number, {name: value for name, value in form.cleaned_data.items() if name != "DELETE"}))
    return rows


class CreateScreen(FormScreen):
    """The page that makes a record: ``<route>/new/``."""

    @classmethod
    def url_name(cls) -> str:
        """Named after the model."""
        return cls.name or f"{cls.the_model()._meta.model_name}-new"

    @classmethod
    def url_path(cls) -> str:
        """Under the list."""
        return cls.under("new")

    def heading(self) -> Text:
        """What will be made."""
        return self.title or _("New %(thing)s") % {"thing": str(self.the_model()._meta.verbose_name).lower()}


class EditScreen(FormScreen):
    """The page that changes a record: ``<route>/<pk>/edit/``; the operation takes the record first."""

    related: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def url_name(cls) -> str:
        """Named after the model."""
        return cls.name or f"{cls.the_model()._meta.model_name}-edit"

    @classmethod
    def url_path(cls) -> str:
        """Under the record."""
        return cls.under("<int:pk>/edit")

    def queryset(self) -> QuerySet[Any]:
        """The records a person may change."""
        rows: QuerySet[Any] = self.the_model()._default_manager.all()
        if hasattr(rows, "visible_to"):
            rows = rows.visible_to(self.user)
        return rows.select_related(*self.related) if self.related else rows

    @cached_property
    def record(self) -> Any:
        """The record at hand."""
        return get_object_or_404(self.queryset(), pk=self.kwargs["pk"])

    def initial(self) -> dict[str, Any]:
        """What the record says now."""
        return {name: getattr(self.record, name, None) for name in self.form_class.base_fields}

    def perform(self, data: dict[str, Any]) -> Any:
        """The one operation call."""
        return type(self).operation(self.record, by=self.user, **data)

    def heading(self) -> Text:
        """What is being changed."""
        return self.title or _("Edit %(thing)s") % {"thing": self.record}

    def back(self) -> str:
        """Back to the record."""
        return url_of(self.record) or super().back()

    def crumbs(self) -> list[Crumb]:
        """List, record, edit."""
        first = super().crumbs()[0]
        return [first, Crumb(str(self.record), url_of(self.record)), Crumb(_("Edit"))]
