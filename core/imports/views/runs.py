"""The pages of one import: its columns, its check and corrections, its progress, its result, its revert."""

import re
from abc import ABC, abstractmethod
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

from core.errors import Refused
from core.files.ageing import kept_until
from core.files.models import Attachment
from core.imports import operations, showing
from core.imports.kinds import ImportKind, loaded
from core.imports.models import ImportRow, ImportRun
from core.imports.views.entry import Importing
from core.people.door.confirming import demand
from core.web import exports, figures, refusals
from core.web.registry import may_open

Status = ImportRun.Status
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
CELL = re.compile(r"cell-(\d{1,18})-(\d{1,4})")


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
        until = kept_until(run.reverted_at or run.imported_at)
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
            "source_until": figures.day_and_time(until) if until else "",
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


class Verb(RunScreen, ABC):
    """A button of an import."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Looking changes nothing."""
        return self.done()

    @abstractmethod
    def perform(self) -> None:
        """The one operation call."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it, and show the import."""
        self.perform()
        return self.afterwards()

    def afterwards(self) -> HttpResponse:
        """The import, unless there is none any more."""
        return self.done()


class Start(Verb):
    """Brings the rows in."""

    route = "<int:pk>/start"
    name = "start"

    def perform(self) -> None:
        """Every row that is ready."""
        if operations.kind_for(self.run.kind, self.user).sensitive:
            demand(self.request)
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

    def perform(self) -> None:
        """Its rows and its file go, too."""
        operations.discard_import(self.run, by=self.user)

    def afterwards(self) -> HttpResponse:
        """Back to the list."""
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
