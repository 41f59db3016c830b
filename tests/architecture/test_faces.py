"""One language, many faces: what a page lets people do and see, the API does and shows, by the same operation under the same permission."""

import inspect
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from config.sights import is_ours, kind_of
from config.urls import api
from core.approvals.declaring import every
from core.events.listening import HANDLERS
from core.people.hiding import rules
from core.web.boards import BoardScreen
from core.web.composer import _offers
from core.web.lists import ListScreen
from core.web.records import RecordScreen
from core.web.registry import screens
from tests.architecture.code import expect_none

Operation = Callable[..., Any]
Offer = tuple[Operation, str]
"""An operation, and the permission it is offered under."""

FLOORS = {"core", "frontoffice", "backoffice", "integration"}
ON_SCREEN_ONLY = {  # operations that pages call and programs do not, and why
    "core.people.operations.put_away": "hints on one's own screens",
    "core.web.operations.choose_columns": "how one's own lists look; kept ones are saved views",
    "core.jobs.operations.start_job": "lists export and work in bulk by a job; a program reads pages of a list and posts to .../bulk/",
    "integration.inbound.operations.receive_webhook": "has an address of its own, where a signature is asked for",
}


def codes(code: CodeType) -> Iterator[CodeType]:
    """A piece of code and all that is defined in it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes(constant)


def is_operation(thing: object) -> bool:
    """`verb_noun(thing, *, by, ...)` of the house, outside the faces."""
    if not inspect.isfunction(thing) or thing.__module__.split(".")[0] not in FLOORS or "operations" not in thing.__module__.split("."):
        return False
    by = inspect.signature(thing).parameters.get("by")
    return by is not None and by.kind is by.KEYWORD_ONLY and not thing.__name__.startswith("_")


def called(code: CodeType, names: Any) -> Iterator[Operation]:
    """The operations that a piece of code names, as `confirm_order` or as `operations.confirm_order`."""
    for piece in codes(code):
        for name in piece.co_names:
            found = names.get(name)
            if is_operation(found):
                yield found
            elif isinstance(found, ModuleType):
                yield from (inner for inner in (getattr(found, other, None) for other in piece.co_names) if is_operation(inner))


def called_by(module: ModuleType) -> set[Operation]:
    """The operations that a whole module names."""
    path = Path(module.__file__ or "")
    return set(called(compile(path.read_text(), str(path), "exec"), vars(module)))


@cache
def modules(face: str) -> tuple[ModuleType, ...]:
    """The modules of the product that make up a face: `api` or `views`."""
    tuple(screens())
    api()
    found = [(name.split("."), module) for name, module in sys.modules.items() if name.split(".")[0] in FLOORS]
    if face == "api":
        return tuple(module for parts, module in found if "api" in parts)
    pages = {"views", "web", "console", "printing", "customer360"}
    return tuple(module for parts, module in found if pages & set(parts) and not {"operations", "api"} & set(parts))


@cache
def offered_by_the_api() -> frozenset[Offer]:
    """What the decorated functions of the viewsets call, and what they need."""
    found = set()
    for _prefix, viewset, _name in api().registry:
        for name in dir(viewset):
            function = getattr(viewset, name, None)
            if hasattr(function, "needs"):
                inner = inspect.unwrap(function)
                found |= {(operation, function.needs) for operation in called(inner.__code__, inner.__globals__)}
    return frozenset(found)


def offered_by_pages() -> Iterator[tuple[str, Offer]]:
    """Every verb, form, cell and lane of the product's screens, with the screen's name."""
    for name, screen in screens():
        if is_ours(screen):
            for offer in _offers_of(screen):
                yield name, offer
    for kind, verbs in _offers.items():
        for verb in verbs:
            if verb.operation.__module__.split(".")[0] in FLOORS:
                yield f"timeline of {kind}", (verb.operation, verb.permission)


def _offers_of(screen: Any) -> Iterator[Offer]:
    model = screen.the_model() if screen.model is not None else None
    if issubclass(screen, RecordScreen):
        yield from ((verb.operation, verb.needed_permission(model)) for verb in screen.verbs)
    if kind_of(screen) in {"create", "edit"} and screen.needed_permission():
        yield screen.operation, screen.needed_permission()
    if issubclass(screen, BoardScreen):
        yield screen.move, screen.move_permission()
        if screen.quick:
            yield screen.quick.operation, screen.quick_permission()
    if issubclass(screen, ListScreen):
        yield from ((cell.edit.operation, cell.edit.needed_permission(model)) for cell in screen.columns if cell.edit is not None)
        for bulk in screen.bulk:
            if not isinstance(bulk, str) and not isinstance(bulk.operation, str) and is_operation(bulk.operation):
                yield bulk.operation, bulk.as_verb().needed_permission(model)


def words(operation: Operation) -> str:
    return f"{operation.__module__}.{operation.__name__}"


def test_every_verb_of_a_page_is_a_verb_of_the_api_under_the_same_permission() -> None:
    offers = list(offered_by_pages())
    assert len(offers) > 60
    expect_none(
        f"{name}: {words(operation)} ({permission})"
        for name, (operation, permission) in offers
        if is_operation(operation) and (operation, permission) not in offered_by_the_api() and words(operation) not in ON_SCREEN_ONLY
    )


def test_every_operation_that_pages_call_otherwise_is_called_by_the_api_too() -> None:
    by_api = {operation for module in modules("api") for operation in called_by(module)}
    by_pages = {operation for module in modules("views") for operation in called_by(module)}
    assert len(by_pages) > 60
    expect_none(words(operation) for operation in by_pages - by_api if words(operation) not in ON_SCREEN_ONLY)


def test_nothing_is_excused_that_the_api_does_or_that_is_gone() -> None:
    by_pages = {words(operation) for module in modules("views") for operation in called_by(module)}
    expect_none(set(ON_SCREEN_ONLY) - by_pages)


def held_in(code: CodeType, names: Any) -> set[str]:
    """The operations that a piece of code names and that may have to wait for a second person, wherever they are declared."""
    found = set()
    for piece in codes(code):
        for name in piece.co_names:
            known = names.get(name)
            others = [getattr(known, other, None) for other in piece.co_names] if isinstance(known, ModuleType) else [known]
            found |= {one.held.name for one in others if inspect.isfunction(one) and hasattr(one, "held")}
    return found


def test_what_may_wait_for_a_second_person_says_so_in_the_api() -> None:
    """And what says so may: 202 is described where it is answered, and nowhere else."""
    wrong, waiting = [], set()
    for prefix, viewset, _name in api().registry:
        for name in dir(viewset):
            function = getattr(viewset, name, None)
            if hasattr(function, "needs") and name != "bulk":
                inner = inspect.unwrap(function)
                held = held_in(inner.__code__, inner.__globals__)
                waiting |= held
                if bool(held) != function.waits:
                    wrong.append(f"{prefix} {name}: waits={function.waits}, and it calls {sorted(held)}")
    assert waiting == set(every())
    expect_none(wrong)


def test_no_process_does_what_waits_for_a_second_person() -> None:
    """A handler acts for whoever caused the event: nobody would be there to be led to an approval."""
    expect_none(
        f"{handler.name} calls {name}" for handler in HANDLERS.values() for name in held_in(handler.run.__code__, handler.run.__globals__)
    )


def test_every_kind_of_record_with_a_page_is_a_resource() -> None:
    resources = {viewset.queryset.model for _prefix, viewset, _name in api().registry if getattr(viewset, "queryset", None) is not None}
    shown = {screen.the_model() for _name, screen in screens() if is_ours(screen) and kind_of(screen) in {"list", "record", "board"}}
    expect_none(model._meta.label for model in shown - resources)


def test_every_report_has_its_figures_in_the_api() -> None:
    registered = [viewset for _prefix, viewset, _name in api().registry]
    readable = {getattr(viewset, "permission", "") for viewset in registered} | {
        f"{viewset.queryset.model._meta.app_label}.view_{viewset.queryset.model._meta.model_name}"
        for viewset in registered
        if getattr(viewset, "queryset", None) is not None
    }
    kinds = {viewset.queryset.model._meta.label_lower for viewset in registered if getattr(viewset, "queryset", None) is not None}
    readable |= {needed for kind, hidden in rules().items() if kind in kinds for needed in hidden.values()}
    reports = [(name, screen) for name, screen in screens() if is_ours(screen) and kind_of(screen) == "report"]
    assert len(reports) >= 6
    expect_none(f"{name} ({screen.needed_permission()})" for name, screen in reports if screen.needed_permission() not in readable)
