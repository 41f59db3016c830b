"""The event map shows what the running code says, with how it goes."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.events import Event
from core.events.listening import HANDLERS
from core.events.models import Delivery
from core.parties.models import Company
from core.people.models import User
from core.people.roles import Role
from integration import delivery
from integration.console.event_map import Arrow, the_map
from integration.words import PROCESSES, said_by_code
from tests.factories.ground import make_customer, make_user
from tests.factories.house import make_house, make_stocked
from tests.factories.sales import make_confirmed_order


@pytest.fixture
def company(db: None) -> Company:
    """The company, founded in every module."""
    return make_house()


def arrows() -> dict[str, Arrow]:
    return {arrow.handler: arrow for teller in the_map() for fact in teller.facts for arrow in fact.arrows}


def test_every_event_and_every_handler_stands_on_the_map_once(company: Company) -> None:
    ours = [event for event in Event.registry.values() if not event.__module__.startswith("tests.")]
    assert sorted(fact.name for teller in the_map() for fact in teller.facts) == sorted(event.__name__ for event in ours)
    listed = [arrow.handler for teller in the_map() for fact in teller.facts for arrow in fact.arrows]
    assert sorted(listed) == sorted(name for name, handler in HANDLERS.items() if handler.event in ours)


def test_a_handler_acts_in_the_modules_its_code_names() -> None:
    assert HANDLERS["order_to_cash.reserve_the_goods"].acts_in == ["inventory"]
    assert HANDLERS["order_to_cash.note_what_left"].acts_in == ["sales"]
    assert HANDLERS["order_to_cash.invoice_what_left"].acts_in == ["finance"]


def test_an_arrow_counts_what_was_carried_what_waits_and_what_gave_up(company: Company) -> None:
    desk = make_stocked()
    make_confirmed_order(make_customer(), [(desk, 1)])
    reserving = Delivery.objects.filter(handler="order_to_cash.reserve_the_goods")
    waiting = arrows()["order_to_cash.reserve_the_goods"]
    assert (waiting.done, waiting.waiting, waiting.dead) == (0, 1, 0)
    assert waiting.since is not None
    assert timezone.now() - waiting.since < timedelta(minutes=5)

    delivery.drain()
    done = arrows()["order_to_cash.reserve_the_goods"]
    assert (done.done, done.waiting, done.dead, done.since) == (1, 0, 0, None)
    reserving.update(status=Delivery.Status.DEAD)
    dead = arrows()["order_to_cash.reserve_the_goods"]
    assert (dead.done, dead.waiting, dead.dead) == (0, 0, 1)


def test_the_page_leads_from_an_arrow_to_its_deliveries(client: Client, owner: User, seller: User) -> None:
    make_confirmed_order(make_customer(), [(make_stocked(), 1)])
    delivery.drain()
    Delivery.objects.filter(handler="order_to_cash.reserve_the_goods").update(status=Delivery.Status.DEAD)
    client.force_login(owner)
    page = client.get("/console/map/").content.decode()
    assert "OrderConfirmed" in page
    assert "1 dead" in page
    assert "?q=order_to_cash.reserve_the_goods" in page
    client.force_login(seller)
    assert client.get("/console/map/").status_code == 403


def test_the_map_speaks_the_language_of_who_reads(client: Client, company: Company) -> None:
    operator = make_user(Role.IT)
    operator.language = "id"
    operator.save()
    client.force_login(operator)
    page = client.get("/console/map/").content.decode()
    said = ("Pesanan dikonfirmasi", "Cadangkan barang", "Yang dijanjikan dicadangkan; yang kurang menunggu penerimaan berikutnya.")
    assert [words for words in said if words not in page] == []
    assert [words for words in said_by_code() if words in page] == []


def test_every_process_has_words() -> None:
    assert {name.partition(".")[0] for name, handler in HANDLERS.items() if not handler.run.__module__.startswith("tests")} <= set(
        PROCESSES
    )
