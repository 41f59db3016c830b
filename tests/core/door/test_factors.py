"""Second factors: the app, recovery codes, who needs them, and that nothing sensitive is done without confirming."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.effects.models import Effect
from core.people.door.factors import (
    HasOne,
    NoFactor,
    WrongCode,
    add_totp,
    codes_of,
    factors_of,
    remove_factor,
    require_second_factor,
    reset_factors,
    roles_that_need_one,
)
from core.people.models import SignInRule, User
from core.people.reshaping import create_role, retire_role
from core.people.roles import Role
from integration.demo.cast import PASSWORD
from tests.factories.ground import make_user
from tests.racing import race
from tests.signing import code_of, confirmed, sign_in, with_app


def test_with_an_app_the_password_alone_opens_nothing(client: Client, seller: User) -> None:
    secret, _codes = with_app(seller)
    assert sign_in(client, seller).headers["Location"] == "/sign-in/second-factor/"
    assert client.get("/people/me/").status_code == 302
    assert client.post("/sign-in/second-factor/", {"code": "000000"}).status_code == 200
    assert client.post("/sign-in/second-factor/", {"code": code_of(secret, ahead=1)}).headers["Location"] == "/"
    assert client.get("/people/me/").status_code == 200


def test_a_code_of_the_app_opens_once(seller: User) -> None:
    secret, _codes = with_app(seller)
    code = code_of(secret, ahead=1)
    for client, answer in ((Client(), 302), (Client(), 200)):
        sign_in(client, seller)
        assert client.post("/sign-in/second-factor/", {"code": code}).status_code == answer


def test_a_recovery_code_opens_once(seller: User) -> None:
    _secret, codes = with_app(seller)
    assert len(set(codes)) == 10
    for client, answer in ((Client(), 302), (Client(), 200)):
        sign_in(client, seller)
        assert client.post("/sign-in/second-factor/", {"code": codes[3]}).status_code == answer
    left = codes_of(seller)
    assert left is not None
    assert len(left.unused) == 9


@pytest.mark.django_db(transaction=True)
def test_two_who_come_at_once_with_one_recovery_code_do_not_both_get_in(seller: User) -> None:
    _secret, codes = with_app(seller)
    clients = [Client() for _ in range(4)]
    for client in clients:
        sign_in(client, seller)
    answers = race(*[lambda client=client: client.post("/sign-in/second-factor/", {"code": codes[0]}).status_code for client in clients])
    assert sorted(answers) == [200, 200, 200, 302]  # type: ignore[type-var]


def test_an_app_is_added_by_scanning_and_typing(client: Client, seller: User) -> None:
    sign_in(client, seller)
    page = client.get("/people/me/security/app/")
    assert b"data:image/svg+xml;base64," in page.content
    secret = page.context["secret"].replace(" ", "")
    wrong = client.post("/people/me/security/app/", {"code": "000000"})
    assert (wrong.status_code, factors_of(seller)) == (422, [])
    assert wrong.context["secret"].replace(" ", "") == secret
    done = client.post("/people/me/security/app/", {"code": code_of(secret)})
    assert done.headers["Location"] == "/people/me/security/codes/"
    assert len(client.get("/people/me/security/codes/").context["codes"].unused) == 10
    assert Effect.objects.filter(payload__subject="Your sign-in was changed").count() == 1


def test_secrets_are_sealed_in_the_database(seller: User) -> None:
    secret, codes = with_app(seller)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert not any(code in kept for code in codes)


def test_one_app_is_enough_and_has_to_be_set_up_right(seller: User) -> None:
    with pytest.raises(WrongCode):
        add_totp(seller, secret="A" * 32, code="123456", by=seller)
    assert not Authenticator.objects.exists()
    with_app(seller)
    with pytest.raises(HasOne):
        with_app(seller)
    assert Authenticator.objects.filter(type="totp").count() == 1


def test_with_the_last_factor_the_recovery_codes_go(seller: User, owner: User) -> None:
    with_app(seller)
    factor = factors_of(seller)[0]
    with pytest.raises(NoFactor):
        remove_factor(owner, factor.pk, by=owner)
    remove_factor(seller, factor.pk, by=seller)
    assert not Authenticator.objects.exists()


def test_who_lost_the_phone_is_helped_by_the_owner_and_by_nobody_else(seller: User, owner: User) -> None:
    with_app(seller)
    it = confirmed(Client(), make_user(Role.IT))
    assert it.post(f"/people/{seller.pk}/reset-factors/").status_code == 403
    assert Authenticator.objects.exists()
    assert confirmed(Client(), owner).post(f"/people/{seller.pk}/reset-factors/").status_code == 302
    assert sign_in(Client(), seller).headers["Location"] == "/"
    with pytest.raises(NoFactor):
        reset_factors(owner, by=owner)


def test_a_token_costs_the_second_factor_too(seller: User) -> None:
    secret, codes = with_app(seller)
    ask = {"email": seller.email, "password": PASSWORD}

    def answer(**more: str) -> int:
        return Client().post("/api/v1/tokens/", ask | more, content_type="application/json").status_code

    assert (answer(), answer(code="000000"), answer(code=code_of(secret, ahead=1)), answer(code=codes[0])) == (401, 401, 201, 201)


# -- Required by role ---------------------------------------------------------------------------------------------------
def test_who_owes_a_factor_is_led_to_it_and_does_nothing_else(client: Client, seller: User, owner: User) -> None:
    sign_in(client, seller)
    assert client.get("/sales/orders/").status_code == 200
    require_second_factor([Role.SALES], by=owner)
    for address in ("/", "/sales/orders/", "/parties/new/", "/palette/", "/people/me/", "/admin/"):
        assert client.get(address).headers["Location"] == "/people/me/security/", address
    assert client.post("/parties/new/", {"name": "Nope"}).headers["Location"] == "/people/me/security/"
    assert client.get("/sales/orders/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/people/me/security/"
    refused = client.get("/api/v1/parties/")
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:satu:refused:FactorNeeded")
    assert "Your role asks for a second factor." in client.get("/people/me/security/").content.decode()
    assert client.get("/people/me/security/app/").status_code == 200
    with_app(seller)
    assert client.get("/sales/orders/").status_code == 200


def test_an_owing_persons_token_opens_nothing(seller: User, owner: User) -> None:
    ask = {"email": seller.email, "password": PASSWORD}
    token = Client().post("/api/v1/tokens/", ask, content_type="application/json").json()["token"]
    program = Client(headers={"Authorization": f"Bearer {token}"})
    assert program.get("/api/v1/orders/").status_code == 200
    require_second_factor([Role.SALES], by=owner)
    assert program.get("/api/v1/orders/").status_code == 403
    assert Client().post("/api/v1/tokens/", ask, content_type="application/json").status_code == 403
    with_app(seller)
    assert program.get("/api/v1/orders/").status_code == 200


def test_others_need_none(client: Client, accountant: User, owner: User) -> None:
    require_second_factor([Role.SALES], by=owner)
    sign_in(client, accountant)
    assert client.get("/").status_code == 200


def test_the_owner_decides_it_on_a_page(client: Client, owner: User, seller: User) -> None:
    with_app(seller)
    confirmed(client, owner)
    page = client.post("/people/sign-in-rules/", {"roles": ["sales", "accountant"]}, follow=True)
    rows = {role["key"]: (role["needed"], role["people"], role["ready"]) for role in page.context["roles"]}
    assert (rows["sales"], rows["accountant"], rows["owner"]) == ((True, 1, 1), (True, 0, 0), (False, 1, 0))
    client.post("/people/sign-in-rules/", {"roles": ["accountant"]})
    assert set(SignInRule.objects.filter(needs_second_factor=True).values_list("role", flat=True)) == {"accountant"}
    assert client.post("/people/sign-in-rules/", {"roles": ["nobody"]}).status_code == 422


def test_the_owner_decides_it_through_the_api_and_others_do_not(owner: User, seller: User) -> None:
    boss, dewi = confirmed(Client(), owner), confirmed(Client(), seller)
    ask = {"second_factor": ["sales"]}
    at = "/api/v1/sign-in-rules/require-second-factor/"
    assert dewi.post(at, ask, content_type="application/json").status_code == 403
    assert not SignInRule.objects.exists()
    assert boss.post(at, ask, content_type="application/json").json() == ask
    assert boss.get("/api/v1/sign-in-rules/").json() == ask
    assert boss.post(at, {"second_factor": ["nobody"]}, content_type="application/json").status_code == 400
    assert boss.get("/admin/people/signinrule/").status_code == 200


# -- Confirming ---------------------------------------------------------------------------------------------------------
def test_what_is_sensitive_asks_first_and_leads_back(client: Client, owner: User, seller: User) -> None:
    client.force_login(owner)  # in, but confirmed nothing
    at = f"/people/{seller.pk}/change-roles/"
    asked = client.get(at)
    assert asked.headers["Location"] == f"/people/me/confirm/?next=%2Fpeople%2F{seller.pk}%2Fchange-roles%2F"
    dialog = client.get(at, headers={"HX-Request": "true"})
    assert dialog.headers["HX-Redirect"] == asked.headers["Location"]
    assert client.post(at, {"roles": ["owner"]}).status_code == 302
    assert [group.name for group in seller.groups.all()] == ["sales"]
    assert client.post(asked.headers["Location"], {"password": "wrong", "next": at}).status_code == 422
    assert client.post(asked.headers["Location"], {"password": PASSWORD, "next": at}).headers["Location"] == at
    assert client.post(at, {"roles": ["marketing"]}).status_code == 302
    assert [group.name for group in seller.groups.all()] == ["marketing"]


def test_confirming_leads_nowhere_else(client: Client, owner: User) -> None:
    sign_in(client, owner)
    answer = client.post("/people/me/confirm/", {"password": PASSWORD, "next": "https://evil.example/"})
    assert answer.headers["Location"] == "/people/me/security/"


def test_signing_in_confirms_for_ten_minutes(client: Client, owner: User, seller: User, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(client, owner)
    at = f"/people/{seller.pk}/change-roles/"
    assert client.get(at).status_code == 200
    session = client.session
    session["account_authentication_methods"] = [one | {"at": one["at"] - 601} for one in session["account_authentication_methods"]]
    session.save()
    assert client.get(at).status_code == 302


def test_a_code_and_a_recovery_code_confirm_too(client: Client, owner: User) -> None:
    secret, codes = with_app(owner)
    client.force_login(owner)
    assert client.post("/people/me/confirm/", {"code": "000000"}).status_code == 422
    assert client.post("/people/me/confirm/", {"code": code_of(secret, ahead=1)}).status_code == 302
    assert client.get("/people/new/").status_code == 200
    assert client.post("/people/me/confirm/", {"code": codes[0]}).status_code == 302
    assert client.post("/people/me/confirm/", {"code": codes[0]}).status_code == 422


@pytest.mark.parametrize("address", ["/people/new/", "/parties/company/1/edit/", "/people/me/security/codes/", "/people/me/security/app/"])
def test_these_pages_ask_first(client: Client, owner: User, address: str) -> None:
    client.force_login(owner)
    assert client.get(address).headers["Location"].startswith("/people/me/confirm/")


def test_in_the_api_a_session_confirms_once_and_a_token_sends_it_along(owner: User, seller: User) -> None:
    at, roles = f"/api/v1/users/{seller.pk}/change-roles/", {"roles": ["marketing"]}
    ask = {"email": owner.email, "password": PASSWORD}
    token = Client().post("/api/v1/tokens/", ask, content_type="application/json").json()["token"]
    program, browser = Client(headers={"Authorization": f"Bearer {token}"}), Client()
    browser.force_login(owner)
    for client in (program, browser):
        refused = client.post(at, roles, content_type="application/json")
        assert (refused.status_code, refused.json()["type"]) == (403, "urn:satu:refused:Unconfirmed")
        wrong = client.post("/api/v1/me/confirm/", {"password": "wrong"}, content_type="application/json")
        assert wrong.status_code == 403
    assert [group.name for group in seller.groups.all()] == ["sales"]
    sealed = program.post("/api/v1/me/confirm/", {"password": PASSWORD}, content_type="application/json").json()["confirmation"]
    assert program.post(at, roles, content_type="application/json").status_code == 403
    assert program.post(at, roles, content_type="application/json", headers={"Satu-Confirmation": sealed + "x"}).status_code == 403
    assert program.post(at, roles, content_type="application/json", headers={"Satu-Confirmation": sealed}).status_code == 200
    others = confirmed(Client(), make_user(Role.IT))
    assert others.post(at, roles, content_type="application/json", headers={"Satu-Confirmation": sealed}).status_code == 403
    assert browser.post("/api/v1/me/confirm/", {"password": PASSWORD}, content_type="application/json").status_code == 200
    assert browser.post(at, {"roles": ["sales"]}, content_type="application/json").status_code == 200


def test_people_are_not_brought_in_by_a_file_without_confirming(client: Client, owner: User) -> None:
    client.force_login(owner)
    file = SimpleUploadedFile("people.csv", b"Email,Name,Roles\nrina@nusantara.example,Rina,owner\n")
    run = client.post("/api/v1/imports/", {"kind": "people.user", "file": file}).json()["id"]
    assert client.post(f"/api/v1/imports/{run}/start/").json()["type"] == "urn:satu:refused:Unconfirmed"
    assert client.post(f"/imports/{run}/start/").headers["Location"].startswith("/people/me/confirm/")
    assert confirmed(client, owner).post(f"/api/v1/imports/{run}/start/").status_code == 409  # its columns are not matched yet


def test_ones_factors_through_the_api(client: Client, seller: User) -> None:
    sign_in(client, seller)
    fresh = client.post("/api/v1/me/factors/prepare-app/").json()
    assert fresh["url"].startswith("otpauth://totp/")
    wrong = client.post("/api/v1/me/factors/add-app/", {"secret": fresh["secret"], "code": "000000"}, content_type="application/json")
    assert wrong.status_code == 409
    answer = {"secret": fresh["secret"], "code": code_of(fresh["secret"])}
    added = client.post("/api/v1/me/factors/add-app/", answer, content_type="application/json")
    assert (added.status_code, added.json()["type"]) == (201, "totp")
    assert len(client.post("/api/v1/me/factors/renew-codes/").json()["codes"]) == 10
    assert [one["id"] for one in client.get("/api/v1/me/factors/").json()] == [added.json()["id"]]
    assert client.post(f"/api/v1/me/factors/{added.json()['id']}/remove/").status_code == 204
    assert factors_of(seller) == []


def test_ones_password_through_the_api(seller: User) -> None:
    here, there = Client(), Client()
    sign_in(here, seller)
    sign_in(there, seller)
    at, ask = "/api/v1/me/password/", {"old": PASSWORD, "password": "kopi-tubruk-pagi-2026"}
    assert here.post(at, ask | {"old": "wrong"}, content_type="application/json").status_code == 409
    assert here.post(at, ask | {"password": "password123"}, content_type="application/json").status_code == 409
    assert here.post(at, ask, content_type="application/json").status_code == 204
    assert (here.get("/api/v1/me/").status_code, there.get("/api/v1/me/").status_code) == (200, 401)


def test_a_retired_role_keeps_its_rule(owner: User) -> None:
    role = create_role(name="Night shift", by=owner)
    require_second_factor(["night-shift"], by=owner)
    retire_role(role, by=owner)
    require_second_factor([Role.SALES], by=owner)
    assert roles_that_need_one() == {"night-shift", Role.SALES}
