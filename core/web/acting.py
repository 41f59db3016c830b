"""Doing one thing with a record: ask for what it needs, call the one operation, go on from there. Nothing typed is lost."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.db import expecting
from core.errors import Refused, Stale, WaitsForSecond
from core.people.door.confirming import demand
from core.people.visibility import seen_of
from core.web import refusals
from core.web.asking import asking, cannot_do_without
from core.web.conflicts import changed_since, version_of, version_sent
from core.web.registry import list_url_of, url_of
from core.web.screen import Crumb, Screen
from core.web.verbs import Verb


class Acting(Screen):
    """A screen on which a verb is done: subclasses say which ``record`` and which verb."""

    verb: Verb | None = None

    @property
    def record(self) -> Any:
        """The record at hand."""
        raise Http404

    def the_verb(self) -> Verb:
        """What is to be done; there is nothing here without one."""
        if self.verb is None:
            raise Http404
        return self.verb

    def checked(self) -> Verb:
        """The verb, if this person may do it."""
        verb = self.the_verb()
        needed = verb.needed_permission(type(self.record))
        if not verb.may(self.record, self.user):
            raise PermissionDenied(needed)
        if verb.form is not None and cannot_do_without(verb.form, self.user):
            raise PermissionDenied(needed)
        if verb.sensitive:
            demand(self.request)
        return verb if verb.form is None else replace(verb, form=asking(verb.form, self.user))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The verb's question."""
        return self.ask()

    def ask(self, form: Any = None, *, refused: Refused | None = None, stale: bool = False) -> HttpResponse:
        """The verb's question: in the dialog, or as a page of its own without scripts. What the address carries is filled in."""
        verb = self.checked()
        if form is None and verb.form is not None:
            typed = {name: value for name, value in self.request.GET.items() if name in verb.form.base_fields and value}
            form = verb.form(initial={**(verb.initial(self.record) if verb.initial else {}), **typed})
        status = 422 if stale or refused is not None or (form is not None and form.is_bound) else 200
        template = "web/verb_dialog.html" if self.request.htmx else "web/verb.html"
        return self.show(
            template,
            status=status,
            verb=verb,
            form=form,
            refused=refused,
            address=self.request.path,
            back=url_of(self.record),
            version=version_of(self.record),
            changes=changed_since(self.record, version_sent(self.request)) if stale else (),
            stale=stale,
            crumbs=self.crumbs_to(verb),
        )

    def crumbs_to(self, verb: Verb) -> list[Crumb]:
        """The way to the verb's question: over the record, which leads back."""
        *before, here = [crumb for crumb in self.crumbs() if crumb.label]
        return [*before, Crumb(here.label, here.url or url_of(self.record)), Crumb(verb.label)]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it: one operation call, then back to the record (or on to what it made)."""
        verb = self.checked()
        form = None
        if verb.form is not None:
            form = verb.form(request.POST, request.FILES)
            if not form.is_valid():
                return self.ask(form)
        try:
            with expecting(self.record, version_sent(request)):
                result = verb.perform(self.record, form, self.user)
        except Stale:
            self.__dict__.pop("record", None)
            return self.ask(form, stale=True)
        except WaitsForSecond:
            raise
        except Refused as refusal:
            if form is None and not request.POST.get("_version"):
                raise
            placed = form is not None and refusals.put_on(form, refusal)
            return self.ask(form, refused=None if placed else refusal)
        if verb.done:
            messages.success(request, str(verb.done))
        return self.onward(result)

    def onward(self, result: Any) -> HttpResponse:
        """Where the person goes afterwards: to what was made, else back to the record, else to the list."""
        kind = self.record._meta.label_lower
        target = url_of(self.record) if seen_of(kind, [self.record.pk], self.user) else list_url_of(kind)
        if isinstance(result, Model) and type(result) is not type(self.record) and not self.stays(result):
            target = url_of(result) or target
        if self.request.htmx:
            return HttpResponse(status=204, headers={"HX-Redirect": target})
        return redirect(target)

    def stays(self, result: Model) -> bool:
        """Whether the person stays on the record although something else was made."""
        return False
