"""The filter builder: conditions as small forms, the count of what they leave, the chips above the list. Works without scripts."""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.people.models import User
from core.people.visibility import seen_by
from core.web.conditions import Condition, Where, in_words
from core.web.conditions import read as read_condition
from core.web.fields import DayField, NumberField
from core.web.filters import SPANS
from core.web.lookups import LookupField, lookup_of

if TYPE_CHECKING:
    from core.web.lists import ListScreen

MOST = 20


@dataclass(frozen=True)
class Chip:
    """A condition above the list: its words, what is wrong with it, and the list without it."""

    label: str
    operator: str
    value: str
    error: str
    without: str


def names_of(found: list[Condition], user: User) -> dict[tuple[str, str], str]:
    """The records that conditions name, in words, as far as the person may see them; one question per lookup."""
    names: dict[tuple[str, str], str] = {}
    for where in {one.where.name: one.where for one in found if one.where and one.where.lookup}.values():
        keys = {value for one in found if one.where == where and not one.error for value in one.values if value.isdigit()}
        lookup = lookup_of(where.lookup)
        rows: Any = seen_by(lookup.rows().model._default_manager.all(), user)
        for record in rows.filter(pk__in=keys) if keys and user.has_perm(lookup.permission) else ():
            names[where.name, str(record.pk)] = lookup.label(record)
    return names


def chips_of(screen: "ListScreen") -> list[Chip]:
    """The conditions of the address as chips."""
    found = screen.conditions
    names = names_of(found, screen.user)
    raws = screen.request.GET.getlist("where")
    chips = []
    for number, one in enumerate(found):
        rest = [raw for place, raw in enumerate(raws) if place != number]
        chips.append(
            Chip(
                label=str(one.where.label) if one.where else "",
                operator=str(one.operator.label) if one.operator else "",
                value=in_words(one, names),
                error=str(one.error),
                without=screen.query(where=rest),
            )
        )
    return chips


class ConditionForm(forms.Form):
    """One condition: its operator and what it asks for."""

    field = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, where: Where, data: Any = None, *, prefix: str, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, prefix=prefix, initial={"field": where.name, **(initial or {})}, use_required_attribute=False)
        self.where = where
        self.fields["op"] = forms.ChoiceField(label=str(where.label), choices=[(one.code, one.label) for one in where.operators()])
        takes = {one.takes for one in where.operators()}
        if "span" in takes:
            self.fields["span"] = forms.ChoiceField(label=_("Time"), choices=list(SPANS.items()), required=False)
        if takes & {"one", "two", "many"}:
            self.fields["value"] = self._value_field()
        if "two" in takes:
            self.fields["to"] = self._value_field()
            self.fields["to"].label = _("And")
        if "days" in takes:
            self.fields["days"] = forms.CharField(label=_("Days"), required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"}))

    def _value_field(self) -> forms.Field:
        where = self.where
        if where.kind in {"date", "moment"}:
            return DayField(label=_("Day"), required=False)
        if where.kind in {"number", "money", "percent"}:
            return NumberField(label=_("Value"), required=False)
        if where.kind == "choice":
            pairs = [(value, label) for value, (_given, label) in where.known().items()]
            return forms.MultipleChoiceField(label=_("Values"), choices=pairs, required=False, widget=forms.CheckboxSelectMultiple)
        if where.kind == "one":
            return LookupField(where.lookup, label=_("Value"), required=False)
        return forms.CharField(label=_("Value"), required=False)

    @property
    def takes(self) -> str:
        """What each operator asks for, for the script that hides the rest."""
        return json.dumps({one.code: one.takes for one in self.where.operators()})

    def shown(self) -> list[tuple[Any, str]]:
        """The fields of the value with the operators' wants they serve."""
        serves = {"span": "span", "value": "one two many", "to": "two", "days": "days"}
        return [(self[name], wants) for name, wants in serves.items() if name in self.fields]

    @cached_property
    def condition(self) -> Condition:
        """The condition that was typed; with its error when it cannot be used."""
        self.is_valid()
        data = self.cleaned_data
        code = data.get("op") or str(self["op"].value() or "")
        operator = self.where.operator(code)
        wanted = {"span": ["span"], "days": ["days"], "two": ["value", "to"], "": []}.get(operator.takes if operator else "", ["value"])
        wrong = [str(message) for name in wanted for message in self.errors.get(name, ())]
        values = [_written(data.get(name)) for name in wanted]
        flat = [part for value in values for part in (value if isinstance(value, list) else [value])]
        if wrong:
            return Condition(self.where, code, tuple(flat), error=f"{self.where.label}: {wrong[0]}")
        return read_condition(Condition(self.where, code, tuple(flat)).written, [self.where])


def _written(value: Any) -> Any:
    if isinstance(value, list):
        return value
    if value is None:
        return ""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value.pk) if hasattr(value, "pk") else str(value)


