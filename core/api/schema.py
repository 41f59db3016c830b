"""The OpenAPI description: what every request may carry besides its own fields, what every answer carries, and every way to fail."""

import math
import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent, force_instance
from drf_spectacular.utils import OpenApiParameter
from rest_framework.serializers import CharField, ChoiceField, DecimalField, IPAddressField, ListSerializer

from core.api.deprecation import deprecation_of
from core.api.examples import illustrated, of_problem
from core.api.fields import OUR_TIME
from core.api.idempotency import HEADER, LOCATION, REPLAYED
from core.api.problems import MEDIA_TYPE, ProblemSerializer
from core.api.reach import kept_from_some
from core.api.reading import LARGEST
from core.api.selecting import EXPAND, FIELDS, RESOURCES, SELECTION
from core.api.versions import ETAG, IF_MATCH, IF_NONE_MATCH, demands_version
from core.approvals.serializers import ApprovalSerializer

ONCE = OpenApiParameter(
    HEADER,
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$"},
    OpenApiParameter.HEADER,
    description="Any text of 1 to 255 characters that is new for each new request, a UUID for instance. Sent again within 24 hours it acts "
    f"no second time: the first answer comes back, with `{REPLAYED}: true`. With another body it is refused with 422; while the "
    "first is still worked on, with 409. What was refused is not remembered.",
)
HEEDED = 'Do it only if the record is still the one with this `ETag` (or `"<version>"`); 412 when it is not. '
TAG = {"type": "string", "examples": ['"7-3f9a2c81d0e4b5f6"', "*"]}
UNLESS_KNOWN = OpenApiParameter(
    IF_NONE_MATCH, str, OpenApiParameter.HEADER, description="304 when the answer would still have this `ETag`."
)
ANSWER_HEADERS: dict[str, dict[str, Any]] = {
    "X-Request-ID": {
        "description": "The id of this request's story; events, changes and log lines that came of it carry it as correlation id.",
        "schema": {"type": "string", "format": "uuid"},
    },
    "RateLimit-Policy": {
        "description": "The quota (`q`) of a window of `w` seconds.",
        "schema": {"type": "string", "examples": ['"token";q=600;w=60']},
    },
    "RateLimit": {
        "description": "What is left of it (`r`), and in how many seconds it is full again (`t`); left out while nobody can count.",
        "schema": {"type": "string", "examples": ['"token";r=599;t=42']},
    },
}
TAG_HEADER = {
    "description": "Which it is, for `If-None-Match`; of a record its version, for `If-Match`, too.",
    "schema": {"type": "string"},
}
RETRY = {"description": "Seconds until the next window.", "schema": {"type": "integer", "minimum": 1}}
WHERE = {"description": "The address of the approval that waits for a second person.", "schema": {"type": "string"}}
WORDS_OR_NOTHING = r"^[^\u0000]*$"
SOME_WORDS = r"^[^\u0000]*[^\s\u0000][^\u0000]*$"
"""Text as it is taken: no database keeps the sign that is none, and what is only blanks is empty."""
_EIGHT, _FOUR = "(25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})", "[0-9a-fA-F]{1,4}"
_SHORTENED = (f"({_FOUR}:){{1,{7 - after}}}(:{_FOUR}){{1,{after}}}" for after in range(1, 7))
ADDRESS = (
    "^("
    + "|".join((rf"({_EIGHT}\.){{3}}{_EIGHT}", f"({_FOUR}:){{7}}{_FOUR}", f"({_FOUR}:){{1,7}}:", *_SHORTENED, f":(:{_FOUR}){{1,7}}", "::"))
    + ")$"
)
"""An address of the internet, old or new."""
PRECISE = {"enum", "const", "pattern", "format"}
ONE_OF_SEVERAL = r"^[^,\u0000]+$"
WORDS = {
    "400": "The address, the body or a field of it is not right; `errors` says where.",
    "401": "No token, or one that is unknown, expired or revoked.",
    "403": "The person, or the token, has not the permission that is named.",
    "404": "There is no such record, or not for this person.",
    "406": "Only JSON is spoken here.",
    "409": "A rule of the business says no; `detail` says which, `fix` what to do.",
    "412": "The record is not the one that `If-Match` names.",
    "415": "Only the media types of the request body are understood.",
    "422": "The `Idempotency-Key` belongs to another request.",
    "428": "This moves money or stock: `If-Match` is missing.",
    "429": "Too many requests in this minute.",
}


