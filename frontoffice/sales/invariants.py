"""What must always hold for orders and returns. Each rule names every row that breaks it; nothing is repaired."""

from collections.abc import Iterator
from decimal import Decimal

from django.db import models
from django.db.models import Count, Sum

from core.invariants import Violation
from core.money import ZERO, line_amount
from core.numbering import Counter
from frontoffice.sales.models import Order, OrderLine, Return, ReturnLine

NUMBERED: dict[str, type[models.Model]] = {"sales.order": Order, "sales.return": Return}


def invariants() -> Iterator[Violation]:
    """Every rule of sales that does not hold."""
    yield from totals_are_the_sum_of_the_lines()
    yield from amounts_are_quantity_times_price_less_discount()
    yield from returned_is_what_returns_received()
    yield from numbers_have_no_gaps()


def totals_are_the_sum_of_the_lines() -> Iterator[Violation]:
    """An order's net, tax and total are those of its lines together."""
    sums = Order.objects.annotate(lines_net=Sum("lines__net"), lines_tax=Sum("lines__tax")).order_by("pk")
    for pk, number, net, tax, lines_net, lines_tax in sums.values_list("pk", "number", "net", "tax", "lines_net", "lines_tax"):
        if (net, tax) != (lines_net or ZERO, lines_tax or ZERO):
            yield Violation(
                "order total = sum of its lines",
                f"sales.order {pk}",
                f"{number} says {net} + {tax}, its lines {lines_net or ZERO} + {lines_tax or ZERO}",
                expected=f"{lines_net or ZERO} + {lines_tax or ZERO}",
                actual=f"{net} + {tax}",
            )


def amounts_are_quantity_times_price_less_discount() -> Iterator[Violation]:
    """A line's amount is quantity x price x (1 - discount), rounded half up."""
    for line in OrderLine.objects.select_related("order").order_by("pk").iterator(chunk_size=1000):
        amount = line_amount(line.quantity, line.unit_price, line.discount, line.order.currency)
        if line.amount != amount:
            yield Violation(
                "line amount = quantity x price x (1 - discount)",
                f"sales.orderline {line.pk}",
                f"{line.order.number}, line {line.position} says {line.amount}, not {amount}",
                expected=str(amount),
                actual=str(line.amount),
            )


def returned_is_what_returns_received() -> Iterator[Violation]:
    """What an order line says came back is what its returns received."""
    received: dict[int, Decimal] = dict(
        ReturnLine.objects.order_by("order_line").values_list("order_line").annotate(came=Sum("received_quantity"))
    )
    concerned = OrderLine.objects.filter(returned_quantity__gt=0) | OrderLine.objects.filter(pk__in=received)
    for line in concerned.select_related("order").order_by("pk"):
        came = received.get(line.pk, ZERO)
        if line.returned_quantity != came:
            yield Violation(
                "returned = received by returns",
                f"sales.orderline {line.pk}",
                f"{line.order.number}, line {line.position} says {line.returned_quantity}, its returns {came}",
                expected=str(came),
                actual=str(line.returned_quantity),
            )


def numbers_have_no_gaps() -> Iterator[Violation]:
    """As many documents as numbers were given out, in each sequence and year."""
    for counter in Counter.objects.filter(sequence__in=NUMBERED).order_by("sequence", "year"):
        found = NUMBERED[counter.sequence]._default_manager.filter(number__contains=f"/{counter.year}/").aggregate(n=Count("pk"))["n"]
        if found != counter.last:
            yield Violation("numbers have no gaps", f"{counter.sequence} {counter.year}", f"{counter.last} given out, {found} used")
