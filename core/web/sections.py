"""What a record's page is made of: facts, line tables, related documents, timeline, files, history, or a panel of one's own."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from django.db.models import Manager, Model, QuerySet
from django.utils.translation import gettext_lazy as _

from core.files.access import may_attach
from core.files.models import Attachment
from core.web import composer, hooks
from core.web.cells import Cell, seen
from core.web.changes import changes_of
from core.web.lists import with_phone_places
from core.web.neighbours import neighbours
from core.web.registry import Text, url_of

if TYPE_CHECKING:
    from core.web.records import RecordScreen

MAIN, SIDE, RIGHT, WIDE = "main", "side", "right", "wide"
"""Where a section stands: in the middle, at the left, at the right, or above middle and right together."""


class RowsOf(Protocol):
    """Gives the rows of a table for a record."""

    def __call__(self, record: Any, /) -> Iterable[Any]: ...


@dataclass(frozen=True, kw_only=True)
class Section:
    """One card on a record's page. ``place`` is side (left), wide (lines), main (middle) or right; ``tab`` puts it under a tab,
    ``permission`` hides it."""

    title: Text = ""
    place: str = MAIN
    tab: Text = ""
    permission: str = ""
    when: Callable[[Any], bool] | None = None

    template: ClassVar[str] = ""

    def shown(self, screen: "RecordScreen") -> bool:
        """Whether this person sees it on this record."""
        if self.permission and not screen.user.has_perm(self.permission):
            return False
        return self.when is None or self.when(screen.record)

    def data(self, screen: "RecordScreen") -> dict[str, Any]:
        """What its template needs."""
        return {}


@dataclass(frozen=True, kw_only=True)
class Facts(Section):
    """Label and value pairs; empty values are left out unless ``keep_empty``."""

    cells: tuple[Cell, ...]
    title: Text = _("Details")
    place: str = SIDE
    keep_empty: bool = False

    template: ClassVar[str] = "web/sections/facts.html"

    def data(self, screen: "RecordScreen") -> dict[str, Any]:
        """The pairs."""
        pairs = [(cell, cell.html(screen.record)) for cell in seen(self.cells, screen.user, screen.model)]
        return {"pairs": [pair for pair in pairs if pair[1] or self.keep_empty]}


@dataclass(frozen=True, kw_only=True)
class Table(Section):
    """Rows that belong to the record: document lines, addresses, moves. ``rows`` is a relation's name or a function.
    ``totals`` are cells of the record itself, drawn under the last column. A row links to its record when it has a page."""

    rows: str | RowsOf
    cells: tuple[Cell, ...]
    totals: tuple[Cell, ...] = ()
    related: tuple[str, ...] = ()
    empty: Text = _("Nothing here yet.")
    linked: bool = False
    limit: int = 200

    template: ClassVar[str] = "web/sections/table.html"

    def rows_of(self, record: Any) -> list[Any]:
        """The rows, at most ``limit``."""
        found: Any = getattr(record, self.rows) if isinstance(self.rows, str) else self.rows(record)
        if isinstance(found, Manager):
            found = found.all()
        if isinstance(found, QuerySet):
            if self.related:
                found = found.select_related(*self.related)
            return list(found[: self.limit])
        return list(found)[: self.limit]

    def data(self, screen: "RecordScreen") -> dict[str, Any]:
        """Heads, lines and totals."""
        rows = self.rows_of(screen.record)
        cells = with_phone_places(seen(self.cells, screen.user, type(rows[0]) if rows and isinstance(rows[0], Model) else None))
        return {
            "cells": cells,
            "lines": [(url_of(row) if self.linked else "", [(cell, cell.html(row)) for cell in cells]) for row in rows],
            "totals": [(cell, cell.html(screen.record)) for cell in seen(self.totals, screen.user, screen.model)],
            "span": len(cells) - 1,
        }


@dataclass(frozen=True, kw_only=True)
class Lines(Table):
    """The lines of a document: what it is about, so they have the whole width beside the facts."""

    place: str = WIDE


@dataclass(frozen=True)
class Item:
    """One entry of an ``Items`` card: a name, a line under it, something at the right."""

    title: Text
    note: Text = ""
    url: str = ""
    end: Text = ""
    avatar: str = ""
    icon: str = ""


@dataclass(frozen=True, kw_only=True)
class Items(Section):
    """A short list of things with a name and a note: people, open deals."""

    items: Callable[[Any], Sequence[Item]]
    place: str = SIDE
    empty: Text = ""
    more: Callable[[Any], str] | None = None
    action: tuple[Text, Callable[[Any], str]] | None = None

    template: ClassVar[str] = "web/sections/items.html"

    def data(self, screen: "RecordScreen") -> dict[str, Any]:
        """The entries."""
        action = (self.action[0], self.action[1](screen.record)) if self.action else None
        return {"items": self.items(screen.record), "action": action}


@dataclass(frozen=True, kw_only=True)
class Related(Section):
    """The documents this one came from and became, as docflow knows them."""

    title: Text = _("Related documents")
    place: str = RIGHT

    template: ClassVar[str] = "web/sections/related.html"

    def data(self, screen: "RecordScreen") -> dict[str, Any]:
        """The documents with their pages."""
        return {"documents": neighbours(screen.kind(), screen.record.pk, screen.user)}


@dataclass(frozen=True)
class Entry:
    """One thing that happened: what, who, when; ``body`` in the person's words; ``why`` leads to its cause;
    ``awaited`` is what a worker has still to do because of it, ``stuck`` when nobody will before somebody decides."""

    title: Text
    at: datetime
    who: str = ""
    icon: str = "dot"
    what: Text = ""
    body: str = ""
    url: str = ""
    why: str = ""
    awaited: str = ""
    stuck: bool = False


@dataclass(frozen=True, kw_only=True)
class Timeline(Section):
    """What happened to the record (or, with ``party``, around the party it names; with ``of``, to another record), with a composer on
    top for whoever may write notes. Integration provides the entries, ``ui.provide_composer`` what else is written down here."""

    title: Text = _("Timeline")
    party: Callable[[Any], int | None] | None = None
    of: Callable[[Any], Model | None] | None = None
    limit: int = 30
    longest: int = 1000
    writes: bool = True

    template: ClassVar[str] = "web/sections/timeline.html"

    def told(self, screen: "RecordScreen", limit: int) -> "list[Entry]":
        """What happened, newest first."""
        record = self.of(screen.record) if self.of else screen.record
        if record is None:
            return []
        kind = record._meta.label_lower if self.of else screen.kind()
        return list(hooks.timeline(kind, record.pk, self.party(record) if self.party else None, screen.user, limit))

    def data(self, screen: "RecordScreen") -> dict[str, Any]:
        """The entries, newest first."""
        whole = screen.request.GET.get("timeline") == "whole"
        limit = self.longest if whole else self.limit
        entries = self.told(screen, limit + 1)
        writing = composer.for_record(screen.kind(), screen.record, screen.user) if self.writes else None
        return {
            "entries": [entry for entry in entries[:limit] if entry.title],
            "awaited": list(dict.fromkeys((entry.awaited, entry.stuck) for entry in entries if entry.awaited)),
            "older": not whole and len(entries) > limit,
            "composer": writing,
        }


@dataclass(frozen=True, kw_only=True)
class Documents(Section):
    """The papers of the record, to look at and to send. Every record page has it by itself when somebody provides papers."""

    title: Text = _("Documents")
    place: str = RIGHT

    template: ClassVar[str] = "web/sections/documents.html"

    def data(self, screen: "RecordScreen") -> dict[str, Any]:
        """The papers."""
        return {"papers": screen.papers}


@dataclass(frozen=True, kw_only=True)
class Files(Section):
    """What is attached to the record, with a place to add more."""

    title: Text = _("Files")
    place: str = RIGHT

    template: ClassVar[str] = "web/sections/files.html"

    def data(self, screen: "RecordScreen") -> dict[str, Any]:
        """The attachments."""
        kind, pk = screen.kind(), screen.record.pk
        return {
            "attachments": Attachment.objects.filter(kind=kind, object_id=pk).order_by("pk"),
            "kind": kind,
            "pk": pk,
            "may_attach": may_attach(kind, screen.user),
        }


@dataclass(frozen=True, kw_only=True)
class History(Section):
    """Who changed what and when, as the database itself recorded it; with ``of`` on another record."""

    title: Text = _("Changes")
    tab: Text = _("Changes")
    of: Callable[[Any], Model | None] | None = None
    limit: int = 50

    template: ClassVar[str] = "web/sections/history.html"

    def data(self, screen: "RecordScreen") -> dict[str, Any]:
        """The changes, newest first."""
        record = self.of(screen.record) if self.of else screen.record
        return {"changes": changes_of(record, self.limit) if record is not None else []}


@dataclass(frozen=True, kw_only=True)
class Panel(Section):
    """A card of the module's own: a template and what it needs, for what no other section can say."""

    body: str
    values: Callable[[Any, Any], dict[str, Any]] = field(default=lambda _record, _user: {})

    template: ClassVar[str] = "web/sections/panel.html"

    def data(self, screen: "RecordScreen") -> dict[str, Any]:
        """What the module's template needs."""
        return {"body": self.body, "record": screen.record, **self.values(screen.record, screen.user)}
