"""The pages for when something is not there, not allowed, broken or away."""

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from psycopg2.errors import AdminShutdown, DeadlockDetected

from core.people.models import User
from core.web import context
from core.web.errors import broken

SHELL = ('id="side"', "data-palette-open", 'id="palette"')


def ask_in_vain(cause: type[Exception] | None) -> None:
    raise OperationalError from (cause() if cause else None)


@pytest.mark.parametrize(
    ("cause", "status", "words"),
    [(None, 503, "Back in a moment"), (AdminShutdown, 503, "Back in a moment"), (DeadlockDetected, 500, "Something broke")],
)
def test_a_database_that_is_away_is_no_fault(cause: type[Exception] | None, status: int, words: str, rf: RequestFactory) -> None:
    try:
        ask_in_vain(cause)
    except OperationalError:
        answer = broken(rf.get("/sales/orders/?q=Hasta"))
    assert (answer.status_code, words in answer.content.decode()) == (status, True)
    assert ('href="/sales/orders/?q=Hasta"' in answer.content.decode(), answer.get("Retry-After")) == (
        (True, "15") if status == 503 else (False, None)
    )


@pytest.mark.parametrize(
    ("address", "status", "words", "above"),
    [
        ("/parties/999999/", 404, "There is nothing here", '<a class="btn btn-primary" href="/parties/">Go to Parties</a>'),
        ("/parties/999999/nowhere/at/all/", 404, "There is nothing here", 'href="/parties/">Go to Parties</a>'),
        ("/nowhere/", 404, "There is nothing here", '<a class="btn btn-primary" href="/">Go home</a>'),
        ("/people/", 403, "People: users", '<a class="btn btn-primary" href="/">Go home</a>'),
    ],
)
def test_who_is_signed_in_goes_on_from_there(as_seller: Client, address: str, status: int, words: str, above: str) -> None:
    answer = as_seller.get(address)
    page = answer.content.decode()
    assert (answer.status_code, [part for part in (words, above, "data-back", 'href="/"', *SHELL) if part not in page]) == (status, [])


def test_nobody_is_sent_to_a_list_they_may_not_open(as_seller: Client) -> None:
    assert 'href="/people/"' not in as_seller.get("/people/999999/").content.decode()


def test_strangers_see_no_shell(client: Client, company: object) -> None:
    page = client.get("/nowhere/").content.decode()
    assert ("Go home" in page, [part for part in SHELL if part in page]) == (True, [])


def test_a_part_of_a_page_is_told_in_place(as_seller: Client) -> None:
    told = as_seller.get("/parties/999999/", headers={"HX-Request": "true"})
    assert (told.status_code, told["HX-Retarget"]) == (404, "#toasts")
    assert "There is nothing here. It may have been removed" in told.content.decode()
    asked = as_seller.get("/parties/999999/", headers={"Accept": "*/*"}).content.decode()
    assert ("There is nothing here" in asked, 'id="side"' in asked) == (True, False)


def test_the_shell_of_an_error_asks_no_more_than_that_of_any_page(as_seller: Client) -> None:
    as_seller.get("/help/")
    with CaptureQueriesContext(connection) as of_any:
        assert as_seller.get("/help/").status_code == 200
    with CaptureQueriesContext(connection) as of_error:
        assert as_seller.get("/parties/nowhere/").status_code == 404
    assert len(of_error) <= min(len(of_any), 3)


def test_a_shell_that_fails_itself_leaves_a_plain_page_and_is_tried_once(as_seller: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[User] = []

    def fails(user: User) -> None:
        tried.append(user)
        raise ZeroDivisionError

    monkeypatch.setattr(context, "navigation", fails)
    as_seller.raise_request_exception = False
    answer = as_seller.get("/nowhere/")
    assert (answer.status_code, "Something broke" in answer.content.decode(), 'id="side"' in answer.content.decode()) == (500, True, False)
    assert len(tried) == 1