class Schema(AutoSchema):
    """What the viewsets declare, said in OpenAPI."""

    view: Any

    def get_override_parameters(self) -> list[Any]:
        """``Idempotency-Key``, ``If-Match``, ``If-None-Match``, ``fields`` and ``expand``, where they mean something."""
        found: list[Any] = []
        if self.method == "POST" and getattr(self.view, "acts_once", False):
            found.append(ONCE)
        if getattr(self._act(), "heeds_version", False):
            found.append(self._if_match())
        if self._selects():
            found += self._selecting()
        if self.method == "GET":
            found.append(UNLESS_KNOWN)
        return found

    def get_operation_id(self) -> str:
        """`orders_confirm`: the resource and the verb, without the method."""
        name = super().get_operation_id()
        is_extra = getattr(self.view, "action", None) not in {"list", "retrieve", "create", "partial_update", "destroy"}
        return name.removesuffix("_create").removesuffix("_retrieve").removesuffix("_list") if is_extra else name

    def is_deprecated(self) -> bool:
        """Whether the verb or its resource is going away."""
        return deprecation_of(self.view) is not None

    def _act(self) -> Any:
        return getattr(self.view, getattr(self.view, "action", None) or "", None)

    def _is_resource(self) -> bool:
        return hasattr(self.view, "moves_money_or_stock")

    def _selects(self) -> bool:
        return self._is_resource() and self.view.action in {"list", "retrieve"}

    def _if_match(self) -> OpenApiParameter:
        demanded = demands_version(self.view)
        more = "Missing is 428: this moves money or stock. `*` goes without." if demanded else ""
        return OpenApiParameter(IF_MATCH, TAG, OpenApiParameter.HEADER, required=demanded, description=HEEDED + more)

    def _selecting(self) -> list[OpenApiParameter]:
        words = f"Only these fields, with commas between them; `lines.quantity` reaches into rows. Answered as `{SELECTION}`."
        found = [OpenApiParameter(FIELDS, _names(self._fields()), description=words)]
        if self.view.expandable:
            names = ", ".join(f"`{name}`" for name in self.view.expandable)
            shape = _names(self.view.expandable)
            found.append(
                OpenApiParameter(EXPAND, shape, description=f"Related records to put under `expanded` beside their keys: {names}.")
            )
        return found

    def _fields(self) -> list[str]:
        found = []
        for name, field in self.view.serializer_class().fields.items():
            found += [name, *(f"{name}.{inner}" for inner in getattr(getattr(field, "child", field), "fields", {}))]
        return found

    def _get_response_for_code(self, serializer: Any, status_code: Any, media_types: Any = None, direction: str = "response") -> Any:
        answer = super()._get_response_for_code(serializer, status_code, media_types, direction)  # type: ignore[no-untyped-call]
        if self._selects() and str(status_code) == "200":
            kind = "SelectedPage" if self.view.action == "list" else "Selected"
            answer["content"][SELECTION] = {"schema": {"$ref": f"#/components/schemas/{kind}"}}
        return answer

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        answers = super()._get_response_bodies(direction)
        for code, answer in answers.items():
            headers = dict.fromkeys(ANSWER_HEADERS, None)
            tagged = self.method == "GET" or self._tags(code, answer)
            answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in [*headers, *([ETAG] if tagged else [])]}
        if self.method == "GET":
            answers["304"] = {"description": "The program has it already.", "headers": {ETAG: {"$ref": f"#/components/headers/{ETAG}"}}}
        if getattr(self._act(), "waits", False):
            answers["202"] = self._waiting()
        return answers | {code: {"$ref": f"#/components/responses/Problem{code}"} for code in self._failures() if code not in answers}

    def _waiting(self) -> dict[str, Any]:
        """A second person has to check it first."""
        approval = self.resolve_serializer(ApprovalSerializer, "response")
        return {
            "description": "A second person is demanded: nothing was done yet, and this is the approval that waits.",
            "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in [*ANSWER_HEADERS, LOCATION]},
            "content": {"application/json": {"schema": approval.ref}},
        }

    def _tags(self, code: str, answer: Any) -> bool:
        """Whether the answer is the resource itself, which has a tag."""
        if not self._is_resource() or self.view.action in {"list", "bulk"} or "application/json" not in answer.get("content", {}):
            return False
        said = answer["content"]["application/json"]["schema"].get("$ref", "")
        own = self.resolve_serializer(self.view.serializer_class, "response")
        return bool(said == own.ref["$ref"]) and not getattr(self._act(), "gives", None)

    def _failures(self) -> list[str]:
        self.resolve_serializer(ProblemSerializer, "response")
        found = ["400", "401", "403", "404", "406", "429"]
        if self.method != "GET" or hasattr(self.view, "permission"):
            found.append("409")
        if self.method in {"POST", "PATCH"}:
            found.append("415")
        if self.method == "POST" and getattr(self.view, "acts_once", False):
            found.append("422")
        if getattr(self._act(), "heeds_version", False):
            found.append("412")
        if demands_version(self.view):
            found.append("428")
        return sorted(found)

    def _map_serializer(self, serializer: Any, direction: Any, bypass_extensions: bool = False) -> Any:
        """A resource that can be expanded says what stands beside it, and what not everybody sees may be missing; the body of a request takes no
        other fields."""
        mapped = super()._map_serializer(serializer, direction, bypass_extensions)  # type: ignore[no-untyped-call]
        if mapped.get("type") != "object" or "properties" not in mapped:
            return mapped
        if direction == "request":
            return mapped | {"additionalProperties": False}
        hidden = kept_from_some(force_instance(serializer))  # type: ignore[no-untyped-call]
        if hidden & set(mapped.get("required", ())):
            mapped["required"] = [name for name in mapped["required"] if name not in hidden]
        beside = _expandable_of(type(serializer))
        if beside:
            mapped["properties"]["expanded"] = {
                "type": "object",
                "description": "With `?expand=`: the related records, as their own resources show them.",
                "properties": {name: self._related(kind) for name, kind in beside.items()},
            }
        return mapped

    def _is_list_view(self, serializer: Any = None) -> bool:
        """A report answers with one thing, unless it says many."""
        if hasattr(self.view, "permission") and serializer is not None and not isinstance(serializer, dict):
            return isinstance(serializer, ListSerializer)
        return bool(super()._is_list_view(serializer))

    def _map_serializer_field(self, field: Any, direction: Any, bypass_extensions: bool = False) -> Any:
        """What the usual mapping leaves out: how short a list may be, what a decimal looks like, that text may be empty."""
        mapped = super()._map_serializer_field(field, direction, bypass_extensions)  # type: ignore[no-untyped-call]
        if isinstance(field, DecimalField) and "pattern" in mapped:
            mapped["pattern"] = _decimals(field)
            if direction == "request":
                mapped |= {"type": _or_whole(mapped["type"]), **_whole(field)}
        elif direction == "request" and type(field) is CharField and field.trim_whitespace and not field.allow_blank:
            mapped.setdefault("pattern", SOME_WORDS)
        if isinstance(field, IPAddressField):
            mapped["pattern"] = ADDRESS
        if isinstance(field, ListSerializer) and mapped.get("type") == "array":
            mapped |= {"minItems": 1} if not field.allow_empty else {}
        if direction == "response" and _may_be_blank(field) and "" not in mapped.get("enum", [""]):
            mapped["enum"] = [*mapped["enum"], ""]
        return mapped

    def _insert_field_validators(self, field: Any, schema: Any) -> None:
        """Text that may be empty has no format: the empty text is no e-mail address."""
        super()._insert_field_validators(field, schema)  # type: ignore[no-untyped-call]
        if getattr(field, "allow_blank", False) or _may_be_blank(field):
            schema.pop("format", None)

    def _related(self, kind: str) -> dict[str, Any]:
        component: ResolvedComponent = self.resolve_serializer(RESOURCES[kind].serializer_class, "response")
        return {"oneOf": [component.ref, {"type": "null"}]}


