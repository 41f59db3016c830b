"""Second factors at the company's own sign-in: they count where the settings name them, for that session and that person, and nowhere else."""

import json
from typing import Any

import pytest
from django.test import Client
from environs import Env

from config import sso
from core.people.door.factors import owes_factor, require_second_factor
from core.people.door.vouching import trusted, was_vouched_for, ways_in
from core.people.models import User
from core.people.operations import set_password
from core.people.roles import Role
from tests.core.door.coming import come, come_by_saml, dewi
from tests.core.door.providers import ENTITY, Oidc, Saml
from tests.factories.ground import make_user
from tests.factories.programs import api_of
from tests.signing import code_of, sign_in, with_app

REFEDS = "https://refeds.org/profile/mfa"
INSIDE = "/parties/"


@pytest.fixture
def owing(seller: User, owner: User) -> User:
    """Dewi, whose role needs a second factor, and who has set none up."""
    require_second_factor([Role.SALES], by=owner)
    return seller


@pytest.fixture
def trusting(provider: Oidc, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Oidc:
    """The provider, trusted for two methods and one class."""
    monkeypatch.setenv("SATU_OIDC_FACTORS", "mfa, otp,phrh")
    settings.SOCIALACCOUNT_PROVIDERS = sso.providers(Env())
    return provider


def is_in(client: Client) -> bool:
    """Whether pages and programs of this browser are open, both or neither."""
    page, api = client.get(INSIDE), client.get("/api/v1/parties/")
    assert (page.status_code == 200) == (api.status_code == 200), (page.status_code, api.status_code)
    if page.status_code != 200:
        assert (page.headers["Location"], api.status_code) == ("/people/me/security/", 403)
        assert api.json()["type"] == "urn:satu:refused:FactorNeeded"
    return bool(page.status_code == 200)


@pytest.mark.parametrize(
    "said", [{"amr": ["pwd", "mfa"]}, {"amr": ["otp"]}, {"amr": "mfa"}, {"acr": "phrh"}, {"amr": ["pwd"], "acr": "phrh"}]
)
def test_what_the_settings_name_counts_as_the_second_factor(client: Client, owing: User, trusting: Oidc, said: dict[str, Any]) -> None:
    trusting.person = dewi(owing, **said)
    assert come(client, INSIDE).headers["Location"] == INSIDE
    assert is_in(client)
    page = client.get("/people/me/security/").content.decode()
    assert ("asked you for a second factor this time" in page, "Your role asks for a second factor." in page) == (True, False)
    assert "<strong>Nusantara</strong>" in page


@pytest.mark.parametrize(
    "said", [{}, {"amr": ["pwd"]}, {"amr": ["hwk", "sms"]}, {"amr": []}, {"amr": [["mfa"], 7, None]}, {"amr": {"mfa": True}}, {"acr": "0"}, {"acr": ["phrh"]}]
)  # fmt: skip
def test_whatever_else_it_says_ours_is_owed(client: Client, owing: User, trusting: Oidc, said: dict[str, Any]) -> None:
    trusting.person = dewi(owing, **said)
    come(client, INSIDE)
    assert not is_in(client)
    assert "Your role asks for a second factor." in client.get("/people/me/security/").content.decode()


def test_a_provider_that_is_not_trusted_for_it_vouches_for_nothing(client: Client, owing: User, provider: Oidc) -> None:
    assert trusted() == set()
    provider.person = dewi(owing, amr=["mfa"], acr="phrh")
    come(client, INSIDE)
    assert not is_in(client)


def test_only_what_is_signed_counts(client: Client, owing: User, trusting: Oidc) -> None:
    trusting.person, trusting.unsigned = dewi(owing), {"amr": ["mfa"], "acr": "phrh"}
    come(client, INSIDE)
    assert not is_in(client)


def test_it_holds_for_that_session_and_that_person_alone(client: Client, owing: User, trusting: Oidc, settings: Any) -> None:
    trusting.person = dewi(owing, amr=["mfa"])
    come(client)
    assert is_in(client)
    by_password = Client()
    sign_in(by_password, owing)
    assert not is_in(by_password)
    assert owes_factor(User.objects.get(pk=owing.pk))
    assert api_of(owing).get("/api/v1/parties/").status_code == 403  # a token came in by no provider
    again = Client()
    trusting.person = dewi(owing, amr=["pwd"])
    come(again)
    assert not is_in(again)
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["factors"] = []
    assert not is_in(client)  # from the next request on, as everything the settings say


def test_who_signs_in_after_them_in_the_same_browser_gets_nothing_of_it(client: Client, owing: User, trusting: Oidc, owner: User) -> None:
    trusting.person = dewi(owing, amr=["mfa"])
    come(client)
    other = make_user(Role.SUPPORT)
    require_second_factor([Role.SALES, Role.SUPPORT], by=owner)
    client.post("/sign-out/")
    sign_in(client, other)
    assert not is_in(client)
    client.post("/sign-out/")
    sign_in(client, owing)
    assert not is_in(client)


def test_who_has_one_of_their_own_is_asked_for_it_only_where_the_provider_asked_for_none(
    client: Client, owing: User, trusting: Oidc
) -> None:
    secret, _codes = with_app(owing)
    trusting.person = dewi(owing, amr=["mfa"])
    assert come(client, INSIDE).headers["Location"] == INSIDE
    assert is_in(client)
    there = Client()
    trusting.person = dewi(owing, amr=["pwd"])
    assert come(there).headers["Location"] == "/sign-in/second-factor/"
    assert there.get("/api/v1/me/").status_code == 401
    there.post("/sign-in/second-factor/", {"code": code_of(secret, ahead=1)})
    assert is_in(there)


def test_half_a_sign_in_vouches_for_nobody(client: Client, owing: User, trusting: Oidc) -> None:
    """Whoever the provider vouched for and is not let in leaves nothing behind that another way in could use."""
    trusting.person = dewi(owing, amr=["mfa"])
    come(Client())
    User.objects.filter(pk=owing.pk).update(is_active=False)
    assert come(client).headers["Location"] == "/sign-in/ended/"
    User.objects.filter(pk=owing.pk).update(is_active=True)
    sign_in(client, owing)
    assert not is_in(client)


def test_newcomers_whose_role_needs_one_come_in_with_the_providers(client: Client, owing: User, trusting: Oidc, settings: Any) -> None:
    settings.SSO_NEW_DOMAIN, settings.SSO_NEW_ROLE = "nusantara.example", "sales"
    trusting.person = {"sub": "r-1", "email": "rina@nusantara.example", "email_verified": True, "amr": ["otp"]}
    come(client)
    assert is_in(client)
    rina = User.objects.get(email="rina@nusantara.example")
    assert owes_factor(rina)
    set_password(rina, password="kopi-tubruk-pagi-2026", by=rina)


def test_only_words_are_read_from_a_token() -> None:
    assert ways_in({}) == set()
    assert ways_in({"amr": ["pwd", "otp"], "acr": "urn:x"}) == {"pwd", "otp", "urn:x"}
    assert ways_in({"amr": [{"mfa": 1}, 3, ""], "acr": 2}) == set()


# -- SAML ---------------------------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("_a_name")
@pytest.mark.parametrize(
    ("named", "way", "opens"),
    [(REFEDS, REFEDS, True), ("", REFEDS, False), (REFEDS, "urn:oasis:names:tc:SAML:2.0:ac:classes:Password", False)],
)
def test_the_context_of_a_signed_assertion_counts_where_it_is_named(
    client: Client, owing: User, house: Saml, settings: Any, monkeypatch: pytest.MonkeyPatch, named: str, way: str, opens: bool
) -> None:
    monkeypatch.setenv("SATU_SAML_FACTORS", named)
    settings.SOCIALACCOUNT_PROVIDERS = sso.providers(Env())
    assert trusted() == ({ENTITY} if named else set())
    assert come_by_saml(client, house, subject="d-17", email=owing.email, way=way).headers["Location"] == "/"
    assert is_in(client) == opens


@pytest.mark.usefixtures("_a_name")
def test_an_unsigned_context_opens_nothing_at_all(
    client: Client, owing: User, house: Saml, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SATU_SAML_FACTORS", REFEDS)
    settings.SOCIALACCOUNT_PROVIDERS = sso.providers(Env())
    assert come_by_saml(client, house, subject="d-17", email=owing.email, way=REFEDS, signed=False).status_code == 401
    assert client.get("/api/v1/me/").status_code == 401


def test_what_is_remembered_names_the_provider(client: Client, owing: User, trusting: Oidc, rf: Any) -> None:
    trusting.person = dewi(owing, amr=["mfa"])
    come(client)
    kept = [one for one in client.session["account_authentication_methods"] if one.get("type") == "provider"]
    assert [(one["method"], one["provider"]) for one in kept] == [("mfa", "company")]
    asked = rf.get("/")
    asked.session = client.session
    assert was_vouched_for(asked, owing)
    assert not was_vouched_for(asked, make_user(Role.SUPPORT))
    assert json.dumps(kept)
