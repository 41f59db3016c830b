"""The master data in the clerk screens: to look at by who may, changed by nobody there."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client

from core.parties.models import Company
from core.people.models import User
from core.people.operations import create_user
from tests.factories.ground import make_customer, make_product


def test_every_list_and_record_opens_and_keeps_its_hands_off(client: Client, owner: User, company: Company) -> None:
    client.force_login(owner)
    desk = make_product()
    for record in (owner, company, make_customer(), desk, desk.unit):
        base = f"/admin/{record._meta.app_label}/{record._meta.model_name}"
        assert client.get(f"{base}/?q=a").status_code == 200
        shown = client.get(f"{base}/{record.pk}/change/")
        assert shown.status_code == 200
        assert b'name="_save"' not in shown.content
        assert owner.password.encode() not in shown.content
        assert client.get(f"{base}/add/").status_code == 403
        assert client.post(f"{base}/{record.pk}/delete/").status_code == 403


def test_roles_and_tokens_are_not_made_by_hand(client: Client, owner: User) -> None:
    client.force_login(owner)
    assert not admin.site.is_registered(Group)
    assert client.get("/admin/tokens/token/").status_code == 200
    assert client.get("/admin/tokens/token/add/").status_code == 403


def test_access_ends_from_the_list_and_a_refusal_is_a_message(client: Client, owner: User, seller: User) -> None:
    client.force_login(owner)
    chosen = {"action": "deactivate_user", "_selected_action": [owner.pk, seller.pk]}
    answer = client.post("/admin/people/user/", chosen, follow=True).content.decode()
    assert "You cannot end your own access." in answer
    assert dict(User.objects.filter(pk__in=[owner.pk, seller.pk]).values_list("pk", "is_active")) == {owner.pk: True, seller.pk: False}


@pytest.mark.parametrize("address", ["people/user", "finance/account"])
def test_a_seller_sees_what_a_seller_may(client: Client, seller: User, address: str) -> None:
    client.force_login(seller)
    assert client.get("/admin/parties/party/").status_code == 200
    assert client.get(f"/admin/{address}/").status_code == 403


def test_a_colleague_without_a_role_stays_outside(client: Client, owner: User) -> None:
    client.force_login(create_user(email="guest@nusantara.example", name="Guest", roles=[], password=None, by=owner))
    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/parties/party/").status_code == 302


def test_a_record_leads_to_its_page_and_one_without_a_page_does_not(client: Client, owner: User, company: Company) -> None:
    client.force_login(owner)
    customer = make_customer()
    shown = client.get(f"/admin/parties/party/{customer.pk}/change/").content.decode()
    assert f'href="/parties/{customer.pk}/"' in shown
    desk = make_product()
    assert "View on site" not in client.get(f"/admin/catalog/unit/{desk.unit.pk}/change/").content.decode()