def _names(allowed: Iterable[str]) -> dict[str, Any]:
    """Some of these names, with commas between them."""
    either = "|".join(re.escape(name) for name in allowed)
    return {"type": "string", "pattern": f"^({either})(,({either}))*$"}


def _decimals(field: DecimalField) -> str:
    whole, places = (field.max_digits or 20) - (field.decimal_places or 0), field.decimal_places or 0
    sign = "" if field.min_value is not None and field.min_value >= 0 else "-?"
    return rf"^{sign}[0-9]{{1,{whole}}}(\.[0-9]{{1,{places}}})?$" if places else rf"^{sign}[0-9]{{1,{whole}}}$"


def _or_whole(kind: Any) -> list[str]:
    """A figure in a body is text, or a whole number."""
    return [*(kind if isinstance(kind, list) else [kind]), "integer"]


def _whole(field: DecimalField) -> dict[str, int]:
    """How far a whole number goes where a figure is taken."""
    most = 10 ** ((field.max_digits or 20) - (field.decimal_places or 0)) - 1
    lowest = -most if field.min_value is None else math.ceil(field.min_value)
    return {"minimum": lowest, "maximum": most if field.max_value is None else math.floor(field.max_value)}


def _may_be_blank(field: Any) -> bool:
    """Whether the model lets the text of a field be empty; a field that is only read does not say so itself."""
    model = getattr(getattr(field.parent, "Meta", None), "model", None)
    if model is None or not isinstance(field, CharField | ChoiceField):
        return False
    try:
        kept = model._meta.get_field(field.source)
    except FieldDoesNotExist:
        return False
    return isinstance(kept, models.CharField | models.TextField) and kept.blank


