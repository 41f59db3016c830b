"""How a list is asked for: filters, search, order, and nothing else.

What may be asked stands on the viewset: ``filterset_fields`` (which comparisons a field takes follows from what it holds), ``search_fields``,
``ordering_fields``, ``expandable`` (see ``core.api.selecting``). The OpenAPI description and the refusal of everything else read it there.
Of that, nobody filters, searches or orders by what is hidden from them: to them there is no such field.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.core.validators import MaxValueValidator, MinValueValidator, ProhibitNullCharactersValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from django_filters.filters import BaseCSVFilter
from django_filters.utils import get_model_field
from drf_spectacular.types import OpenApiTypes
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.filters import OrderingFilter, SearchFilter
from rest_framework.request import Request

from core.api.fields import FIRST, LAST
from core.people.hiding import hides, shown
from core.people.models import User
from core.people.visibility import seen_by

RANGE = ("exact", "gt", "gte", "lt", "lte")
LARGEST = 10**30
"""No figure is compared with more than this, up or down."""
YES = {"true": True, "1": True, "false": False, "0": False}
"""What may be said where the answer is yes or no."""
LONGEST_LIST = 200


class BadQuery(ValidationError):
    """The address asks for something that is not there: each entry of ``errors`` names the parameter."""


def comparisons(model: type[models.Model], name: str, declared: Iterable[str] = ()) -> list[str]:
    """The comparisons a field takes: equal always, a range where there is an order, a list for keys and choices, empty where it may be."""
    try:
        field: Any = get_model_field(model, name)
    except FieldDoesNotExist:
        field = None
    found = ["exact", *declared]
    if isinstance(field, models.DateField | models.DecimalField):
        found += RANGE
    elif isinstance(field, models.ForeignKey | models.AutoField) or getattr(field, "choices", None):
        found.append("in")
    elif isinstance(field, models.IntegerField):
        found += [*RANGE, "in"]
    if getattr(field, "null", False):
        found.append("isnull")
    if set(declared) == {"isnull"} and not isinstance(field, models.DateField):
        found.remove("exact")
    return list(dict.fromkeys(found))


class WholeNumber(filters.NumberFilter):  # type: ignore[misc]  # django-filter has no types
    """A number without a fraction, such as a key: that no record has it is no mistake, it just finds nothing."""

    field_class = forms.IntegerField

    def get_max_validator(self) -> None:
        """A key may be as large as it likes."""
        return


class FigureField(forms.DecimalField):
    """A figure that may be compared with."""

    default_validators = [MinValueValidator(-LARGEST), MaxValueValidator(LARGEST)]


class Figure(filters.NumberFilter):  # type: ignore[misc]  # likewise
    """A figure to compare with."""

    field_class = FigureField

    def get_max_validator(self) -> None:
        """The field knows how far one goes, both ways."""
        return


class MomentOfOurTime(forms.DateTimeField):
    """A moment with its offset, in a year that every clock of ours can tell."""

    def to_python(self, value: Any) -> Any:
        """The moment in UTC."""
        try:
            moment = datetime.fromisoformat(value) if value else None
        except ValueError as error:
            raise forms.ValidationError(_("Write it like 2026-11-30T09:00:00+07:00."), code="invalid") from error
        if moment is None:
            return None
        if not FIRST <= moment.year <= LAST:
            raise forms.ValidationError(_("Give a year from 1970 to 2199."), code="far")
        return (moment if moment.tzinfo else timezone.make_aware(moment)).astimezone(UTC)


class Moment(filters.IsoDateTimeFilter):  # type: ignore[misc]  # likewise
    """A moment to compare with."""

    field_class = MomentOfOurTime


WHOLE = (
    *(models.IntegerField, models.SmallIntegerField, models.PositiveIntegerField, models.PositiveSmallIntegerField),
    *(models.AutoField, models.ForeignKey, models.OneToOneField),
)
KINDS = {kind: {"filter_class": WholeNumber} for kind in WHOLE} | {
    models.DateTimeField: {"filter_class": Moment},
    models.DecimalField: {"filter_class": Figure},
}


class Filters(filters.DjangoFilterBackend):  # type: ignore[misc]  # likewise
    """``?status=open&order_date__gte=2026-01-01``: the declared fields, each with the comparisons that fit it."""

    def get_filterset_class(self, view: Any, queryset: Any = None) -> Any:
        """One class per viewset, made when it is first asked for."""
        declared = getattr(view, "filterset_fields", None)
        if declared is None or queryset is None:
            return None
        kind = type(view)
        made = kind.__dict__.get("_filterset")
        if made is None:
            made = kind._filterset = _filterset(queryset.model, declared)
        return made

    def known(self, request: Request, queryset: Any, view: Any) -> list[str]:
        """The parameters this person may filter by."""
        kind = self.get_filterset_class(view, queryset)
        found = kind.base_filters if kind is not None else {}
        return [name for name, one in found.items() if not hides(request.user, queryset.model, one.field_name)]

    def get_filterset(self, request: Request, queryset: Any, view: Any) -> Any:
        """The filters of the resource without those of hidden fields; a record the person may not see is no choice, as one that is not there."""
        found = super().get_filterset(request, queryset, view)
        if found is None:
            return None
        known = self.known(request, queryset, view)
        for name in [name for name in found.filters if name not in known]:
            del found.filters[name]
        if isinstance(request.user, User):
            for field in found.form.fields.values():
                if getattr(field, "queryset", None) is not None:
                    field.queryset = seen_by(field.queryset, request.user)
        return found

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        """The rows that fit; a value that is none of the field's is a 400 naming the parameter."""
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        empty = [name for name, one in filterset.filters.items() if request.query_params.get(name) == "" and not _takes_text(one)]
        if empty:
            raise BadQuery({name: [_("Say what to compare with, or leave it out.")] for name in empty})
        vague = [name for name, one in filterset.filters.items() if isinstance(one, filters.BooleanFilter) and not _is_clear(request, name)]
        if vague:
            raise BadQuery({name: [_("Say true or false.")] for name in vague})
        if not filterset.is_valid():
            raise BadQuery({name: [str(fault) for fault in faults] for name, faults in filterset.errors.items()})
        return filterset.qs


