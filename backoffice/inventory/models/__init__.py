"""Places, stock, and the documents that move it."""

from backoffice.inventory.models.adjustments import Adjustment
from backoffice.inventory.models.deliveries import DeliveryLine, DeliveryOrder, Fulfilment
from backoffice.inventory.models.places import Location, Warehouse
from backoffice.inventory.models.receipts import Receipt, ReceiptLine
from backoffice.inventory.models.returns import ReturnLine, ReturnReceipt
from backoffice.inventory.models.stock import StockLevel, StockLevelQuerySet, StockMove, Valuation

__all__ = [
    "Adjustment",
    "DeliveryLine",
    "DeliveryOrder",
    "Fulfilment",
    "Location",
    "Receipt",
    "ReceiptLine",
    "ReturnLine",
    "ReturnReceipt",
    "StockLevel",
    "StockLevelQuerySet",
    "StockMove",
    "Valuation",
    "Warehouse",
]
