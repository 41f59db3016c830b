"""Which papers there are: modules declare them, screens and the API offer them to whoever may see the record."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.forms import Form
from django.utils import translation

from core.files.access import record_of
from core.parties.models import Party
from core.people.models import User
from core.printing import typesetting
from core.printing.letterhead import letterhead
from core.printing.paper import Paper
from core.web.registry import Text

Builder = Callable[..., Paper]


@dataclass(frozen=True)
class Document:
    """One kind of paper of one kind of record. ``party`` says who gets it, and so in which language it is written; ``form`` asks
    for more first (a period) and its answers reach the builder. ``draft`` says that it is stamped as one now, and not sent."""

    kind: str
    slug: str
    title: Text
    build: Builder
    party: Callable[[Any], Party | None]
    permission: str = ""
    when: Callable[[Any], bool] | None = None
    form: type[Form] | None = None
    icon: str = "file-text"
    is_sent: bool = True
    draft: Callable[[Any], bool] | None = None

    def offered(self, record: Any, user: User) -> bool:
        """Whether the record has such a paper now, for somebody who may see the record."""
        return (not self.permission or user.has_perm(self.permission)) and (self.when is None or self.when(record))

    def options(self, given: Any = None) -> dict[str, Any]:
        """What the builder takes besides the record: what was asked for where it makes sense, else what is usual."""
        if self.form is None:
            return {}
        form = self.form(given or None)
        if form.is_bound and form.is_valid():
            return dict(form.cleaned_data)
        return {name: field.initial() if callable(field.initial) else field.initial for name, field in form.fields.items()}


@dataclass(frozen=True)
class Printout:
    """A paper that was written for somebody: its data, and how to see it."""

    document: Document
    paper: Paper
    language: str

    def pdf(self) -> bytes:
        """As PDF."""
        with translation.override(self.language):
            return typesetting.pdf(self.paper, letterhead())

    def unprintable(self) -> str:
        """A letter of it that no font of this machine has, if there is one."""
        with translation.override(self.language):
            return typesetting.unprintable(self.paper, letterhead())

    def pictures(self) -> tuple[bytes, ...]:
        """As pictures of its pages."""
        with translation.override(self.language):
            return typesetting.pictures(self.paper, letterhead())


_documents: dict[str, dict[str, Document]] = {}


def document(
    kind: str, slug: str, title: Text, *, party: Callable[[Any], Party | None] | None = None, **more: Any
) -> Callable[[Builder], Builder]:
    """Declare a paper: ``@document("sales.order", "quotation", _("Quotation"))`` above ``def quotation(order) -> Paper``."""

    def declare(build: Builder) -> Builder:
        _documents.setdefault(kind, {})[slug] = Document(kind, slug, title, build, party or (lambda record: record.customer), **more)
        return build

    return declare


def documents_of(kind: str) -> Sequence[Document]:
    """Every paper a kind of record may have."""
    return tuple(_documents.get(kind, {}).values())


def find(kind: str, slug: str) -> Document | None:
    """One paper by its name in addresses."""
    return _documents.get(kind, {}).get(slug)


def offered(record: Model, user: User) -> list[Document]:
    """The papers a record has now, for somebody who may see the record."""
    return [one for one in documents_of(record._meta.label_lower) if one.offered(record, user)]


def record_for(kind: str, pk: int, user: User) -> Any:
    """The record, when it exists and the person may see it; None otherwise."""
    return record_of(kind, pk, user)


def language_of(party: Party | None) -> str:
    """The language a party is written to in; the house's own when it reads none that Satu writes."""
    known = {code for code, _name in settings.LANGUAGES}
    return party.language if party is not None and party.language in known else settings.LANGUAGE_CODE


def in_language_of(party: Party | None) -> AbstractContextManager[None]:
    """Write what follows in the party's language."""
    return translation.override(language_of(party))


def printout(document: Document, record: Model, **options: Any) -> Printout:
    """Write the paper, in the words of whoever gets it."""
    party = document.party(record)
    with in_language_of(party):
        return Printout(document, document.build(record, **options), language_of(party))
