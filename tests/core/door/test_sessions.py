"""How long somebody stays in, and where they are in."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from core.people.door.sessions import forget_ended, name_of_agent
from core.people.models import User
from core.people.operations import deactivate_user
from tests.signing import sign_in

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
MORNING = datetime(2026, 11, 23, 1, tzinfo=UTC)


def test_who_does_nothing_for_eight_hours_is_out(seller: User) -> None:
    client = Client()
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client, seller)
        for _ in range(3):
            clock.shift(timedelta(hours=7, minutes=59))
            assert client.get("/people/me/").status_code == 200
        clock.shift(timedelta(hours=8, minutes=1))
        assert client.get("/people/me/").status_code == 302
    assert not UserSession.objects.exists()


def test_a_page_that_asks_for_news_by_itself_is_nobody_at_work(seller: User) -> None:
    client = Client()
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client, seller)
        for _ in range(9):
            clock.shift(timedelta(hours=1))
            answer = client.get("/counters/", headers={"Sec-Fetch-Mode": "cors"})
        assert answer.status_code == 302


def test_after_a_week_everybody_comes_in_anew(seller: User) -> None:
    client = Client()
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(client, seller)
        for _ in range(7 * 4):
            assert client.get("/counters/").status_code == 200
            clock.shift(timedelta(hours=6))
        assert client.get("/counters/").status_code == 200
        clock.shift(timedelta(minutes=1))
        assert client.get("/counters/").status_code == 302


def test_devices_are_listed_and_signed_out_one_by_one(seller: User, owner: User) -> None:
    desk, phone, other = Client(headers={"User-Agent": CHROME}), Client(headers={"User-Agent": SAFARI}, REMOTE_ADDR="10.0.0.7"), Client()
    sign_in(desk, seller)
    sign_in(phone, seller)
    sign_in(other, owner)
    page = desk.get("/people/me/security/")
    assert {(name, device.ip, here) for device, name, here in page.context["devices"]} == {
        ("Chrome, Windows", "127.0.0.1", True),
        ("Safari, iPhone", "10.0.0.7", False),
    }
    phones = UserSession.objects.get(user=seller, ip="10.0.0.7")
    owners = UserSession.objects.get(user=owner)
    assert desk.post(f"/people/me/security/devices/{owners.pk}/end/").status_code == 302
    assert other.get("/people/me/").status_code == 200
    assert desk.post(f"/people/me/security/devices/{phones.pk}/end/").status_code == 302
    assert (desk.get("/people/me/").status_code, phone.get("/people/me/").status_code) == (200, 302)


def test_one_signs_out_everywhere_else_at_once(seller: User) -> None:
    clients = [Client() for _ in range(4)]
    for client in clients:
        sign_in(client, seller)
    assert clients[0].post("/people/me/security/devices/end/").status_code == 302
    assert [client.get("/people/me/").status_code for client in clients] == [200, 302, 302, 302]


def test_the_same_through_the_api(seller: User) -> None:
    here, there = Client(), Client()
    sign_in(here, seller)
    sign_in(there, seller)
    listed = here.get("/api/v1/me/sessions/").json()
    assert [one["current"] for one in listed].count(True) == 1
    end = next(one["id"] for one in listed if not one["current"])
    assert here.post(f"/api/v1/me/sessions/{end}/end/").status_code == 204
    assert here.post(f"/api/v1/me/sessions/{end}/end/").status_code == 409
    assert there.get("/api/v1/me/").status_code == 401
    sign_in(there, seller)
    assert here.post("/api/v1/me/sessions/end-others/").status_code == 204
    assert (here.get("/api/v1/me/").status_code, there.get("/api/v1/me/").status_code) == (200, 401)


def test_a_leavers_sessions_are_gone(seller: User, owner: User) -> None:
    client = Client()
    sign_in(client, seller)
    deactivate_user(seller, by=owner)
    assert not Session.objects.exists()
    assert client.get("/people/me/").status_code == 302


def test_what_ran_out_is_forgotten(seller: User) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        sign_in(Client(), seller)
        clock.shift(timedelta(days=8))
        sign_in(Client(), seller)
        assert forget_ended() == 1
    assert (Session.objects.count(), UserSession.objects.count()) == (1, 1)


def test_cookies_belong_to_one_host_and_go_by_https_only(seller: User, settings: Any) -> None:
    wanted = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_DOMAIN")
    ask = f"import json; from config import settings; print(json.dumps({{one: getattr(settings, one, None) for one in {wanted!r}}}))"
    told = subprocess.run([sys.executable, "-c", ask], env={**os.environ, "SATU_HTTPS": "1"}, capture_output=True, text=True, check=True)
    for name, value in json.loads(told.stdout).items():
        setattr(settings, name, value)
    client = Client()
    client.get("/sign-in/", secure=True)
    sign_in(client, seller, secure=True)
    client.post("/preferences/", {"language": "id"}, secure=True)
    assert set(client.cookies) == {"__Host-session", "__Host-csrftoken"}
    assert {(one["secure"], one["path"], one["domain"], one["samesite"]) for one in client.cookies.values()} == {(True, "/", "", "Lax")}
    assert client.cookies["__Host-session"]["httponly"]


@pytest.mark.parametrize(
    ("told", "name"), [(CHROME, "Chrome, Windows"), (SAFARI, "Safari, iPhone"), ("curl/8.5", "Unknown device"), ("", "Unknown device")]
)
def test_a_device_is_called_as_people_call_it(told: str, name: str) -> None:
    assert name_of_agent(told) == name
