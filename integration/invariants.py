"""What must hold between the offices."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, Q, QuerySet, Sum

from backoffice.finance.models import Invoice, InvoiceLine, JournalLine, Purpose
from backoffice.inventory.models import DeliveryLine, ReturnLine, Valuation
from core.events.models import Delivery, HandlerPause
from core.invariants import Violation
from frontoffice.sales.models import OrderLine
from integration.delivery.lines import head

ZERO = Decimal(0)


def invariants() -> Iterator[Violation]:
    """The stock account is what the stock is worth; what an order says was delivered, billed and returned is what happened.

    Orders that deliveries of events are still on the way for are left out: they are not expected to agree yet.
    """
    yield from _stock_account_is_stock_valuation()
    yield from _order_lines_tell_what_happened()
    yield from _nobody_is_left_in_line()


def _nobody_is_left_in_line() -> Iterator[Violation]:
    """Whoever is queued stands behind somebody, or its handler is paused."""
    not_paused = ~Exists(HandlerPause.objects.in_the_way())
    left = Delivery.objects.filter(not_paused, status=Delivery.Status.QUEUED, record_id=head()).order_by("pk")
    for pk, handler in left.values_list("pk", "handler")[:100]:
        yield Violation("a queued delivery stands behind another", f"events.delivery {pk}", f"Nobody stands before it ({handler}).")


def _stock_account_is_stock_valuation() -> Iterator[Violation]:
    booked = JournalLine.objects.filter(account__purpose=Purpose.STOCK).aggregate(sum=Sum("base_amount"))["sum"] or ZERO
    valued = Valuation.objects.aggregate(sum=Sum("value"))["sum"] or ZERO
    if booked != valued:
        yield Violation(
            "the stock account is what the stock is worth",
            "finance.account stock",
            f"booked {booked}, valued {valued}",
            expected=str(valued),
            actual=str(booked),
        )


def _order_lines_tell_what_happened() -> Iterator[Violation]:
    facts = (
        (
            "an order line's delivered_quantity is what happened",
            "delivered_quantity",
            _by_line(DeliveryLine.objects.all(), "delivered_quantity"),
        ),
        (
            "an order line's invoiced_quantity is what happened",
            "invoiced_quantity",
            _by_line(InvoiceLine.objects.filter(invoice__kind=Invoice.Kind.INVOICE), "quantity"),
        ),
        (
            "an order line's returned_quantity is what happened",
            "returned_quantity",
            _by_line(ReturnLine.objects.all(), "received_quantity"),
        ),
    )
    on_the_way = set(Delivery.objects.unfinished().values_list("record__payload__order_id", flat=True))
    undecided = set(OrderLine.objects.filter(order__in=on_the_way - {None}).values_list("pk", flat=True))
    for rule, field, happened in facts:
        lines = OrderLine.objects.filter(~Q(**{field: 0}))
        if field == "delivered_quantity":
            lines = lines.filter(is_goods=True)  # a service counts as delivered when it is billed, without a delivery
        said = dict(lines.values_list("pk", field))
        for pk in sorted((said.keys() | happened.keys()) - undecided):
            if said.get(pk, ZERO) != happened.get(pk, ZERO):
                yield Violation(
                    rule,
                    f"sales.orderline {pk}",
                    f"says {said.get(pk, ZERO)}, happened {happened.get(pk, ZERO)}",
                    expected=str(happened.get(pk, ZERO)),
                    actual=str(said.get(pk, ZERO)),
                )


def _by_line(rows: QuerySet[Any], field: str) -> dict[int, Decimal]:
    return dict(
        rows.filter(order_line_id__isnull=False, **{f"{field}__gt": 0})
        .order_by()
        .values_list("order_line_id")
        .annotate(sum=Sum(F(field)))
        .values_list("order_line_id", "sum")
    )
