"""A client that is generated from the description, typed, leads a deal to a paid invoice against a running server."""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer
from rest_framework.test import APIClient

from core.people.models import User
from core.people.roles import Role
from core.tokens.operations import issue_token
from integration import delivery
from tests.factories.ground import make_customer, make_user
from tests.factories.house import make_house, make_stocked

NAME = "satu_client"
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


class Generated:
    """The client, module by module."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def call(self, operation: str) -> Any:
        """The function of an operation that gives the whole answer, headers and all."""
        (module,) = self.place.glob(f"{NAME}/api/*/{operation}.py")
        return importlib.import_module(f"{NAME}.api.{module.parent.name}.{operation}").sync_detailed

    def shape(self, name: str) -> Any:
        """The class of a shape."""
        return getattr(importlib.import_module(f"{NAME}.models"), name)

    def client(self, address: str, user: User) -> Any:
        """Somebody's client."""
        _token, secret = issue_token(name="Generated client", by=user)
        return importlib.import_module(NAME).AuthenticatedClient(base_url=address, token=secret, raise_on_unexpected_status=True)


@pytest.fixture
def generated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Generated]:
    """The client as `openapi-python-client` writes it, without a network."""
    description, config = tmp_path / "openapi.json", tmp_path / "config.yaml"
    description.write_bytes(APIClient().get("/api/schema/?format=json").content)
    config.write_text("post_hooks: []\n")
    program = Path(sys.executable).with_name("openapi-python-client")
    command = [program, "generate", "--path", description, "--output-path", tmp_path / NAME, "--meta", "none", "--config", config]
    made = subprocess.run(command, capture_output=True, text=True)
    assert made.returncode == 0, made.stdout + made.stderr
    monkeypatch.syspath_prepend(tmp_path)
    yield Generated(tmp_path)
    for name in [name for name in sys.modules if name == NAME or name.startswith(f"{NAME}.")]:
        del sys.modules[name]


def test_a_deal_becomes_a_paid_invoice_through_the_generated_client(generated: Generated, live_server: LiveServer) -> None:
    make_house()
    desk, customer = make_stocked(quantity=5), make_customer()
    sales, store, books = (generated.client(live_server.url, make_user(role)) for role in (Role.SALES, Role.STOREKEEPER, Role.ACCOUNTANT))
    shape, call = generated.shape, generated.call

    line = shape("NewDealLineRequest")(product=desk.pk, quantity="2")
    deal = call("deals_create")(client=sales, body=shape("OpenDealRequest")(name="New office", party=customer.pk, lines=[line])).parsed
    assert isinstance(deal, shape("Deal"))
    assert (deal.party, len(deal.lines), deal.status) == (customer.pk, 1, "open")
    won = call("deals_win")(deal.id, client=sales, idempotency_key="win-1")
    again = call("deals_win")(deal.id, client=sales, idempotency_key="win-1")
    assert (won.parsed.status, again.headers["Idempotent-Replayed"]) == ("won", "true")
    delivery.drain()

    (order,) = call("orders_list")(client=sales, deal_id=deal.id, expand="customer").parsed.results
    assert order.expanded.customer.name == customer.name
    seen = call("orders_retrieve")(order.id, client=sales)
    confirmed = call("orders_confirm")(order.id, client=sales, if_match=seen.headers["ETag"])
    assert confirmed.parsed.status == "confirmed"
    stale = call("orders_confirm")(order.id, client=sales, if_match=seen.headers["ETag"])
    assert isinstance(stale.parsed, shape("Problem"))
    assert (stale.status_code, stale.parsed.type_) == (412, "urn:satu:refused:PreconditionFailed")
    delivery.drain()

    (goods,) = call("deliveries_list")(client=store, order_id=order.id).parsed.results
    tag = call("deliveries_retrieve")(goods.id, client=store).headers["ETag"]
    assert call("deliveries_deliver_all")(goods.id, client=store, body=shape("DayRequest")(), if_match=tag).parsed.status == "delivered"
    delivery.drain()

    (invoice,) = call("invoices_list")(client=books, order_id=order.id).parsed.results
    tag = call("invoices_retrieve")(invoice.id, client=books).headers["ETag"]
    body = shape("PayInvoiceRequest")(amount=invoice.residual, received_on=invoice.issued_on)
    payment = call("invoices_register_payment")(invoice.id, client=books, body=body, if_match=tag).parsed
    assert Decimal(payment.amount) == Decimal(invoice.total)
    assert call("invoices_retrieve")(invoice.id, client=books).parsed.status == "paid"
