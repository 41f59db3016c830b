"""Whatever is read says which it is, so that nobody fetches twice what they have."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework.test import APIClient

from backoffice.finance.models import Account, Invoice
from backoffice.finance.operations import credit_invoice
from core import clock
from core.catalog.models import Product
from core.parties.models import Party
from core.parties.operations import update_party
from core.people.models import User
from core.printing.documents import documents_of
from frontoffice.sales.models import Order
from frontoffice.sales.operations import NewLine, place_order
from tests.addresses import Address, addresses
from tests.factories.full import make_full_house
from tests.factories.ground import make_customer, make_product
from tests.factories.programs import api_of

PARAMETER = re.compile(r"<\w+>|\{\w+\}")


def description() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(APIClient().get("/api/schema/?format=json").content)
    return found


def readings() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every operation that reads: its address as the description has it, and what is said of it."""
    for path, methods in description()["paths"].items():
        if "get" in methods:
            yield path, methods["get"]


def asked(operation: dict[str, Any]) -> dict[str, Any]:
    """What an operation cannot do without, about an order and over this year."""
    year = clock.today().year
    order = Order.objects.order_by("pk").last()
    assert order is not None
    days = {"start": f"{year}-01-01", "end": f"{year}-12-31", "on": f"{year}-12-31"}
    values: dict[str, Any] = {
        "kind": "sales.order",
        "object_id": order.pk,
        "q": order.number,
        "product": order.lines.latest("pk").product_id,
    }
    values |= {"account": Account.objects.latest("pk").pk} | days
    demanded = [one for one in operation.get("parameters", []) if one["in"] == "query" and one.get("required")]
    return {one["name"]: values[one["name"]] for one in demanded}


def filled(path: str, behind: dict[str, Address]) -> str:
    """The address of the latest record of its kind."""
    address = behind[PARAMETER.sub("<>", path)]
    if address.model is None:
        return address.filled({"pk": "sales.OrderConfirmed"})
    read: Any = address.view.cls
    rows = read.queryset if read.queryset.exists() else address.model._default_manager.all()  # what is one's own is found by its view
    found = [(row, paper_of(row)) for row in rows.order_by("-pk")]
    record, paper = next(((row, paper) for row, paper in found if paper or "document" not in address.parameters), (None, ""))
    assert record is not None, f"There is none of {address.model._meta.label} for {path}."
    return address.filled({"pk": record.pk, "document": paper})


def paper_of(record: Any) -> str:
    """A paper that a record has; none: empty."""
    return next((paper.slug for paper in documents_of(record._meta.label_lower) if paper.when is None or paper.when(record)), "")


@pytest.mark.slow
def test_whatever_is_read_has_a_tag_and_is_not_sent_to_who_has_it(db: None) -> None:
    owner = make_full_house()
    credit_invoice(Invoice.objects.latest("pk"), credit_on=clock.today(), reason="Sent by mistake", by=owner)
    api, desk = api_of(owner), Product.objects.get(sku="DESK-140")
    party = Party.objects.latest("pk")
    assert api.post("/api/v1/deals/", {"name": "New office", "party": party.pk, "lines": [{"product": desk.pk}]}).status_code == 201
    behind = {PARAMETER.sub("<>", address.readable): address for address in addresses()}
    wrong = []
    for path, operation in readings():
        at, query = filled(path, behind), asked(operation)
        first = api.get(at, query)
        again = api.get(at, query, headers={"If-None-Match": first.get("ETag", "")})
        said = (first.status_code, bool(first.get("ETag")), again.status_code, again.content, again.get("ETag") == first.get("ETag"))
        if said != (200, True, 304, b"", True):
            wrong.append((at, said))
        answers, takes = operation["responses"], {one["name"] for one in operation["parameters"]}
        if "ETag" not in answers["200"]["headers"] or "ETag" not in answers["304"]["headers"] or "If-None-Match" not in takes:
            wrong.append((path, "it is not described"))
    assert wrong == [], "\n".join(map(str, wrong))


def test_what_changed_is_sent_again(seller: User) -> None:
    api, party = api_of(seller), make_customer()
    tag = api.get("/api/v1/parties/")["ETag"]
    assert api.get("/api/v1/parties/", headers={"If-None-Match": f'"other", W/{tag}'}).status_code == 304
    update_party(party, name="PT Satu", by=seller)
    again = api.get("/api/v1/parties/", headers={"If-None-Match": tag})
    assert (again.status_code, again["ETag"] != tag) == (200, True)
    assert api.get("/api/v1/parties/", headers={"If-None-Match": "*"}).status_code == 304
    assert api.get("/api/v1/parties/999999/", headers={"If-None-Match": "*"}).status_code == 404


def test_what_is_beside_a_record_has_a_part_of_its_own_in_the_tag(seller: User) -> None:
    customer = make_customer()
    order = place_order(customer_id=customer.pk, lines=[NewLine(product_id=make_product("DESK-140").pk)], by=seller)
    api, at = api_of(seller), f"/api/v1/orders/{order.pk}/"
    plain, both = api.get(at)["ETag"], api.get(at, {"expand": "customer"})["ETag"]
    assert both.startswith(plain[:-1])
    assert both != plain
    update_party(customer, industry="Furniture", by=seller)
    assert api.get(at, headers={"If-None-Match": plain}).status_code == 304
    again = api.get(at, {"expand": "customer"}, headers={"If-None-Match": both})
    assert (again.status_code, again.json()["expanded"]["customer"]["version"]) == (200, customer.version + 1)
    assert api.post(f"{at}confirm/", headers={"If-Match": both}).status_code == 200
