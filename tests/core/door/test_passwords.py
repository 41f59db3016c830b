"""Coming in by e-mail and password, and a new password for an old or a forgotten one."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from core.effects.models import Effect
from core.people.models import User
from core.people.operations import WeakPassword, set_password
from integration.demo.cast import PASSWORD
from integration.effects import send_effects
from tests.signing import sign_in

NEW = "kopi-tubruk-pagi-2026"


def test_the_door_tells_nobody_who_works_here(client: Client, seller: User) -> None:
    known = sign_in(client, seller, "wrong-password")
    unknown = client.post("/sign-in/", {"login": "nobody@nusantara.example", "password": "wrong-password"})
    assert "E-mail and password do not belong together." in known.content.decode()
    assert (known.status_code, known.context["form"].errors) == (unknown.status_code, unknown.context["form"].errors)


def test_a_service_and_a_leaver_do_not_come_in(client: Client, seller: User) -> None:
    service = User.objects.service()
    service.set_password(PASSWORD)
    service.save()
    assert sign_in(client, service).headers["Location"] == "/sign-in/ended/"
    assert "_auth_user_id" not in client.session
    User.objects.filter(pk=seller.pk).update(is_active=False)
    assert sign_in(client, seller).headers["Location"] == "/sign-in/ended/"
    assert client.get("/").status_code == 302


def test_signing_in_leads_on_inside_and_nowhere_else(client: Client, seller: User) -> None:
    inside = client.post("/sign-in/", {"login": seller.email, "password": PASSWORD, "next": "/sales/orders/"})
    assert inside.headers["Location"] == "/sales/orders/"
    client.post("/sign-out/")
    outside = client.post("/sign-in/", {"login": seller.email, "password": PASSWORD, "next": "https://evil.example/"})
    assert outside.headers["Location"] == "/"


def test_a_session_gets_a_new_key_at_the_door(client: Client, seller: User) -> None:
    client.post("/sign-in/", {"login": seller.email, "password": "wrong"})
    client.get("/sign-in/passkey/", headers={"Accept": "application/json"})  # keeps something of a visitor
    before = client.session.session_key
    sign_in(client, seller)
    assert before is not None
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


@pytest.mark.parametrize("password", ["short-7", "x" * 129, "password123", "dewi.lestari"])
def test_a_password_is_8_to_128_characters_and_none_that_others_guess(seller: User, password: str) -> None:
    with pytest.raises(WeakPassword):
        set_password(seller, password=password, by=seller)
    seller.refresh_from_db()
    assert seller.check_password(PASSWORD)


def test_8_and_128_characters_are_enough_and_not_too_many(seller: User) -> None:
    for password in ("kopi#Tb8", "kopi-tubruk-" * 10 + "pagihari"):
        set_password(seller, password=password, by=seller)
        seller.refresh_from_db()
        assert seller.check_password(password)


def test_a_changed_password_ends_every_other_session(seller: User) -> None:
    here, there = Client(), Client()
    sign_in(here, seller)
    sign_in(there, seller)
    change = here.post("/people/me/password/", {"old": PASSWORD, "password": NEW, "again": NEW})
    assert change.headers["Location"] == "/people/me/security/"
    assert (here.get("/people/me/").status_code, there.get("/people/me/").status_code) == (200, 302)
    assert [is_here for _device, _name, is_here in here.get("/people/me/security/").context["devices"]] == [True]
    assert Session.objects.count() == 1
    assert Effect.objects.get().payload["subject"] == "Your sign-in was changed"


def test_only_who_knows_the_old_password_makes_a_new_one(client: Client, seller: User) -> None:
    sign_in(client, seller)
    page = client.post("/people/me/password/", {"old": "wrong", "password": NEW, "again": NEW})
    assert (page.status_code, "That is not your password." in page.content.decode()) == (422, True)
    page = client.post("/people/me/password/", {"old": PASSWORD, "password": NEW, "again": "another"})
    assert page.status_code == 422
    seller.refresh_from_db()
    assert seller.check_password(PASSWORD)


def test_a_forgotten_password_is_made_anew_by_mail(client: Client, seller: User, settings: object) -> None:
    elsewhere = Client()
    sign_in(elsewhere, seller)
    asked = client.post("/password/forgotten/", {"email": seller.email.upper()})
    assert asked.headers["Location"] == "/password/forgotten/sent/"
    effect = Effect.objects.get()
    assert (effect.status, mail.outbox) == ("pending", [])
    assert "/password/new/" not in str(effect.payload)
    assert send_effects().sent == 1
    link = re.search(r"http://testserver(/password/new/\S+)", mail.outbox[0].body)
    assert link is not None
    form = client.get(link[1], follow=True)
    assert link[1] not in form.request["PATH_INFO"]
    assert client.post(form.request["PATH_INFO"], {"password1": "password123", "password2": "password123"}).status_code == 200
    done = client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert done.headers["Location"] == "/sign-in/"
    assert elsewhere.get("/").status_code == 302
    assert sign_in(client, seller, NEW).headers["Location"] == "/"
    assert "This link is used up" in Client().get(link[1], follow=True).content.decode()


def test_nobody_hears_whether_an_address_is_known(client: Client, seller: User) -> None:
    answer = client.post("/password/forgotten/", {"email": "nobody@nusantara.example"})
    assert answer.headers["Location"] == "/password/forgotten/sent/"
    assert not Effect.objects.exists()


def test_nobody_makes_an_account_of_their_own(client: Client, company: object) -> None:
    for address in ("/signup/", "/accounts/signup/", "/sign-in/signup/"):
        assert client.post(address, {"email": "x@y.example", "password1": NEW}).status_code == 404


def test_the_clerk_screens_have_no_door_of_their_own(client: Client, owner: User, seller: User) -> None:
    asked = client.post("/admin/login/", {"username": owner.email, "password": PASSWORD})
    assert asked.headers["Location"].startswith("/sign-in/?next=")
    assert "_auth_user_id" not in client.session
    User.objects.filter(pk=seller.pk).update(is_staff=False)
    sign_in(client, seller)
    assert client.get("/admin/login/").status_code == 403
    assert client.get("/admin/password_change/").headers["Location"] == "/people/me/password/"


def test_nobody_can_sign_in_to_an_empty_database(db: None) -> None:
    assert [user.email for user in User.objects.all() if user.has_usable_password()] == []
