"""Why did this happen, what followed: the tree of causes on the page of an event."""

import pytest
from django.test import Client

from core.events.models import Delivery, Record
from core.parties.models import Company
from core.people.models import User
from frontoffice.sales.operations import cancel_order
from integration import delivery
from integration.console.causes import Node, tree_of
from tests.factories.ground import make_customer
from tests.factories.house import make_house, make_stocked
from tests.factories.sales import make_confirmed_order


@pytest.fixture
def company(db: None) -> Company:
    """The company, founded in every module."""
    return make_house()


def told(nodes: list[Node]) -> list[object]:
    return [(node.record.type.partition(".")[2] + "!" * node.here, *told(node.effects)) for node in nodes]


def test_an_event_stands_between_what_led_to_it_and_what_followed(client: Client, company: Company, seller: User, owner: User) -> None:
    order = make_confirmed_order(make_customer(), [(make_stocked(), 1)])
    delivery.drain()
    cancel_order(order, reason="They moved.", by=seller)
    delivery.drain()
    asked, answered = (Record.objects.get(type=name) for name in ("sales.OrderCancellationRequested", "inventory.DeliveryCancelled"))
    assert told(tree_of(answered)) == [("OrderCancellationRequested", ("DeliveryCancelled!", ("OrderCancelled",)))]
    assert told(tree_of(asked)) == [("OrderCancellationRequested!", ("DeliveryCancelled", ("OrderCancelled",)))]
    Delivery.objects.filter(record=asked, handler="order_to_cash.stop_the_deliveries").update(status="dead")
    client.force_login(owner)
    page = client.get(f"/console/records/{answered.pk}/").content.decode()
    assert f"/console/records/{asked.pk}/" in page
    assert "Dead" in page
