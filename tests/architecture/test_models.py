"""What an import linter cannot see in the models."""

from typing import Any

import pytest
from django.apps import apps
from django.db import models

from config.modules import GROUND_FLOOR, INSTALLED, MODULES
from core.db import Stateful, Tracked

OURS = [model for model in apps.get_models() if model.__module__.startswith(tuple(INSTALLED))]
MODULE_PACKAGES = {module.package for module in MODULES}
ONLY_ADDED_TO = "only ever added to: the database refuses to change or remove a row"
NOT_TRACKED: dict[str, str] = {  # rows without version and trail, and why
    "tokens.TokenUse": "when a token was used last: no change of it, and it would fill the trail with every minute of every program",
    "audit.Change": "is the trail",
    "core.Counter": "a number series; its use is seen in the documents",
    "core.ReferenceMark": "says that a reference table changed; what changed stands in the trail of its rows",
    "docflow.Link": ONLY_ADDED_TO,
    "events.Record": ONLY_ADDED_TO,
    "api.RememberedRequest": "an answer kept for a day; what the request did is tracked where it was done",
    "events.ArchivedDelivery": ONLY_ADDED_TO,
    "events.Noted": ONLY_ADDED_TO,
    "events.Delivery": "the engine's own account of its work",
    "finance.Allocation": ONLY_ADDED_TO,
    "finance.DayBalance": "follows from the lines, and only the database writes it",
    "finance.InvoiceLine": ONLY_ADDED_TO,
    "finance.InvoiceTax": ONLY_ADDED_TO,
    "finance.JournalEntry": ONLY_ADDED_TO,
    "finance.JournalLine": ONLY_ADDED_TO,
    "imports.ImportRow": "a cell of somebody's file and what became of it; what it wrote is tracked where it was written",
    "imports.ExternalId": "the importer's own memory; what it wrote is tracked where it was written",
    "integration.Attempt": "the sender's own account of its work",
    "integration.EndpointSecret": "a secret has no place in the trail; the endpoint's row says when it was changed",
    "integration.SourceSecret": "likewise",
    "integration.ReceivedWebhook": "what came in, as it came; what it became is tracked where it was made",
    "integration.Drift": "what the reconciler found, and when it was gone",
    "integration.ProcessInstance": "where a process stands; the event that brought it there is a record",
    "inventory.StockMove": ONLY_ADDED_TO,
    "notifications.Notification": "a word to one person; what it tells of is tracked where it happened",
    "parties.Consent": ONLY_ADDED_TO,
    "privacy.Erasure": ONLY_ADDED_TO,
    "people.Attempt": "a cache of sign-in tries and used codes, in Postgres",
    "people.RightGiven": "only the trail is ours: the row is Django's",
    "people.RoleGiven": "likewise",
    "parties.PartyRole": "a role is given and taken by an operation on the party, which is tracked",
}
MAY_VANISH: dict[str, str] = {  # references that do not protect what they point to, and why
    "events.Record.party": "history outlives a party that an import made by mistake",
}


def package(model: type[models.Model]) -> str:
    """The module or ground-floor app a model lives in."""
    return apps.get_app_config(model._meta.app_label).name


def references() -> list[tuple[type[models.Model], "models.ForeignKey[models.Model, models.Model]", type[models.Model]]]:
    return [
        (model, field, field.related_model)
        for model in OURS
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey) and isinstance(field.related_model, type)
    ]


def label(model: type[models.Model], field: "models.Field[Any, Any] | None" = None) -> str:
    return f"{model._meta.app_label}.{model.__name__}" + (f".{field.name}" if field else "")


@pytest.mark.parametrize("reference", references(), ids=lambda found: label(found[0], found[1]))
def test_a_foreign_key_goes_down_to_the_ground_floor_or_stays_inside(
    reference: tuple[type[models.Model], "models.ForeignKey[models.Model, models.Model]", type[models.Model]],
) -> None:
    model, field, target = reference
    if package(target) in MODULE_PACKAGES:
        assert package(model) == package(target), f"{label(model, field)} -> {label(target)}: across modules, keep the id and a docflow row"


@pytest.mark.parametrize("reference", references(), ids=lambda found: label(found[0], found[1]))
def test_what_is_referred_to_cannot_vanish_unless_it_owns_the_row(
    reference: tuple[type[models.Model], "models.ForeignKey[models.Model, models.Model]", type[models.Model]],
) -> None:
    """Owned: inside one app, and not without its owner."""
    model, field, target = reference
    on_delete = field.remote_field.on_delete
    owned = on_delete is models.CASCADE and package(model) == package(target) and not field.null
    assert on_delete is models.PROTECT or owned or label(model, field) in MAY_VANISH


@pytest.mark.parametrize("model", OURS, ids=label)
def test_every_row_has_a_version_and_a_trail(model: type[models.Model]) -> None:
    if label(model) in NOT_TRACKED or not model._meta.managed or model._meta.auto_created:
        return
    assert issubclass(model, Tracked), f"{label(model)} is not Tracked"
    names = {trigger.name for trigger in getattr(model._meta, "triggers", [])}
    assert {trigger.name for trigger in Tracked.Meta.triggers} <= names, f"{label(model)}: `class Meta(Tracked.Meta)` was forgotten"


@pytest.mark.parametrize("model", [model for model in OURS if issubclass(model, Stateful)], ids=label)
def test_every_legal_step_is_between_known_statuses(model: type[Stateful]) -> None:
    statuses = set(model.Status.values)  # type: ignore[attr-defined]
    assert set(model.MOVES) <= statuses
    assert {after for steps in model.MOVES.values() for after in steps} <= statuses


@pytest.mark.parametrize("model", OURS, ids=label)
def test_nothing_is_counted_in_floats(model: type[models.Model]) -> None:
    assert [field.name for field in model._meta.local_fields if isinstance(field, models.FloatField)] == []


def test_the_ground_floor_knows_no_module() -> None:
    wrong = [
        label(model, field)
        for model, field, target in references()
        if package(model) in GROUND_FLOOR and package(target) not in GROUND_FLOOR
    ]
    assert [name for name in wrong if not name.startswith("people.")] == []  # Django's own groups and permissions
