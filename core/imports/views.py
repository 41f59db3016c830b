"""The pages of an import: choose, upload, match columns, check and correct, import, revert; and the list of all imports."""

import re
from collections import defaultdict
from functools import cached_property
from hashlib import blake2b
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from core.files.models import Attachment
from core.imports import forms, operations, showing, working
from core.imports.kinds import ImportKind, kinds_of, loaded
from core.imports.models import ImportRow, ImportRun
from core.people.models import User
from core.web import exports, refusals, ui
from core.web.hooks import provide_list_actions
from core.web.registry import may_open

Status = ImportRun.Status
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
CELL = re.compile(r"cell-(\d{1,18})-(\d{1,4})")

__all__ = ["working"]  # importing it makes its jobs known


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


class RunScreen(Importing):
    """A page about one import."""

    @cached_property
    def run(self) -> ImportRun:
        """The import, if this person may see it."""
        rows = ImportRun.objects.visible_to(self.user).select_related("user", "job")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @cached_property
    def importable(self) -> ImportKind:
        """The kind of its records."""
        kind = loaded().get(self.run.kind)
        if kind is None:
            raise Http404
        return kind

    def heading(self) -> Any:
        """What is being imported."""
        return _now("Import %(what)s") % {"what": str(self.importable.title).lower()}

    def subheading(self) -> Any:
        """From which file."""
        return self.run.name

    def done(self) -> HttpResponse:
        """Back to the import."""
        return redirect("imports:run", self.run.pk)


