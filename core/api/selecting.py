"""What of a record is wanted: ``?fields=number,total`` leaves the rest out, ``?expand=customer,lines.product`` puts related records beside.

A viewset allows ``expandable = {"customer": "parties.party", "lines.product": "catalog.product"}``: a field of the record, or of rows that
are part of it, and the kind of record it names. It is read as that kind's own resource reads it: same permission, same rows, same shape,
under ``expanded`` beside the key, which stays what it was. Each costs a fixed number of statements, however many records a page has.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import Prefetch
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.reach import without_hidden
from core.api.reading import BadQuery
from core.people.hiding import shown

FIELDS, EXPAND = "fields", "expand"
SELECTION = "application/vnd.satu.selection+json"
MOST_EXPANDED = 10
DEEPEST = 2

RESOURCES: dict[str, Any] = {}
"""The viewset in which records of a kind are read, by the kind's name."""


class Expanded(serializers.Field[Any, Any, Any, Any]):
    """Related records, each as its own resource shows it; null when there is none, or none that one may see."""

    def __init__(self, shapes: Mapping[str, type[serializers.BaseSerializer[Any]]], **more: Any) -> None:
        super().__init__(source="*", read_only=True, **more)
        self.shapes = shapes

    @cached_property
    def serializers(self) -> dict[str, Any]:
        """One for all records of the page, without what the person may not see."""
        found = {name: shape(context=self.context) for name, shape in self.shapes.items()}
        for one in found.values():
            without_hidden(one, self.context["request"].user)
        return found

    def to_representation(self, record: Any) -> dict[str, Any]:
        """The records that were fetched together with this one."""
        found = {name: getattr(record, attribute(name), None) for name in self.shapes}
        return {name: None if related is None else self.serializers[name].to_representation(related) for name, related in found.items()}


class SelectingMixin:
    """Reading of one record or many, with ``fields`` and ``expand``."""

    request: Any
    action: Any
    queryset: Any
    expandable: ClassVar[Mapping[str, str]] = {}

    @property
    def selects(self) -> bool:
        """Whether the present request may select: it reads the resource itself."""
        return self.action in {"list", "retrieve"}

    def wanted(self, parameter: str) -> list[str]:
        """The names a parameter lists, without doubles."""
        if not self.selects or parameter not in self.request.query_params:
            return []
        said = [name.strip() for name in self.request.query_params[parameter].split(",")]
        if not all(said):
            raise BadQuery({parameter: [_("List names with commas between them.")]})
        return list(dict.fromkeys(said))

    def expansions(self) -> dict[str, Any]:
        """The wanted expansions that this person may see, with the viewset each is read in."""
        found: dict[str, Any] = {}
        wanted = self.wanted(EXPAND)
        allowed = shown(self.request.user, self.queryset.model, self.expandable) if wanted else ()
        for path in wanted:
            if path not in allowed:
                known = ", ".join(allowed) or "–"
                raise BadQuery({EXPAND: [_("%(name)s cannot be expanded here, but: %(known)s.") % {"name": path, "known": known}]})
            kind = self.expandable[path]
            app_label, _dot, name = kind.partition(".")
            needed = f"{app_label}.view_{name}"
            if not self.request.user.has_perm(needed):
                raise PermissionDenied(_("Expanding %(name)s needs the permission %(permission)s.") % {"name": path, "permission": needed})
            found[path] = RESOURCES[kind]
        return found

    def with_expansions(self, rows: Any) -> Any:
        """The rows, each with the related records that are wanted."""
        return rows.prefetch_related(
            *(
                Prefetch(path.replace(".", "__"), queryset=_rows_of(viewset, self.request), to_attr=attribute(path.rpartition(".")[2]))
                for path, viewset in self.expansions().items()
            )
        )

    def shaped(self, serializer: Any) -> Any:
        """The serializer with what is wanted and no more."""
        root = getattr(serializer, "child", serializer)
        fields = self.wanted(FIELDS)
        if fields:
            _keep(root, fields)
        beside: dict[str, dict[str, Any]] = defaultdict(dict)
        for path, viewset in self.expansions().items():
            where, _dot, name = path.rpartition(".")
            beside[where][name] = viewset.serializer_class
        for where, shapes in beside.items():
            target = _inside(root, where)
            if target is not None:
                target.fields["expanded"] = Expanded(shapes)
        return serializer

    def labelled(self, response: Response) -> Response:
        """A selection is not the whole record, and says so by its media type."""
        if self.wanted(FIELDS):
            response.content_type = SELECTION
        return response


def attribute(name: str) -> str:
    """Where the expanded record of a field lies."""
    return f"expanded_{name}"


def _rows_of(viewset: Any, request: Request) -> Any:
    return viewset(request=request, action="list", kwargs={}, format_kwarg=None).get_queryset().order_by()


def _inside(root: Any, where: str) -> Any:
    if not where:
        return root
    field = root.fields.get(where)
    return None if field is None else getattr(field, "child", field)


def _keep(root: Any, wanted: Sequence[str]) -> None:
    inner: dict[str, list[str]] = defaultdict(list)
    for path in wanted:
        name, _dot, rest = path.partition(".")
        field = root.fields.get(name)
        nested = getattr(getattr(field, "child", field), "fields", {})
        if field is None or (rest and rest not in nested):
            raise BadQuery({FIELDS: [_("There is no field %(name)s, but: %(known)s.") % {"name": path, "known": ", ".join(root.fields)}]})
        inner[name] += [rest] if rest else [*nested]
    for name in [name for name in root.fields if name not in inner and name != "id"]:
        root.fields.pop(name)
    for name, kept in inner.items():
        child = getattr(root.fields[name], "child", root.fields[name])
        for other in [other for other in getattr(child, "fields", {}) if other not in kept and other != "id"]:
            child.fields.pop(other)
