"""The pages of bulk work: what it asks first, doing it, what became of each row, and taking it back."""

from collections import Counter
from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.errors import Refused
from core.jobs.models import Job
from core.jobs.operations import start_job
from core.jobs.registry import job
from core.jobs.work import Work
from core.people.door.confirming import demand
from core.web.asking import asking
from core.web.bulk import AT_ONCE, MOST, Bulk, Report, bulks_of, resolved, run, undo
from core.web.exports import file_name
from core.web.registry import url_of

if TYPE_CHECKING:
    from core.web.lists import ListScreen


class NothingChosen(Refused):
    """Bulk work wants rows."""


class TooMany(Refused):
    """More than one job should change."""


def bulk_tool(screen: "ListScreen") -> HttpResponse:
    """Ask, do and report; or show what a job did."""
    request, slug = screen.request, screen.kwargs["slug"]
    bulk = _allowed(screen, slug)
    if request.method != "POST":
        return _done_by_job(screen, bulk) if "job" in request.GET else HttpResponseRedirect(screen.url() + screen.query())
    if "undo" in request.POST:
        bulk, report = undo(screen, request.POST["undo"])
        return _report(screen, bulk, report, undone=True)
    pks = chosen(screen, request.POST)
    form = None
    if bulk.form is not None:
        kind = asking(bulk.form, screen.user)
        form = kind(request.POST, request.FILES) if "sure" in request.POST else kind()
    if bulk.asks(len(pks)) and not ("sure" in request.POST and (form is None or form.is_valid())):
        status = 422 if form is not None and form.is_bound else 200
        template = "web/list_bulk_dialog.html" if request.htmx else "web/list_bulk.html"
        kept = [] if "all" in request.POST else pks
        return screen.show(template, status=status, bulk=bulk, form=form, number=len(pks), pks=kept, slug=slug)
    if bulk.collects or len(pks) > AT_ONCE:
        return _begin_job(screen, bulk, slug, pks)
    rows = screen.full_rows().filter(pk__in=pks)
    return _report(screen, bulk, run(bulk, rows, screen.user, form))


def _allowed(screen: "ListScreen", slug: str) -> Bulk:
    bulk = bulks_of(screen).get(slug)
    if bulk is not None:
        if bulk.sensitive:
            demand(screen.request)
        return bulk
    model = screen.the_model()
    declared = [whole for one in screen.bulk if (whole := resolved(one, model)) is not None]
    for one in declared:
        if one.address(model) == slug:
            raise PermissionDenied(one.as_verb().needed_permission(model))
    raise Http404


def chosen(screen: "ListScreen", post: QueryDict) -> list[int]:
    """The rows that were ticked, or all that match; only those the person may see. Raises NothingChosen, TooMany."""
    if "all" in post:
        pks = list(dict.fromkeys(screen.rows.values_list("pk", flat=True)[: MOST + 1]))
    else:
        asked = {int(pk) for pk in post.getlist("pk") if pk.isascii() and pk.isdigit() and len(pk) < 19}
        pks = list(screen.queryset().filter(pk__in=asked).values_list("pk", flat=True).distinct())
    if not pks:
        raise NothingChosen(_("No row is chosen."), fix=_("Tick the rows first."))
    if len(pks) > MOST:
        raise TooMany(_("These are more than %(most)s rows.") % {"most": MOST}, fix=_("Narrow the list first."))
    return pks


def _begin_job(screen: "ListScreen", bulk: Bulk, slug: str, pks: list[int]) -> HttpResponse:
    data = screen.request.POST.copy()
    for name in ("pk", "all", "sure", "csrfmiddlewaretoken"):
        data.pop(name, None)
    params = {
        "screen": screen.screen_name(),
        "query": screen.query(),
        "slug": slug,
        "pks": pks,
        "data": data.urlencode(),
        "what": str(bulk.label),
        "title": str(screen.title),
    }
    begun = start_job("list.bulk", params, back=screen.url() + screen.query(), by=screen.user)
    return _to(screen, url_of(begun))


