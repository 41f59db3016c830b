"""What order to cash costs in statements: so many, and none more for each further line. Unlike time, this does not depend on the machine."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backoffice.finance.models import Invoice
from backoffice.finance.operations import register_payment
from backoffice.inventory.models import DeliveryOrder, StockLevel
from backoffice.inventory.operations import deliver_all
from core.catalog.models import Product
from core.events.models import Delivery
from core.parties.operations import create_party
from core.people.models import User
from frontoffice.sales.operations import NewLine, confirm_order, place_order
from integration.delivery import drain
from integration.demo.cast import ARTICLES
from integration.verification import violations
from tests.factories.house import make_house, make_stocked
from tests.racing import all_at_once

MOST = 74
"""A new customer, an order, its delivery, invoice and payment, and the 13 deliveries of what is told (it was 174)."""

MOST_WITH_CONTROL = 102
"""The same with every BEGIN, COMMIT and SAVEPOINT (it was 349, then 229)."""

CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def flow(goods: list[Product]) -> tuple[int, int]:
    """One order over these goods from the first word to the money; how many statements that took, without transaction control and with it."""
    house, counted = User.objects.service(), [0, 0]

    def said(operation: Callable[..., Any], *things: Any, **more: Any) -> Any:
        with CaptureQueriesContext(connection) as seen:
            came = operation(*things, **more)
        counted[0] += sum(not query["sql"].rpartition("*/ ")[2].startswith(CONTROL) for query in seen)
        counted[1] += len(seen)
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
    return counted[0], counted[1]


@pytest.mark.django_db(transaction=True)
def test_order_to_cash_takes_so_many_statements_and_none_more_for_further_lines() -> None:
    make_house()
    goods = [make_stocked(article.sku, 100) for article in ARTICLES if article.kind == "goods"][:10]
    flow(goods)  # opens rows that the later ones find
    long, short = flow(goods), flow(goods[:1])
    assert len(goods) == 10
    assert long == short, "a further line takes no further statement"
    assert long == (MOST, MOST_WITH_CONTROL)


@pytest.mark.django_db(transaction=True)
def test_orders_of_the_same_goods_go_to_their_money_at_once_and_nobody_waits_for_ever() -> None:
    """Two sellers, two storekeepers and two workers in one: no deadlock, nothing tried twice, nothing lost."""
    make_house()
    goods = [make_stocked(article.sku, 1000) for article in ARTICLES if article.kind == "goods"][:10]
    drain()
    house, turns = User.objects.service(), 6

    def sell(number: int) -> None:
        party = create_party(name=f"PT Uji {number}", roles=["customer"], by=house)
        shelf = goods if number % 2 else goods[::-1]
        order = place_order(
            customer_id=party.pk, lines=[NewLine(product_id=one.pk, quantity=Decimal(1 + number % 3)) for one in shelf], by=house
        )
        confirm_order(order, by=house)
        while not (delivery := DeliveryOrder.objects.filter(order_id=order.pk).first()):
            drain()
        deliver_all(delivery, by=house)
        while not (invoice := Invoice.objects.filter(order_id=order.pk).first()):
            drain()
        register_payment(party, invoice.residual, received_on=invoice.issued_on, by=house)
        drain()

    results = all_at_once([partial(sell, number) for number in range(2 * turns)], threads=4)
    drain()
    assert results == [None] * (2 * turns)
    assert set(Delivery.objects.values_list("status", "attempts")) == {("done", 1)}
    assert Invoice.objects.filter(status="paid").count() == 2 * turns
    sold = sum(1 + number % 3 for number in range(2 * turns))
    assert set(StockLevel.objects.filter(product__in=goods).values_list("on_hand", "reserved")) == {(1000 - sold, 0)}
    assert list(violations()) == []
