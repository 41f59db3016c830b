"""The way into an import: the list of all imports, what the file holds, the file itself."""

from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from core.imports import forms, operations, showing
from core.imports.kinds import ImportKind, kinds_of, loaded
from core.imports.models import ImportRun
from core.people.models import User
from core.web import exports, refusals, ui
from core.web.hooks import provide_list_actions

Status = ImportRun.Status


class Importing(ui.Screen):
    """Open to whoever may import something, or looks after those who do."""

    title = _("Import")

    @classmethod
    def needed_permission(cls) -> str:
        """None of its own: each kind of records asks for its own."""
        return ""

    @classmethod
    def may_open(cls, user: User) -> bool:
        """Whoever may create records of some kind."""
        return user.is_active and (bool(kinds_of(user)) or user.has_perm("imports.view_importrun"))

    def crumbs(self) -> list[ui.Crumb]:
        """Imports, then this."""
        return [ui.Crumb(_("Imports"), reverse("imports:imports")), ui.Crumb(self.heading())]

    def nav_name(self) -> str:
        """The list's line in the side bar."""
        return "imports:imports"


def outcome_of(run: ImportRun) -> str:
    """What came of it, in figures."""
    return ", ".join(f"{ui.figures.quantity(count)} {words}" for count, words, _tone in showing.figures_of(run.counts))


class Imports(Importing, ui.ListScreen):
    """Every file that was brought in."""

    model = ImportRun
    route = ""
    name = "imports"
    title = _("Imports")
    nav = ui.Nav(_("Imports"), icon="upload", order=90)
    columns = (
        ui.Text("name", _("File")),
        ui.Text("kind_title", _("Records"), muted=True),
        ui.Status("status", _("State")),
        ui.Custom(outcome_of, _("Result"), draw=outcome_of),
        ui.Person("user", _("By")),
        ui.Moment("created_at", _("When"), sort="created_at"),
    )
    related = ("user",)
    search = ("name",)
    search_hint = _("Name of the file")
    segments = (
        ui.Segment("open", _("Not finished"), lambda rows: rows.exclude(status__in=("imported", "reverted", "discarded"))),
        ui.Segment("imported", _("Imported"), lambda rows: rows.filter(status=Status.IMPORTED)),
        ui.Segment("reverted", _("Reverted"), lambda rows: rows.filter(status=Status.REVERTED)),
    )
    order = ("-pk",)
    create = "imports:new"
    create_label = _("New import")
    empty = ui.Empty(
        _("Bring customers, products, prices and opening stock in from a spreadsheet. Every import can be taken back."), "upload"
    )

    def crumbs(self) -> list[ui.Crumb]:
        """Only this."""
        return [ui.Crumb(self.title)]


def import_action(name: str, user: User) -> list[ui.Action]:
    """The button on the list of records that can be imported."""
    kinds = [kind for kind in kinds_of(user) if name in kind.lists]
    if not kinds:
        return []
    one = reverse("imports:upload", args=[kinds[0].kind])
    return [ui.Action(_("Import"), one if len(kinds) == 1 else f"{reverse('imports:new')}?list={name}", "upload")]


provide_list_actions(import_action)


class ChooseKind(Importing):
    """What the file holds."""

    route = "new"
    name = "new"
    title = _("New import")
    hint = _("What does your file hold?")
    template_name = "imports/choose.html"

    def context(self) -> dict[str, Any]:
        """Everything this person may import."""
        kinds = kinds_of(self.user)
        of_list = [kind for kind in kinds if self.request.GET.get("list", "") in kind.lists]
        return {"kinds": of_list or kinds, "narrowed": bool(of_list), "steps": showing.steps(1)}


class KindScreen(Importing):
    """A page about one kind of records."""

    @cached_property
    def importable(self) -> ImportKind:
        """The kind of the address, when this person may import it."""
        kind = loaded().get(self.kwargs["kind"])
        if kind is None or not kind.may(self.user):
            raise Http404
        return kind


class Upload(KindScreen):
    """Takes the file."""

    route = "new/<str:kind>"
    name = "upload"
    template_name = "imports/upload.html"

    def heading(self) -> Any:
        """What is being imported."""
        return _now("Import %(what)s") % {"what": str(self.importable.title).lower()}

    def subheading(self) -> Any:
        """What such a file holds."""
        return self.importable.hint

    def context(self) -> dict[str, Any]:
        """The form, and the columns it may have."""
        return {"form": forms.UploadForm(), "kind": self.importable, "columns": self.importable.all_columns, "steps": showing.steps(2)}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask for the file."""
        _known = self.importable
        return self.show()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Look into the file, then match its columns."""
        form = forms.UploadForm(request.POST, request.FILES)
        _known = self.importable
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                run = operations.upload_table(self.importable.kind, name=file.name, content=file.read(), by=self.user)
            except Refused as refusal:
                refusals.put_on(form, refusal)
            else:
                return redirect("imports:columns", run.pk)
        return self.show(status=422, form=form)


class TemplateFile(KindScreen):
    """A file to fill in: the columns, and example rows."""

    route = "template/<str:kind>"
    name = "template"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As CSV, or as XLSX."""
        kind = "xlsx" if request.GET.get("as") == "xlsx" else "csv"
        columns = self.importable.columns
        rows = [
            [column.example for column in columns],
            *([one.get(column.field, "") for column in columns] for one in self.importable.examples),
        ]
        return exports.download(kind, str(self.importable.title), [str(column.name) for column in columns], rows)  # type: ignore[return-value]
