"""The page that makes or changes a record: Django validates the entries, one operation does the rest."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.forms import BaseForm, formset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused, Stale, WaitsForSecond
from core.people.models import User
from core.people.visibility import seen_of
from core.web import refusals, untouched
from core.web.asking import asking, cannot_do_without
from core.web.registry import Text, list_url_of, url_of
from core.web.screen import Crumb, Screen
from core.web.verbs import Operation


@dataclass(frozen=True)
class Grid:
    """Lines under a form: one small form per row. ``make(row)`` turns a row's data into what the operation takes
    (a dataclass of the module); the rows reach it as the argument ``name``. ``total`` heads the column the preview fills.
    With ``fixed`` the rows are those of ``initial_lines``: nobody adds, removes or moves any."""

    form: type[forms.Form]
    make: Any = dict
    title: Text = gettext_lazy("Lines")
    name: str = "lines"
    total: Text = ""
    spare: int = 1
    least: int = 1
    fixed: bool = False


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

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """What the person may not see is not asked for."""
        super().setup(request, *args, **kwargs)
        own: Any = self
        own.form_class = asking(self.form_class, request.user)
        if self.grid is not None:
            own.grid = replace(self.grid, form=asking(self.grid.form, request.user))

    # -- To override -------------------------------------------------------------------------------------------------
    def initial(self) -> dict[str, Any]:
        """What stands in the form before anybody types; by default what the address carries."""
        return {name: value for name, value in self.request.GET.items() if name in self.form_class.base_fields}

    def initial_lines(self) -> list[dict[str, Any]]:
        """The rows that stand in the grid before anybody types."""
        return []

    def preview(self, data: dict[str, Any], lines: list[tuple[int, dict[str, Any]]]) -> Preview:
        """What the entries would come to; ``lines`` are the readable rows with their numbers. Writes nothing. Override to show it."""
        return Preview()

    def perform(self, data: dict[str, Any]) -> Any:
        """The one operation call. ``data`` holds the cleaned fields, and the grid's rows under its name."""
        return type(self).operation(by=self.user, **data)

    # -- Who may open it ---------------------------------------------------------------------------------------------
    @classmethod
    def needed_permission(cls) -> str:
        """The permission named as the operation: ``sales.place_order``."""
        return cls.permission or f"{cls.the_model()._meta.app_label}.{cls.operation.__name__}"

    @classmethod
    def may_open(cls, user: User) -> bool:
        """Whoever holds the permission, and may see every field that cannot be left out."""
        asked = [cls.form_class, *([cls.grid.form] if cls.grid is not None else [])]
        return super().may_open(user) and not any(cannot_do_without(form, user) for form in asked)

    # -- The page ----------------------------------------------------------------------------------------------------
    def crumbs(self) -> list[Crumb]:
        """List, then this."""
        return [self.list_crumb(), Crumb(self.heading())]

    def back(self) -> str:
        """Where Cancel leads."""
        return reverse(self.list_name() or "web:home")

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
        spare = 0 if initial or self.grid.fixed else self.grid.spare
        factory = formset_factory(self.grid.form, extra=spare, min_num=0, can_delete=not self.grid.fixed, absolute_max=2000, max_num=1000)
        if data is None:
            return factory(prefix=self.grid.name, initial=initial)
        return factory(data, prefix=self.grid.name, initial=initial)

    def draw(self, form: forms.Form, lines: Any, *, status: int = 200, refused: Refused | None = None) -> HttpResponse:
        """The page with a form on it."""
        told = refusals.told(refused) if refused else ""
        order = in_order(lines) if lines is not None else []
        faults = faults_of(form, order)
        first = self.come_to(untouched.read(form), untouched.read_lines(lines)) if self.previews else Preview()
        return self.show(
            status=status,
            form=form,
            lines=lines,
            order=[(number, line, first.lines.get(number, "")) for number, line in order],
            preview=first,
            told=told,
            faults=faults,
            back=self.back(),
            grid=self.grid,
            **self.carried(form),
        )

    def carried(self, form: BaseForm) -> dict[str, Any]:
        """What else travels with the form."""
        return {}

    def guard(self, data: dict[str, Any]) -> AbstractContextManager[None]:
        """What the operation is called in."""
        return nullcontext()

    def outdated(self, form: forms.Form, lines: Any, data: dict[str, Any]) -> HttpResponse:
        """What is answered when the record changed since the form was opened."""
        raise Stale(_("This was changed meanwhile."), fix=_("Load the page again."))

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
            data[self.grid.name] = [row for _number, row in filled(lines)]
        return self.carry_out(form, lines, data)

    def carry_out(self, form: forms.Form, lines: Any, data: dict[str, Any]) -> HttpResponse:
        """Call the operation; on a refusal show the form again with what was typed. ``data`` holds the grid's rows as typed."""
        made = dict(data)
        if self.grid is not None:
            made[self.grid.name] = [self.make_line(row) for row in data[self.grid.name]]
        try:
            with self.guard(data):
                result = self.perform(made)
        except Stale:
            return self.outdated(form, lines, data)
        except WaitsForSecond:
            raise
        except Refused as refusal:
            rows = [number for number, _row in filled(lines)] if lines is not None else []
            placed = refusals.put_on(form, refusal, lines, rows)
            return self.draw(form, lines, status=422, refused=None if placed else refusal)
        if self.done:
            messages.success(self.request, str(self.done))
        return redirect(self.onward(result))

    def make_line(self, row: dict[str, Any]) -> Any:
        """A row's data as the operation takes it."""
        if self.grid is None:
            return row
        return row if self.grid.make is dict else self.grid.make(**row)

    def onward(self, result: Any) -> str:
        """Where the person goes afterwards: to the record, or to the list when it is not theirs to see any more."""
        if not isinstance(result, Model):
            return self.back()
        seen = seen_of(result._meta.label_lower, [result.pk], self.user)
        return (url_of(result) if seen else list_url_of(self.kind())) or self.back()

    def previewed(self, form: forms.Form, lines: Any) -> HttpResponse:
        """The preview of what is typed so far."""
        shown = self.come_to(form, lines)
        every = [(number, shown.lines.get(number, "")) for number in range(len(lines.forms) if lines is not None else 0)]
        return self.show("web/preview.html", preview=shown, every=every, grid=self.grid)

    def come_to(self, form: forms.Form, lines: Any) -> Preview:
        """What the readable entries come to."""
        form.is_valid()
        rows = filled(lines) if lines is not None else []
        try:
            return self.preview(dict(form.cleaned_data), rows)
        except Refused as refusal:
            return Preview(notes=(Note(refusals.told(refusal), "bad"),))


