"""What tests of the engine may ask for."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core.events import on
from core.events.listening import HANDLERS, handlers_of
from tests.integration.bells import BellRang, Register


@pytest.fixture
def listen() -> Iterator[Register]:
    """Register a handler of BellRang for the length of a test."""
    known = set(HANDLERS)

    def register(handler: Callable[[BellRang], object], **how: Any) -> None:
        on(BellRang, **how)(handler)

    yield register
    for name in set(HANDLERS) - known:
        handlers_of(BellRang).remove(HANDLERS.pop(name))
