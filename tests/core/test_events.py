"""Records: their place in the order of their key, and old shapes read as the present one."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from core.db import locked
from core.events import Event, upcasts
from core.events.codec import UnknownEvent, from_json
from core.events.models import Record
from core.events.publishing import publish
from core.events.upcasting import UPCASTERS
from core.people.models import User
from tests.factories.ground import make_company
from tests.integration.bells import BellRang, ring


@dataclass(frozen=True, kw_only=True)
class LampLit(Event):
    """A lamp was lit; version 1 gave watts as text, version 2 had no colour."""

    KEY = "lamp"
    VERSION = 3
    EXTERNAL = True

    lamp: str
    lumens: int
    colour: str = "white"


@pytest.fixture
def upcasting() -> Iterator[Callable[..., Any]]:
    known = dict(UPCASTERS)
    yield upcasts
    UPCASTERS.clear()
    UPCASTERS.update(known)


def test_an_old_payload_is_read_step_by_step_as_the_present_one(upcasting: Callable[..., Any]) -> None:
    name, old = LampLit.type_name(), {"lamp": "hall", "watts": "7"}

    @upcasting(LampLit, from_version=1)
    def watts_become_lumens(facts: dict[str, Any]) -> dict[str, Any]:
        return {"lamp": facts["lamp"], "lumens": int(facts["watts"]) * 100}

    assert from_json(name, 1, old) == LampLit(lamp="hall", lumens=700)
    assert from_json(name, 2, {"lamp": "hall", "lumens": 5}) == LampLit(lamp="hall", lumens=5, colour="white")
    assert old == {"lamp": "hall", "watts": "7"}
    with pytest.raises(UnknownEvent):
        from_json(name, 4, {})


def test_a_version_is_upcast_once_and_only_upwards(upcasting: Callable[..., Any]) -> None:
    upcasting(LampLit, from_version=2)(dict)
    with pytest.raises(ValueError, match="upcast already"):
        upcasting(LampLit, from_version=2)(dict)
    with pytest.raises(ValueError, match="nothing is upcast from 3"):
        upcasting(LampLit, from_version=3)(dict)


@pytest.mark.django_db
def test_records_of_a_key_are_numbered_one_after_another() -> None:
    make_company()
    records = [ring("door"), ring("window"), ring("door")]
    with locked(by=User.objects.service()):
        records.append(publish(BellRang(bell="door", times=1)))
    assert [record.sequence for record in records] == [1, 1, 2, 3]
    fresh = Record.objects.get(pk=records[0].pk)
    assert [getattr(fresh, field.attname) for field in Record._meta.fields] == [
        getattr(records[0], field.attname) for field in Record._meta.fields
    ]


@pytest.mark.django_db(transaction=True)
def test_records_of_a_key_become_visible_in_the_order_of_their_numbers() -> None:
    """Eight publish facts of one key at once: no number twice, none left out, and ids follow them."""
    make_company()
    start = Barrier(8)

    def publish_some(_number: int) -> None:
        try:
            start.wait(30)
            for times in range(5):
                ring("door", times)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(publish_some, range(8)))
    assert list(Record.objects.filter(type="bells.BellRang").order_by("pk").values_list("sequence", flat=True)) == list(range(1, 41))
