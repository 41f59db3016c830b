"""What every document that moves goods does last: write its moves, and say what they were worth."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import models
from django.db.models import QuerySet

from backoffice.inventory.events import StockValued
from backoffice.inventory.models import DeliveryLine, DeliveryOrder, Location, StockLevel, Valuation
from backoffice.inventory.operations.stock import Document, Movement, Written, write_moves
from core import clock
from core.docflow.flow import came_of
from core.numbering import NextNumber
from core.parties.models import Company
from core.people.models import User
from core.writing import Part, write_whole


def document_of(thing: "models.Model", number: str) -> Document:
    """How moves, links and the ledger name this document."""
    return Document(kind=thing._meta.label_lower, id=thing.pk, number=number)


def stock_rows(
    product_ids: "Iterable[int] | QuerySet[Any, Any]", location: Location | int
) -> tuple["QuerySet[StockLevel]", "QuerySet[Valuation]"]:
    """The rows to lock before these goods move in or out of a place."""
    return StockLevel.objects.at(location, product_ids), Valuation.objects.filter(product__in=product_ids)


def move(
    movements: Sequence[Movement],
    document: Document,
    *,
    on: date,
    by: User,
    reason: str = "",
    valuations: Iterable[Valuation] | None = None,
) -> Written:
    """Write the moves of a document in the currency of the books."""
    return write_moves(movements, document=document, on=on, currency=_currency(), by=by, reason=reason, valuations=valuations)


def stock_valued(written: Written, document: Document, *, reason: str, on: date, party_id: int | None, memo: str) -> list[StockValued]:
    """What the document changed in the value of the stock, if anything: published last, because the ledger books it in the same commit."""
    if not written.amount:
        return []
    return [
        StockValued(
            move_ids=written.move_ids,
            reason=reason,
            document_kind=document.kind,
            document_id=document.id,
            document_number=document.number,
            party_id=party_id,
            on=on,
            currency=_currency(),
            amount=written.amount,
            memo=memo,
        )
    ]


def open_delivery(delivery: DeliveryOrder, lines: Sequence[DeliveryLine]) -> None:
    """Write a new delivery of an order with its lines; it gets its number."""
    kind = delivery._meta.label_lower
    sources = [("sales.order", delivery.order_id, delivery.order_number, "delivered by")]
    if delivery.backorder_of is not None:
        sources.insert(0, (kind, delivery.backorder_of.pk, delivery.backorder_of.number, "rest on"))
    number = NextNumber("inventory.deliveryorder", "DO", clock.today())
    write_whole(delivery, Part(lines, "delivery"), came_of(kind, *sources), number=number)


def _currency() -> str:
    return str(Company.objects.current().currency)
