"""What order to cash costs in statements: so many, and none more for each further line. Unlike time, this does not depend on the machine."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backoffice.finance.models import Invoice
from backoffice.finance.operations import register_payment
from backoffice.inventory.models import DeliveryOrder
from backoffice.inventory.operations import deliver_all
from core.catalog.models import Product
from core.parties.operations import create_party
from core.people.models import User
from frontoffice.sales.operations import NewLine, confirm_order, place_order
from integration.delivery import drain
from integration.demo.cast import ARTICLES
from tests.factories.house import make_house, make_stocked

MOST = 229
"""A new customer, an order, its delivery, invoice and payment, and the 13 deliveries of what is told, with every BEGIN and COMMIT (it was 349)."""


def flow(goods: list[Product]) -> int:
    """One order over these goods from the first word to the money; how many statements that took."""
    house, counted = User.objects.service(), 0

    def said(operation: Callable[..., Any], *things: Any, **more: Any) -> Any:
        nonlocal counted
        with CaptureQueriesContext(connection) as seen:
            came = operation(*things, **more)
        counted += len(seen)
        return came

    party = said(create_party, name="PT Uji", roles=["customer"], by=house)
    wanted = [NewLine(product_id=product.pk, quantity=Decimal(2)) for product in goods]
    order = said(place_order, customer_id=party.pk, lines=wanted, by=house)
    said(confirm_order, order, by=house)
    said(drain)
    said(deliver_all, DeliveryOrder.objects.get(order_id=order.pk), by=house)
    said(drain)
    invoice = Invoice.objects.get(order_id=order.pk)
    said(register_payment, party, invoice.residual, received_on=invoice.issued_on, by=house)
    said(drain)
    invoice.refresh_from_db()
    assert invoice.residual == 0
    return counted


@pytest.mark.django_db(transaction=True)
def test_order_to_cash_takes_so_many_statements_and_none_more_for_further_lines() -> None:
    make_house()
    goods = [make_stocked(article.sku, 100) for article in ARTICLES if article.kind == "goods"][:10]
    flow(goods)  # opens rows that the later ones find
    long, short = flow(goods), flow(goods[:1])
    assert len(goods) == 10
    assert long == short, "a further line takes no further statement"
    assert long <= MOST
