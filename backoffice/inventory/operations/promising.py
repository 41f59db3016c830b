"""What can be promised to a customer."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from django.db.models import F, Sum

from backoffice.inventory.models import Receipt, ReceiptLine, StockLevel
from core.catalog.questions import Availability

ZERO = Decimal(0)


def available_to_promise(product_ids: Sequence[int]) -> tuple[Availability, ...]:
    """How much of each product there is, is set aside, is free and is on its way, over all warehouses; in the order asked for."""
    wanted = set(product_ids)
    here = {
        row["product"]: (row["on_hand_sum"], row["reserved_sum"])
        for row in StockLevel.objects.filter(product__in=wanted)
        .values("product")
        .annotate(on_hand_sum=Sum("on_hand"), reserved_sum=Sum("reserved"))
        .order_by("product")
    }
    incoming = defaultdict(
        Decimal,
        ReceiptLine.objects.filter(product__in=wanted, receipt__in=Receipt.objects.planned())
        .values("product")
        .annotate(coming=Sum(F("quantity") - F("received_quantity")))
        .order_by("product")
        .values_list("product", "coming"),
    )
    answers = []
    for product_id in product_ids:
        on_hand, reserved = here.get(product_id, (ZERO, ZERO))
        answers.append(Availability(product_id, on_hand, reserved, on_hand - reserved, incoming[product_id]))
    return tuple(answers)
