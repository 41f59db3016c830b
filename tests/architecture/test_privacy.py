"""Every word that could say something of a person is classified: a new field or fact that nobody thought about fails here."""

import typing
from dataclasses import fields
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from core.events import Event
from core.privacy.erasing import words_of
from core.privacy.registry import PLAIN_FACTS, not_personal, personal, rules, told
from tests.architecture.test_events import EVENTS
from tests.architecture.test_models import OURS

CHOSEN = {model._meta.label: model for model in OURS if model._meta.managed and not model._meta.auto_created}


def facts_of(event: type[Event]) -> list[str]:
    """The facts of an event that are words."""
    hints: dict[str, Any] = typing.get_type_hints(event)
    return [field.name for field in fields(event) if hints[field.name] in {str, str | None, tuple[str, ...]}]  # type: ignore[arg-type]


@pytest.mark.parametrize("model", CHOSEN.values(), ids=lambda model: model._meta.label)
def test_every_word_of_a_row_is_classified(model: type[models.Model]) -> None:
    classified = set(not_personal().get(model._meta.label, ()))
    for one in personal():
        if one.model is model:
            classified |= set(words_of(model)) if one.remove else {*one.wipe, *one.keep}
    missing = [name for name in words_of(model) if name not in classified]
    assert missing == [], f"say in {model._meta.app_label}'s privacy.py what {missing} of {model._meta.label} say of persons"


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type_name())
def test_every_word_of_an_event_is_classified(event: type[Event]) -> None:
    classified = set(not_personal().get(event.type_name(), ())) | PLAIN_FACTS
    for one in told():
        if one.event is event:
            classified |= set(one.facts)
    missing = [name for name in facts_of(event) if name not in classified and not name.endswith("_number")]
    assert missing == [], f"say in its module's privacy.py what {missing} of {event.type_name()} say of persons"


def test_what_is_classified_exists() -> None:
    events = {event.type_name(): event for event in EVENTS}
    for name, words in not_personal().items():
        known = {field.name for field in CHOSEN[name]._meta.concrete_fields} if name in CHOSEN else set(events[name].field_names())
        assert words <= known, f"{name} has no {sorted(words - known)}"
    for one in personal():
        assert {*one.wipe, *one.keep} <= {field.name for field in one.model._meta.concrete_fields}
    for fact in told():
        assert {fact.id_field, *fact.facts} <= set(fact.event.field_names())


def test_events_are_about_rows_that_are_wiped() -> None:
    """A fact is erased with its row: whoever declares one says what becomes of the row."""
    wiped = {one.model for one in personal() if one.wipe or one.remove}
    assert {fact.model for fact in told()} - wiped == set()


def test_rules_of_keeping_have_rows_to_wipe_and_names_of_their_own() -> None:
    wiped = {one.model for one in personal() if one.wipe or one.remove}
    assert {rule.model for rule in rules()} <= wiped
    assert len({rule.name for rule in rules()}) == len(rules())
    assert all(rule.days >= 30 for rule in rules())
    assert apps.is_installed("core.privacy")
