"""The one place that writes stock: moves, levels and valuation, always together, in the caller's transaction.

The statement is written by hand because its UPDATEs change every row of a document at once and refuse, in the same
breath, to take goods that are not there: the ORM can say neither. They change only rows the caller has locked.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from backoffice.inventory.models import Location, StockLevel, StockMove, Valuation
from core.errors import Conflict, Refused
from core.money import round_money
from core.people.models import User
from core.writing import rows_statement

ZERO = Decimal(0)

CHANGE_LEVELS = """
UPDATE inventory_stocklevel AS level
SET on_hand = level.on_hand + change.on_hand, reserved = level.reserved + change.reserved
FROM unnest(%s::bigint[], %s::bigint[], %s::numeric[], %s::numeric[]) AS change (product_id, location_id, on_hand, reserved)
WHERE level.product_id = change.product_id AND level.location_id = change.location_id
  AND level.reserved + change.reserved BETWEEN 0 AND level.on_hand + change.on_hand
"""

CHANGE_VALUATIONS = """
UPDATE inventory_valuation AS valuation
SET quantity = change.new_quantity, value = change.new_value
FROM unnest(%s::bigint[], %s::numeric[], %s::numeric[], %s::numeric[], %s::numeric[])
     AS change (product_id, old_quantity, old_value, new_quantity, new_value)
WHERE valuation.product_id = change.product_id
  AND valuation.quantity = change.old_quantity AND valuation.value = change.old_value
