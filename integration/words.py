"""What the code calls by name, in words for people."""

import re

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.effects.models import Effect

PROCESSES: dict[str, str | Promise] = {
    "lead_to_order": _("Lead to order"),
    "order_to_cash": _("Order to cash"),
    "order_deadlines": _("Deadlines of orders"),
    "notifications": _("Notifications"),
    "inbound_webhooks": _("Webhooks in"),
    "second_person": _("Second person"),
}

CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


def process_in_words(name: str) -> str:
    """A process as the field calls it: ``order_to_cash`` is "Order to cash"."""
    return str(PROCESSES.get(name) or _spaced(name))


def handler_in_words(name: str) -> str:
    """What a handler does: ``order_to_cash.reserve_the_goods`` is "Reserve the goods"."""
    return _spaced(name.rpartition(".")[2])


def process_of(handler: str) -> str:
    """The process a handler is a step of, in words."""
    return process_in_words(handler.partition(".")[0])


def event_in_words(name: str) -> str:
    """The name of an event: ``OrderConfirmed`` is "Order confirmed"."""
    return CAPITAL.sub(" ", name.rpartition(".")[2]).capitalize()


def message_in_words(message: Effect) -> str:
    """What a message is about: an e-mail by its subject, a webhook by its event."""
    return event_in_words(message.subject) if message.kind == Effect.Kind.WEBHOOK else message.subject


def kind_in_words(kind: str) -> str:
    """A kind of document: ``sales.order`` is "Order"."""
    try:
        return str(apps.get_model(kind)._meta.verbose_name).capitalize()
    except (LookupError, ValueError):
        return kind


def _spaced(name: str) -> str:
    return name.replace("_", " ").capitalize()