def _to(screen: "ListScreen", address: str) -> HttpResponse:
    if screen.request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def said(report: Report, bulk: Bulk, *, undone: bool = False) -> str:
    """What became of it, in a sentence."""
    words = ngettext("%(what)s: %(n)s done", "%(what)s: %(n)s done", report.done) % {"what": bulk.label, "n": report.done}
    if undone:
        words = ngettext("%(n)s row as it was before", "%(n)s rows as they were before", report.done) % {"n": report.done}
    parts = [words]
    if waiting := len(report.waiting):
        parts.append(ngettext("%(n)s waits for a second person", "%(n)s wait for a second person", waiting) % {"n": waiting})
    if left := len(report.refused):
        parts.append(ngettext("%(n)s refused", "%(n)s refused", left) % {"n": left})
    return f"{', '.join(parts)}."


def _report(screen: "ListScreen", bulk: Bulk, report: Report, *, undone: bool = False) -> HttpResponse:
    token = "" if undone else report.undo_token(bulk, screen.the_model(), screen.user)
    values: dict[str, Any] = {"bulk": bulk, "report": report, "said": said(report, bulk, undone=undone), "undo_token": token}
    values["slug"] = screen.kwargs["slug"]
    template = "web/list_report_dialog.html" if screen.request.htmx else "web/list_report.html"
    return screen.show(template, **values)


def _done_by_job(screen: "ListScreen", bulk: Bulk) -> HttpResponse:
    asked = screen.asked("job")
    found = (
        Job.objects.of(screen.user)
        .filter(kind="list.bulk", pk=int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else 0)
        .first()
    )
    if found is None or found.params.get("slug") != screen.kwargs["slug"]:
        raise Http404
    return _report(screen, bulk, Report.from_json(found.result.get("report", {})))


@job("list.bulk", title=gettext_lazy("%(what)s: %(title)s"), icon="list-checks")
def work_in_bulk(work: Work, screen: str, query: str, slug: str, pks: list[int], data: str, what: str, title: str) -> None:
    """Do one thing to many rows; a worker that takes it over goes on where the last one wrote that it was."""
    from core.web.opening import opened  # noqa: PLC0415 - it knows the lists, and the lists know this

    found = opened(screen, query, work.user)
    found.kwargs = {"slug": slug}
    bulk = _allowed(found, slug)
    form = asking(bulk.form, work.user)(QueryDict(data)) if bulk.form is not None else None
    if form is not None and not form.is_valid():
        raise Refused(_("What was asked for is no longer valid."), fix=_("Start it again from the list."))
    work.total(len(pks))
    back = found.tool_url("bulk", slug, query=f"{found.query()}{'&' if found.request.GET else ''}job={work.job.pk}")
    if bulk.collects:
        report = _collect(work, bulk, (found.full_rows().filter(pk__in=part) for part in batched(pks)), title)
        work.result({"report": report.as_json(), "text": said(report, bulk), **({"url": back} if report.refused else {})})
        return
    kept = work.job.result if work.again else {}
    report, begin = Report.from_json(kept.get("report", {})), int(kept.get("at", 0))
    work.step(begin)
    for part in batched(pks[begin:]):
        run(bulk, found.full_rows().filter(pk__in=part), work.user, form, report=report, after_each=lambda note: work.step(1, note))
        work.result({"report": report.as_json(), "at": (begin := begin + len(part))})
    work.result({"text": said(report, bulk), "url": back})


def batched(pks: list[int], size: int = 50) -> Iterator[list[int]]:
    """The keys in portions, in their order."""
    return (pks[start : start + size] for start in range(0, len(pks), size))


def _collect(work: Work, bulk: Bulk, parts: Iterable[Any], title: str) -> Report:
    """What each row gives, in one file for the person who asked."""
    report, names = Report(), Counter[str]()
    with TemporaryFile() as stream:
        with ZipFile(stream, "w", ZIP_DEFLATED) as archive:

            def keep(name: str, content: bytes) -> None:
                names[name] += 1
                stem, dot, kind = name.rpartition(".")
                archive.writestr(f"{stem}-{names[name]}{dot}{kind}" if names[name] > 1 else name, content)

            for rows in parts:
                run(bulk, rows, work.user, report=report, after_each=lambda note: work.step(1, note), keep=keep)
        if report.done:
            stream.seek(0)
            work.attach(file_name(title, "zip"), File(stream), "application/zip")
    return report
