"""Rules of second persons, and what waits because of them."""

from typing import Any

import pytest

from core.approvals.models import Approval, SecondPerson
from core.approvals.operations import demand_second
from core.approvals.rules import sync_second_persons
from core.errors import WaitsForSecond
from core.people.models import User
from core.people.operations import create_user
from core.people.roles import Role
from integration.demo.cast import PASSWORD


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