def in_order(lines: Any) -> list[tuple[int, forms.Form]]:
    """The rows of a grid with their numbers, in the order they were moved into."""
    sent = [int(word) for word in str(lines.data.get(f"{lines.prefix}-ORDER", "")).split(",") if word.isdigit()] if lines.is_bound else []
    known = range(len(lines.forms))
    wanted = dict.fromkeys([number for number in sent if number in known] + list(known))
    return [(number, lines.forms[number]) for number in wanted]


def filled(lines: Any) -> list[tuple[int, dict[str, Any]]]:
    """The rows that hold something readable, with their numbers and in their order, without the grid's own DELETE mark.

    A row that stood in the grid from the start counts as it is, touched or not; a spare one only when something was typed.
    """
    rows = []
    for number, form in in_order(lines):
        stood = number < lines.initial_form_count()
        if form.is_valid() and (stood or form.has_changed()) and form.cleaned_data and not form.cleaned_data.get("DELETE"):
            rows.append((number, {name: value for name, value in form.cleaned_data.items() if name != "DELETE"}))
    return rows


@dataclass(frozen=True)
class Fault:
    """One thing to mend: what it is about, what is wrong, and the field to go to."""

    label: Text
    text: str
    target: str


def faults_of(form: BaseForm, order: Sequence[tuple[int, forms.Form]]) -> list[Fault]:
    """Everything that is wrong at the fields, in the order they stand on the page."""
    found = [
        Fault(form[name].label, str(errors[0]), form[name].id_for_label) for name, errors in form.errors.items() if name in form.fields
    ]
    for place, (_number, line) in enumerate(order, 1):
        for name, errors in line.errors.items() if line.is_bound else ():
            first = next((field for field in line.visible_fields() if field.name != "DELETE"), None)
            at = line[name] if name in line.fields else first
            words = _("Line %(number)s") % {"number": place}
            found.append(
                Fault(f"{words}, {at.label}" if name in line.fields and at else words, str(errors[0]), at.id_for_label if at else "")
            )
    return found


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
        return self.title or capfirst(_("New %(thing)s") % {"thing": str(self.the_model()._meta.verbose_name).lower()})
