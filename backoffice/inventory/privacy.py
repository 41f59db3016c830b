"""What the warehouse says of persons: where their goods went."""

from backoffice.inventory.models import DeliveryOrder
from core.privacy.registry import Personal

PERSONAL = (
    Personal(
        DeliveryOrder,
        rows=lambda whom: DeliveryOrder.objects.filter(customer=whom.party_id),
        wipe={"ship_to": ""},
        keep={"cancelled_because": "why the goods stayed"},
    ),
)
NOT_PERSONAL = {
    "inventory.Warehouse": "code name",
    "inventory.Location": "name",
    "inventory.Adjustment": "number reason",
    "inventory.DeliveryOrder": "number order_number",
    "inventory.Receipt": "number note",
    "inventory.ReturnReceipt": "number return_number order_number",
    "inventory.StockMove": "document_kind document_number reason",
    "inventory.StockValued": "reason memo",
    **dict.fromkeys(("inventory.BackorderCancelled", "inventory.ReceiptCancelled", "inventory.StockAdjusted"), "reason"),
}
