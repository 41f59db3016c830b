"""What the pages have around records, for programs: the search, a record's changes, the documents beside it."""

from decimal import Decimal

import pytest
from django.test import Client

from core.approvals.operations import decline_request
from core.audit.models import Change
from core.parties.models import Company
from core.people.models import User
from core.people.operations import create_user
from core.people.roles import Role
from frontoffice.sales.models import Order
from frontoffice.sales.operations import NewLine, confirm_order, place_order, update_order
from integration.delivery import drain
from integration.demo.cast import PASSWORD
from tests.factories.approvals import asked_for, demand, make_colleague
from tests.factories.ground import make_customer
from tests.factories.house import make_house, make_stocked
from tests.factories.programs import api_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(db: None) -> Company:
    """Founded in every module."""
    return make_house()


@pytest.fixture
def order(seller: User) -> Order:
    """A confirmed order whose delivery is open, and whose note was changed once."""
    lines = [NewLine(product_id=make_stocked().pk, quantity=Decimal(1))]
    placed = place_order(customer_id=make_customer("PT Anggrek").pk, lines=lines, note="By boat", by=seller)
    update_order(placed, note="By air", by=seller)
    confirm_order(placed, by=seller)
    drain()
    return placed


def test_a_program_reads_who_changed_what(order: Order, seller: User) -> None:
    told = api_of(seller).get("/api/v1/changes/", {"kind": "sales.order", "object_id": order.pk}).json()
    assert [one["action"] for one in told][-1] == "insert"
    assert {one["by"] for one in told} == {seller.pk}
    noted = [field for one in told for field in one["fields"] if field["field"] == "note"]
    assert noted == [{"field": "note", "before": "By boat", "after": "By air"}]


def test_what_is_hidden_is_hidden_in_changes_too(order: Order, owner: User, seller: User) -> None:
    level = {"kind": "catalog.product", "object_id": order.lines.get().product_id}
    assert api_of(owner).get("/api/v1/changes/", level).status_code == 200
    assert api_of(seller).get("/api/v1/changes/", {"kind": "inventory.valuation", "object_id": 1}).status_code == 404
    assert api_of(seller).get("/api/v1/changes/", {"kind": "nothing.such", "object_id": 1}).status_code == 404
    assert api_of(seller).get("/api/v1/changes/", {"kind": "sales.order"}).status_code == 400


def test_what_is_kept_for_the_program_alone_is_told_to_nobody(owner: User) -> None:
    colleague = make_colleague()
    demand("people.create_user")
    account = {"email": "joko@nusantara.example", "name": "Joko", "roles": [Role.SALES], "password": PASSWORD}
    approval = asked_for(lambda: create_user(**account, by=owner))  # type: ignore[arg-type]
    decline_request(approval, reason="Not now", by=colleague)  # takes the hash of the password out of what is kept
    told = api_of(owner).get("/api/v1/changes/", {"kind": "approvals.approval", "object_id": approval.pk}).json()
    recorded = Change.objects.filter(table="approvals_approval", action="UPDATE").latest("pk")
    assert "arguments" in (recorded.after or {})
    fields = {field["field"] for one in told for field in one["fields"]}
    assert ("status" in fields, "arguments" in fields) == (True, False)


def test_a_program_reads_the_documents_beside_one(order: Order, seller: User) -> None:
    (goods,) = api_of(seller).get("/api/v1/related-documents/", {"kind": "sales.order", "object_id": order.pk}).json()
    assert (goods["kind"], goods["relation"], goods["came_after"]) == ("inventory.deliveryorder", "delivered by", True)
    assert goods["number"].startswith("DO/")


def test_a_program_searches_as_people_do(order: Order, seller: User, client: Client) -> None:
    api = api_of(seller)
    (first, *_rest) = api.get("/api/v1/search/", {"q": order.number}).json()
    assert (first["kind"], first["id"], first["rank"]) == ("sales.order", order.pk, 0)
    assert "parties.party" in {one["kind"] for one in api.get("/api/v1/search/", {"q": "anggrek"}).json()}
    assert api.get("/api/v1/search/", {"q": " "}).json() == []
    assert api.get("/api/v1/search/").status_code == 400
    assert client.get("/api/v1/search/", {"q": "anggrek"}).status_code == 401
