"""The pages of a paper: looked at, taken away, sent. They hang on the record's own page and on its rights."""

from functools import cached_property, partial
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.people.models import User
from core.printing.documents import Document, Printout, documents_of, find, printout
from core.printing.forms import SendForm
from core.printing.mailing import letter_for, reached_at
from core.printing.operations import send_document
from core.web.acting import Acting
from core.web.records import RecordScreen
from core.web.registry import Text, url_of
from core.web.screen import Action, Crumb, Screen
from core.web.verbs import Verb

MOST_PAGES = 20
"""Pages shown as pictures; who wants more takes the PDF."""


class OfRecord(Screen):
    """A page of one paper of one record: whoever may open the record's page may open it."""

    of: ClassVar[type[RecordScreen]]

    @classmethod
    def needed_permission(cls) -> str:
        """The record's own."""
        return cls.of.needed_permission()

    @classmethod
    def may_open(cls, user: User) -> bool:
        """As the record's page."""
        return cls.of.may_open(user)

    @cached_property
    def record(self) -> Any:
        """The record, as its own page finds it."""
        page = self.of()
        page.setup(self.request, pk=self.kwargs["pk"])
        return page.record

    @cached_property
    def document(self) -> Document:
        """Which paper."""
        found = find(self.kind(), self.kwargs["document"])
        if found is None or (found.when is not None and not found.when(self.record)):
            raise Http404
        if found.permission and not self.user.has_perm(found.permission):
            raise PermissionDenied(found.permission)
        return found

    @cached_property
    def options_form(self) -> Form | None:
        """What the paper asks for first."""
        if self.document.form is None:
            return None
        asked = {name: value for name, value in self.request.GET.items() if name in self.document.form.base_fields}
        return self.document.form(asked or None, initial=self.document.options())

    @cached_property
    def chosen(self) -> dict[str, Any]:
        """What the builder takes besides the record."""
        return self.document.options(
            self.request.GET if set(self.request.GET) & set(getattr(self.document.form, "base_fields", ())) else None
        )

    @cached_property
    def printout(self) -> Printout:
        """The paper, written."""
        return printout(self.document, self.record, **self.chosen)

    def address(self, page: str, *, document: str = "", query: bool = True) -> str:
        """Another page of the same paper, for the same period."""
        url = reverse(f"{self.area()}:{self.of.url_name()}-{page}", args=[self.record.pk, document or self.document.slug])
        asked = {name: value for name, value in self.request.GET.items() if name in getattr(self.document.form, "base_fields", ())}
        return f"{url}?{urlencode(asked)}" if asked and query else url

    def heading(self) -> Text:
        """The paper and its number."""
        paper = self.printout.paper
        return f"{self.document.title} {paper.number}".strip() if paper.number else f"{self.document.title}"

    def crumbs(self) -> list[Crumb]:
        """List, record, paper."""
        return [self.list_crumb(), Crumb(str(self.record), url_of(self.record)), Crumb(self.document.title)]


class Preview(OfRecord):
    """The paper as it will be, page by page."""

    template_name = "printing/preview.html"

    def subheading(self) -> Text:
        """In which language, and how long."""
        words = ngettext("%(n)s page", "%(n)s pages", self.pages) % {"n": self.pages}
        language = dict(settings.LANGUAGES).get(self.printout.language, self.printout.language)
        return f"{self.printout.paper.to.name} · {language} · {words}"

    @cached_property
    def pages(self) -> int:
        """How many."""
        return len(self.printout.pictures())

    def actions(self) -> list[Action]:
        """Take it away."""
        return [Action(_("Download PDF"), self.address("pdf") + ("&" if "?" in self.address("pdf") else "?") + "download=1", "download")]

    def context(self) -> dict[str, Any]:
        """The pages, and what else may be done."""
        sends = self.document.is_sent and self.user.has_perm("effects.send_document") and not self.printout.paper.stamp
        shown = range(1, min(self.pages, MOST_PAGES) + 1)
        query = self.address("pdf").partition("?")[2]
        base = self.address("page-picture", query=False)
        return {
            "paper": self.printout.paper,
            "unprintable": letters_note(self.printout),
            "pdf_url": self.address("pdf"),
            "send_url": self.address("send") if sends else "",
            "pictures": [(page, f"{base}?page={page}{'&' + query if query else ''}") for page in shown],
            "hidden_pages": self.pages - len(shown),
            "options": self.options_form,
            "back": url_of(self.record),
        }