def _takes_text(one: Any) -> bool:
    """Whether the empty text is a value like any other."""
    return isinstance(one, filters.CharFilter) and not isinstance(one, BaseCSVFilter)


def _is_clear(request: Request, name: str) -> bool:
    """Whether yes or no was said, or nothing."""
    return request.query_params.get(name, "true") in YES


def _filterset(model: type[models.Model], declared: Any) -> Any:
    named = declared if isinstance(declared, Mapping) else dict.fromkeys(declared, ())
    fields = {name: comparisons(model, name, lookups) for name, lookups in {"id": ("in",), **named}.items()}
    meta = type("Meta", (), {"model": model, "fields": fields, "filter_overrides": KINDS})
    return type(f"{model.__name__}Filters", (filters.FilterSet,), {"Meta": meta})


class Search(SearchFilter):
    """``?search=``: every word has to be found in one of the declared fields."""

    def get_search_fields(self, view: Any, request: Request) -> Any:
        """Where nothing is declared there is nothing to search; who asks finds nothing by what they may not see."""
        names = getattr(view, "search_fields", None)
        if not names or request is None:
            return names
        return [name for name in names if not hides(request.user, view.queryset.model, name.lstrip("^=@$"))]

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Described only where it does something, with the fields it looks at."""
        fields = self.get_search_fields(view, None)  # type: ignore[arg-type]
        if not fields:
            return []
        words = "Every word has to be found in one of: " + ", ".join(name.replace("__", ".") for name in fields) + "."
        return [{"name": self.search_param, "in": "query", "required": False, "description": words, "schema": {"type": "string"}}]


class Ordering(OrderingFilter):
    """``?ordering=-created_at,name``: the declared fields, ``id`` among them; an unknown one is a 400."""

    def get_default_valid_fields(self, queryset: Any, view: Any, context: Any = None) -> Any:
        """Without a declaration a list is ordered by its key only."""
        return [("id", "id")]

    def get_valid_fields(self, queryset: Any, view: Any, context: Any = None) -> Any:
        """What may be ordered by, and by whoever asks."""
        names = tuple(getattr(view, "ordering_fields", None) or ())
        asking = (context or {}).get("request")
        seen = shown(asking.user, view.queryset.model, names) if asking is not None else names
        return [("id", "id"), *((name, name) for name in seen)]

    def remove_invalid_fields(self, queryset: Any, fields: Any, view: Any, request: Request) -> list[str]:
        """Refuse what may not be ordered by, and say what may."""
        known = [name for name, _label in self.get_valid_fields(queryset, view, {"request": request})]
        unknown = next((name for name in fields if name.removeprefix("-") not in known), None)
        if unknown is not None:
            raise BadQuery(
                {
                    self.ordering_param: [
                        _("Nothing is ordered by %(field)s, but by: %(known)s.") % {"field": unknown, "known": ", ".join(known)}
                    ]
                }
            )
        return list(fields)

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        """The pages put the rows in order, with the cursor; here the wish is only checked."""
        if request.query_params.get(self.ordering_param) == "":
            raise BadQuery({self.ordering_param: [_("Say what to order by, or leave it out.")]})
        self.get_ordering(request, queryset, view)
        return queryset

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Each field upwards and downwards."""
        names = [name for name, _label in self.get_valid_fields(None, view)]
        either = "|".join(["-?" + name for name in names])
        words = "Fields with commas between them, `-` for downwards: " + ", ".join(names) + "."
        schema = {"type": "string", "pattern": rf"^({either})(,({either}))*$"}
        return [{"name": self.ordering_param, "in": "query", "required": False, "description": words, "schema": schema}]


