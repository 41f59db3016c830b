"""The page that changes a record, and what happens when two people do it at once."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from core.db import expecting
from core.people.visibility import seen_by
from core.web import conflicts, presence
from core.web.forms import FormScreen
from core.web.registry import Text, url_of
from core.web.screen import Crumb


class EditScreen(FormScreen):
    """The page that changes a record: ``<route>/<pk>/edit/``; the operation takes the record first.

    The form carries the version of the record it was opened with. When somebody else was faster, a page shows field by field what
    was, what they made of it and what was typed, and each field is kept or taken.
    """

    related: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def url_name(cls) -> str:
        """Named after the model."""
        return cls.name or f"{cls.the_model()._meta.model_name}-edit"

    @classmethod
    def url_path(cls) -> str:
        """Under the record."""
        return cls.under("<int:pk>/edit")

    def queryset(self) -> QuerySet[Any]:
        """The records a person may change."""
        rows: QuerySet[Any] = seen_by(self.the_model()._default_manager.all(), self.user)
        return rows.select_related(*self.related) if self.related else rows

    @cached_property
    def record(self) -> Any:
        """The record at hand."""
        return get_object_or_404(self.queryset(), pk=self.kwargs["pk"])

    def initial(self) -> dict[str, Any]:
        """What the record says now."""
        return {name: getattr(self.record, name, None) for name in self.form_class.base_fields}

    def perform(self, data: dict[str, Any]) -> Any:
        """The one operation call."""
        return type(self).operation(self.record, by=self.user, **data)

    def heading(self) -> Text:
        """What is being done, and with what."""
        return f"{self.title} · {self.record}" if self.title else _("Edit %(thing)s") % {"thing": self.record}

    def back(self) -> str:
        """Back to the record."""
        return url_of(self.record) or super().back()

    def crumbs(self) -> list[Crumb]:
        """List, record, edit."""
        first = super().crumbs()[0]
        return [first, Crumb(str(self.record), url_of(self.record)), Crumb(self.title or _("Edit"))]

    # -- Two at once -------------------------------------------------------------------------------------------------
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form as it starts; the others who edit the record hear of it."""
        self.others = presence.arrive(self.kind(), self.record.pk, self.user)
        return super().get(request, *args, **kwargs)

    others: Sequence[str] = ()

    def carried(self, form: BaseForm) -> dict[str, Any]:
        """The version of the record and what stood in the form, as they were when it was opened."""
        sent, seal = conflicts.version_sent(self.request), self.request.POST.get("_before", "")
        if sent is None:
            sent, seal = conflicts.version_of(self.record), self._sealed()
        return {"version": sent, "before": seal, "presence": self.presence_url(), "others": presence.in_words(list(self.others))}

    def presence_url(self) -> str:
        """Where the page says that somebody is here."""
        return reverse("web:presence", args=[self.kind(), self.record.pk])

    def _stands(self) -> dict[str, conflicts.Said]:
        return conflicts.said_by(self.make_form(), self.initial())

    def _lines_stand(self) -> conflicts.Said | None:
        return conflicts.lines_said(self.grid.form, self.initial_lines()) if self.grid else None

    def _sealed(self) -> str:
        return conflicts.sealed(self._stands(), self._lines_stand())

    def guard(self, data: dict[str, Any]) -> AbstractContextManager[None]:
        """The operation goes on only on the record the person looked at."""
        version, opened = conflicts.version_sent(self.request), conflicts.opened(self.request.POST.get("_before", ""))
        before = opened[1] if opened else None
        still = (lambda: self._lines_stand() == before) if before and self.grid and not self.grid.fixed else None
        return expecting(self.record, version, still=still)

    def outdated(self, form: forms.Form, lines: Any, data: dict[str, Any]) -> HttpResponse:
        """What they did does not touch what the form says: go on. Else let the person choose field by field."""
        version = conflicts.version_sent(self.request)
        self.__dict__.pop("record", None)
        theirs, their_lines = self._stands(), self._lines_stand()
        mine = conflicts.said_by(form, data)
        my_lines = conflicts.lines_said(self.grid.form, data[self.grid.name]) if self.grid else None
        was, lines_were = conflicts.opened(self.request.POST.get("_before", "")) or (theirs, their_lines)
        labels: dict[str, Text] = {name: form[name].label for name in theirs}
        if self.grid and my_lines and their_lines:
            name = self.grid.name
            theirs, mine, was = theirs | {name: their_lines}, mine | {name: my_lines}, was | {name: lines_were or their_lines}
            labels[name] = self.grid.title
        found = conflicts.differences(labels, was, theirs, mine)
        if all(theirs[name].key == was[name].key for name in theirs if name in was):
            self.request.POST = self._newer()  # type: ignore[assignment]
            return self.carry_out(form, lines, data)
        if "_choose" in self.request.POST and conflicts.version_of(self.record) == self._chosen_version():
            self.request.POST = self._newer()  # type: ignore[assignment]
            return self.carry_out(form, lines, self._chosen(data, [one.name for one in found]))
        return self.show(
            "web/conflict.html",
            status=409,
            differences=found,
            changes=conflicts.changed_since(self.record, version),
            typed=[(name, value) for name, values in self.request.POST.lists() if name not in OWN for value in values],
            version=version,
            newest=conflicts.version_of(self.record),
            before=self.request.POST.get("_before", ""),
            back=self.back(),
        )

    def _chosen_version(self) -> int:
        sent = self.request.POST.get("_choose", "")
        return int(sent) if sent.isdigit() else 0

    def _newer(self) -> QueryDict:
        """What was sent, on top of the record as it stands now."""
        sent = self.request.POST.copy()
        sent["_version"], sent["_before"] = str(conflicts.version_of(self.record)), self._sealed()
        return sent

    def _chosen(self, data: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
        """What was typed, with what they wrote where the person keeps it."""
        kept = {name for name in names if self.request.POST.get(f"_take-{name}") == "theirs"}
        stands = self.initial()
        chosen = {name: stands.get(name) if name in kept else value for name, value in data.items()}
        for name in kept & set(self.form_class.base_fields):
            if chosen[name] is None and isinstance(self.form_class.base_fields[name], forms.CharField):
                chosen[name] = ""
        if self.grid and self.grid.name in kept:
            chosen[self.grid.name] = self.initial_lines()
        return chosen


OWN = frozenset({"csrfmiddlewaretoken", "_version", "_before", "_choose"})
"""What travels with an edit form besides what is typed."""