class Columns(RunScreen):
    """Which column fills which field."""

    route = "<int:pk>/columns"
    name = "columns"
    template_name = "imports/columns.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The guess, to be mended."""
        return self.show() if self.run.status in {Status.UPLOADED, Status.CHECKED} else self.done()

    def context(self) -> dict[str, Any]:
        """Every column with its samples, and every field with whether it is needed."""
        matched = showing.matches(self.run)
        taken = {match.field for match in matched}
        return {
            "run": self.run,
            "kind": self.importable,
            "matches": matched,
            "missing": [column for column in self.importable.columns if column.required and column.field not in taken],
            "unmatched": [match.name for match in matched if not match.field],
            "existing": ImportRun.Existing.choices if self.importable.may_change(self.user) else ImportRun.Existing.choices[1:],
            "steps": showing.steps(3),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep the choice and check every row."""
        fields = [request.POST.get(f"column-{position}", "") for position in range(len(self.run.header))]
        existing = request.POST.get("existing", "")
        run = operations.match_again(self.run, by=self.user) if self.run.status == Status.CHECKED else self.run
        try:
            operations.match_columns(run, fields=fields, existing=existing if existing in ImportRun.Existing.values else "", by=self.user)
        except Refused as refusal:
            self.run.fields = fields
            return self.show(status=422, told=refusals.told(refusal))
        return self.done()


class Run(RunScreen):
    """One import: its progress, its rows, what came of it."""

    route = "<int:pk>"
    name = "run"
    template_name = "imports/run.html"

    @classmethod
    def record_kind(cls) -> str:
        """The page of an import."""
        return "imports.importrun"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; its body alone when the browser asks for news."""
        if self.run.status == Status.UPLOADED:
            return redirect("imports:columns", self.run.pk)
        if "fragment" in request.GET:
            return self.news()
        return self.show()

    def news(self) -> HttpResponse:
        """The body of the page, if it differs from what the browser shows."""
        body = render_to_string("imports/_run.html", {"screen": self, **self.context()}, request=self.request)
        mark = '"' + blake2b(TOKEN.sub("", body).encode(), digest_size=8).hexdigest() + '"'
        if self.request.headers.get("If-None-Match") == mark:
            return HttpResponseNotModified(headers={"ETag": mark})
        return HttpResponse(body, headers={"ETag": mark, "Cache-Control": "no-store"})

    def context(self) -> dict[str, Any]:
        """Where it stands, and the rows asked for."""
        run = self.run
        steps = {"run": run, "kind": self.importable, "steps": showing.steps(showing.step_of(run))}
        if run.is_busy:
            return {**steps, "job": run.job, "stopped": run.job is None or not run.job.is_open}
        state = self.request.GET.get("state", showing.start_state(run))
        state = state if state in ImportRow.State.values else ""
        mine = self.importable.may(self.user)
        page = showing.page_of(run, state, self.request.GET.get("page", ""))
        may_correct = mine and run.status in {Status.CHECKED, Status.IMPORTED}
        rows = showing.shown(run, self.importable, page.object_list, may_correct=may_correct)  # type: ignore[arg-type]
        source = Attachment.objects.filter(kind="imports.importrun", object_id=run.pk).first()
        return {
            **steps,
            "figures": showing.figures_of(run.counts),
            "ready": sum(run.counts.get(one, 0) for one in ImportRow.READY),
            "wrong": sum(run.counts.get(one, 0) for one in ImportRow.WRONG),
            "written": sum(run.counts.get(one, 0) for one in ImportRow.WRITTEN),
            "kept": run.counts.get(ImportRow.State.KEPT, 0),
            "all": sum(run.counts.values()),
            "filters": showing.filters(run),
            "state": state,
            "page": page,
            "rows": rows,
            "columns": [self.importable.column(name) for name in run.fields if name],
            "correctable": any(row.editable for row in rows),
            "mine": mine,
            "source": source,
            "list_url": next((reverse(name) for name in self.importable.lists if may_open(name, self.user)), ""),
        }


class Correct(RunScreen):
    """Takes corrected cells."""

    route = "<int:pk>/rows"
    name = "rows"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Looking changes nothing."""
        return self.done()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Write them in, check their rows at once."""
        corrections: dict[int, dict[int, str]] = defaultdict(dict)
        for name, value in request.POST.items():
            found = CELL.fullmatch(name)
            if found:
                corrections[int(found[1])][int(found[2])] = str(value)
        operations.correct_rows(self.run, dict(corrections), by=self.user)
        return self.done()


class Verb(RunScreen):
    """A button of an import."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Looking changes nothing."""
        return self.done()

    def perform(self) -> None:
        """The one operation call."""
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it, and show the import."""
        self.perform()
        return self.done()


class Start(Verb):
    """Brings the rows in."""

    route = "<int:pk>/start"
    name = "start"

    def perform(self) -> None:
        """Every row that is ready."""
        operations.start_import(self.run, by=self.user)


class Settle(Verb):
    """Goes on after a job was stopped."""

    route = "<int:pk>/settle"
    name = "settle"

    def perform(self) -> None:
        """As far as it came, it counts."""
        operations.settle_import(self.run, by=self.user)


class Discard(Verb):
    """Drops an upload."""

    route = "<int:pk>/discard"
    name = "discard"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Back to the list."""
        operations.discard_import(self.run, by=self.user)
        return redirect("imports:imports")


class Revert(Verb):
    """Takes the whole import back, after asking."""

    route = "<int:pk>/revert"
    name = "revert"
    template_name = "imports/revert.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask first, and say what it means."""
        return self.show() if self.run.may_move_to(Status.REVERTING) else self.done()

    def context(self) -> dict[str, Any]:
        """How many rows it is about."""
        counts = self.run.counts
        return {
            "run": self.run,
            "kind": self.importable,
            "created": counts.get("created", 0),
            "updated": counts.get("updated", 0),
            "kept": counts.get("kept", 0),
        }

    def perform(self) -> None:
        """Have a worker do it."""
        operations.revert_import(self.run, by=self.user)


class WrongRows(RunScreen):
    """The rows with mistakes as a file, with the reason in a column of its own."""

    route = "<int:pk>/wrong-rows"
    name = "wrong-rows"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As they came, so that they can be mended and uploaded again."""
        kind = "xlsx" if request.GET.get("as") == "xlsx" else "csv"
        response: HttpResponseBase = exports.download(
            kind,
            _now("%(file)s with mistakes") % {"file": self.run.name.rpartition(".")[0]},
            [*self.run.header, _now("Line in the file"), _now("What is wrong")],
            ([*row.cells, row.line, self._reasons(row)] for row in self.run.rows.filter(state__in=ImportRow.WRONG).order_by("line")),
        )
        return response  # type: ignore[return-value]

    def _reasons(self, row: ImportRow) -> str:
        names = {column.field: str(column.name) for column in self.importable.all_columns}
        return " ".join(f"{names.get(one['field'], '')}: {one['reason']}".removeprefix(": ") for one in row.problems)
