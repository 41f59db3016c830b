"""Events and questions: what modules say to each other. Pure Python; publishing lives in ``core.events.publishing``."""

from core.events.event import Event
from core.events.listening import Handler, on
from core.events.question import Question, answers, ask
from core.events.upcasting import upcasts

__all__ = ["Event", "Handler", "Question", "answers", "ask", "on", "upcasts"]
