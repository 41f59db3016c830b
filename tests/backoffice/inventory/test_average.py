"""Whatever happens in the warehouse, nothing appears or disappears, and the value follows a model kept beside it."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from backoffice.inventory.events import StockValued
from backoffice.inventory.invariants import invariants
from backoffice.inventory.models import DeliveryOrder, StockLevel, StockMove, Valuation
from backoffice.inventory.operations import (
    WantedLine,
    adjust_stock,
    cancel_deliveries,
    deliver,
    deliver_all,
    expect_return,
    receive_return,
    reserve_waiting,
)
from core.events import publishing
from core.events.codec import from_json
from core.events.models import Record
from core.people.models import User
from tests.factories.ground import make_company, make_product
from tests.factories.inventory import make_warehouse, order_goods, stock_up

CENT = Decimal("0.01")
COSTS = st.decimals(min_value=0, max_value=1000, places=2)
AMOUNTS = st.integers(min_value=1, max_value=7)


def cents(value: Decimal) -> Decimal:
    """Rounded half up to cents, said once more by hand."""
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


class Shelf(RuleBasedStateMachine):
    """One product, with what it should be worth computed beside."""

    def __init__(self) -> None:
        super().__init__()
        self.handlers_of, publishing.handlers_of = publishing.handlers_of, lambda _event: []  # type: ignore[attr-defined]
        self.run = transaction.atomic()
        self.run.__enter__()
        make_company()
        make_warehouse()
        self.by = User.objects.service()
        self.product = make_product("DESK-140")
        self.quantity, self.value = Decimal(0), Decimal(0)
        self.outside: dict[int, tuple[Decimal, Decimal]] = {}
        self.returns = 0

    def teardown(self) -> None:
        """Undo the run, and let others listen again."""
        transaction.set_rollback(True)
        self.run.__exit__(None, None, None)
        publishing.handlers_of = self.handlers_of  # type: ignore[attr-defined]

    def leave(self, quantity: Decimal) -> Decimal:
        """What leaves with so many at the average, the last with all."""
        gone = self.value if quantity == self.quantity else cents(self.value * quantity / self.quantity)
        self.quantity -= quantity
        self.value -= gone
        return gone

    @rule(quantity=AMOUNTS, cost=COSTS)
    def receive(self, quantity: int, cost: Decimal) -> None:
        """Goods come in."""
        stock_up(self.product, quantity, cost=str(cost))
        self.quantity += quantity
        self.value += cents(quantity * cost)

    @rule(quantity=AMOUNTS)
    def order(self, quantity: int) -> None:
        """A customer orders, more or less than there is."""
        order_goods({self.product: quantity}, by=self.by)

    @rule()
    def serve_who_waits(self) -> None:
        """What came in is given to who waits."""
        reserve_waiting([self.product.pk], by=self.by)

    @precondition(lambda self: DeliveryOrder.objects.open().filter(lines__reserved_quantity__gt=0).exists())
    @rule(part=st.booleans())
    def deliver(self, part: bool) -> None:
        """Goods leave, all that is set aside or one of them."""
        delivery = DeliveryOrder.objects.open().filter(lines__reserved_quantity__gt=0).oldest_first().first()
        assert delivery is not None
        line = delivery.lines.get()
        quantity = Decimal(1) if part else line.reserved_quantity
        if part:
            deliver(delivery, by=self.by, quantities={line.pk: quantity})
        else:
            deliver_all(delivery, by=self.by)
        gone = self.leave(quantity)
        had, worth = self.outside.get(line.order_line_id, (Decimal(0), Decimal(0)))
        self.outside[line.order_line_id] = (had + quantity, worth + gone)

    @precondition(lambda self: self.outside)
    @rule(data=st.data())
    def come_back(self, data: st.DataObject) -> None:
        """A customer sends back some of what they got, at what it cost then."""
        order_line = data.draw(st.sampled_from(sorted(self.outside)))
        had, worth = self.outside.pop(order_line)
        quantity = Decimal(data.draw(st.integers(1, int(had))))
        self.returns += 1
        receipt = expect_return(
            return_id=self.returns,
            return_number=f"RT/{self.returns}",
            order_id=1,
            order_number="SO/1",
            customer_id=DeliveryOrder.objects.values_list("customer", flat=True)[0],
            lines=[WantedLine(order_line, self.product.pk, quantity)],
            by=self.by,
        )
        receive_return(receipt, by=self.by)
        back = worth if quantity == had else cents(worth * quantity / had)
        self.quantity += quantity
        self.value += back
        if had > quantity:
            self.outside[order_line] = (had - quantity, worth - back)

    @rule(more=st.integers(1, 3), cost=COSTS)
    def find(self, more: int, cost: Decimal) -> None:
        """Some are found."""
        adjust_stock(self.product, difference=Decimal(more), unit_cost=cost, reason="Found", by=self.by)
        self.quantity += more
        self.value += cents(more * cost)

    @precondition(lambda self: StockLevel.objects.filter(on_hand__gt=0, reserved=0).exists())
    @rule()
    def lose(self) -> None:
        """One is lost."""
        adjust_stock(self.product, difference=Decimal(-1), reason="Lost", by=self.by)
        self.leave(Decimal(1))

    @precondition(lambda self: DeliveryOrder.objects.open().exists())
    @rule()
    def cancel(self) -> None:
        """An order is called off."""
        delivery = DeliveryOrder.objects.open().order_by("-pk")[0]
        order = {"order_number": delivery.order_number, "customer_id": delivery.customer_id}
        cancel_deliveries(delivery.order_id, by=self.by, **order)

    @invariant()
    def the_books_agree(self) -> None:
        """Quantity and value are the model's, to the cent; the moves add up; the ledger heard it all."""
        valuation = Valuation.objects.filter(product=self.product).first()
        found = (valuation.quantity, valuation.value) if valuation else (Decimal(0), Decimal(0))
        assert found == (self.quantity, self.value)
        told = [from_json(row.type, row.schema_version, row.payload) for row in Record.objects.filter(type="inventory.StockValued")]
        assert sum((event.amount for event in told if isinstance(event, StockValued)), Decimal(0)) == self.value
        assert sum(StockMove.objects.values_list("value", flat=True), Decimal(0)) == self.value
        assert list(invariants()) == []


@pytest.mark.slow
@pytest.mark.django_db
def test_nothing_appears_disappears_or_changes_its_worth() -> None:
    checks = list(HealthCheck)
    run_state_machine_as_test(
        Shelf, settings=settings(max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=checks, print_blob=True)
    )
