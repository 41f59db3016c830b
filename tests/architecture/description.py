"""The description of the API, boiled down to what a program depends on, and what in a change of it breaks programs."""

from collections.abc import Iterator
from typing import Any

Summary = dict[str, Any]
PREFIX = "/api/v1"
REF = "#/components/schemas/"


def summary_of(description: dict[str, Any]) -> Summary:
    """Operations with their parameters, bodies and answers; shapes with the types of their fields, ``!`` for those that are always there."""
    operations = {}
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            body = operation.get("requestBody", {}).get("content", {})
            operations[f"{method.upper()} {path.removeprefix(PREFIX)}"] = {
                "takes": {
                    f"{one['in']} {one['name']}": type_of(one["schema"]) + ("!" if one.get("required") else "")
                    for one in operation.get("parameters", [])
                },
                "body": {media: type_of(what["schema"]) for media, what in body.items()},
                "gives": {
                    code: {media: type_of(what["schema"]) for media, what in answer.get("content", {}).items()}
                    for code, answer in operation["responses"].items()
                    if code.startswith("2")
                },
            }
    shapes = {name: _fields(shape) for name, shape in description["components"]["schemas"].items()}
    return {"operations": operations, "shapes": shapes}


def type_of(schema: dict[str, Any]) -> str:
    """A type in few letters: ``integer|null``, ``string(date)``, ``enum(a,b)``, ``[OrderLine]``."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(REF)
    for union in ("oneOf", "anyOf", "allOf"):
        if union in schema:
            return "|".join(type_of(one) for one in schema[union])
    if "enum" in schema:
        return "enum(" + ",".join(sorted(map(str, schema["enum"]))) + ")"
    kind = schema.get("type", "any")
    kind = "|".join(kind) if isinstance(kind, list) else str(kind)
    if kind == "array":
        return f"[{type_of(schema.get('items', {}))}]"
    return f"{kind}({schema['format']})" if "format" in schema else kind


def _fields(shape: dict[str, Any]) -> dict[str, str]:
    if "properties" not in shape:
        return {"": type_of(shape)}
    always = set(shape.get("required", ()))
    return {name: type_of(what) + ("!" if name in always else "") for name, what in shape["properties"].items()}


def breaks(was: Summary, now: Summary) -> Iterator[str]:
    """Every difference that a program written against ``was`` may stumble over, in words for the changelog."""
    for name, before in was["operations"].items():
        after = now["operations"].get(name)
        if after is None:
            yield f"`{name}` is gone."
            continue
        yield from (f"`{name}`: {line}" for line in _asked(before["takes"], after["takes"]))
        yield from (f"`{name}`: {line}" for line in _same("the body", before["body"], after["body"]))
        for code, answers in before["gives"].items():
            yield from (f"`{name}`: {line}" for line in _same(f"the answer {code}", answers, after["gives"].get(code, {})))
    for name, before in was["shapes"].items():
        after = now["shapes"].get(name)
        if after is not None:
            lines = _asked(before, after) if name.endswith("Request") else _given(before, after)
            yield from (f"`{name}`: {line}" for line in lines)


def _same(what: str, before: dict[str, str], after: dict[str, str]) -> Iterator[str]:
    for media, shape in before.items():
        if after.get(media) != shape:
            yield f"{what} ({media}) was {shape} and is {after.get(media, 'gone')}."


def _asked(before: dict[str, str], after: dict[str, str]) -> Iterator[str]:
    """What is sent: nothing may go, nothing may be demanded that was not, no value may be refused that was taken."""
    for name, kind in before.items():
        if name not in after:
            yield f"{name or 'it'} is gone."
        elif after[name].endswith("!") and not kind.endswith("!"):
            yield f"{name} is demanded now."
        elif not _takes_as_much(kind.rstrip("!"), after[name].rstrip("!")):
            yield f"{name} was {kind} and is {after[name]}."
    yield from (f"{name} is new and demanded." for name, kind in after.items() if name not in before and kind.endswith("!"))


def _given(before: dict[str, str], after: dict[str, str]) -> Iterator[str]:
    """What is answered: nothing may go or stay away, no type may change; another value of an enum is told in the changelog of its own accord."""
    for name, kind in before.items():
        if name not in after:
            yield f"{name or 'it'} is gone."
        elif kind.endswith("!") and not after[name].endswith("!"):
            yield f"{name} may be left out now."
        elif after[name].rstrip("!") != kind.rstrip("!") and not (kind.startswith("enum(") and after[name].startswith("enum(")):
            yield f"{name} was {kind} and is {after[name]}."


def _takes_as_much(before: str, after: str) -> bool:
    if "enum(" not in before + after and set(_alternatives(before)) <= set(_alternatives(after)):
        return True
    if before.startswith("enum(") and after.startswith("enum("):
        return set(before[5:-1].split(",")) <= set(after[5:-1].split(","))
    return before == after


def _alternatives(kind: str) -> list[str]:
    """``string|integer(decimal)`` takes two sorts of things; a format is one of text."""
    plain, _bracket, form = kind.partition("(")
    return [f"{one}({form}" if form and one == "string" else one for one in plain.split("|")]
