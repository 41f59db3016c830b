"""Every event is a plain fact with a pinned shape, and somebody hears it."""

import contextlib
import importlib
import json
import pkgutil
import typing
from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import UnionType
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, transaction

from config.modules import INSTALLED
from core.errors import Refused, TooSoon
from core.events import Event, Question
from core.events.cause import acting
from core.events.codec import from_json, to_json
from core.events.listening import handlers_of
from core.events.question import ANSWERERS
from core.events.upcasting import UPCASTERS
from core.people.models import User

GOLDEN = Path(__file__).parent / "golden"
SAMPLES: dict[type, object] = {
    int: 7,
    str: "seven",
    bool: True,
    Decimal: Decimal("7.50"),
    date: date(2026, 7, 7),
    datetime: datetime(2026, 7, 7, 7, 7, tzinfo=UTC),
    UUID: UUID("00000000-0000-0000-0000-000000000007"),
}


def load_everything() -> None:
    for package in (*INSTALLED, "integration.processes"):
        folder = importlib.import_module(package)
        for found in pkgutil.iter_modules(folder.__path__):
            if found.name in {"events", "questions"} or package == "integration.processes":
                importlib.import_module(f"{package}.{found.name}")


load_everything()
EVENTS = [event for event in Event.registry.values() if event.__module__.split(".")[0] != "tests"]


def sample(kind: Any) -> Any:
    """A value of a declared type; a type that facts may not carry fails."""
    origin, inside = typing.get_origin(kind), typing.get_args(kind)
    if kind in SAMPLES:
        return SAMPLES[kind]
    if origin is tuple:
        assert inside[1:] == (Ellipsis,), f"{kind}: a list is tuple[Line, ...]"
        return (sample(inside[0]),)
    if origin in {typing.Union, UnionType}:
        rest = [one for one in inside if one is not type(None)]
        assert len(rest) == 1, f"{kind}: only `X | None`"
        return sample(rest[0])
    assert hasattr(kind, "__dataclass_fields__"), f"{kind} is not a type that facts may carry"
    assert is_frozen(kind), f"{kind} must be frozen"
    hints = typing.get_type_hints(kind)
    values: dict[str, Any] = {field.name: sample(hints[field.name]) for field in fields(kind)}
    return kind(**values)


def is_frozen(kind: Any) -> bool:
    return bool(kind.__dataclass_params__.frozen)


def golden(event: type[Event], version: int) -> Path:
    return GOLDEN / f"{event.type_name()}.v{version}.json"


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type_name())
def test_an_event_is_a_frozen_fact_with_a_key(event: type[Event]) -> None:
    assert hasattr(event, "__dataclass_fields__")
    assert is_frozen(event)
    assert event.__doc__
    assert not event.__doc__.startswith(f"{event.__name__}("), "say what happened, in one line"
    assert event.KEY in event.field_names()
    assert not event.PARTY or event.PARTY in event.field_names()
    sample(event)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type_name())
def test_an_event_is_heard_or_declared_external(event: type[Event]) -> None:
    heard = bool(handlers_of(event))
    assert heard or event.EXTERNAL, f"nobody listens to {event.type_name()}: add a handler, say EXTERNAL = True, or delete it"
    assert not (heard and event.EXTERNAL), f"{event.type_name()} says EXTERNAL, but {handlers_of(event)[0].name} listens"


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type_name())
def test_the_shape_of_an_event_is_pinned(event: type[Event], request: pytest.FixtureRequest) -> None:
    file = golden(event, event.VERSION)
    shape = json.loads(json.dumps(to_json(sample(event))))
    if not file.exists() and request.config.getoption("--golden", default=False):
        file.write_text(json.dumps(shape, indent=2, ensure_ascii=False) + "\n")
    assert file.exists(), f"{file.name} is missing: `python3 manage.py test tests/architecture --golden` writes it"
    assert shape == json.loads(file.read_text()), (
        f"{event.type_name()} changed its shape, and records of the old shape exist: raise VERSION and keep reading the old one "
        f"(only when no release has written any: delete {file.name} and write it anew with --golden)"
    )


@pytest.mark.parametrize("file", sorted(GOLDEN.glob("*.json")), ids=lambda file: file.stem)
def test_every_shape_ever_released_can_still_be_read(file: Path) -> None:
    type_name, _, version = file.stem.rpartition(".v")
    event = from_json(type_name, int(version), json.loads(file.read_text()))
    assert event.type_name() == type_name


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type_name())
def test_a_new_version_keeps_the_shape_of_every_one_before(event: type[Event]) -> None:
    """Records of all of them exist: their golden files stay."""
    assert [version for version in range(1, event.VERSION + 1) if not golden(event, version).exists()] == []


@pytest.mark.parametrize("file", sorted(GOLDEN.glob("*.json")), ids=lambda file: file.stem)
def test_no_fact_ever_released_is_lost(file: Path) -> None:
    """What a released payload says, its event still says under the same name, unless an upcaster turns it into something else."""
    type_name, _, version = file.stem.rpartition(".v")
    event = Event.registry[type_name]
    if any((event, step) in UPCASTERS for step in range(int(version), event.VERSION)):
        return
    facts = json.loads(file.read_text())
    now = json.loads(json.dumps(to_json(from_json(type_name, int(version), facts))))
    assert {name: now.get(name) for name in facts} == facts, "a fact was renamed, removed or retyped: write an upcaster"


@pytest.mark.django_db
@pytest.mark.parametrize("file", sorted(GOLDEN.glob("*.json")), ids=lambda file: file.stem)
def test_todays_handlers_take_every_payload_ever_released(file: Path, owner: User) -> None:
    """They may refuse, because what it is about does not exist here; they may not stumble over its shape."""
    type_name, _, version = file.stem.rpartition(".v")
    event = from_json(type_name, int(version), json.loads(file.read_text()))
    for handler in handlers_of(type(event)):
        with (
            contextlib.suppress(Refused, TooSoon, ObjectDoesNotExist, DatabaseError),
            transaction.atomic(),
            acting(by=owner, causation_id=uuid4()),
        ):
            handler.run(event)


def questions() -> list[type[Question[Any]]]:
    found: list[type[Question[Any]]] = []
    waiting: list[type[Question[Any]]] = list(Question.__subclasses__())
    while waiting:
        question = waiting.pop()
        waiting.extend(question.__subclasses__())
        if not question.__module__.startswith("tests"):
            found.append(question)
    return found


@pytest.mark.parametrize("question", questions(), ids=lambda question: f"{question.__module__}.{question.__name__}")
def test_a_question_is_a_frozen_fact_that_somebody_answers(question: type[Question[Any]]) -> None:
    assert is_frozen(question)
    assert question in ANSWERERS, f"nobody answers {question.__name__}: add @answers({question.__name__}) to one process"
