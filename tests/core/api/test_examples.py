"""Every body and every parameter that takes words is shown by an example, and each is what it is an example of."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from rest_framework.test import APIClient

from core.api.schema import ADDRESS, WORDS
from core.api.words import SENTENCE

HERE = "urn:satu:api"
BODY = tuple[str, dict[str, Any]]


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(APIClient().get("/api/schema/?format=json").content)
    return found


def operations(description: dict[str, Any]) -> Iterator[BODY]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def bodies(description: dict[str, Any]) -> Iterator[BODY]:
    """Every body that is sent or given: of which operation and which sort, and what is said of it."""
    for name, operation in operations(description):
        for media, body in operation.get("requestBody", {}).get("content", {}).items():
            yield f"{name} takes {media}", body
        for code, answer in operation["responses"].items():
            for media, body in answer.get("content", {}).items():
                yield f"{name} gives {code} {media}", body
    for name, answer in description["components"]["responses"].items():
        for media, body in answer["content"].items():
            yield f"{name} {media}", body


def examples_of(description: dict[str, Any], body: dict[str, Any]) -> list[Any]:
    if "example" in body:
        return [body["example"]]
    kept = description["components"]["examples"]
    return [kept[one["$ref"].removeprefix("#/components/examples/")]["value"] for one in body.get("examples", {}).values()]


class Judge:
    """Says whether an example is what its shape says."""

    def __init__(self, description: dict[str, Any]) -> None:
        whole = Resource.from_contents(description, default_specification=DRAFT202012)
        self.registry: Registry[Any] = Registry().with_resource(HERE, whole)

    def faults(self, shape: dict[str, Any], example: Any) -> list[str]:
        judge = Draft202012Validator(_absolute(shape), registry=self.registry, format_checker=FormatChecker())
        return [f"{fault.json_path}: {fault.message}" for fault in judge.iter_errors(example)]


def _absolute(shape: Any) -> Any:
    if isinstance(shape, dict):
        return {key: f"{HERE}{value}" if key == "$ref" else _absolute(value) for key, value in shape.items()}
    return [_absolute(one) for one in shape] if isinstance(shape, list) else shape


def test_every_body_has_an_example_and_each_is_what_its_shape_says(description: dict[str, Any]) -> None:
    judge, seen, wrong = Judge(description), 0, []
    for name, body in bodies(description):
        found = examples_of(description, body)
        seen += len(found)
        wrong += [f"{name}: there is none"] * (not found)
        wrong += [f"{name}: {fault}" for example in found for fault in judge.faults(body["schema"], example)]
    assert wrong == [], "\n".join(wrong)
    assert seen > 600


def test_the_judge_finds_what_is_wrong(description: dict[str, Any]) -> None:
    judge, order = Judge(description), description["components"]["examples"]["Order"]["value"]
    shape = {"$ref": "#/components/schemas/Order"}
    assert judge.faults(shape, order) == []
    assert judge.faults(shape, order | {"total": "a lot", "status": "lost", "order_date": "tomorrow"})
    assert judge.faults(shape, {name: value for name, value in order.items() if name != "number"})


def test_whatever_has_to_be_filled_in_shows_how_and_what_it_shows_is_taken(description: dict[str, Any]) -> None:
    judge, wrong = Judge(description), []
    for name, operation in operations(description):
        for one in operation.get("parameters", []):
            needs = one["in"] in {"path", "header"} or one.get("required") or one["name"] in {"search", "ordering", "fields", "expand"}
            if needs and "example" not in one:
                wrong.append(f"{name} {one['name']}: there is none")
            elif "example" in one:
                wrong += [f"{name} {one['name']}: {fault}" for fault in judge.faults(one["schema"], one["example"])]
    assert wrong == [], "\n".join(wrong)


def test_no_text_is_made_up_from_nothing(description: dict[str, Any]) -> None:
    """What the vocabulary has no word for would be shown as any sentence."""
    told = {name: one["value"] for name, one in description["components"]["examples"].items()}
    loose = re.findall(rf'"(\w+)": "{re.escape(SENTENCE)}"', json.dumps(told))
    assert set(loose) <= {"note", "memo"}


def test_the_same_record_has_the_same_key_wherever_it_is_named(description: dict[str, Any]) -> None:
    said = {name: one["value"] for name, one in description["components"]["examples"].items()}
    assert said["Order"]["customer"] == said["Party"]["id"] == said["Invoice"]["customer"] == said["PlaceOrderRequest"]["customer"]
    assert said["Order"]["lines"][0]["product"] == said["Product"]["id"] == said["StockLevel"]["product"]
    at = next(one for one in description["paths"]["/api/v1/orders/{id}/"]["get"]["parameters"] if one["name"] == "id")
    assert at["example"] == said["Order"]["id"] == said["Invoice"]["order_id"]


def test_every_way_to_fail_is_shown_as_it_is_told(description: dict[str, Any]) -> None:
    for code in WORDS:
        (body,) = description["components"]["responses"][f"Problem{code}"]["content"].values()
        assert (body["example"]["status"], bool(body["example"]["title"])) == (int(code), True)
        assert "{" not in body["example"]["title"]


def test_an_address_of_the_internet_is_described_as_it_is_taken() -> None:
    for said in ("203.0.113.7", "2001:db8::1", "::1", "::", "fe80::", "1:2:3:4:5:6:7:8", "1::8"):
        assert re.search(ADDRESS, said), said
    for said in ("0", "256.0.0.1", "1.2.3", ":::", "1:2:3:4:5:6:7:8:9", "1::2::3"):
        assert not re.search(ADDRESS, said), said