class Pdf(OfRecord):
    """The paper as PDF: shown by the browser, or taken away."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file."""
        place = "attachment" if "download" in request.GET else "inline"
        headers = {"Content-Disposition": f'{place}; filename="{ascii_name(self.printout)}"', "Cache-Control": "private, no-store"}
        return HttpResponse(self.printout.pdf(), content_type="application/pdf", headers=headers)


class PagePicture(OfRecord):
    """One page of the paper as a picture, for the preview."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The picture."""
        pages = self.printout.pictures()
        asked = request.GET.get("page", "1")
        number = int(asked) if asked.isdecimal() and len(asked) < 4 else 0
        if not 1 <= number <= len(pages):
            raise Http404
        return HttpResponse(pages[number - 1], content_type="image/png", headers={"Cache-Control": "private, no-store"})


class Send(OfRecord, Acting):
    """Asks to whom the paper goes and what the e-mail says, and sends it."""

    @classmethod
    def may_open(cls, user: User) -> bool:
        """Whoever sees the record and may send."""
        return cls.of.may_open(user) and user.has_perm("effects.send_document")

    def the_verb(self) -> Verb:
        """Sending this paper."""
        return Verb(
            partial(send_document, document=self.document.slug),
            gettext_lazy("Send"),
            form=self.form(),
            initial=lambda _record: self.suggested(),
            permission="effects.send_document",
            slug="send",
            done=_("%(document)s is on its way. The timeline says when it has left.") % {"document": self.heading()},
        )

    def suggested(self) -> dict[str, Any]:
        """The customer's main address, and words in their language."""
        letter = letter_for(self.printout, self.record, self.user)
        return {"to": letter.to, "subject": letter.subject, "body": letter.body, **self.chosen}

    def stays(self, result: Model) -> bool:
        """The message is the operators' business; the person goes on with the record."""
        return True

    def form(self) -> type[Form]:
        """With what is known about this party at its fields."""
        party = self.document.party(self.record)
        known = reached_at(party)
        hint = _("Known: %(addresses)s") % {"addresses": ", ".join(known)} if len(known) > 1 else ""
        if not known:
            hint = _("%(party)s has no e-mail address yet: write one here, or add it to the customer first.") % {
                "party": party or self.record
            }
        note = f"{letters_note(self.printout)} {folder_note()}".strip()
        attached = _("%(file)s is attached.") % {"file": self.printout.paper.file_name}

        period = self.document.form or Form

        class Asked(SendForm, period):  # type: ignore[misc, valid-type]
            """As this party is reached; for the period that was looked at."""

            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, **kwargs)
                self.fields["to"].help_text = hint
                self.fields["body"].help_text = f"{attached} {note}".strip()
                for name in period.base_fields if period is not Form else ():
                    self.fields[name].widget = self.fields[name].hidden_widget()

        return Asked


def letters_note(made: Printout) -> str:
    """Says so when letters of a paper would come out as empty boxes."""
    letter = made.unprintable()
    return (
        _("This machine has no font with “%(letter)s”: such letters are printed as empty boxes. IT can install one.") % {"letter": letter}
        if letter
        else ""
    )


def folder_note() -> str:
    """Says so when mail does not really leave this machine."""
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        return _("This is a trial: mail is kept on this machine and not sent.")
    if settings.EMAIL_BACKEND.endswith("NoServer"):
        return _("No mail server is set up yet: the mail waits until IT has named one.")
    return ""


def ascii_name(made: Printout) -> str:
    """A file name that every header may carry."""
    return made.paper.file_name.encode("ascii", "replace").decode().replace("?", "-")


PAGES: dict[str, tuple[str, type[OfRecord]]] = {
    "print": ("print/<slug:document>", Preview),
    "pdf": ("print/<slug:document>/pdf", Pdf),
    "page-picture": ("print/<slug:document>/page", PagePicture),
    "send": ("print/<slug:document>/send", Send),
}


def pages_of(screen: type[Screen]) -> list[URLPattern]:
    """The addresses of the papers of one record screen: ``orders/<pk>/print/quotation/`` and what hangs below."""
    if not issubclass(screen, RecordScreen) or not documents_of(screen.kind()):
        return []
    patterns = []
    for name, (tail, page) in PAGES.items():
        more = {"of": screen, "model": screen.the_model(), "route": screen.route, "__module__": screen.__module__, "__doc__": page.__doc__}
        bound: type[OfRecord] = type(f"{screen.__name__}{page.__name__}", (page,), more)
        patterns.append(path(f"{screen.url_path()}{tail}/", bound.as_view(), name=f"{screen.url_name()}-{name}"))
    return patterns
