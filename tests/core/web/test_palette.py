"""The palette: what it finds, for whom, in which order, and in how many statements."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from core.parties.models import Company
from core.people.models import User
from core.people.roles import Role
from core.web.finding import misspelt
from tests.factories.ground import make_customer, make_product, make_user
from tests.factories.house import make_house, make_stocked
from tests.factories.sales import make_order

MOST_STATEMENTS = 8


@pytest.fixture
def company(db: None) -> Company:
    """The company, founded in every module."""
    return make_house()


@pytest.fixture
def house(company: Company) -> Company:
    """The whole house."""
    return company


def asked(client: Client, words: str, **more: str) -> dict[str, list[dict[str, Any]]]:
    """The palette's groups."""
    answer = client.get("/palette/", {"q": words, **more}, headers={"Accept": "application/json"})
    return {group["label"]: group["items"] for group in answer.json()["groups"]}


def labels(client: Client, words: str, group: str, **more: str) -> list[str]:
    """The lines of one group."""
    return [item["label"] for item in asked(client, words, **more).get(group, [])]


def as_(client: Client, role: Role) -> Client:
    """A browser in which the colleague of a role has signed in."""
    client.force_login(make_user(role))
    return client


def test_it_finds_pages_things_to_make_and_commands(house: object, client: Client) -> None:
    as_(client, Role.SALES)
    assert labels(client, "pipel", "Go to") == ["Pipeline"]
    assert labels(client, "new ord", "Make") == ["New order"]
    assert labels(client, "dark", "Commands") == ["Dark theme"]
    assert asked(client, "zzzzzz") == {}


def test_it_finds_records_by_any_of_their_words(house: object, client: Client, seller: User) -> None:
    as_(client, Role.SALES)
    order = make_order(make_customer("PT Fajar Teknologi"), [(make_product("DESK-140"), 1)], by=seller)
    found = asked(client, "fajar")
    assert [(item["label"], item["url"]) for item in found["Orders"]] == [(order.number, f"/sales/orders/{order.pk}/")]
    assert found["Orders"][0]["note"] == "PT Fajar Teknologi"
    assert [item["label"] for item in found["Companies and people"]] == ["PT Fajar Teknologi"]
    assert list(found).index("Companies and people") < list(found).index("Orders")
    assert labels(client, "tekno faj", "Companies and people") == ["PT Fajar Teknologi"]


@pytest.mark.parametrize("words", ["{number}", "{digits}", "{short}", "so{short}", "so {short}", "{year}/{short}"])
def test_an_exact_number_stands_first_however_it_is_typed(house: object, client: Client, seller: User, words: str) -> None:
    as_(client, Role.SALES)
    customer = make_customer()
    orders = [make_order(customer, [(make_product(f"P-{count}"), 1)], by=seller) for count in range(12)]
    _kind, year, digits = orders[1].number.split("/")
    typed = words.format(number=orders[1].number.lower(), digits=digits, short=int(digits), year=year)
    groups = client.get("/palette/", {"q": typed}, headers={"Accept": "application/json"}).json()["groups"]
    assert groups[0]["label"] == "Orders"
    assert groups[0]["items"][0]["label"] == orders[1].number


@pytest.mark.parametrize("typed", ["Fakar", "Fajr", "Fajjar", "Fjaar"])
def test_a_slip_of_the_finger_is_forgiven(house: object, client: Client, typed: str) -> None:
    as_(client, Role.SALES)
    make_customer("PT Fajar Teknologi")
    make_customer("PT Bumi Hijau")
    assert asked(client, typed)["Companies and people"][0]["label"] == "PT Fajar Teknologi"


def test_a_slip_is_a_pattern_without_meaning_of_its_own() -> None:
    assert misspelt("a.(b") == r"\ma.?.?\(b|\ma\..?.?b|\ma\.\(.?.?|\ma.?.?b|\ma\..?.?"


