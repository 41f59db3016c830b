"""An example of every body and of what has to be said in an address, made from what each field is declared to be.

There is one place for them: a field is told by its name, its type and its format, so a new field has an example without anybody writing one. The
words are the cast's, and stand in `core.api.words`; nothing is read from the books. What is only sometimes there (`expanded`, the approval that
waits, what went wrong) is in no example, and a body holds what is demanded, and the rows it is about.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from zlib import crc32

from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers

from core.api import words
from core.api.idempotency import KeyUsedForAnotherRequest, StillUnderWay
from core.api.problems import problem_of
from core.api.versions import PreconditionFailed, PreconditionRequired

Shape = Mapping[str, Any]
REF = "#/components/schemas/"
SOMETIMES = frozenset({"expanded", "problem", "approval", "waiting"})
PREFIXES = ("Patched", "Paginated", "Update", "Create", "Changed", "Change", "New", "Add", "Open", "Place", "Issue", "Save", "Plan", "Log")
PLACES = re.compile(r"\\\.\[0-9\]\{1,(\d+)\}")
SENTENCES = {"application/pdf": "%PDF-1.7 …", "text/csv": "Account,Name,Balance\r\n1130,Trade receivables,4995000.00\r\n"}
BYTES = "PK… (the bytes of the file)"


def illustrated(result: dict[str, Any]) -> None:
    """Give every body an example that stands once, and every parameter that has to be filled in, or that takes words, one of its own."""
    maker = Maker(result["components"]["schemas"])
    shown: dict[str, Any] = {}
    for path, methods in result["paths"].items():
        for operation in methods.values():
            for one in operation.get("parameters", []):
                _fill_in(maker, one, path)
            for media, body in operation.get("requestBody", {}).get("content", {}).items():
                _show(maker, shown, media, body, asked=True)
            for answer in operation["responses"].values():
                for media, body in answer.get("content", {}).items():
                    _show(maker, shown, media, body, asked=False)
    result["components"]["examples"] = dict(sorted(shown.items()))


def of_problem(code: str) -> dict[str, Any]:
    """How a refusal of a kind is told."""
    return problem_of(_refusals()[code], None) | {"request_id": words.STORY}


def _refusals() -> dict[str, Exception]:
    """One of each kind."""
    again = _("Read it again, then decide again.")
    seen = _("Read the record and send its ETag as If-Match; If-Match: * does without.")
    return {
        "400": exceptions.ValidationError({"lines": [{"quantity": [serializers.DecimalField.default_error_messages["invalid"]]}]}),
        "401": exceptions.NotAuthenticated(),
        "403": exceptions.PermissionDenied(),
        "404": exceptions.NotFound(),
        "406": exceptions.NotAcceptable(),
        "409": StillUnderWay(
            _("The first request with this Idempotency-Key is still being worked on."), fix=_("Send it again in a moment.")
        ),
        "412": PreconditionFailed(_("%(thing)s was changed since you looked at it.") % {"thing": words.WORDS["number"]}, fix=again),
        "415": exceptions.UnsupportedMediaType("text/plain"),
        "422": KeyUsedForAnotherRequest(
            _("This Idempotency-Key was used for another request within a day."), fix=_("Make a new key for every new request.")
        ),
        "428": PreconditionRequired(_("This moves money or stock, so it has to know what you looked at."), fix=seen),
        "429": exceptions.Throttled(wait=12),
    }


class Maker:
    """Makes examples of shapes."""

    def __init__(self, shapes: Mapping[str, Shape]) -> None:
        self.shapes = shapes

    def of(self, shape: Shape, name: str = "", noun: str = "", *, asked: bool = False) -> Any:
        """An example of a shape: what stands under a name in the description of something."""
        if f"{noun}.{name}" in words.THINGS:
            return words.THINGS[f"{noun}.{name}"]
        if "$ref" in shape:
            component = shape["$ref"].removeprefix(REF)
            inner = self.shapes[component]
            return self.of(inner, name or component, noun_of(component) if "properties" in inner else noun, asked=asked)
        for union in ("allOf", "oneOf", "anyOf"):
            if union in shape:
                told: Shape = next((one for one in shape[union] if one.get("type") != "null"), {})
                return shape["default"] if shape.get("default") else self.of(told, name, noun, asked=asked)
        if "enum" in shape:
            return next((one for one in words.LIKELY if one in shape["enum"]), next(one for one in shape["enum"] if one not in {"", None}))
        kinds = shape.get("type", [])
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if "null" in kinds and not asked and _is_nothing_yet(shape, name, noun):
            return None
        kind = next((one for one in kinds if one != "null"), "any")
        return getattr(self, f"_{kind}")(shape, name, noun, asked)

    def _object(self, shape: Shape, name: str, noun: str, asked: bool) -> Any:
        if "properties" not in shape:
            return words.THINGS.get(name, {})
        fields = self._said(shape, noun) if asked else [field for field in shape["properties"] if _is_always(field, shape)]
        return {field: self.of(shape["properties"][field], field, noun, asked=asked) for field in fields}

    def _said(self, shape: Shape, noun: str) -> list[str]:
        """The fields of a body: what is demanded and the rows; where nothing is demanded, the first."""
        demanded = {*shape.get("required", ()), *words.ALSO.get(noun, ())}
        fields = [field for field, one in shape["properties"].items() if field in demanded or _is_of_rows(one)]
        return fields or list(shape["properties"])[:1]

    def _array(self, shape: Shape, name: str, noun: str, asked: bool) -> list[Any]:
        told = words.LISTS.get(f"{noun}.{name}", words.LISTS.get(name))
        if told is not None and shape["items"].get("type") == "string":
            return list(told)
        return [self.of(shape["items"], singular(name), noun, asked=asked)]

    def _boolean(self, shape: Shape, name: str, noun: str, asked: bool) -> bool:
        return bool(shape.get("default", name in words.TRUE))

    def _integer(self, shape: Shape, name: str, noun: str, asked: bool) -> int:
        number = words.COUNTS.get(f"{noun}.{name}", words.COUNTS.get(name, shape.get("default")))
        if number is None:
            number = key_of(noun if name == "id" else name)
        return int(min(max(number, shape.get("minimum", number)), shape.get("maximum", number)))

    def _number(self, shape: Shape, name: str, noun: str, asked: bool) -> float:
        return self._integer(shape, name, noun, asked)

    def _string(self, shape: Shape, name: str, noun: str, asked: bool) -> str:
        form = shape.get("format", "")
        if form == "decimal":
            figure, found = (
                words.FIGURES.get(f"{noun}.{name}", words.FIGURES.get(name, words.FIGURE)),
                PLACES.search(shape.get("pattern", "")),
            )
            return f"{figure:.{found[1]}f}" if found and not asked else str(figure)
        if form == "date":
            return words.DAYS.get(name, words.DAY)
        if form == "date-time":
            return words.MOMENTS.get(name, words.MOMENT)
        if form in words.FORMATS:
            return words.WORDS.get(f"{noun}.{name}", words.FORMATS[form])
        if name.endswith(("_because", "_error")) and not asked:
            return ""  # it has not happened
        told = words.WORDS.get(f"{noun}.{name}", words.WORDS.get(name, shape.get("default") or words.SENTENCE))
        return self._fitting(told, shape)

    def _fitting(self, told: str, shape: Shape) -> str:
        fits = re.search(shape.get("pattern", ""), told) and len(told) <= shape.get("maxLength", len(told))
        return told if fits else next(one for one in words.OTHERS if re.search(shape.get("pattern", ""), one))

    def _any(self, shape: Shape, name: str, noun: str, asked: bool) -> Any:
        return words.THINGS.get(name, words.WORDS.get(name, {}))

    def _null(self, shape: Shape, name: str, noun: str, asked: bool) -> None:
        return None


def noun_of(component: str) -> str:
    """What a shape is of: ``PatchedUpdateProductRequest`` and ``PaginatedProductList`` are of a product."""
    name = component.removesuffix("Request").removesuffix("Rows").removesuffix("Outcome")
    for prefix in PREFIXES:
        rest = name.removeprefix(prefix)
        name = rest if rest[:1].isupper() else name
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def key_of(name: str) -> int:
    """The key of the record that a field names: the same wherever the same record is meant."""
    noun = singular(name.partition("__")[0]).removesuffix("_id")
    noun = "user" if noun.endswith("_by") or noun == "by" else noun
    return 10 + crc32(words.SAME.get(noun, noun).encode()) % 89


def singular(name: str) -> str:
    """One of several."""
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    return name[:-1] if name.endswith("s") and not name.endswith(("ss", "us")) else name


def _is_of_rows(shape: Shape) -> bool:
    return shape.get("type") == "array" and "$ref" in shape["items"]


def _is_nothing_yet(shape: Shape, name: str, noun: str) -> bool:
    """Whether what may be null is: it has not happened, nothing came of it, and there is one page."""
    return shape.get("format") in {"date", "date-time"} or bool({name, f"{noun}.{name}"} & (words.NOT_YET | {"next", "previous"}))


def _is_always(field: str, shape: Shape) -> bool:
    """Whether an answer has a field without being asked to: a page does not tell how many there are."""
    is_counted = field == "total" and "results" in shape["properties"]
    return field in shape.get("required", ()) or (field not in SOMETIMES and not is_counted)


def _fill_in(maker: Maker, one: dict[str, Any], path: str) -> None:
    """A parameter says how it is filled in, unless its type says it all, or it comes from an answer (a cursor)."""
    name, shape = one["name"], one["schema"]
    if one["in"] == "path" and name == "id":
        segment = path.partition("/{id}")[0].rpartition("/")[2].replace("-", "_")
        one["example"] = words.WORDS.get(f"{segment}.id") or (str(key_of(segment)) if shape["type"] == "string" else key_of(segment))
    elif name in words.SAID and _fits(words.SAID[name], shape):
        one["example"] = words.SAID[name]
    elif name in {"fields", "expand"}:
        one["example"] = re.sub(r"\\(.)", r"\1", re.split(r"[|)]", shape["pattern"].removeprefix("^("))[0])
    elif one.get("required"):
        one["example"] = maker.of(shape, name, asked=True)


def _fits(value: Any, shape: Shape) -> bool:
    return not isinstance(value, str) or bool(re.search(shape.get("pattern", ""), value))


def _show(maker: Maker, shown: dict[str, Any], media: str, body: dict[str, Any], *, asked: bool) -> None:
    shape = body["schema"]
    if shape.get("format") == "binary":
        body["example"] = SENTENCES.get(media, BYTES)
        return
    for name, value in _named(maker, shape, asked=asked):
        shown[name] = {"value": value}
        body["examples"] = {name: {"$ref": f"#/components/examples/{name}"}}


def _named(maker: Maker, shape: Shape, *, asked: bool) -> Iterator[tuple[str, Any]]:
    if "$ref" in shape:
        name = shape["$ref"].removeprefix(REF)
        yield name, maker.of(shape, asked=asked)
    elif "items" in shape and "$ref" in shape["items"]:
        name = shape["items"]["$ref"].removeprefix(REF)
        yield f"{name}List", [maker.of(shape["items"], asked=asked)]
    else:
        yield "Schema", maker.of(shape, "Schema", asked=asked)
