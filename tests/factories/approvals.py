"""Rules of second persons, and what waits because of them."""

from typing import Any

import pytest

from backoffice.inventory.models import DeliveryOrder
from backoffice.inventory.operations import deliver_all
from core.approvals.models import Approval, SecondPerson
from core.approvals.operations import demand_second
from core.approvals.rules import sync_second_persons
from core.errors import WaitsForSecond
from core.events.models import Delivery
from core.people.models import User
from core.people.operations import create_user
from core.people.roles import Role
from integration import delivery
from integration.demo.cast import PASSWORD
from tests.factories.ground import make_customer
from tests.factories.house import make_stocked
from tests.factories.sales import make_confirmed_order


def demand(*names: str) -> None:
    """Let nobody do these alone any more."""
    sync_second_persons()
    for rule in SecondPerson.objects.filter(operation__in=names, demanded=False).order_by("pk"):
        demand_second(rule, by=User.objects.service())


def make_colleague(name: str = "Yanti Owner", *roles: str) -> User:
    """One more colleague, an owner when nothing else is said."""
    mail = f"{name.split(maxsplit=1)[0].lower()}@nusantara.example"
    return create_user(email=mail, name=name, roles=roles or [Role.OWNER], password=PASSWORD, by=User.objects.service())


def asked_for(act: Any) -> Approval:
    """What waits after somebody did what a second person has to check."""
    with pytest.raises(WaitsForSecond) as waits:
        act()
    approval: Approval = Approval.objects.get(pk=waits.value.approval.pk)
    return approval


def make_dead(handler: str) -> Delivery:
    """The delivery of a handler, given up on."""
    row = Delivery.objects.get(handler=f"order_to_cash.{handler}")
    Delivery.objects.filter(pk=row.pk).update(status=Delivery.Status.DEAD, last_error="The disk was full.")
    row.refresh_from_db()
    return row


def make_dead_invoicing() -> Delivery:
    """Goods have left, and the delivery that bills them was given up on: its work is in the books."""
    order = make_confirmed_order(make_customer(), [(make_stocked(), 1)])
    delivery.drain()
    deliver_all(DeliveryOrder.objects.get(order_id=order.pk), by=User.objects.service())
    Delivery.objects.filter(handler="order_to_cash.note_what_left").update(available_at="2020-01-01T00:00Z")
    while not Delivery.objects.filter(handler="order_to_cash.invoice_what_left").exists():
        [(pk, token)] = delivery.claim(limit=1)
        delivery.run(pk, token)
    return make_dead("invoice_what_left")
