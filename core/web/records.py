"""The page of one record: its state, what may be done now, its facts, and live news from the workers."""

import re
import time
from functools import cached_property
from hashlib import blake2b
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.audit.history import latest
from core.db import Tracked
from core.people.visibility import seen_by
from core.web import hooks, presence
from core.web.acting import Acting
from core.web.cells import Cell, Status, seen, value_at
from core.web.counts import Count, counted
from core.web.registry import may_open, url_of
from core.web.screen import Action, Crumb
from core.web.sections import MAIN, RIGHT, SIDE, WIDE, Documents, Facts, Section, Timeline
from core.web.verbs import ON_DESK, ON_PHONE, Button, Row, Verb, with_keys

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
PEEKED = 5
SETTLED = 60  # seconds after which a page is drawn anew although nothing changed: it tells how many minutes ago something happened
PLACES = {"left": SIDE, "wide": WIDE, "main": MAIN, "right": RIGHT}


class RecordScreen(Acting):
    """One record: header with state and verbs, counts, facts left, lines and timeline in the middle, related documents right; live."""

    template_name = "web/record.html"
    sections: ClassVar[tuple[Section, ...]] = ()
    verbs: ClassVar[tuple[Verb, ...]] = ()
    status: ClassVar[Cell | None] = Status()
    remarks: ClassVar[tuple[Cell, ...]] = ()
    related: ClassVar[tuple[str, ...]] = ()
    avatar: ClassVar[str] = ""
    edit: ClassVar[str] = ""
    counts: ClassVar[tuple[Count, ...]] = ()

    # -- Where it is -------------------------------------------------------------------------------------------------
    @classmethod
    def record_kind(cls) -> str:
        """The kind this is the page of."""
        return cls.kind()

    @classmethod
    def url_name(cls) -> str:
        """Named after the model."""
        return cls.name or str(cls.the_model()._meta.model_name)

    @classmethod
    def url_path(cls) -> str:
        """The list's address and the key."""
        return cls.under("<int:pk>")

    @classmethod
    def url_patterns(cls) -> list[URLPattern]:
        """The page, and one address for each verb."""
        patterns = super().url_patterns()
        for verb in cls.verbs:
            slug = verb.address(cls.the_model())
            view = cls.as_view(verb=verb)
            patterns.append(path(f"{cls.url_path()}{slug}/", view, name=f"{cls.url_name()}-{slug}"))
        return patterns

    def about(self) -> str:
        """This record."""
        return f"{self.kind()}:{self.record.pk}"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """What the person may not see is no remark."""
        super().setup(request, *args, **kwargs)
        own: Any = self
        own.remarks = seen(self.remarks, request.user, self.model)

    # -- To override -------------------------------------------------------------------------------------------------
    def queryset(self) -> QuerySet[Any]:
        """The records a person may see."""
        rows: QuerySet[Any] = seen_by(self.the_model()._default_manager.all(), self.user)
        return rows.select_related(*self.related) if self.related else rows

    def links(self) -> list[Action]:
        """Buttons that go elsewhere from this record, beside the verbs."""
        return []

    # -- The record --------------------------------------------------------------------------------------------------
    @cached_property
    def record(self) -> Any:
        """The record, if this person may see it."""
        return get_object_or_404(self.queryset(), pk=self.kwargs["pk"])

    def heading(self) -> str:
        """The record in words."""
        return str(self.record)

    def crumbs(self) -> list[Crumb]:
        """List, then the record."""
        return [self.list_crumb(), Crumb(self.heading())]

    def buttons(self) -> list[Button]:
        """What may be done with the record now, the primary one last."""
        shown = []
        for verb in self.verbs:
            if verb.offered(self.record, self.user):
                address = reverse(f"{self.area()}:{self.url_name()}-{verb.address(self.the_model())}", args=[self.record.pk])
                shown.append(Button(verb, address, verb.obstacle(self.record)))
        return with_keys(sorted(shown, key=lambda button: button.verb.primary))

    def tabs(self) -> list[tuple[str, str]]:
        """The tabs with their keys; the first holds everything that names none."""
        names = list(dict.fromkeys(str(section.tab) for section in self._shown if section.tab))
        return [("", _("Overview")), *((slugify(name), name) for name in names)] if names else []

    @cached_property
    def papers(self) -> list[hooks.Document]:
        """The papers that can be made of the record."""
        return hooks.documents(self.kind(), self.record, self.user)

    @cached_property
    def _shown(self) -> list[Section]:
        papers = (Documents(),) if self.papers and not any(isinstance(section, Documents) for section in self.sections) else ()
        return [section for section in (*papers, *self.sections) if section.shown(self)]

    def context(self) -> dict[str, Any]:
        """Header, tabs and the sections of the chosen tab; a verb's question needs nothing but the record.

        Beside the lines of a document there is no third column: what would stand there follows the facts.
        """
        if self.verb is not None:
            return {"record": self.record}
        tab = self.request.GET.get("tab", "")
        tabs = self.tabs()
        if tab not in dict(tabs):
            tab = ""
        chosen = [section for section in self._shown if slugify(str(section.tab)) == tab]
        drawn: dict[str, list[tuple[str, str]]] = {column: [] for column in PLACES}
        awaited: list[tuple[str, bool]] = []
        for section in chosen:
            values = self._of(section)
            awaited += values.get("awaited", ())
            column = next((one for one, place in PLACES.items() if section.place == place), "main")
            key = f"{type(section).__name__.lower()}-{self._shown.index(section)}"
            drawn[column].append((key, render_to_string(section.template, values, request=self.request)))
        if drawn["wide"]:
            drawn["left"] += drawn.pop("right")
        buttons = self.buttons()
        row = Row(self.links(), self.edit_url(), [button for button in buttons if not button.verb.tucked])
        return {
            "record": self.record,
            "buttons": row.buttons,
            "tucked": [button for button in buttons if button.verb.tucked],
            "links": row.links,
            "edit_url": row.edit_url,
            "behind": row.behind(ON_DESK),
            "behind_phone": row.behind(ON_PHONE),
            "state": self.status.html(self.record) if self.status and value_at(self.record, self.status.key) else "",
            "remarks": [(cell, cell.html(self.record)) for cell in self.remarks],
            "awaited": awaited,
            "tabs": tabs,
            "tab": tab,
            "columns": {column: html for column, html in drawn.items() if html},
            "counts": counted(self.kind(), self.counts, self.record, self.user),
            "papers": self.papers,
            "present": presence.in_words(presence.others(self.kind(), self.record.pk, self.user)) if self.edit else "",
        }

    def _of(self, section: Section) -> dict[str, Any]:
        return {"section": section, "screen": self, "record": self.record, **section.data(self)}

    def edit_url(self) -> str:
        """Where the record is edited, when this person may."""
        return reverse(self.edit, args=[self.record.pk]) if self.edit and may_open(self.edit, self.user) else ""

    # -- Looking -----------------------------------------------------------------------------------------------------
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; its body alone when the browser asks whether there is news; a narrow preview; or a verb's form."""
        if self.verb is not None:
            return self.ask()
        if "fragment" in request.GET:
            return self.news()
        return self.peek() if "peek" in request.GET else self.show()

    def _body(self) -> str:
        values = {"screen": self, "heading": self.heading(), "subheading": self.subheading(), **self.context()}
        return render_to_string("web/record_body.html", values, request=self.request)

    def _pulse(self) -> str:
        """What stays the same while nothing can look different: nothing changed anywhere, nobody came or went, no time passed to tell."""
        if not isinstance(self.record, Tracked):
            return ""
        present = ",".join(presence.others(self.kind(), self.record.pk, self.user)) if self.edit else ""
        known = f"{latest()}|{self.record.version}|{present}|{int(time.time() // SETTLED)}"
        return blake2b(known.encode(), digest_size=8).hexdigest()

    def news(self) -> HttpResponse:
        """The body of the page if it differs from what the browser shows; it is drawn only when something may have changed."""
        pulse, seen = self._pulse(), self.request.headers.get("If-None-Match", "").strip('"')
        if pulse and seen.startswith(f"{pulse}-"):
            return HttpResponseNotModified(headers={"ETag": f'"{seen}"'})
        body = self._body()
        looks = blake2b(TOKEN.sub("", body).encode(), digest_size=8).hexdigest()
        mark = f'"{pulse}-{looks}"'
        if seen and seen.rpartition("-")[2] == looks:
            return HttpResponseNotModified(headers={"ETag": mark})
        return HttpResponse(body, headers={"ETag": mark, "Cache-Control": "no-store"})

    def peek(self) -> HttpResponse:
        """The record at a glance, for a side panel: title, state, facts, the latest that happened, and what may be done."""
        facts = [section.data(self)["pairs"] for section in self._shown if isinstance(section, Facts) and section.place == SIDE]
        told = next((section for section in self._shown if isinstance(section, Timeline)), None)
        values = {
            "screen": self,
            "heading": self.heading(),
            "subheading": self.subheading(),
            "record": self.record,
            "url": url_of(self.record),
            "state": self.status.html(self.record) if self.status and value_at(self.record, self.status.key) else "",
            "remarks": [html for cell in self.remarks if (html := cell.html(self.record))],
            "buttons": [button for button in self.buttons() if not button.verb.tucked],
            "edit_url": self.edit_url(),
            "facts": facts[0] if facts else [],
            "entries": told.told(self, PEEKED) if told else [],
        }
        html = render_to_string("web/peek.html", values, request=self.request)
        return HttpResponse(html, headers={"Cache-Control": "no-store", "Vary": "HX-Request, Cookie"})
