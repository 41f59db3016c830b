"""What can be promised to a customer."""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import F, OuterRef, Subquery, Sum

from backoffice.inventory.models import Receipt, ReceiptLine, StockLevel
from core.catalog.models import Product
from core.catalog.questions import Availability

ZERO = Decimal(0)


def available_to_promise(product_ids: Sequence[int]) -> tuple[Availability, ...]:
    """How much of each product there is, is set aside, is free and is on its way, over all warehouses; in the order asked for."""
    wanted = set(product_ids)
    levels = StockLevel.objects.filter(product=OuterRef("pk")).order_by().values("product")
    lines = ReceiptLine.objects.filter(product=OuterRef("pk"), receipt__in=Receipt.objects.planned()).order_by().values("product")
    known = {
        pk: (on_hand or ZERO, reserved or ZERO, incoming or ZERO)
        for pk, on_hand, reserved, incoming in Product.objects.filter(pk__in=wanted)
        .order_by("pk")
        .values_list(
            "pk",
            Subquery(levels.annotate(all=Sum("on_hand")).values("all")),
            Subquery(levels.annotate(all=Sum("reserved")).values("all")),
            Subquery(lines.annotate(all=Sum(F("quantity") - F("received_quantity"))).values("all")),
        )
    }
    answers = []
    for product_id in product_ids:
        on_hand, reserved, incoming = known.get(product_id, (ZERO, ZERO, ZERO))
        answers.append(Availability(product_id, on_hand, reserved, on_hand - reserved, incoming))
    return tuple(answers)
