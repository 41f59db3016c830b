"""Who guesses is slowed down, per account and per address, by all web processes together."""

import pytest
from django.test import Client

from core.people.models import Attempt, User
from integration.demo.cast import PASSWORD
from tests.racing import race
from tests.signing import sign_in, with_app

OFTEN = "That was tried too often."


def test_an_account_takes_five_wrong_passwords_in_five_minutes(seller: User, owner: User) -> None:
    for number in range(6):
        page = sign_in(Client(REMOTE_ADDR=f"10.0.0.{number}"), seller, "wrong")  # whatever address they come from
        assert (OFTEN in page.content.decode()) == (number == 5)
    assert OFTEN in sign_in(Client(), seller).content.decode()
    assert sign_in(Client(), owner).headers["Location"] == "/"


def test_the_name_the_browser_asks_for_opens_no_second_count(seller: User) -> None:
    for port in range(6):
        page = sign_in(Client(), seller, "wrong", headers={"Host": f"testserver:{8000 + port}"})
    assert OFTEN in page.content.decode()


def test_an_address_takes_twenty_wrong_passwords_a_minute(seller: User, owner: User) -> None:
    client = Client(REMOTE_ADDR="10.1.1.1")
    for number in range(20):
        page = client.post("/sign-in/", {"login": f"guess{number}@nusantara.example", "password": "wrong"})
        assert OFTEN not in page.content.decode()
    assert OFTEN in sign_in(client, owner).content.decode()
    assert sign_in(Client(REMOTE_ADDR="10.1.1.2"), owner).headers["Location"] == "/"


def test_an_address_that_a_stranger_claims_is_not_believed(seller: User, settings: object) -> None:
    for number in range(21):
        guess = {"login": f"guess{number}@nusantara.example", "password": "wrong"}
        page = Client().post("/sign-in/", guess, headers={"X-Forwarded-For": f"10.2.2.{number}"})
    assert OFTEN in page.content.decode()


def test_behind_a_proxy_of_ours_the_last_address_counts(seller: User, settings) -> None:  # type: ignore[no-untyped-def]
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(21):
        guess = {"login": f"guess{number}@nusantara.example", "password": "wrong"}
        page = Client().post("/sign-in/", guess, headers={"X-Forwarded-For": f"6.6.6.6, 10.2.2.{number}"})
        assert OFTEN not in page.content.decode()


def test_right_passwords_do_not_count(seller: User) -> None:
    for _ in range(8):
        client = Client()
        assert sign_in(client, seller).headers["Location"] == "/"


def test_codes_are_counted_too(seller: User) -> None:
    with_app(seller)
    client = Client()
    sign_in(client, seller)
    for number in range(6):
        page = client.post("/sign-in/second-factor/", {"code": "000000"})
        assert (OFTEN in page.content.decode()) == (number == 5)


def test_a_token_is_asked_for_at_the_same_door(seller: User) -> None:
    for _ in range(5):
        sign_in(Client(), seller, "wrong")
    answer = Client().post("/api/v1/tokens/", {"email": seller.email, "password": PASSWORD}, content_type="application/json")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")


def test_reset_mails_are_few(client: Client, seller: User) -> None:
    answers = [client.post("/password/forgotten/", {"email": seller.email}).status_code for _ in range(4)]
    assert answers == [302, 302, 302, 429]


@pytest.mark.django_db(transaction=True)
def test_a_burst_gets_no_more_tries_than_the_patient(seller: User) -> None:
    def guess() -> bool:
        page = sign_in(Client(), seller, "wrong")  # 429: it did not come to be counted within a second, so nothing was tried
        return page.status_code == 200 and OFTEN not in page.content.decode()

    tried = sum(race(*[guess] * 16))  # type: ignore[arg-type]
    assert tried + sum(guess() for _ in range(6)) == 5
    assert Attempt.objects.exists()  # in Postgres, where every web process looks
