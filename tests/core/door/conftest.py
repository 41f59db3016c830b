"""The company's own sign-in: providers on this machine, and the settings that name them."""

from collections.abc import Iterator
from typing import Any

import pytest
from environs import Env

from config import sso
from tests.core.door.providers import CLIENT, ENTITY, SECRET, Oidc, Saml, oidc_running


@pytest.fixture
def provider(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Oidc]:
    with oidc_running() as provider:
        told = {
            "SATU_OIDC_URL": provider.address,
            "SATU_OIDC_CLIENT_ID": CLIENT,
            "SATU_OIDC_CLIENT_SECRET": SECRET,
            "SATU_OIDC_NAME": "Nusantara",
        }
        for name, value in told.items():
            monkeypatch.setenv(name, value)
        settings.SOCIALACCOUNT_PROVIDERS = sso.providers(Env())
        assert sso.origins(Env()) == [provider.address]
        yield provider


@pytest.fixture
def house(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Saml:
    provider = Saml()
    told = {"SATU_SAML_ENTITY_ID": ENTITY, "SATU_SAML_SSO_URL": f"{ENTITY}/sso", "SATU_SAML_CERTIFICATE": provider.certificate}
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    settings.SOCIALACCOUNT_PROVIDERS = sso.providers(Env())
    return provider


@pytest.fixture
def _a_name(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["satu.example", "testserver"]
