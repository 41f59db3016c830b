"""Every fact about a customer reads as a sentence, and leads to the document it is about."""

import re
from dataclasses import fields
from importlib import import_module

import pytest

from core.events.event import Event
from core.events.models import Delivery, Record
from core.people.models import User
from integration.customer360.stories import ID_FIELDS, STORIES
from integration.customer360.timeline import entry_of, timeline
from tests.factories.ground import make_customer, make_product
from tests.factories.sales import make_confirmed_order

import_module("config.urls")  # whoever has pages has told its events by then
EVENTS = [name for name, event in Event.registry.items() if not event.__module__.startswith("tests")]
TOLD = {name: event for name, event in Event.registry.items() if not event.__module__.startswith("tests") and event.PARTY}


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_every_fact_reads_as_a_sentence(name: str) -> None:
    assert name in STORIES, f"say in integration/customer360/stories.py how {name} reads"


@pytest.mark.parametrize("name", sorted(STORIES))
def test_a_story_names_only_what_the_event_carries(name: str) -> None:
    story = STORIES[name]
    carried = {field.name for field in fields(Event.registry[name])}  # type: ignore[arg-type]
    named = set(re.findall(r"%\((\w+)\)s", f"{story.sentence} {story.says}")) | ({story.id_field, story.body} - {""})
    assert named <= carried


@pytest.mark.parametrize("kind", sorted(ID_FIELDS))
def test_a_document_is_named_by_some_event(kind: str) -> None:
    assert any(set(ID_FIELDS[kind]) & set(Event.registry[name].field_names()) for name in EVENTS)


def test_a_new_customer_begins_a_timeline(seller: User) -> None:
    party = make_customer("PT Fajar Teknologi")
    (entry,) = timeline("parties.party", party.pk, None, seller, 10)
    assert (str(entry.title), entry.who, entry.url) == ("PT Fajar Teknologi is known to us", "Satu", f"/parties/{party.pk}/")


def test_a_fact_without_a_story_is_told_by_its_name_in_words(seller: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(STORIES, "crm.ActivityFellDue")
    make_customer()
    record = Record.objects.latest("pk")
    record.type = "crm.ActivityFellDue"
    record.payload = {"activity_id": 1, "assignee_id": 1, "subject": "Call", "about": "", "due_at": "2026-11-02T09:00:00+00:00"}
    assert entry_of(record).title == "Activity fell due"


@pytest.mark.django_db
def test_goods_that_are_short_are_not_told_as_set_aside(seller: User) -> None:
    desk, customer = make_product("DESK-140"), make_customer()
    record = Record.objects.latest("pk")
    record.type = "inventory.StockReserved"
    facts = {
        "delivery_id": 1,
        "delivery_number": "DO/2026/00001",
        "order_id": 1,
        "order_number": "SO/2026/00001",
        "customer_id": customer.pk,
    }
    whole = {**facts, "pieces": "1", "short": []}
    record.payload = {**whole, "short": [{"order_line_id": 1, "product_id": desk.pk, "quantity": "2"}]}
    entry = entry_of(record)
    assert (entry.title, entry.icon) == ("Stock is short for SO/2026/00001: delivery DO/2026/00001 waits", "package-x")
    assert entry.body == "2 pcs Standing desk 140 missing"
    record.payload = whole
    assert (entry_of(record).title, entry_of(record).body) == ("Goods set aside for SO/2026/00001, delivery DO/2026/00001", "")


@pytest.mark.django_db
def test_what_workers_have_still_to_do_is_awaited_and_what_they_gave_up_is_stuck(company: object, seller: User) -> None:
    order = make_confirmed_order(make_customer(), [(make_product("DESK-140"), 1)])
    (confirmed, *_before) = timeline("sales.order", order.pk, None, seller, 10)
    assert (confirmed.awaited, confirmed.stuck) == ("The goods are being set aside", False)
    Delivery.objects.filter(handler="order_to_cash.reserve_the_goods").update(status=Delivery.Status.DEAD)
    (confirmed, *_before) = timeline("sales.order", order.pk, None, seller, 10)
    assert (confirmed.awaited, confirmed.stuck) == ("The goods are being set aside", True)
    Delivery.objects.update(status=Delivery.Status.DONE)
    (confirmed, *_before) = timeline("sales.order", order.pk, None, seller, 10)
    assert (confirmed.awaited, confirmed.stuck) == ("", False)