def refuse_unknown(request: Request, known: Iterable[str], once: Iterable[str] = ()) -> None:
    """A parameter that means nothing is a mistake of the caller, and told as one; so is one of ``once`` that is said twice."""
    allowed = sorted(set(known))
    faults = {
        name: [ErrorDetail(_("There is no such parameter here. There are: %(known)s.") % {"known": ", ".join(allowed) or "–"})]
        for name in request.query_params
        if name not in allowed
    }
    for name in once:
        if len(request.query_params.getlist(name)) > 1:
            faults[name] = [ErrorDetail(_("Say it once; several values stand with commas between them where a list is taken."))]
    for name, value in request.query_params.items():
        if "\x00" in value:
            faults[name] = [ErrorDetail(str(ProhibitNullCharactersValidator.message))]
    if faults:
        raise BadQuery(faults)


def refuse_unfit(request: Request, declared: Iterable[Any]) -> None:
    """So is a declared parameter that says nothing, or none of what it may say."""
    faults: dict[str, list[Any]] = {}
    for one in declared:
        if one.name not in request.query_params:
            continue
        try:
            _field_of(one).clean(request.query_params[one.name])
        except forms.ValidationError as error:
            faults[one.name] = [ErrorDetail(told) for told in error.messages]
    if faults:
        raise BadQuery(faults)


def _field_of(declared: Any) -> forms.Field:
    """What reads a declared parameter."""
    if declared.enum:
        return forms.ChoiceField(choices=[(one, one) for one in declared.enum])
    if declared.type is OpenApiTypes.DATE:
        return forms.DateField(input_formats=["%Y-%m-%d"])
    longest = declared.type.get("maxLength") if isinstance(declared.type, dict) else None
    return forms.CharField(max_length=longest, required=False, strip=False)
