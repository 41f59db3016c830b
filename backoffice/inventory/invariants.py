"""What must always hold in the warehouse. Each rule names every row that breaks it; nothing is repaired."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet, Sum

from backoffice.inventory.models import (
    Adjustment,
    DeliveryLine,
    DeliveryOrder,
    Location,
    Receipt,
    ReturnReceipt,
    StockLevel,
    StockMove,
    Valuation,
)
from core.invariants import Violation
from core.numbering import Counter

ZERO = Decimal(0)
NUMBERED: dict[str, type[models.Model]] = {
    "inventory.deliveryorder": DeliveryOrder,
    "inventory.receipt": Receipt,
    "inventory.returnreceipt": ReturnReceipt,
    "inventory.adjustment": Adjustment,
}


def invariants() -> Iterator[Violation]:
    """Every rule of the warehouse that does not hold."""
    yield from levels_are_the_sum_of_their_moves()
    yield from reserved_is_what_open_deliveries_hold()
    yield from closed_deliveries_hold_nothing()
    yield from value_is_the_sum_of_the_moves()
    yield from valued_is_what_is_on_hand()
    yield from stock_lies_in_the_warehouse()
    yield from numbers_have_no_gaps()


def levels_are_the_sum_of_their_moves() -> Iterator[Violation]:
    """What lies in a place is what came less what went."""
    moved: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for product, location, quantity in _sums(StockMove.objects.all(), "product", "to_location", of="quantity"):
        moved[product, location] += quantity
    for product, location, quantity in _sums(StockMove.objects.all(), "product", "from_location", of="quantity"):
        moved[product, location] -= quantity
    internal = set(Location.objects.internal().values_list("pk", flat=True))
    levels = {(level.product_id, level.location_id): level for level in StockLevel.objects.order_by("pk")}
    for place in sorted(levels.keys() | {place for place in moved if place[1] in internal}):
        level, expected = levels.get(place), moved.get(place, ZERO)
        found = level.on_hand if level else ZERO
        if found != expected:
            yield Violation(
                "stock = sum of its moves",
                _level_name(place, level),
                f"On hand is {found:f}, the moves add up to {expected:f}.",
                expected=f"{expected:f}",
                actual=f"{found:f}",
            )


def reserved_is_what_open_deliveries_hold() -> Iterator[Violation]:
    """What is set aside in a place is what the open deliveries from there hold."""
    held = {
        (product, location): quantity
        for product, location, quantity in _sums(
            DeliveryLine.objects.filter(delivery__in=DeliveryOrder.objects.open()),
            "product",
            "delivery__location",
            of="reserved_quantity",
        )
        if quantity
    }
    levels = {(level.product_id, level.location_id): level for level in StockLevel.objects.order_by("pk")}
    for place in sorted(levels.keys() | held.keys()):
        level, expected = levels.get(place), held.get(place, ZERO)
        found = level.reserved if level else ZERO
        if found != expected:
            yield Violation(
                "reserved = what open deliveries hold",
                _level_name(place, level),
                f"Reserved is {found:f}, open deliveries hold {expected:f}.",
                expected=f"{expected:f}",
                actual=f"{found:f}",
            )


def closed_deliveries_hold_nothing() -> Iterator[Violation]:
    """A delivered or cancelled delivery holds no stock, and a ready one misses none."""
    closed = DeliveryLine.objects.exclude(delivery__in=DeliveryOrder.objects.open()).filter(reserved_quantity__gt=0)
    for line in closed.select_related("delivery").order_by("pk"):
        yield Violation(
            "closed deliveries hold nothing",
            f"inventory.deliveryorder {line.delivery_id}",
            f"{line.delivery.number} is {line.delivery.status} and holds {line.reserved_quantity:f}.",
        )


def value_is_the_sum_of_the_moves() -> Iterator[Violation]:
    """What a product's stock is worth is what its moves made it."""
    expected = dict(StockMove.objects.values("product").annotate(worth=Sum("value")).order_by("product").values_list("product", "worth"))
    valuations = {row.product_id: row for row in Valuation.objects.order_by("pk")}
    for product in sorted(valuations.keys() | expected.keys()):
        row, value = valuations.get(product), expected.get(product, ZERO)
        if (row.value if row else ZERO) != value:
            yield Violation(
                "stock value = sum of the moves' values",
                f"inventory.valuation {row.pk if row else f'of product {product}'}",
                f"It says {row.value if row else ZERO:f}, the moves add up to {value:f}.",
                expected=f"{value:f}",
                actual=f"{row.value if row else ZERO:f}",
            )


def valued_is_what_is_on_hand() -> Iterator[Violation]:
    """As many are valued as lie in all places."""
    on_hand = dict(StockLevel.objects.values("product").annotate(there=Sum("on_hand")).order_by("product").values_list("product", "there"))
    for row in Valuation.objects.order_by("pk"):
        there = on_hand.get(row.product_id, ZERO)
        if row.quantity != there:
            yield Violation(
                "valued quantity = stock on hand",
                f"inventory.valuation {row.pk}",
                f"{row.quantity:f} are valued, {there:f} are on hand.",
                expected=f"{there:f}",
                actual=f"{row.quantity:f}",
            )


def stock_lies_in_the_warehouse() -> Iterator[Violation]:
    """Levels are kept for places of ours only."""
    for level in StockLevel.objects.filter(~Q(location__kind=Location.Kind.INTERNAL)).select_related("location").order_by("pk"):
        yield Violation("stock lies in the warehouse", f"inventory.stocklevel {level.pk}", f"{level.location} is no place of ours.")


def numbers_have_no_gaps() -> Iterator[Violation]:
    """Every number a counter gave out stands on one document."""
    for counter in Counter.objects.filter(sequence__in=NUMBERED).order_by("sequence", "year"):
        documents: QuerySet[Any] = NUMBERED[counter.sequence]._default_manager.all()
        rows = documents.filter(number__contains=f"/{counter.year}/")
        used = {int(number.rpartition("/")[2]) for number in rows.values_list("number", flat=True)}
        missing = set(range(1, counter.last + 1)) - used
        if missing or len(used) != counter.last:
            yield Violation(
                "numbers have no gaps",
                f"{counter.sequence} {counter.year}",
                f"{counter.last} numbers were given out, {len(used)} are used; the first missing is {min(missing, default=0)}.",
            )


def _sums(rows: QuerySet[Any], *by: str, of: str) -> Iterator[tuple[int, int, Decimal]]:
    return iter(rows.values(*by).annotate(total=Sum(of)).order_by(*by).values_list(*by, "total"))


def _level_name(place: tuple[int, int], level: StockLevel | None) -> str:
    return f"inventory.stocklevel {level.pk}" if level else f"inventory.stocklevel of product {place[0]} at location {place[1]}"
