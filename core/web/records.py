"""The page of one record: its state, what may be done now, its facts, and live news from the workers."""

import re
from functools import cached_property
from hashlib import blake2b
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.errors import Refused
from core.web import refusals
from core.web.cells import Cell, Status, value_at
from core.web.registry import OFFICES, list_url_of, may_open, url_of
from core.web.screen import Action, Crumb, Screen
from core.web.sections import MAIN, Section
from core.web.verbs import Button, Verb

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')


class RecordScreen(Screen):
    """One record: header with state and verbs, sections left and right, live."""

    template_name = "web/record.html"
    sections: ClassVar[tuple[Section, ...]] = ()
    verbs: ClassVar[tuple[Verb, ...]] = ()
    status: ClassVar[Cell | None] = Status()
    remarks: ClassVar[tuple[Cell, ...]] = ()
    related: ClassVar[tuple[str, ...]] = ()
    avatar: ClassVar[str] = ""
    edit: ClassVar[str] = ""

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

    verb: Verb | None = None

    def about(self) -> str:
        """This record."""
        return f"{self.kind()}:{self.record.pk}"

    # -- To override -------------------------------------------------------------------------------------------------
    def queryset(self) -> QuerySet[Any]:
        """The records a person may see."""
        rows: QuerySet[Any] = self.the_model()._default_manager.all()
        if hasattr(rows, "visible_to"):
            rows = rows.visible_to(self.user)
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
        listed = list_url_of(self.kind())
        meta = self.the_model()._meta
        first = Crumb(str(meta.verbose_name_plural).capitalize(), listed) if listed else Crumb(OFFICES.get(self.office(), ""))
        return [first, Crumb(self.heading())]

    def buttons(self) -> list[Button]:
        """What may be done with the record now, the primary one last."""
        shown = []
        for verb in self.verbs:
            if verb.offered(self.record, self.user):
                address = reverse(f"{self.area()}:{self.url_name()}-{verb.address(self.the_model())}", args=[self.record.pk])
                shown.append(Button(verb, address, verb.obstacle(self.record)))
        return sorted(shown, key=lambda button: button.verb.primary)

    def tabs(self) -> list[tuple[str, str]]:
        """The tabs with their keys; the first holds everything that names none."""
        names = list(dict.fromkeys(str(section.tab) for section in self._shown if section.tab))
        return [("", _("Overview")), *((slugify(name), name) for name in names)] if names else []

    @cached_property
    def _shown(self) -> list[Section]:
        return [section for section in self.sections if section.shown(self)]

    def context(self) -> dict[str, Any]:
        """Header, tabs and the sections of the chosen tab."""
        tab = self.request.GET.get("tab", "")
        tabs = self.tabs()
        if tab not in dict(tabs):
            tab = ""
        chosen = [section for section in self._shown if slugify(str(section.tab)) == tab]
        drawn = [(section, render_to_string(section.template, self._of(section), request=self.request)) for section in chosen]
        buttons = self.buttons()
        return {
            "record": self.record,
            "buttons": [button for button in buttons if not button.verb.tucked],
            "tucked": [button for button in buttons if button.verb.tucked],
            "links": self.links(),
            "edit_url": self.edit_url(),
            "state": self.status.html(self.record) if self.status and value_at(self.record, self.status.key) else "",
            "remarks": [(cell, cell.html(self.record)) for cell in self.remarks],
            "tabs": tabs,
            "tab": tab,
            "main_sections": [html for section, html in drawn if section.place == MAIN],
            "side_sections": [html for section, html in drawn if section.place != MAIN],
        }

    def _of(self, section: Section) -> dict[str, Any]:
        return {"section": section, "screen": self, "record": self.record, **section.data(self)}

    def edit_url(self) -> str:
        """Where the record is edited, when this person may."""
        return reverse(self.edit, args=[self.record.pk]) if self.edit and may_open(self.edit, self.user) else ""

    # -- Looking -----------------------------------------------------------------------------------------------------
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; its body alone when the browser asks whether there is news; or a verb's form."""
        if self.verb is not None:
            return self.ask()
        if "fragment" in request.GET:
            return self.news()
        return self.show()

    def _body(self) -> str:
        values = {"screen": self, "heading": self.heading(), "subheading": self.subheading(), **self.context()}
        return render_to_string("web/record_body.html", values, request=self.request)

    def news(self) -> HttpResponse:
        """The body of the page if it differs from what the browser shows."""
        body = self._body()
        mark = '"' + blake2b(TOKEN.sub("", body).encode(), digest_size=8).hexdigest() + '"'
        if self.request.headers.get("If-None-Match") == mark:
            return HttpResponseNotModified(headers={"ETag": mark})
        return HttpResponse(body, headers={"ETag": mark, "Cache-Control": "no-store"})

    # -- Doing -------------------------------------------------------------------------------------------------------
    def _check(self) -> Verb:
        if self.verb is None:
            raise Http404
        needed = self.verb.needed_permission(self.the_model())
        if not self.user.has_perm(needed):
            raise PermissionDenied(needed)
        return self.verb

    def ask(self, form: Any = None, *, refused: Refused | None = None) -> HttpResponse:
        """The verb's question: in the dialog, or as a page of its own without scripts."""
        verb = self._check()
        if form is None and verb.form is not None:
            form = verb.form(initial=verb.initial(self.record) if verb.initial else None)
        status = 422 if refused is not None or (form is not None and form.is_bound) else 200
        template = "web/verb_dialog.html" if self.request.htmx else "web/verb.html"
        address = self.request.path
        return self.show(template, status=status, verb=verb, form=form, refused=refused, address=address, back=url_of(self.record))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it: one operation call, then back to the record (or on to what it made)."""
        verb = self._check()
        form = None
        if verb.form is not None:
            form = verb.form(request.POST, request.FILES)
            if not form.is_valid():
                return self.ask(form)
        try:
            result = verb.perform(self.record, form, self.user)
        except Refused as refusal:
            if form is None:
                raise
            placed = refusals.put_on(form, refusal)
            return self.ask(form, refused=None if placed else refusal)
        if verb.done:
            messages.success(request, str(verb.done))
        return self.onward(result)

    def onward(self, result: Any) -> HttpResponse:
        """Where the person goes afterwards: to what was made, else back to the record, else to the list."""
        target = url_of(self.record)
        if isinstance(result, Model) and type(result) is not self.the_model():
            target = url_of(result) or target
        if self.request.htmx:
            return HttpResponse(status=204, headers={"HX-Redirect": target})
        return redirect(target)
