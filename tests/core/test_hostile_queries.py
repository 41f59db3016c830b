"""What anybody may put behind a question mark: every list and every resource answers, shows no row more, and breaks at nothing."""

import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from core.people.models import Reach, User
from core.people.roles import Role
from core.web.lists import ListScreen
from core.web.registry import screens
from tests.addresses import addresses
from tests.architecture.code import expect_none
from tests.everywhere import content_of, is_ours
from tests.factories.ground import make_user
from tests.factories.house import make_house
from tests.factories.reach import Side, make_side, narrow_sellers

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

SEED = 20261201
HOSTILE = (
    "' OR 1=1 --", '"; DROP TABLE sales_order; --', "1) OR (1=1", "%", "_%_", "\\", "\x00", "a\x00b", "../../etc/passwd", "{{ 7*7 }}", "${7*7}", "<svg onload=1>",
    "owner__password", "-owner__password__startswith", "customer__owner__password", "password", "pk", "?", "*", "__all__", "id__in", "user__tokens__digest",
    "0", "-1", "1e999", "NaN", "Infinity", "9" * 400, "0x1F", "1,2,3", ",,,", "null", "None", "true", "[]", "{}", "[1]", "2026-02-30", "0000-00-00", "9999-12-31T99:99:99Z",
    "\u202e", "😀", "İ", "ß" * 300, "x" * 5_000, "\r\nX-Evil: 1", "sales.order", "value~gte~100", "number~~", "~~~", "number~contains~%", "number~is~a~b~c", "owner__password~contains~pbkdf2",
    "created_at~between~~", "me", "state", "all", "-", "--number", "-number,-number", "number;number", "number number", "csv", "cGstMQ==", "eyJvIjogWyJpZCJdLCAicCI6ICIxIn0=",
)  # fmt: skip
"""Things that were never meant, and some that nearly are."""
OF_A_LIST = (
    "sort", "where", "match", "group", "fold", "cols", "view", "state", "q", "after", "before", "at", "period", "export", "rows", "preview", "page",
    "owner__password", "customer", "stage", "kind", "status", "journal",
)  # fmt: skip
ASKED_EACH = 14
OF_A_RESOURCE = ("ordering", "search", "cursor", "page_size", "count", "fields", "expand", "id__in", "owner__password", "format")
ASKED_OF_EACH_PARAMETER = 2
ANSWERS = {200, 302, 400, 404}


@pytest.fixture
def sides(db: None) -> tuple[Side, Side]:
    """Two sellers, each seeing their own only."""
    make_house()
    both = make_side("Dewi Lestari", "Kancil"), make_side("Eko Saputra", "Zebrawood")
    narrow_sellers(Reach.OWN, make_user(Role.OWNER))
    return both


def lists(user: User) -> Iterator[tuple[str, type[ListScreen]]]:
    for name, screen in screens():
        if issubclass(screen, ListScreen) and is_ours(screen) and screen.may_open(user):
            yield reverse(name), screen


def told_of(other: Side, address: str, answer: Any) -> list[str]:
    """What of the other's an answer tells, beside what was asked with."""
    said = content_of(answer).decode("utf-8", "replace")
    return [f"{address} tells of {word}" for word in other.words if word in said]


def test_a_list_takes_whatever_it_is_asked_with(sides: tuple[Side, Side], client: Client) -> None:
    mine, theirs = sides
    chance = random.Random(SEED)
    me = User.objects.get(pk=mine.seller.pk)
    client.force_login(me)
    client.raise_request_exception = False
    wrong, answered = [], 0
    for at, screen in lists(me):
        names = [*OF_A_LIST, *(one.name for one in screen.filters)]
        rounds = [{name: chance.choice(HOSTILE) for name in names if chance.random() < 0.5} for _ in range(ASKED_EACH)]
        alone = [{name: chance.choice(HOSTILE)} for name in names]
        for asked in (*rounds, *alone):
            address = f"{at}?{urlencode(asked)}"
            answer = client.get(address)
            answered += answer.status_code == 200
            if answer.status_code not in ANSWERS:
                wrong.append(f"{address[:200]} answered {answer.status_code}")
            wrong += told_of(theirs, address[:200], answer)
    assert answered > 300
    expect_none(wrong)


def test_a_list_with_tools_takes_whatever_they_are_asked_with(sides: tuple[Side, Side], client: Client) -> None:
    """The filter builder, columns, groups, views, exports and bulk work of each list, asked and told."""
    mine, theirs = sides
    chance = random.Random(SEED + 1)
    client.force_login(User.objects.get(pk=mine.seller.pk))
    client.raise_request_exception = False
    wrong = []
    for address in addresses():
        view = getattr(address.view, "view_class", None)
        if view is None or not issubclass(view, ListScreen) or not is_ours(view):
            continue
        for ask in (client.get, client.post):
            words = {
                name: chance.choice(HOSTILE)
                for name in (*OF_A_LIST, "field", "comparison", "value", "name", "does", "chosen", "columns", "format")
            }
            at = f"{address.filled()}?{urlencode({name: chance.choice(HOSTILE) for name in OF_A_LIST})}"
            answer = ask(at, words) if ask == client.post else ask(f"{at}&{urlencode(words)}")
            if answer.status_code >= 500:
                wrong.append(f"{ask.__name__} {at[:200]} {words} answered {answer.status_code}")
            wrong += told_of(theirs, at[:200], answer)
    expect_none(wrong)


def resources() -> Iterator[tuple[str, Any]]:
    """Every list of the API."""
    for address in addresses():
        resource = getattr(address.view, "cls", None)
        if address.pattern.startswith("api/v1/") and not address.parameters and "list" in getattr(address.view, "actions", {}).values():
            yield address.filled(), resource


def test_a_resource_takes_whatever_it_is_asked_with(sides: tuple[Side, Side], client: Client) -> None:
    mine, theirs = sides
    chance = random.Random(SEED + 2)
    client.force_login(User.objects.get(pk=mine.seller.pk))
    client.raise_request_exception = False
    wrong, answered = [], 0
    for at, resource in resources():
        declared = getattr(resource, "filterset_fields", None) or {}
        names = [*OF_A_RESOURCE, *declared, *(f"{name}__{how}" for name in declared for how in ("gte", "in", "password"))]
        for name in names:
            for value in chance.sample(HOSTILE, ASKED_OF_EACH_PARAMETER):
                address = f"{at}?{urlencode({name: value})}"
                answer = client.get(address)
                answered += answer.status_code == 400
                if answer.status_code not in {200, 400, 403, 404, 405, 409}:
                    wrong.append(f"{address[:200]} answered {answer.status_code}")
                wrong += told_of(theirs, address[:200], answer)
    assert answered > 300
    expect_none(wrong)


def test_what_is_searched_for_is_words_and_no_pattern(sides: tuple[Side, Side], client: Client) -> None:
    """Signs that mean something to the database, to a template or to a shell find what holds them, which is nothing."""
    client.force_login(make_user(Role.OWNER))
    for at in ("/search/", "/palette/", "/lookup/parties.party/"):
        for word in ("%", "_", "' OR '1'='1", "\\", "{{ 7*7 }}", "K%", "K%l", "______"):
            said = content_of(client.get(f"{at}?{urlencode({'q': word})}")).decode()
            assert "PT Kancil" not in said, (at, word)
