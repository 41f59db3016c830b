"""Questions: asked now, answered by exactly one answerer in ``integration.processes``."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

Answer = TypeVar("Answer")


class Question(Generic[Answer]):
    """Something one module needs to know of another, now. A frozen dataclass in the asker's ``questions.py``."""


ANSWERERS: dict[type[Question[Any]], Callable[[Any], Any]] = {}

Asked = TypeVar("Asked", bound=Question[Any])


def answers(question: type[Asked]) -> Callable[[Callable[[Asked], Any]], Callable[[Asked], Any]]:
    """Register the one answerer of a question."""

    def register(answerer: Callable[[Asked], Any]) -> Callable[[Asked], Any]:
        if question in ANSWERERS:
            raise ValueError(f"{question.__name__} has an answerer already: {ANSWERERS[question].__name__}.")
        ANSWERERS[question] = answerer
        return answerer

    return register


def ask(question: Question[Answer]) -> Answer:
    """The answer, computed now from committed (and this transaction's own) facts. Changes nothing."""
    answer: Answer = ANSWERERS[type(question)](question)
    return answer