def _expandable_of(shape: type[Any]) -> dict[str, str]:
    """What may be expanded in records of a shape: of the resource that has it, or of the rows of one."""
    found: dict[str, str] = {}
    for viewset in RESOURCES.values():
        declared = shape_fields = None
        for path, kind in viewset.expandable.items():
            where, _dot, name = path.rpartition(".")
            if not where and viewset.serializer_class is shape:
                found[name] = kind
            elif where:
                declared = declared or viewset.serializer_class._declared_fields
                shape_fields = getattr(declared.get(where), "child", declared.get(where))
                if type(shape_fields) is shape:
                    found[name] = kind
    return found


def completed(result: Any, generator: Any, request: Any, public: Any) -> Any:
    """What all operations share stands once: headers, problems, selections, how to sign in."""
    parts = result["components"]
    selected = {"type": "object", "required": ["id"], "description": "A record with the fields that were asked for."}
    page = {
        "type": "object",
        "required": ["next", "previous", "results"],
        "properties": {
            "next": {"type": ["string", "null"]},
            "previous": {"type": ["string", "null"]},
            "results": {"type": "array", "items": {"type": "object"}},
            "total": {"type": "integer"},
        },
    }
    for one in _parameters(result):
        if one["in"] == "query" and one["schema"].get("type") == "number":
            one["schema"] |= {"minimum": -LARGEST, "maximum": LARGEST}
        elif one["in"] == "query" and one["schema"].get("type") == "array":
            one["schema"]["minItems"] = 1
            if one["schema"]["items"].get("type") == "string" and not PRECISE & one["schema"]["items"].keys():
                one["schema"]["items"]["pattern"] = ONE_OF_SEVERAL
        elif one["in"] == "query" and one["schema"].get("type") == "string" and not PRECISE & one["schema"].keys():
            one["schema"]["pattern"] = WORDS_OR_NOTHING
        elif one["in"] == "query" and one["schema"].get("format") == "date-time":
            one["schema"]["pattern"] = OUR_TIME
    for name, shape in parts["schemas"].items():
        if name.endswith("Request"):
            _without_nothing(shape)
    parts["schemas"] |= {"Selected": selected, "SelectedPage": page}
    parts["headers"] = {**ANSWER_HEADERS, ETAG: TAG_HEADER, "Retry-After": RETRY, LOCATION: WHERE}
    parts["responses"] = {f"Problem{code}": _problem(code, words) for code, words in WORDS.items()}
    illustrated(result)
    return result


def _without_nothing(shape: Any) -> None:
    """Say of every text of a body, at any depth, that it holds no sign that is none."""
    if isinstance(shape, dict):
        kinds = shape.get("type")
        if "string" in (kinds if isinstance(kinds, list) else [kinds]) and not PRECISE & shape.keys():
            shape["pattern"] = WORDS_OR_NOTHING
        for inner in shape.values():
            _without_nothing(inner)
    elif isinstance(shape, list):
        for inner in shape:
            _without_nothing(inner)


def _parameters(result: Any) -> Iterable[dict[str, Any]]:
    for path in result["paths"].values():
        for operation in path.values():
            yield from operation.get("parameters", [])


def _problem(code: str, words: str) -> dict[str, Any]:
    headers = [*ANSWER_HEADERS, *(["Retry-After"] if code == "429" else [])]
    return {
        "description": words,
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers},
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": of_problem(code)}},
    }
