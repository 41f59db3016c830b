"""A list as a file: the shown columns, in the list's order, under its filters. A short one at once, a long one by a job."""

from collections.abc import Iterator
from decimal import Decimal
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

from django.core.files.base import File
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.jobs.operations import start_job
from core.jobs.registry import job
from core.jobs.work import Work
from core.web.cells import Money, plain
from core.web.exports import CSV, FORMATS, XLSX, csv_lines, download, file_name, in_currency, trimmed, write_xlsx
from core.web.registry import url_of

if TYPE_CHECKING:
    from core.web.lists import ListScreen

IMMEDIATE = 2_000
"""Up to so many rows a file is made while the person waits."""


def header_of(screen: "ListScreen") -> list[str]:
    """The heads of the shown columns; an amount is followed by its currency."""
    header: list[str] = []
    for cell in screen.cells:
        header.append(str(cell.label))
        if isinstance(cell, Money):
            header.append(_("Currency"))
    return header


def file_rows(screen: "ListScreen") -> Iterator[list[Any]]:
    """The rows as a spreadsheet wants them."""
    for row in screen.file_rows().iterator(chunk_size=500):
        line: list[Any] = []
        for cell in screen.cells:
            value = plain(cell.value(row))
            if isinstance(cell, Money):
                currency = cell.currency_of(row)
                line += [in_currency(value, currency), currency]
            else:
                line.append(trimmed(value) if isinstance(value, Decimal) else value)
        yield line


def asked_by_address(screen: "ListScreen") -> HttpResponse:
    """A short list as a file at once; a long one asks to be made in the background."""
    kind = screen.asked("export")
    if screen.count > IMMEDIATE:
        return screen.show("web/list_export.html", format=kind, export_url=screen.tool_url("export"), back=screen.url() + screen.query())
    return download(kind, str(screen.title), header_of(screen), file_rows(screen))  # type: ignore[return-value]


def export_tool(screen: "ListScreen") -> HttpResponse:
    """Have the file made in the background, and go to where one sees how far it is."""
    kind = screen.request.POST.get("format", "csv")
    back = screen.url() + screen.query()
    if screen.request.method != "POST" or kind not in FORMATS:
        return HttpResponseRedirect(back)
    params = {"screen": screen.screen_name(), "query": screen.query(), "format": kind, "what": str(screen.title)}
    begun = start_job("list.export", params, back=back, by=screen.user)
    address = url_of(begun)
    if screen.request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


@job("list.export", title=gettext_lazy("Export of %(what)s"), icon="download")
def export(work: Work, screen: str, query: str, format: str, what: str) -> None:  # noqa: A002 - the word of the job's params
    """Write the list of an address into a file, row by row."""
    from core.web.opening import opened  # noqa: PLC0415 - it knows the lists, and the lists know this

    found = opened(screen, query, work.user)
    work.total(found.rows.order_by().values("pk").count())

    def counted() -> Iterator[list[Any]]:
        for row in file_rows(found):
            yield row
            work.step()

    with TemporaryFile() as stream:
        if format == "xlsx":
            write_xlsx(stream, what, header_of(found), counted())
        else:
            for line in csv_lines(header_of(found), counted()):
                stream.write(line.encode())
        stream.seek(0)
        work.attach(file_name(what, format), File(stream), XLSX if format == "xlsx" else CSV)
    work.result({"text": _("The file is ready.")})