@pytest.mark.parametrize("words", ["(", "%", "\\", "[a", "'; DROP", "\x00", "12)", "so[12", "a" * 500])
def test_whatever_is_typed_it_answers(house: object, client: Client, words: str) -> None:
    as_(client, Role.SALES)
    assert client.get("/palette/", {"q": words}).status_code == 200


@pytest.mark.parametrize("role", Role.values)
def test_nobody_finds_what_they_may_not_see(house: object, client: Client, seller: User, role: str) -> None:
    customer = make_customer("PT Fajar Teknologi")
    order = make_order(customer, [(make_product("DESK-140"), 1)], by=seller)
    user = next(iter(User.objects.filter(groups__name=role)), None) or make_role(role)
    client.force_login(user)
    groups = asked(client, "fajar")
    for url in (item["url"] for items in groups.values() for item in items):
        assert client.get(url).status_code == 200, url
    assert ("Orders" in groups) == user.has_perm("sales.view_order")
    at_hand = asked(client, "", about=f"sales.order:{order.pk}")
    assert (order.number in at_hand) == user.has_perm("sales.view_order")
    assert any(item["label"] == "Confirm" for item in at_hand.get(order.number, [])) == user.has_perm("sales.confirm_order")


def make_role(role: str) -> User:
    """Somebody in a role the cast has nobody for."""
    from core.people.operations import create_user  # noqa: PLC0415

    return create_user(email=f"{role}@satu.example", name=role, roles=[role], password="long-enough-2026", by=User.objects.service())


def test_it_offers_what_may_be_done_with_the_record_at_hand(house: object, client: Client, seller: User) -> None:
    as_(client, Role.SALES)
    customer = make_customer()
    order = make_order(customer, [(make_stocked("DESK-140"), 1)], by=seller)
    at_hand = asked(client, "", about=f"sales.order:{order.pk}")[order.number]
    assert (at_hand[0]["label"], at_hand[0]["do"]) == ("Confirm", "verb")
    assert {"Edit", "Copy the link"} <= {item["label"] for item in at_hand}
    for_customer = {item["label"]: item["url"] for item in asked(client, "", about=f"parties.party:{customer.pk}")[customer.name]}
    assert for_customer["New order"] == f"/sales/orders/new/?customer={customer.pk}"
    assert f'value="{customer.pk}"' in client.get(for_customer["New order"]).content.decode()


@pytest.mark.parametrize("about", ["sales.order:999999", "sales.order:x", "nothing.known:1", "sales.order", ":", "sales.order:" + "9" * 40])
def test_a_record_that_is_not_there_offers_nothing(house: object, client: Client, about: str) -> None:
    as_(client, Role.OWNER)
    assert list(asked(client, "", about=about)) == ["Go to", "Make", "Commands"]


def test_a_search_over_all_lists_is_a_few_statements(
    house: object, client: Client, seller: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    as_(client, Role.OWNER)
    customer = make_customer()
    for count in range(6):
        make_order(customer, [(make_product(f"P-{count}"), 1)], by=seller)
    client.get("/counters/")  # the first sight of a session notes the device
    with django_assert_max_num_queries(MOST_STATEMENTS):
        found = asked(client, "fajar")
    assert len(found["Orders"]) == 5


def test_the_menu_behind_new_shows_what_goes_with_the_record_first(house: object, client: Client) -> None:
    as_(client, Role.SALES)
    customer = make_customer()
    menu = client.get("/new/", {"menu": 1, "about": f"parties.party:{customer.pk}"}).content.decode()
    assert menu.index(f"/sales/orders/new/?customer={customer.pk}") < menu.index('"/sales/orders/new/"')
    assert "<html" not in menu
    assert "New order" in client.get("/new/").content.decode()


def test_whoever_makes_nothing_is_told_so(house: object, client: Client) -> None:
    as_(client, Role.AUDITOR)
    assert "Your roles make nothing new." in client.get("/new/").content.decode()
