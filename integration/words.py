"""What the code calls by name, in words for people."""

import re
from collections.abc import Iterator

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.effects.models import Effect
from core.events import Event, Handler
from core.events.listening import HANDLERS

PROCESSES: dict[str, str | Promise] = {
    "lead_to_order": _("Lead to order"),
    "order_to_cash": _("Order to cash"),
    "order_deadlines": _("Deadlines of orders"),
    "notifications": _("Notifications"),
    "inbound_webhooks": _("Webhooks in"),
    "second_person": _("Second person"),
    "leaving": _("Leavers"),
}

RULES: dict[str, str | Promise] = {
    "entries balance": _("Journal entries balance"),
    "entries lie in their period": _("Journal entries lie in their period"),
    "the trial balance is zero": _("The trial balance adds up to zero"),
    "a day's balance is the sum of its lines": _("What an account moved on a day is the sum of its lines"),
    "documents are posted": _("Every document has its journal entry"),
    "open is total less allocated": _("What is open is the total less what was settled"),
    "an invoice is the sum of its lines": _("An invoice is the sum of its lines"),
    "receivable is the sum of open invoices": _("The receivable account is the sum of open invoices"),
    "customer deposits are what is left of payments and credit notes": _(
        "The deposits account is what is left of payments and credit notes"
    ),
    "numbers have no gaps": _("Numbers have no gaps"),
    "stock = sum of its moves": _("Stock on hand is the sum of its moves"),
    "reserved = what open deliveries hold": _("What is reserved is what open deliveries hold"),
    "closed deliveries hold nothing": _("Closed deliveries hold nothing"),
    "stock value = sum of the moves' values": _("The value of the stock is the sum of its moves' values"),
    "valued quantity = stock on hand": _("As much is valued as is on hand"),
    "stock lies in the warehouse": _("Stock lies in places of ours"),
    "deal amount = sum of its lines": _("A deal's amount is the sum of its lines"),
    "order total = sum of its lines": _("An order's total is the sum of its lines"),
    "line amount = quantity x price x (1 - discount)": _("A line's amount is quantity times price less discount"),
    "returned = received by returns": _("What came back is what returns received"),
    "a queued delivery stands behind another": _("An event that queues stands behind another"),
    "the stock account is what the stock is worth": _("The stock account is what the stock is worth"),
    "an order line's delivered_quantity is what happened": _("What an order says was delivered has left"),
    "an order line's invoiced_quantity is what happened": _("What an order says was invoiced was billed"),
    "an order line's returned_quantity is what happened": _("What an order says was returned has come back"),
}
"""What must always hold, by the name of the rule in the code; a test finds a rule that is missing here."""

CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
SENTENCE = re.compile(r"[;.](?=\s|$)")


def process_in_words(name: str) -> str:
    """A process as the field calls it: ``order_to_cash`` is "Order to cash"."""
    return str(PROCESSES.get(name) or _spaced(name))


def handler_in_words(name: str) -> str:
    """What a handler does: ``order_to_cash.reserve_the_goods`` is "Reserve the goods"."""
    return gettext(_spaced(name.rpartition(".")[2]))


def handler_explained(handler: Handler) -> str:
    """Why it does that, as its code says."""
    return gettext(_first_line(handler.run))


def process_of(handler: str) -> str:
    """The process a handler is a step of, in words."""
    return process_in_words(handler.partition(".")[0])


def event_in_words(name: str) -> str:
    """The name of an event: ``OrderConfirmed`` is "Order confirmed"."""
    return gettext(_parted(name))


def event_explained(event: type[Event]) -> str:
    """What it means, as its code says in the first sentence."""
    return gettext(_first_sentence(event))


def said_by_code() -> Iterator[str]:
    """What events and handlers are called and what their code says of them: translated like every other message."""
    for event in Event.registry.values():
        if not event.__module__.startswith("tests"):
            yield from (_parted(event.type_name()), _first_sentence(event))
    for name, handler in HANDLERS.items():
        if not handler.run.__module__.startswith("tests"):
            yield from (_spaced(name.rpartition(".")[2]), _first_line(handler.run))


def message_in_words(message: Effect) -> str:
    """What a message is about: an e-mail by its subject, a webhook by its event."""
    return event_in_words(message.subject) if message.kind == Effect.Kind.WEBHOOK else message.subject


def kind_in_words(kind: str) -> str:
    """A kind of document: ``sales.order`` is "Order"."""
    try:
        return str(apps.get_model(kind)._meta.verbose_name).capitalize()
    except (LookupError, ValueError):
        return kind


def rule_in_words(rule: str) -> str:
    """What must always hold: ``stock = sum of its moves`` is "Stock on hand is the sum of its moves"."""
    return str(RULES.get(rule) or rule)


def row_in_words(row: str) -> str:
    """The row a rule names: ``finance.invoice INV/2026/00012`` is "Invoice INV/2026/00012"."""
    kind, _space, which = row.partition(" ")
    return f"{kind_in_words(kind)} {which}".strip()


def _spaced(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _parted(name: str) -> str:
    return CAPITAL.sub(" ", name.rpartition(".")[2]).capitalize()


def _first_line(code: object) -> str:
    return (code.__doc__ or "").strip().partition("\n")[0].replace("``", "")


def _first_sentence(code: object) -> str:
    return SENTENCE.split(_first_line(code), maxsplit=1)[0] + "."
