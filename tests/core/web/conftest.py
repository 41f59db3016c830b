"""The trial module, there for one test and gone after it."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import clear_url_caches

from core.people.models import User
from core.web import home, hooks, registry
from tests.core.web.trial import views


@pytest.fixture
def trial(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The trial module's screens beside the real ones."""
    list(registry.screens())
    monkeypatch.setattr(registry, "_screens", dict(registry._screens))
    monkeypatch.setattr(registry, "_records", dict(registry._records))
    monkeypatch.setattr(home, "_parts", copy.deepcopy({name: [] for name in home._parts}))
    monkeypatch.setattr(hooks, "_timeline", [])
    settings.ROOT_URLCONF = "tests.core.web.trial.urls"
    clear_url_caches()
    views.install()
    yield
    clear_url_caches()


@pytest.fixture
def as_seller(client: Client, seller: User) -> Client:
    """A browser in which Dewi has signed in."""
    client.force_login(seller)
    return client


@pytest.fixture
def as_auditor(client: Client, auditor: User) -> Client:
    """A browser in which Ratna has signed in: she sees everything and changes nothing."""
    client.force_login(auditor)
    return client
