"""What sales says of persons: orders are with somebody, and their remarks may say more."""

from core.privacy.registry import Personal
from frontoffice.sales.models import Order

PERSONAL = (
    Personal(
        Order,
        rows=lambda whom: Order.objects.filter(customer=whom.party_id),
        wipe={"note": ""},
        keep={"hold_reason": "why the business waited", "cancel_reason": "why the business ended"},
    ),
)
NOT_PERSONAL = {
    "sales.Order": "number currency",
    "sales.OrderLine": "description",
    "sales.PriceList": "name currency",
    "sales.Return": "number reason",
    **dict.fromkeys(("sales.OrderHeld", "sales.OrderCancellationRequested", "sales.OrderCancelled", "sales.OrderShortened"), "reason"),
    **dict.fromkeys(("sales.ReturnRequested", "sales.ReturnCancelled", "sales.CreditRequested"), "reason"),
}
