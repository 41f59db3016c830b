"""The demo: a shorter year, lived through the real operations, leaves a company in which everything holds."""

from datetime import datetime

import pytest
from django.test import Client

from backoffice.finance.models import Invoice
from core.events.models import Delivery
from core.parties.models import Company
from core.people.roles import Role
from frontoffice.sales.models import Order
from integration.demo.cast import COLLEAGUES, sign_ins
from integration.demo.year import Year
from integration.verification import violations


@pytest.mark.slow
@pytest.mark.django_db
def test_a_month_of_the_demo_leaves_a_company_in_which_everything_holds() -> None:
    moments: list[datetime] = []
    Year(days=30).live(after_each=moments.append)
    assert moments == sorted(moments)
    assert str(Company.objects.current()) == "PT Nusantara Maju"
    assert Order.objects.filter(status=Order.Status.CONFIRMED).count() >= 5
    assert Invoice.objects.filter(status=Invoice.Status.PAID).exists()
    assert not Delivery.objects.unfinished().exists()
    assert list(violations()) == []
    for _role, email, password in sign_ins():
        assert Client().login(username=email, password=password), email


def test_there_is_one_sign_in_for_every_role() -> None:
    assert sorted(role for role, _email, _password in sign_ins()) == sorted(str(role.label) for role in Role)
    assert {colleague.role for colleague in COLLEAGUES} == set(Role)
