"""Which fields somebody does not see: what goods cost, what stock is worth, where money is paid to. One rule stands beside the model::

    hide("inventory.stockmove", "unit_cost", "value", unless="catalog.view_cost")

Every face asks here: columns, facts, forms, filters, sorting, groups, exports, search, the API both ways, the clerk screens, the trail of
changes and the payloads of events. Who may not see a field may not write it either. A form or a serializer that asks for a field
by the same name, in the same module, is asking for that field.

Some rows tell by being there: the entry that books what left at its cost. ``hide_rows`` takes them away, ``hide_in_report`` the figures
that are worked out of them, such as the margin.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, TypeVar

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, Q, QuerySet

Rows = TypeVar("Rows", bound=QuerySet[Any, Any])

EVERYBODY = AnonymousUser()
"""Who may see nothing that is hidden from anybody: for what leaves the house."""

_rules: dict[str, dict[str, str]] = defaultdict(dict)
_payloads: dict[str, dict[str, str]] = defaultdict(dict)
_figures: dict[str, dict[str, str]] = defaultdict(dict)
_rows: dict[str, dict[str, Q]] = defaultdict(dict)


def hide(kind: str, *fields: str, unless: str) -> None:
    """Hide fields of a model, or what it works out of them, from everybody who does not hold a permission."""
    _rules[kind].update(dict.fromkeys(fields, unless))


def hide_in_event(type_name: str, *fields: str, unless: str) -> None:
    """Hide what an event tells from everybody who looks at its record without the permission."""
    _payloads[type_name].update(dict.fromkeys(fields, unless))


def hide_rows(kind: str, telling: Q, *, unless: str) -> None:
    """Hide the rows of a model that tell what is hidden: for everybody without the permission they are not there."""
    _rows[kind][unless] = _rows[kind].get(unless, Q()) | telling


def hide_in_report(module: str, *figures: str, unless: str) -> None:
    """Hide figures that the reports of a module work out of what is hidden."""
    _figures[module].update(dict.fromkeys(figures, unless))


def rules() -> Mapping[str, Mapping[str, str]]:
    """Every rule: kind of record -> field -> the permission to see it."""
    return _rules


def needed_for(model: type[Model], path: str) -> str:
    """The permission to see what a path from a model leads to (``product.valuation.average``, ``lines__unit_cost``); empty: everybody."""
    return _needed(model, path)


@cache
def _needed(model: type[Model], path: str) -> str:
    here: Any = model
    for name in path.lstrip("-").replace(".", "__").split("__"):
        found = _rules.get(here._meta.label_lower, {}).get(name)
        if found:
            return found
        try:
            field = here._meta.get_field(name)
        except FieldDoesNotExist:
            return ""
        if not field.is_relation or field.related_model is None:
            return ""
        here = field.related_model
    return ""


def hides(user: Any, model: type[Model], path: str) -> bool:
    """Whether somebody may not see what a path from a model leads to."""
    needed = needed_for(model, path) if path else ""
    return bool(needed) and not user.has_perm(needed)


def shown(user: Any, model: type[Model], paths: Iterable[str]) -> tuple[str, ...]:
    """The paths somebody may see."""
    return tuple(path for path in paths if not hides(user, model, path))


def asked_for(asker: Any, name: str) -> str:
    """The permission behind a field that a form or a serializer of a module asks for by its name; empty: everybody."""
    return _asked_for(asker.__module__, name)


@cache
def _asked_for(module: str, name: str) -> str:
    config = apps.get_containing_app_config(module)
    if config is None:
        return ""
    found = (rules.get(name, "") for kind, rules in _rules.items() if kind.startswith(f"{config.label}."))
    return next(filter(None, found), "") or _figures.get(config.label, {}).get(name, "")


def hidden_in(asker: type[Any], names: Iterable[str], user: Any) -> frozenset[str]:
    """The fields of a form or a serializer that somebody may neither see nor write."""
    needed = {name: asked_for(asker, name) for name in names}
    return frozenset(name for name, permission in needed.items() if permission and not user.has_perm(permission))


def without_telling(rows: Rows, user: Any) -> Rows:
    """The rows of a queryset without those that tell somebody what is hidden from them."""
    for needed, telling in _rows.get(rows.model._meta.label_lower, {}).items():
        if not user.has_perm(needed):
            rows = rows.exclude(telling)
    return rows


def kinds_with_hidden_rows(user: Any) -> list[str]:
    """The kinds of records of which some rows are not there for somebody."""
    return [kind for kind, found in _rows.items() if not all(map(user.has_perm, found))]


def hidden_facts(user: Any, type_name: str) -> frozenset[str]:
    """What an event does not tell somebody."""
    return frozenset(name for name, needed in _payloads.get(type_name, {}).items() if not user.has_perm(needed))


def guarded_facts(type_name: str) -> frozenset[str]:
    """What an event does not tell everybody."""
    return frozenset(_payloads.get(type_name, ()))


def payload_for(user: Any, type_name: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """What an event tells somebody."""
    hidden = hidden_facts(user, type_name)
    return {name: value for name, value in payload.items() if name not in hidden}


def hidden_events(user: Any) -> frozenset[str]:
    """The events of which somebody may not see all that they tell."""
    return frozenset(name for name in _payloads if hidden_facts(user, name))
