"""Coming in by the company's own sign-in: real providers of our own on this machine, real signatures."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.test import Client

from core.people.models import User
from tests.core.door.coming import AT, come, come_by_saml, dewi, sent_to
from tests.core.door.providers import Oidc, Saml
from tests.signing import code_of, with_app


def test_the_door_offers_it_and_leads_back_to_where_one_wanted_to_go(client: Client, seller: User, provider: Oidc) -> None:
    provider.person = dewi(seller)
    assert "Go on with Nusantara" in client.get("/sign-in/?next=/sales/orders/").content.decode()
    assert "You are led to your company" in client.get(AT).content.decode()
    assert come(client, "/sales/orders/").headers["Location"] == "/sales/orders/"
    assert client.get("/api/v1/me/").json()["email"] == seller.email
    assert "company" in client.get("/people/me/security/").content.decode()


def test_the_address_matters_once_then_the_providers_own_name_for_them(client: Client, seller: User, provider: Oidc) -> None:
    provider.person = dewi(seller)
    come(client)
    provider.person = dewi(seller, email="dewi.married@nusantara.example")
    again = Client()
    come(again)
    assert again.get("/api/v1/me/").json()["email"] == seller.email
    assert SocialAccount.objects.count() == 1
    seller.refresh_from_db()
    assert seller.has_usable_password()


@pytest.mark.parametrize(
    "wrong", [{"email_verified": False}, {"email_verified": "false"}, {"email": "stranger@nusantara.example"}, {"email": ""}]
)
def test_an_address_nobody_verified_and_a_stranger_stay_outside(
    client: Client, seller: User, provider: Oidc, wrong: dict[str, Any]
) -> None:
    provider.person = dewi(seller, **wrong)
    assert "You are not let in yet" in come(client).content.decode()
    assert client.get("/api/v1/me/").status_code == 401
    assert (User.objects.filter(kind="human").count(), SocialAccount.objects.count()) == (1, 0)


@pytest.mark.parametrize("lie", ["key", "none", "audience", "issuer", "old", "person"])
def test_what_is_not_signed_for_us_now_and_about_one_person_is_not_believed(client: Client, seller: User, provider: Oidc, lie: str) -> None:
    provider.person, provider.lie = dewi(seller), lie
    assert come(client).status_code == 401
    assert client.get("/api/v1/me/").status_code == 401
    assert SocialAccount.objects.count() == 0


def test_an_answer_somebody_else_asked_for_is_not_taken(client: Client, seller: User, provider: Oidc) -> None:
    provider.person = dewi(seller)
    back = urlsplit(sent_to(Client().post(AT).headers["Location"]))
    assert client.get(f"{back.path}?{back.query}").status_code == 401
    assert client.get("/api/v1/me/").status_code == 401


def test_a_leaver_and_a_service_stay_outside(client: Client, seller: User, provider: Oidc) -> None:
    provider.person = dewi(seller)
    come(Client())
    User.objects.filter(pk=seller.pk).update(is_active=False)
    assert come(client).headers["Location"] == "/sign-in/ended/"
    service = User.objects.service()
    provider.person = dewi(seller, sub="s-1", email=service.email)
    assert "You are not let in yet" in come(client).content.decode()


def test_ones_own_second_factor_is_asked_for_all_the_same(client: Client, seller: User, provider: Oidc) -> None:
    secret, _codes = with_app(seller)
    provider.person = dewi(seller)
    assert come(client).headers["Location"] == "/sign-in/second-factor/"
    assert client.get("/api/v1/me/").status_code == 401
    assert client.post("/sign-in/second-factor/", {"code": code_of(secret, ahead=1)}).status_code == 302
    assert client.get("/api/v1/me/").status_code == 200


def test_nobody_ties_an_account_to_their_own_by_hand(client: Client, seller: User, provider: Oidc) -> None:
    provider.person = dewi(seller, sub="attacker", email="attacker@evil.example")
    client.force_login(seller)
    asked = client.post(AT.replace("login", "connect"))
    back = urlsplit(sent_to(asked.headers["Location"]))
    assert client.get(f"{back.path}?{back.query}").headers["Location"] == "/sign-in/"
    assert SocialAccount.objects.count() == 0


def test_with_a_domain_and_a_role_in_the_settings_newcomers_come_in(client: Client, seller: User, provider: Oidc, settings: Any) -> None:
    settings.SSO_NEW_DOMAIN, settings.SSO_NEW_ROLE = "nusantara.example", "marketing"
    for person in ({"email": "rina@elsewhere.example"}, {"email": "rina@nusantara.example", "email_verified": False}):
        provider.person = dewi(seller, sub="r-1", **person)
        assert "You are not let in yet" in come(Client()).content.decode()
    provider.person = dewi(seller, sub="r-1", email="Rina@nusantara.example", name="Rina Kusuma")
    assert come(client).headers["Location"] == "/"
    rina = User.objects.get(email="rina@nusantara.example")
    assert (rina.name, [group.name for group in rina.groups.all()], rina.has_usable_password()) == ("Rina Kusuma", ["marketing"], False)
    assert client.get("/api/v1/me/").json()["email"] == rina.email


def test_a_provider_that_is_away_is_told_of_and_breaks_nothing(client: Client, seller: User, settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [{"provider_id": "company", "name": "X", "client_id": "x", "secret": "x", "settings": {"server_url": "http://127.0.0.1:9"}}]}, "saml": {"APPS": []}}  # fmt: skip
    assert client.get("/sign-in/").status_code == 200
    assert client.post(AT).status_code == 401
    assert client.get("/sign-in/oidc/nobody/").status_code == 404


# -- SAML ---------------------------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("_a_name")
def test_what_saml_signs_opens(client: Client, seller: User, house: Saml) -> None:
    assert come_by_saml(client, house, subject="d-17", email=seller.email).headers["Location"] == "/"
    assert client.get("/api/v1/me/").json()["email"] == seller.email
    assert client.get("/sign-in/saml/company/metadata/", headers={"Host": "satu.example"}).headers["Content-Type"] == "text/xml"


@pytest.mark.usefixtures("_a_name")
@pytest.mark.parametrize("wrong", [{"signed": False}, {"audience": "https://elsewhere.example"}])
def test_what_saml_did_not_sign_or_said_to_others_opens_nothing(client: Client, seller: User, house: Saml, wrong: dict[str, Any]) -> None:
    assert come_by_saml(client, house, subject="d-17", email=seller.email, **wrong).status_code == 401
    assert client.get("/api/v1/me/").status_code == 401


def test_without_saml_in_the_settings_nothing_posted_is_kept(client: Client, seller: User) -> None:
    assert client.post("/sign-in/saml/company/acs/", {"SAMLResponse": "x"}).status_code == 404
    assert Session.objects.count() == 0


@pytest.mark.usefixtures("_a_name")
def test_what_is_posted_is_little(client: Client, house: Saml, db: None) -> None:
    assert client.post("/sign-in/saml/company/acs/", {"SAMLResponse": "x" * 300_000}, headers={"Host": "satu.example"}).status_code == 400
    assert Session.objects.count() == 0


@pytest.mark.usefixtures("_a_name")
def test_another_key_opens_nothing(client: Client, seller: User, house: Saml) -> None:
    assert come_by_saml(client, Saml(), subject="d-17", email=seller.email).status_code == 401
    assert SocialAccount.objects.count() == 0
