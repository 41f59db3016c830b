"""Tokens: shown once, kept as a hash, with no more rights than their owner, ending on a day, by a word, or with their owner."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils.html import strip_tags
from rest_framework.test import APIClient

from core import clock
from core.audit.history import history
from core.people.models import SignInRule, User
from core.people.operations import change_roles, create_user, deactivate_user
from core.people.reshaping import MoreThanOneHas, create_role
from core.people.roles import Role
from core.tokens.models import Token
from core.tokens.operations import (
    NoService,
    NotYours,
    ServiceExists,
    UnknownScope,
    create_service,
    issue_service_token,
    issue_token,
    revoke_token,
)
from integration.demo.cast import PASSWORD
from tests.factories.ground import make_customer
from tests.signing import confirmed

ROOT = "/api/v1"


def bearer(secret: str, **more: Any) -> APIClient:
    program = APIClient()
    program.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}", HTTP_USER_AGENT="Till/1.0", **more)
    return program


def test_a_token_is_kept_as_a_hash_only(seller: User) -> None:
    token, secret = issue_token(name="Till", by=seller)
    assert secret.startswith("satu_")
    assert secret[:15] == token.token_key
    row = Token.objects.filter(pk=token.pk).values().get()
    assert secret not in str(row)
    assert secret not in str([(change.before, change.after) for change in history(token)])
    assert bearer(secret).get(f"{ROOT}/me/").json()["id"] == seller.pk
    assert bearer(secret[:-1] + "0").get(f"{ROOT}/me/").status_code == (200 if secret.endswith("0") else 401)


def test_its_rights_are_what_its_scopes_and_its_owner_share(seller: User, owner: User) -> None:
    party = make_customer()
    _token, secret = issue_token(name="Reader", scopes=["parties.view_party"], by=seller)
    program = bearer(secret)
    assert program.get(f"{ROOT}/parties/{party.pk}/").status_code == 200
    refused = program.patch(f"{ROOT}/parties/{party.pk}/", {"name": "PT Lain"})
    assert refused.status_code == 403
    assert refused.json()["detail"] == "The scopes of this token lack parties.update_party, which its owner has."
    assert refused["WWW-Authenticate"] == 'Bearer error="insufficient_scope", scope="parties.update_party"'
    beyond = program.get(f"{ROOT}/users/")
    assert (beyond.status_code, beyond.json()["detail"]) == (403, "This needs the permission people.view_user.")
    change_roles(seller, [Role.HR], by=owner)
    assert program.get(f"{ROOT}/parties/{party.pk}/").status_code in {200, 403}
    change_roles(seller, [], by=owner)
    assert program.get(f"{ROOT}/parties/{party.pk}/").status_code == 403


def test_a_token_with_scopes_changes_nothing_of_its_owners_own_and_makes_no_other(seller: User) -> None:
    _token, secret = issue_token(name="Reader", scopes=["parties.view_party"], by=seller)
    program = bearer(secret)
    assert program.get(f"{ROOT}/me/").status_code == 200
    assert program.post(f"{ROOT}/me/change-preferences/", {"name": "Somebody"}).status_code == 403
    assert program.get(f"{ROOT}/me/sessions/").status_code == 200
    for path in ("password", "sessions/end-others", "factors/prepare-app", "factors/renew-codes"):
        assert program.post(f"{ROOT}/me/{path}/", {}).json()["detail"] == "A token with scopes changes nothing that is its owner's own."
    assert program.post(f"{ROOT}/me/confirm/", {"password": PASSWORD}).status_code == 200
    (own,) = program.get(f"{ROOT}/tokens/").json()
    assert program.delete(f"{ROOT}/tokens/{own['token_key']}/").status_code == 403
    assert own["scopes"] == ["parties.view_party"]


def test_nobody_names_a_scope_they_do_not_hold(seller: User) -> None:
    for scope in ("people.create_user", "sales.nonsense", ""):
        with pytest.raises(UnknownScope):
            issue_token(name="Too much", scopes=[scope], by=seller)
    answer = APIClient().post(f"{ROOT}/tokens/", {"email": seller.email, "password": PASSWORD, "scopes": ["people.create_user"]})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (409, "/scopes")
    assert not Token.objects.exists()


def test_it_ends_on_its_day(seller: User) -> None:
    _token, secret = issue_token(name="Short", days=2, by=seller)
    with time_machine.travel(clock.now() + timedelta(days=1, hours=23)):
        assert bearer(secret).get(f"{ROOT}/me/").status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=2, seconds=1)):
        refused = bearer(secret).get(f"{ROOT}/me/")
    assert (refused.status_code, refused.json()["detail"]) == (401, "This token is unknown, expired or revoked.")


def test_it_ends_when_its_owner_says_so_and_nobody_else_does(seller: User, accountant: User) -> None:
    token, secret = issue_token(name="Till", by=seller)
    with pytest.raises(NotYours):
        revoke_token(token, by=accountant)
    assert bearer(secret).get(f"{ROOT}/me/").status_code == 200
    assert bearer(secret).delete(f"{ROOT}/tokens/{token.token_key}/").status_code == 204
    assert bearer(secret).get(f"{ROOT}/me/").status_code == 401
    assert [change.action for change in history(token)] == ["UPDATE", "INSERT"]


def test_a_leavers_tokens_die_at_once(seller: User, owner: User) -> None:
    _token, secret = issue_token(name="Till", by=seller)
    program = bearer(secret)
    assert program.get(f"{ROOT}/me/").status_code == 200
    deactivate_user(seller, by=owner)
    assert program.get(f"{ROOT}/me/").status_code == 401
    assert not Token.objects.living().filter(user=seller).exists()


def test_it_is_known_when_and_from_where_it_was_used_last(seller: User) -> None:
    _token, secret = issue_token(name="Till", by=seller)
    program = bearer(secret, REMOTE_ADDR="10.1.2.3")
    program.get(f"{ROOT}/me/")
    (own,) = program.get(f"{ROOT}/tokens/").json()
    assert own["last_used_from"] == "10.1.2.3"
    assert Token.objects.get().use.program == "Till/1.0"
    later = clock.now() + timedelta(minutes=2)
    with time_machine.travel(later, tick=False):
        bearer(secret, REMOTE_ADDR="10.9.9.9").get(f"{ROOT}/me/")
    assert (Token.objects.get().use.address, Token.objects.get().use.used_at) == ("10.9.9.9", later)
    assert Token.objects.get().version == 1


def test_a_service_acts_by_a_token_and_signs_in_by_nothing(owner: User, seller: User) -> None:
    service = create_service(name="Web shop", roles=[Role.SALES], by=owner)
    with pytest.raises(ServiceExists):
        create_service(name="Web shop", roles=[], by=owner)
    with pytest.raises(NoService):
        issue_service_token(seller, name="Sly", by=owner)
    _token, secret = issue_service_token(service, name="Shop", scopes=["parties.create_party"], by=owner)
    made = bearer(secret).post(f"{ROOT}/parties/", {"kind": "company", "name": "PT Toko", "roles": ["customer"]})
    assert made.status_code == 201
    SignInRule.objects.update_or_create(role=Role.SALES, defaults={"needs_second_factor": True})
    assert bearer(secret).get(f"{ROOT}/me/").status_code == 200, "a service shows no second factor"
    assert not service.has_usable_password()
    assert service not in User.objects.active()


def test_nobody_makes_a_service_that_may_more_than_they(owner: User) -> None:
    create_role(name="Keeper of services", rights=["tokens.create_service"], by=owner)
    keeper = create_user(email="k@nusantara.example", name="Keeper", roles=["keeper-of-services"], password=None, by=owner)
    with pytest.raises(MoreThanOneHas):
        create_service(name="Back door", roles=[Role.OWNER], by=keeper)
    assert not User.objects.filter(name="Back door").exists()
    service = create_service(name="Own", roles=["keeper-of-services"], by=keeper)
    assert [group.name for group in service.groups.all()] == ["keeper-of-services"]
    shop = create_service(name="Web shop", roles=[Role.SALES], by=owner)
    with pytest.raises(MoreThanOneHas):
        issue_service_token(shop, name="Back door", by=keeper)
    assert not Token.objects.filter(user=shop).exists()


def test_services_and_everybodys_tokens_are_for_those_who_look_after_the_system(owner: User, seller: User) -> None:
    _token, theirs = issue_token(name="Till", by=seller)
    own, keeper = bearer(theirs), APIClient()
    keeper.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_token(name='Admin', by=owner)[1]}")
    service = keeper.post(f"{ROOT}/services/", {"name": "Scanner", "roles": ["storekeeper"]}).json()
    wanted = {"service": service["id"], "name": "Gate", "days": 30}
    assert keeper.post(f"{ROOT}/issued-tokens/", wanted).json()["type"] == "urn:satu:refused:Unconfirmed"
    proof = keeper.post(f"{ROOT}/me/confirm/", {"password": PASSWORD}).json()["confirmation"]
    issued = keeper.post(f"{ROOT}/issued-tokens/", wanted, HTTP_SATU_CONFIRMATION=proof)
    assert (issued.status_code, issued["Cache-Control"]) == (201, "no-store")
    assert bearer(issued.json()["token"]).get(f"{ROOT}/me/").json()["name"] == "Scanner"
    assert keeper.post(f"{ROOT}/issued-tokens/{issued.json()['id']}/revoke/").json()["state"] == "revoked"
    assert bearer(issued.json()["token"]).get(f"{ROOT}/me/").status_code == 401
    for answer in (own.get(f"{ROOT}/issued-tokens/"), own.post(f"{ROOT}/services/", {}), own.post(f"{ROOT}/issued-tokens/", {})):
        assert answer.status_code == 403


# -- Pages --------------------------------------------------------------------------------------------------------------------
def test_the_page_shows_a_new_token_once(client: Client, seller: User) -> None:
    confirmed(client, seller)
    made = client.post("/tokens/new/", {"name": "Till", "days": "90", "scopes": ["sales.view_order"]})
    token = Token.objects.get()
    assert (made.status_code, made["Cache-Control"], token.scopes) == (200, "no-store", ["sales.view_order"])
    secret = made.content.decode().split('value="satu_')[1].split('"')[0]
    assert bearer(f"satu_{secret}").get(f"{ROOT}/orders/").status_code == 200
    page = client.get("/tokens/").content.decode()
    assert token.token_key in page
    assert secret not in page
    client.post(f"/tokens/{token.pk}/revoke/")
    assert bearer(f"satu_{secret}").get(f"{ROOT}/orders/").status_code == 401


def test_what_a_token_may_do_is_told_in_words(client: Client, owner: User) -> None:
    confirmed(client, owner)
    owner.language = "id"
    owner.save()
    page = strip_tags(client.get("/tokens/new/").content.decode())
    assert [words for words in ("Penomoran", "Pesan keluar", "Dokumen terkait", "Keuangan") if words not in page] == []
    assert [name for name in ("Core", "Effects", "Docflow", "Finance") if re.search(rf"\b{name}\b", page)] == []
    client.post("/tokens/new/", {"name": "Till", "days": "90", "scopes": ["finance.view_invoice", "sales.confirm_order"]})
    said = "Keuangan: faktur, Penjualan: Konfirmasi pesanan"
    for address in ("/tokens/", f"/tokens/all/{Token.objects.get().pk}/"):
        assert said in strip_tags(client.get(address).content.decode()), address


def test_the_page_offers_only_what_one_holds(client: Client, seller: User) -> None:
    confirmed(client, seller)
    assert "people.create_user" not in client.get("/tokens/new/").content.decode()
    assert client.post("/tokens/new/", {"name": "Sly", "days": "90", "scopes": ["people.create_user"]}).status_code == 422
    assert not Token.objects.exists()


def test_other_peoples_tokens_are_not_revoked_from_ones_own_page(client: Client, seller: User, accountant: User) -> None:
    token, _secret = issue_token(name="Till", by=accountant)
    client.force_login(seller)
    assert client.post(f"/tokens/{token.pk}/revoke/").status_code == 404
    assert client.get("/tokens/all/").status_code == 403
    token.refresh_from_db()
    assert token.revoked_at is None


def test_a_service_is_made_and_gets_its_token_on_the_pages(client: Client, owner: User) -> None:
    confirmed(client, owner)
    made = client.post("/tokens/services/new/", {"name": "Web shop", "roles": ["sales"]})
    service = User.objects.get(name="Web shop")
    assert made["Location"] == f"/tokens/services/{service.pk}/token/"
    assert "Web shop" in client.get("/tokens/services/").content.decode()
    shown = client.post(made["Location"], {"name": "Front", "days": "30"}).content.decode()
    token = Token.objects.get(user=service)
    assert token.token_key in shown
    client.post(f"/tokens/all/{token.pk}/revoke-token/", follow=True)
    client.post(f"/tokens/all/{token.pk}/revoke/", follow=True)
    token.refresh_from_db()
    assert token.state == "revoked"
