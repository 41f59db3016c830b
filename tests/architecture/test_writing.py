"""Nothing is written that nobody asked for: no form and no serializer takes what only an operation decides."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.test import Client

from core.api.viewsets import VerbViewSet, unknown_in
from core.people.models import User
from core.web.forms import FormScreen
from core.web.records import RecordScreen
from core.web.registry import screens
from tests.addresses import addresses
from tests.architecture.code import expect_none
from tests.factories.ground import make_customer

DECIDED = frozenset({
    "id", "pk", "version", "created_at", "updated_at", "status", "number", "is_superuser", "is_staff", "groups",
    "user_permissions", "last_login", "actor", "by", "user", "moved_by", "residual", "unallocated", "net", "tax", "total", "posted_at",
})  # fmt: skip
"""What an operation decides, never whoever sends a form or a body."""
CHOSEN = {
    "RequestForm.user",
    "ReceiveRequestSerializer.user",
    "BankAccountForm.number",
    "AddBankAccountSerializer.number",
    "ChangeBankAccountSerializer.number",
}
"""Whom a request of a person is about: chosen, as a party would be. A bank account's number is what the bank gave it, no number of ours."""


def takers() -> Iterator[tuple[str, Any]]:
    """Every serializer that reads a body, with the ones inside it."""
    resources = {getattr(address.view, "cls", None) for address in addresses()}
    for resource in filter(None, resources):
        if not issubclass(resource, VerbViewSet):
            continue
        for name in dir(resource):
            takes = getattr(getattr(resource, name, None), "takes", None)
            if takes is not None:
                yield from inside(takes())


def inside(serializer: Any) -> Iterator[tuple[str, Any]]:
    """A serializer and those of its lines."""
    inner = getattr(serializer, "child", serializer)
    if hasattr(inner, "fields"):
        yield type(inner).__name__, inner
        for field in inner.fields.values():
            yield from inside(field)


def asked() -> Iterator[type[forms.Form]]:
    """Every form a person fills in."""
    for _name, screen in screens():
        if screen.__module__.startswith("tests"):
            continue
        if issubclass(screen, FormScreen):
            yield screen.form_class
            if screen.grid is not None:
                yield screen.grid.form
        if issubclass(screen, RecordScreen):
            yield from (verb.form for verb in screen.verbs if verb.form is not None)


def test_no_serializer_takes_what_an_operation_decides() -> None:
    found = {f"{name}.{field}" for name, one in takers() for field, kind in one.fields.items() if field in DECIDED and not kind.read_only}
    assert len({name for name, _one in takers()}) > 40
    expect_none(found - CHOSEN)


def test_no_form_takes_what_an_operation_decides() -> None:
    found = {f"{form.__name__}.{field}" for form in asked() for field in form.base_fields if field in DECIDED}
    assert len(list(asked())) > 30
    expect_none(found - CHOSEN)


def test_every_other_field_of_a_body_is_refused_also_in_its_lines() -> None:
    for name, one in takers():
        assert set(unknown_in(one, dict.fromkeys([*one.fields, "smuggled"]))) == {"smuggled"}, name
        for field, inner in one.fields.items():
            if hasattr(getattr(inner, "child", None), "fields"):
                assert set(unknown_in(one, {field: [{"smuggled": 1}]})[field][0]) == {"smuggled"}, name


@pytest.mark.django_db
def test_what_is_smuggled_into_a_body_or_a_form_changes_nothing(client: Client, seller: User, owner: User) -> None:
    client.force_login(seller)
    entries = {"name": "Dewi", "language": "en", "theme": "system", "time_zone": "", "is_superuser": "on", "is_staff": "on", "groups": "1"}
    assert client.post("/people/me/", {**entries, "_version": seller.version}).status_code == 302
    body = {"name": "Dewi Again", "is_superuser": True}
    answer = client.post("/api/v1/me/change-preferences/", json.dumps(body), content_type="application/json")
    assert (answer.status_code, "is_superuser" in answer.content.decode()) == (400, True)
    party = make_customer()
    for field in ("id", "version", "created_at", "our_company"):
        answer = client.patch(f"/api/v1/parties/{party.pk}/", json.dumps({field: 7}), content_type="application/json")
        assert (answer.status_code, field in answer.content.decode()) == (400, True)
    after = User.objects.get(pk=seller.pk)
    assert (after.name, after.is_superuser, [group.name for group in after.groups.all()]) == ("Dewi", False, ["sales"])
