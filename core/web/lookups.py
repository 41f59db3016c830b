"""Lookups: choosing one record among many by typing. Endpoint, form field and combobox in one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db.models import Model, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.people.hiding import shown
from core.people.models import User
from core.people.visibility import seen_by, seen_now
from core.web.registry import _loaded

MOST = 12


@dataclass(frozen=True)
class Lookup:
    """How records of a kind are found and shown. ``hint`` gives a note per key for a page of results at once (one
    question, not one each); ``fill`` gives values for the other fields of the same line (``unit_price`` ...)."""

    kind: str
    rows: Callable[[], QuerySet[Any]]
    search: tuple[str, ...]
    permission: str
    label: Callable[[Any], str] = str
    note: Callable[[Any], str] = field(default=lambda _row: "")
    hint: Callable[[Sequence[Any]], Mapping[int, str]] | None = None
    fill: Callable[[Any], Mapping[str, str]] = field(default=lambda _row: {})
    order: str = "name"

    def within_reach(self, user: User | None = None) -> QuerySet[Any]:
        """The records the person may choose from; who is not named is who acts."""
        return seen_by(self.rows(), user) if user is not None else seen_now(self.rows())

    def found(self, words: str, user: User | None = None) -> QuerySet[Any]:
        """The records every word occurs in."""
        rows = self.within_reach(user)
        names = self.search if user is None else shown(user, rows.model, self.search)
        for word in words.replace("\x00", "").split():
            match = Q()
            for name in names:
                match |= Q(**{f"{name}__icontains": word})
            rows = rows.filter(match)
        return rows.order_by(self.order, "pk")

    def meant(self, words: str, user: User | None = None) -> list[Any]:
        """What somebody means who wrote exactly this: what is called so (by name, number or SKU), else the only one it fits."""
        called = Q()
        for name in self.search:
            called |= Q(**{f"{name}__iexact": words})
        rows = self.found("", user)
        return list(rows.filter(called)[:2]) or list(self.found(words, user)[:2])

    def answers(self, words: str, user: User, *, exact: bool = False) -> list[dict[str, Any]]:
        """The first matches as the combobox shows them; with ``exact`` only what these very words mean."""
        rows = self.meant(words, user) if exact else list(self.found(words, user)[:MOST])
        hints = self.hint(rows) if self.hint and rows else {}
        return [
            {
                "value": str(row.pk),
                "label": self.label(row),
                "note": self.note(row),
                "hint": hints.get(row.pk, ""),
                "fill": dict(self.fill(row)),
            }
            for row in rows
        ]


_lookups: dict[str, Lookup] = {}


def provide_lookup(lookup: Lookup) -> Lookup:
    """Make records of a kind choosable in every form."""
    _lookups[lookup.kind] = lookup
    return lookup


def lookup_of(kind: str) -> Lookup:
    """The lookup of a kind. Raises KeyError when the kind has none."""
    _loaded()
    return _lookups[kind]


def has_lookup(kind: str) -> bool:
    """Whether records of a kind are chosen with a lookup."""
    _loaded()
    return kind in _lookups


class LookupInput(forms.Widget):
    """A combobox: the key travels in a hidden field, the words in a visible one (enough on its own without scripts)."""

    def __init__(self, kind: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.kind = kind

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """The key and the words typed; the record itself where it stands in the form already."""
        if isinstance(data.get(name), Model):
            return data[name]
        return str(data.get(name) or "").strip(), str(data.get(f"{name}_text") or "").strip()

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Whether the form was sent without it."""
        return name not in data and f"{name}_text" not in data

    def id_for_label(self, id_: str) -> str:
        """The visible field has the id."""
        return id_

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The combobox with what was chosen or typed."""
        key, words = self._shown(value)
        final = self.build_attrs(self.attrs, attrs)
        address = reverse("web:lookup", args=[self.kind])
        values = {"name": name, "key": key, "words": words, "attrs": final, "id": final.get("id", f"id_{name}"), "address": address}
        return SafeString(render_to_string("components/lookup.html", values))

    def _shown(self, value: Any) -> tuple[str, str]:
        if isinstance(value, tuple):
            if value[0] and not value[1]:
                return self._shown(value[0])
            return value
        if isinstance(value, Model):
            return str(value.pk), lookup_of(self.kind).label(value)
        if value in {None, ""}:
            return "", ""
        record = lookup_of(self.kind).within_reach().filter(pk=value).first()
        return (str(record.pk), lookup_of(self.kind).label(record)) if record else ("", "")


class LookupField(forms.Field):
    """One record of a kind, found by typing; cleans to the record."""

    widget: LookupInput

    def __init__(self, kind: str, *, required: bool = True, label: Any = None, help_text: Any = "", initial: Any = None) -> None:
        super().__init__(required=required, label=label, help_text=help_text, initial=initial, widget=LookupInput(kind))
        self.kind = kind

    def clean(self, value: Any) -> Any:
        """The chosen record, or the only one the typed words fit."""
        if isinstance(value, Model):
            return value
        key, words = value if isinstance(value, tuple) else (str(value or ""), "")
        lookup = lookup_of(self.kind)
        if key.isdigit():
            record = lookup.within_reach().filter(pk=int(key)).first()
            if record is None:
                raise forms.ValidationError(_("This one is not there any more. Choose another."))
            return record
        if words:
            found = lookup.meant(words)
            exact = [row for row in found if lookup.label(row).casefold() == words.casefold()]
            if len(found) == 1 or exact:
                return (exact or found)[0]
            raise forms.ValidationError(
                _("Nothing is called that. Choose from the list.") if not found else _("Several fit. Choose one from the list.")
            )
        if self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether anything was chosen or typed."""
        key, words = data if isinstance(data, tuple) else (str(data.pk if isinstance(data, Model) else data or ""), "")
        before = str(initial.pk) if isinstance(initial, Model) else str(initial or "")
        return key != before if key else bool(words)


def choices_of(rows: QuerySet[Any]) -> Callable[[], list[tuple[Any, str]]]:
    """Choices for a Select filter over a short table."""
    return lambda: [(row.pk, str(row)) for row in rows.all()]