class Builder:
    """All conditions of the builder, from the address or as they are typed."""

    def __init__(self, screen: "ListScreen") -> None:
        self.screen = screen
        self.known = {where.name: where for where in screen.fields}
        asked = screen.request.GET
        self.typed = "conditions" in asked
        self.forms = self._typed(asked) if self.typed else self._kept()
        self.match_any = asked.get("match") == "any"

    def _kept(self) -> list[ConditionForm]:
        made = []
        for number, one in enumerate(self.screen.conditions):
            if one.where is not None:
                made.append(ConditionForm(one.where, prefix=f"c{number}", initial=self._initial(one)))
        return made

    def _initial(self, one: Condition) -> dict[str, Any]:
        takes = one.operator.takes if one.operator else ""
        initial: dict[str, Any] = {"op": one.code}
        if takes in {"span", "days"}:
            initial[takes] = one.values[0] if one.values else ""
        elif one.where is not None and one.where.kind == "choice":
            initial["value"] = list(one.values)
        else:
            figure = one.where is not None and one.where.kind in {"number", "money", "percent"} and not one.error
            values = [Decimal(value) for value in one.values] if figure else one.values
            initial.update(zip(("value", "to"), values, strict=False))
        return initial

    def _typed(self, asked: QueryDict) -> list[ConditionForm]:
        count = asked.get("conditions", "0")
        numbers = range(min(int(count), MOST)) if count.isascii() and count.isdigit() else range(0)
        dropped = asked.get("drop", "")
        made = []
        for number in numbers:
            where = self.known.get(asked.get(f"c{number}-field", ""))
            if where is not None and str(number) != dropped:
                made.append(ConditionForm(where, asked, prefix=f"c{number}"))
        return made

    def add(self, name: str) -> None:
        """One more condition, empty."""
        where = self.known.get(name)
        if where is not None and len(self.forms) < MOST:
            self.forms.append(ConditionForm(where, prefix=f"c{self.next_number}"))

    @property
    def next_number(self) -> int:
        """A number no condition has."""
        return max([int(str(form.prefix)[1:]) + 1 for form in self.forms], default=0)

    @property
    def conditions(self) -> list[Condition]:
        """What was typed, as conditions."""
        return [form.condition if form.is_bound else read_condition("", ()) for form in self.forms]

    def onward(self) -> str:
        """The list with these conditions."""
        params = self.screen.request.GET.copy()
        for name in [
            name
            for name in params
            if name in {"conditions", "new", "drop", "apply", "count", "add"} or name.partition("-")[0][1:].isdigit()
        ]:
            params.pop(name)
        for name in ("after", "before", "at"):
            params.pop(name, None)
        params.setlist("where", [one.written for one in self.conditions])
        if not self.match_any or len(self.forms) < 2:
            params.pop("match", None)
        for name in [name for name, values in params.lists() if not any(values)]:
            params.pop(name)
        query = params.urlencode(safe="~,")
        return f"{self.screen.url()}?{query}" if query else self.screen.url()


def filter_tool(screen: "ListScreen") -> HttpResponse:
    """The builder; the count while typing; the list when it is applied."""
    asked, request = screen.request.GET, screen.request
    builder = Builder(screen)
    complain = "apply" in asked and "drop" not in asked and not asked.get("add")
    if complain and builder.typed:
        wrong = [one for one in builder.conditions if one.error]
        if not wrong:
            address = builder.onward()
            return HttpResponse(status=204, headers={"HX-Redirect": address}) if request.htmx else HttpResponseRedirect(address)
    if "count" in asked:
        return screen.show("web/list_filter_count.html", fits=_fits(screen, builder))
    new = asked.get("new", "")
    if new and not complain:
        builder.add(new)
    kept = [
        (name, value)
        for name, values in asked.lists()
        for value in values
        if value
        and name not in {"conditions", "new", "drop", "apply", "count", "add", "match", "where", "after", "before", "at"}
        and not name.partition("-")[0][1:].isdigit()
    ]
    template = "web/list_filter_dialog.html" if request.htmx else "web/list_filter.html"
    more = {"builder": builder, "complain": complain, "kept_pairs": kept, "fits": _fits(screen, builder), "is_new": bool(new)}
    return screen.show(template, status=422 if complain else 200, **more)


def _fits(screen: "ListScreen", builder: Builder) -> str:
    if not builder.typed and not screen.conditions:
        found: list[Condition] = []
    else:
        found = builder.conditions if builder.typed else screen.conditions
    wrong = [one.error for one in found if one.error]
    if wrong:
        return str(wrong[0])
    count = screen.count_of(screen.narrowed_by(found, match_any=builder.match_any))
    return _now("%(rows)s fit") % {"rows": screen.counted_to_limit(count)} if count else _now("Nothing fits these conditions.")


__all__ = ["Builder", "Chip", "ConditionForm", "chips_of", "filter_tool"]