"""

MOVE = """
WITH levels AS ({levels} RETURNING 1), valuations AS ({valuations} RETURNING 1), moves AS ({moves})
SELECT (SELECT count(*) FROM levels), (SELECT count(*) FROM valuations), (SELECT array_agg(id ORDER BY id) FROM moves)
"""
"""The moves with the levels and the valuations they change: one statement, of which nothing stays when a part of it is refused."""

Place = tuple[int, int]
"""A product and a location, by id."""


class NotInStock(Refused):
    """Nobody can take what is not there, or what is set aside for somebody else."""

    title = _("Not in stock")


@dataclass(frozen=True)
class Document:
    """The document a move belongs to; ``kind`` is ``inventory.<model name>``."""

    kind: str
    id: int
    number: str


@dataclass(frozen=True)
class Movement:
    """Goods that are to go from one place to another.

    What comes in brings its ``value``, or ``unit_cost`` for each; what goes out leaves at the moving average.
    ``unreserves`` is how much of it had been set aside at the place it leaves.
    """

    product_id: int
    quantity: Decimal
    source: Location
    target: Location
    unit_cost: Decimal = ZERO
    value: Decimal | None = None
    unreserves: Decimal = ZERO
    order_line_id: int | None = None


@dataclass(frozen=True)
class Written:
    """The moves as they stand, and what they changed in the value of all stock."""

    moves: tuple[StockMove, ...]
    amount: Decimal

    @property
    def move_ids(self) -> tuple[int, ...]:
        """Their ids, in the order asked for."""
        return tuple(move.pk for move in self.moves)


@dataclass
class _Worth:
    """What all stock of one product is worth while a document is written."""

    quantity: Decimal
    value: Decimal
    was: tuple[Decimal, Decimal] = field(init=False)

    def __post_init__(self) -> None:
        self.was = (self.quantity, self.value)

    def receive(self, quantity: Decimal, value: Decimal) -> Decimal:
        """Put goods in at their value; gives the change of value."""
        self.quantity += quantity
        self.value += value
        return value

    def issue(self, quantity: Decimal, currency: str) -> Decimal:
        """Take goods out at the average; the last of them takes all the value that is left. Gives the (negative) change."""
        last = quantity == self.quantity
        value = self.value if last or not self.quantity else round_money(self.value * quantity / self.quantity, currency)
        self.quantity -= quantity
        self.value -= value
        return -value


def open_rows(product_ids: Iterable[int], location: Location) -> None:
    """Make sure that there is a level in this place and a valuation to lock for each product. Call it before ``locked``.

    New rows are empty, and written in the order of their products, so that two who open the same ones wait, never deadlock.
    """
    wanted = set(product_ids)
    new = sorted(wanted - set(StockLevel.objects.at(location, wanted).values_list("product", flat=True)))
    StockLevel.objects.bulk_create((StockLevel(product_id=pk, location=location) for pk in new), ignore_conflicts=True)
    unvalued = sorted(wanted - set(Valuation.objects.filter(product__in=wanted).values_list("product", flat=True)))
    Valuation.objects.bulk_create((Valuation(product_id=pk) for pk in unvalued), ignore_conflicts=True)


def opened_levels(product_ids: Collection[int], location: Location) -> list[StockLevel]:
    """The levels of goods of which some were never here, held: for an operation that holds those that were."""
    open_rows(product_ids, location)
    return list(StockLevel.objects.at(location, product_ids).order_by("pk").select_for_update(no_key=True))


def change_reservations(changes: Mapping[Place, Decimal]) -> None:
    """Set goods aside (plus) or free them (minus). Raises NotInStock when more would be set aside than there is."""
    _change_levels({place: (ZERO, quantity) for place, quantity in changes.items() if quantity})


def write_moves(
    movements: Sequence[Movement],
    *,
    document: Document,
    on: date,
    currency: str,
    by: User,
    reason: str = "",
    valuations: Iterable[Valuation] | None = None,
) -> Written:
    """Move goods: the moves, the levels they change and what the stock is worth afterwards, or nothing of it.

    The caller has locked the levels and valuations of these products: ``valuations``, if they are at hand. ``currency`` is the currency
    of the books.
    """
    if valuations is None:
        valuations = Valuation.objects.filter(product__in={movement.product_id for movement in movements})
    worth = {row.product_id: _Worth(row.quantity, row.value) for row in valuations}
    levels: dict[Place, tuple[Decimal, Decimal]] = defaultdict(lambda: (ZERO, ZERO))
    moves = []
    for movement in movements:
        value = _revalue(worth[movement.product_id], movement, currency)
        _shift(levels, movement)
        moves.append(
            StockMove(
                product_id=movement.product_id,
                quantity=movement.quantity,
                from_location=movement.source,
                to_location=movement.target,
                moved_on=on,
                moved_by=by,
                unit_cost=abs(value) / movement.quantity,
                value=value,
                document_kind=document.kind,
                document_id=document.id,
                document_number=document.number,
                order_line_id=movement.order_line_id,
                reason=reason,
            )
        )
    _write(moves, levels, worth)
    return Written(moves=tuple(moves), amount=sum((move.value for move in moves), ZERO))


def _revalue(worth: _Worth, movement: Movement, currency: str) -> Decimal:
    comes_in = movement.target.is_internal and not movement.source.is_internal
    goes_out = movement.source.is_internal and not movement.target.is_internal
    if comes_in:
        value = movement.value if movement.value is not None else movement.quantity * movement.unit_cost
        return worth.receive(movement.quantity, round_money(value, currency))
    return worth.issue(movement.quantity, currency) if goes_out else ZERO


def _shift(levels: dict[Place, tuple[Decimal, Decimal]], movement: Movement) -> None:
    for location, quantity, reserved in (
        (movement.source, -movement.quantity, -movement.unreserves),
        (movement.target, movement.quantity, ZERO),
    ):
        if location.is_internal:
            place = (movement.product_id, location.pk)
            on_hand, set_aside = levels[place]
            levels[place] = (on_hand + quantity, set_aside + reserved)


def _write(moves: list[StockMove], levels: Mapping[Place, tuple[Decimal, Decimal]], worth: Mapping[int, _Worth]) -> None:
    if not moves:
        return
    changed, revalued = _levels_told(levels), _valuations_told(worth)
    values: list[Any] = [*changed, *revalued]
    statement = MOVE.format(levels=CHANGE_LEVELS, valuations=CHANGE_VALUATIONS, moves=rows_statement(moves, values))
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        levels_done, valuations_done, ids = cursor.fetchone()
    if levels_done != len(changed[0]):
        raise _not_in_stock()
    if valuations_done != len(revalued[0]):
        raise Conflict(_("Somebody else moved the same goods at this moment."), fix=_("Try again."))
    for move, pk in zip(moves, ids, strict=True):
        move.pk, move._state.adding, move._state.db = pk, False, connection.alias


def _change_levels(changes: Mapping[Place, tuple[Decimal, Decimal]]) -> None:
    if not changes:
        return
    told = _levels_told(changes)
    with connection.cursor() as cursor:
        cursor.execute(CHANGE_LEVELS, told)
        if cursor.rowcount != len(told[0]):
            raise _not_in_stock()


def _levels_told(changes: Mapping[Place, tuple[Decimal, Decimal]]) -> list[list[Any]]:
    rows = sorted(changes.items())
    return [
        [product for (product, _location), _change in rows],
        [location for (_product, location), _change in rows],
        [on_hand for _place, (on_hand, _reserved) in rows],
        [reserved for _place, (_on_hand, reserved) in rows],
    ]


def _valuations_told(worth: Mapping[int, _Worth]) -> list[list[Any]]:
    rows = [(product, row) for product, row in sorted(worth.items(), key=lambda each: each[0]) if (row.quantity, row.value) != row.was]
    return [
        [product for product, _row in rows],
        [row.was[0] for _product, row in rows],
        [row.was[1] for _product, row in rows],
        [row.quantity for _product, row in rows],
        [row.value for _product, row in rows],
    ]


def _not_in_stock() -> NotInStock:
    return NotInStock(_("There is less in stock than this would take."), fix=_("Load the page again: it shows what is there now."))
